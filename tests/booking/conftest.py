"""A tenant as a process of its own, and rounds to book in it."""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib.util
import itertools
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.booking.book import book_round
from scheduler.graph.client import open_graph
from scheduler.graph.events import cancel_event, list_events
from scheduler.graph.settings import read_graph_settings
from scheduler.sandbox import SandboxSettings, start_sandbox
from scheduler.sandbox.tenant import ANSWER_SHARES
from scheduler.store.bookings import read_bookings
from scheduler.store.engine import open_store
from scheduler.store.rounds import move_round, read_round, save_plan

_spec = importlib.util.spec_from_file_location(
    "booking_harness", Path(__file__).with_name("harness.py")
)
harness = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = harness  # dataclasses look their module up
_spec.loader.exec_module(harness)


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    settings = SandboxSettings(
        state=tmp_path_factory.mktemp("sandbox"), people=140, today=harness.TODAY
    )
    with start_sandbox(settings) as addresses:
        graph_settings = read_graph_settings(addresses.environment())
        graph_settings = replace(graph_settings, backoff_seconds=0.01)
        yield asyncio.run(harness.make_world(addresses, 6, graph_settings))


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "scheduler.db") as store:
        yield store


dates = itertools.count()


class Booker:
    """One approved round in the tenant, and what can be done with it."""

    def __init__(self, world, store):
        self.world = world
        self.store = store
        self.round_id = f"lunch/{dt.date(2027, 1, 1) + dt.timedelta(days=next(dates))}"
        # Groups in which everybody is free: the harness's first one has a member who is not.
        groups = [g for g in world.plan.groups if g.number not in world.spare]
        self.plan = replace(world.plan, round_id=self.round_id, groups=tuple(groups))
        self.now = harness.NOW
        save_plan(store, self.plan, at=self.now, by="hr")
        move_round(store, self.round_id, "approved", at=self.now, by="hr")

    def run(self, work):
        """Call ``work`` with an open connection."""

        async def run():
            async with open_graph(self.world.settings) as graph:
                return await work(graph)

        return asyncio.run(run())

    def book(self, *, store=None, **options):
        """Book the round and return the report."""
        options = {"people": self.world.people, "occasion": harness.OCCASION,
                   "agenda": harness.agenda, "clock": lambda: self.now, **options}  # fmt: skip
        return self.run(
            lambda graph: book_round(graph, store or self.store, self.round_id, **options)
        )

    @property
    def rows(self):
        return read_bookings(self.store, self.round_id)

    @property
    def state(self):
        return read_round(self.store, self.round_id).state

    @property
    def events(self):
        """Group number -> how many events stand in the organisers' calendars."""
        return {n: len(found) for n, found in self.world.events(self.round_id).items()}

    def everybody_once(self):
        return dict.fromkeys((group.number for group in self.plan.groups), 1)

    def mail(self, person_id):
        return self.world.people[person_id].mail


@pytest.fixture
def booker(world, store):
    booker = Booker(world, store)
    yield booker
    world.control("faults", {})
    world.control("answers", {"shares": ANSWER_SHARES})

    async def clear(graph):
        for organiser in harness.ORGANISERS:
            for event in await list_events(graph, organiser, booker.round_id):
                await cancel_event(graph, organiser, event.id, "x")

    booker.run(clear)
