"""A company in which rounds were planned and booked, for the tests of people's own pages."""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scheduler.grouping.plan import Group, Plan
from scheduler.rounds.approval import approve_round
from scheduler.rounds.outcome import carry_out_round
from scheduler.rounds.planning import plan_round
from scheduler.sandbox import SandboxSettings, start_sandbox
from scheduler.store.plans import read_plan
from tests.web.serving.conftest import ROOT, TODAY, Serving, serve

PEOPLE = 130
"""Enough for several groups of each kind, and for somebody in HR and in IT."""
HOUR = """\
preset: networking-hour
audience: {join: opt-out}
size: {at_least: 8, ideal: 12, at_most: 16}
venue: {kind: online}
"""
OPT_IN = "book-club"
CLUB = """\
preset: coffee
title: Book club
audience: {join: opt-in}
"""


def write_config(folder: Path) -> Path:
    """The example, with an hour of changing tables and a programme that people join."""
    config = folder / "config"
    shutil.copytree(ROOT / "config", config)
    (config / "programmes" / "networking-hour.yaml").write_text(HOUR, "utf-8")
    (config / "programmes" / f"{OPT_IN}.yaml").write_text(CLUB, "utf-8")
    return config


@contextlib.contextmanager
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The service beside a tenant of its own."""
    settings = SandboxSettings(
        state=tmp_path_factory.mktemp("tenant"),
        people=PEOPLE,
        seed=3,
        today=TODAY,
        concurrency=0,
    )
    config = write_config(tmp_path_factory.mktemp("config"))
    with (
        start_sandbox(settings) as tenant,
        serve(tenant, tmp_path_factory.mktemp("store"), config) as running,
    ):
        yield running


@dataclass(frozen=True)
class Booked:
    """A booked round."""

    plan: Plan

    def group_of(self, person_id: str) -> Group:
        return next(group for group in self.plan.groups if person_id in group.member_ids)

    def path(self, group: Group) -> str:
        return f"/me/meetings/{self.plan.round_id}/{group.number}"


def book(serving: Serving, programme: str) -> Booked:
    """Plan, approve and book one round; everybody accepts."""
    context = dataclasses.replace(serving.context, effort=0.05)
    serving.control("answers", {"shares": {"accepted": 1}})
    planned = serving.run(plan_round(context, programme))
    approve_round(context.store, planned.plan.round_id, by="test")
    serving.run(carry_out_round(context, planned.plan.round_id))
    return Booked(read_plan(context.store, planned.plan.round_id))
