"""Several processes at one round: the same plan, whoever does its parts, and whoever dies."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from contextlib import asynccontextmanager

import pytest
from dbos import DBOS
from sqlalchemy import create_engine, make_url, text

from scheduler.graph.client import open_graph
from scheduler.graph.errors import GraphError
from scheduler.graph.settings import read_graph_settings
from scheduler.rounds import crew, helping, parts
from scheduler.rounds.context import Context
from scheduler.rounds.planning import plan_round
from scheduler.settings.loader import load_settings
from scheduler.store.engine import open_store
from scheduler.store.hold import find_held, hold_name
from scheduler.store.sealing import VARIABLE as KEYS
from scheduler.store.sealing import KeysError, new_key
from tests.rounds.conftest import ROOT, TODAY

PROGRAMME = "cross-team-lunch"


@pytest.fixture
def database(postgres_url, monkeypatch):
    """A PostgreSQL database of this test's own, and rounds small enough for it."""
    monkeypatch.setenv(KEYS, new_key())
    monkeypatch.setattr(crew, "SHARED_FROM", 50)
    monkeypatch.setattr(parts, "CALENDARS_MOST", 20)
    monkeypatch.setattr(parts, "PEOPLE_LEAST", 10)
    url = make_url(postgres_url).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE crew"))
    yield url.set(database="crew", drivername="postgresql").render_as_string()
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE crew WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def opened(tenant, database):
    """``async with opened() as context``: on PostgreSQL."""

    @asynccontextmanager
    async def open_():
        with open_store(database) as store:
            async with open_graph(read_graph_settings(os.environ)) as graph:
                yield Context(
                    settings=load_settings(ROOT / "config"), store=store, graph=graph,
                    today=TODAY, by="test", effort=0.1,
                )  # fmt: skip

    return open_


@pytest.fixture
def counted(monkeypatch):
    """How many parts this process took from the queue as the leader, by kind."""
    taken = []
    do_part = parts.do_part

    def do(graph, kind, data):
        taken.append(kind)
        return do_part(graph, kind, data)

    monkeypatch.setattr(crew, "do_part", do)
    return taken


@pytest.fixture
def alone(open_context):
    """The plan that one process makes by itself."""

    async def plan():
        async with open_context() as context:
            return (await plan_round(context, PROGRAMME)).plan

    return asyncio.run(plan())


async def list_parts(context):
    """What is left in the engine's tables."""
    with context.store.read() as connection:
        rows = connection.execute(text("SELECT workflow_uuid, status FROM dbos.workflow_status"))
        return dict(map(tuple, rows))


def test_plan_is_the_same_when_helpers_do_its_parts_and_nothing_is_left(
    opened, alone, counted, monkeypatch
):
    monkeypatch.setattr(crew._Job, "_take", do_nothing)  # all is left to the helper

    async def plan():
        async with opened() as context, helping.helping(context):
            made = await plan_round(context, PROGRAMME)
            return made.plan, await list_parts(context)

    made, left = asyncio.run(plan())

    assert made == alone
    assert counted == []
    assert left == {}


async def do_nothing(*_):
    pass


def test_leader_does_what_a_dead_helper_had_begun(opened, alone, counted, monkeypatch):
    begun = asyncio.Event()

    async def hang(*_):
        begun.set()
        await asyncio.sleep(3600)

    take = crew._Job._take

    async def take_then(*given):
        if begun.is_set():
            await take(*given)

    monkeypatch.setattr(helping, "do_part", hang)
    monkeypatch.setattr(crew._Job, "_take", take_then)

    async def plan():
        async with opened() as context:
            async with helping.helping(context):
                planning = asyncio.create_task(plan_round(context, PROGRAMME))
                await begun.wait()
            made = await planning
            return made.plan, await list_parts(context)

    made, left = asyncio.run(plan())

    assert made == alone
    assert "calendars" in counted
    assert left == {}


def test_part_at_which_a_helper_failed_is_done_by_the_leader(opened, alone, counted, monkeypatch):
    async def fail(*_):
        raise RuntimeError("out of memory")

    monkeypatch.setattr(helping, "do_part", fail)

    async def plan():
        async with opened() as context, helping.helping(context):
            return (await plan_round(context, PROGRAMME)).plan

    assert asyncio.run(plan()) == alone
    assert set(counted) == {"calendars", "cohorts"}


def test_what_leads_to_no_plan_is_said_as_without_helpers(opened, monkeypatch):
    async def refuse(*_):
        raise GraphError("Graph is away")

    monkeypatch.setattr(helping, "do_part", refuse)
    monkeypatch.setattr(crew, "do_part", refuse)

    async def plan():
        async with opened() as context, helping.helping(context):
            await plan_round(context, PROGRAMME)

    with pytest.raises(GraphError, match="Graph is away"):
        asyncio.run(plan())


def test_leader_who_takes_over_finds_what_was_done(opened, alone, counted, monkeypatch):
    """The first leader ends before it has looked at what the helper did."""

    async def die(*_):
        raise KeyboardInterrupt

    async def plan():
        async with opened() as context, helping.helping(context):
            with monkeypatch.context() as patch:
                patch.setattr(crew._Job, "see_through", die)
                with pytest.raises(KeyboardInterrupt):
                    await plan_round(context, PROGRAMME)
            while set((await list_parts(context)).values()) != {"SUCCESS"}:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            monkeypatch.setattr(helping, "do_part", do_nothing)  # a second time it would be wrong
            monkeypatch.setattr(crew.Crew, "share_cohorts", lambda *_: None)
            return (await plan_round(context, PROGRAMME)).plan

    assert asyncio.run(plan()) == alone
    assert counted == []


def test_old_parts_are_forgotten(opened, monkeypatch):
    async def leave():
        async with opened() as context, helping.helping(context):
            with monkeypatch.context() as patch:
                patch.setattr(crew._Job, "see_through", do_nothing)
                with pytest.raises(KeyError):
                    await plan_round(context, PROGRAMME)
            kept = await list_parts(context)
            await asyncio.to_thread(crew.forget_parts, DBOS)
            assert await list_parts(context) == kept
            with context.store.write() as connection:
                connection.execute(
                    text("UPDATE dbos.workflow_status SET created_at = created_at - 7300000")
                )
            await asyncio.to_thread(crew.forget_parts, DBOS)
            return kept, await list_parts(context)

    kept, left = asyncio.run(leave())

    assert len(kept) > 2
    assert left == {}


def test_where_graph_allows_one_request_at_a_time_the_leader_reads_alone(
    opened, alone, monkeypatch
):
    monkeypatch.setenv("SCHEDULER_GRAPH_IN_FLIGHT", "1")
    kinds = []
    begin = crew._Job.begin

    async def note(job):
        kinds.append(job.kind)
        await begin(job)

    monkeypatch.setattr(crew._Job, "begin", note)

    async def plan():
        async with opened() as context, helping.helping(context):
            return context.graph.settings.in_flight, (await plan_round(context, PROGRAMME)).plan

    assert asyncio.run(plan()) == (1, alone)
    assert kinds == ["cohorts"]


def test_small_rounds_and_rounds_without_helpers_are_planned_alone(opened):
    async def look():
        async with opened() as context:
            nobody = await crew.find_crew(context, 1000)
            async with helping.helping(context):
                return (
                    nobody,
                    await crew.find_crew(context, 49),
                    await crew.find_crew(context, 50),
                )

    nobody, small, big = asyncio.run(look())

    assert nobody is None
    assert small is None
    assert big is not None


def test_helpers_take_seats_of_their_own_and_leave_them(opened):
    async def sit():
        async with opened() as context:
            with hold_name(context.store, crew.SEATS[0]):
                async with helping.helping(context) as seat:
                    taken = find_held(context.store, crew.SEATS)
                return seat, taken, find_held(context.store, [*crew.SEATS, "something else"])

    seat, taken, after = asyncio.run(sit())

    assert seat == crew.SEATS[1]
    assert taken == set(crew.SEATS[:2])
    assert after == {crew.SEATS[0]}


def test_more_helpers_than_seats_are_told_so(opened, monkeypatch):
    monkeypatch.setattr(helping, "SEATS", ())

    async def sit():
        async with opened() as context, helping.helping(context):
            pass

    with pytest.raises(helping.CrowdError):
        asyncio.run(sit())


def test_helper_on_sqlite_is_told_what_would_be_right(open_context):
    async def sit():
        async with open_context() as context, helping.helping(context):
            pass

    with pytest.raises(helping.OneMachineError, match="only on PostgreSQL"):
        asyncio.run(sit())


def test_helper_without_keys_does_not_begin(opened, monkeypatch):
    monkeypatch.delenv(KEYS)

    async def sit():
        async with opened() as context, helping.helping(context):
            pass

    with pytest.raises(KeysError, match=KEYS):
        asyncio.run(sit())


def test_round_of_workers_that_are_killed_has_one_event_a_group():
    """A short form of ``make scale``; what is done and checked is in the program."""
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.rounds.crewing", "--people", "150", "--workers", "3",
            "--kill-every", "7", "--shared-from", "50", "--effort", "0.05", "--minutes", "8",
        ],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])

    assert found["wrong"] == []
    assert found["kills"] > 0
    assert found["events_created"] == found["groups"] > 20
