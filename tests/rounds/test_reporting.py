"""Reports out of the store, after a round that the embedded tenant booked."""

import asyncio
import csv
import dataclasses
import datetime as dt
import io
import json
import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

from scheduler.insights.report import as_csv, as_json
from scheduler.rounds.approval import approve_round
from scheduler.rounds.booking import book_round
from scheduler.rounds.looking_back import give_feedback
from scheduler.rounds.planning import plan_round
from scheduler.rounds.pricing import price_new_plan, read_prices
from scheduler.rounds.reporting import (
    NOTHING_YET,
    UnreportedProgrammeError,
    read_history,
    report_rounds,
)
from scheduler.store.meetings import read_meetings

ROOT = Path(__file__).parents[2]
LATER = dt.date(2027, 1, 5)
SAID_AT = dt.datetime(2026, 12, 20, 9, tzinfo=dt.UTC)


async def book(context, programme):
    planned = await plan_round(context, programme)
    price_new_plan(context, planned.plan, planned.frame)
    approve_round(context.store, planned.plan.round_id, by="hr")
    assert (await book_round(context, planned.plan.round_id)).booked == len(planned.plan.groups)
    return planned


def run_report(tmp_path, today, *arguments):
    return subprocess.run(
        [sys.executable, "-c", "from scheduler.cli import main; main()", "report", *arguments],
        env={
            **os.environ, "PYTHONPATH": str(ROOT), "SCHEDULER_TODAY": today,
            "SCHEDULER_DATABASE_URL": str(tmp_path / "scheduler.db"),
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip


def test_report_counts_what_was_booked_and_answered(open_context, tmp_path) -> None:
    async def work():
        async with open_context() as context:
            planned = await book(context, "cross-team-lunch")
            plan = planned.plan
            early = await report_rounds(context)
            groups = plan.groups[:4]
            for group in groups:
                for number, person in enumerate(group.member_ids):
                    given = {"met": "no" if number == 0 else "yes", "again": "yes"}
                    give_feedback(context, plan.round_id, group.number, person, **given, at=SAID_AT)
            later = dataclasses.replace(context, today=LATER)
            history = await read_history(later)
            report = await report_rounds(later)
            prices = read_prices(context.store, plan.round_id)
            return planned, early, history, report, read_meetings(context.store), prices

    planned, early, history, report, met, prices = asyncio.run(work())
    plan, people = planned.plan, planned.people

    assert early is None
    assert len(history.asked_person) == plan.roster_size
    figures = json.loads(as_json(report))["tables"]
    (row,) = figures["rounds"]
    pairs = [pair for meeting in met for pair in combinations(meeting.person_ids, 2)]
    across = [(a, b) for a, b in pairs if people[a].department != people[b].department]
    assert report.figures.total.pairs == len(pairs)
    assert report.figures.total.new_across == len(across)
    assert report.figures.total.people == plan.placed
    (answers,) = report.figures.answers
    said = sum(len(group.member_ids) for group in plan.groups[:4])
    assert (answers.answered, answers.met_rate) == (said, pytest.approx((said - 4) / said))
    assert (row["people"], row["new_across"]) == (plan.placed, len(across))
    assert {(c.rule, c.people, c.points) for c in report.figures.costs} == {
        (price.rule, price.places, price.points) for price in prices
    }
    assert len(figures["costs"]) == len(prices) > 2
    cells = {tuple(line[::2]): line[3] for line in csv.reader(io.StringIO(as_csv(report)))}
    assert cells["rounds", "people"] == str(plan.placed)

    page, sheet = tmp_path / "report.html", tmp_path / "report.csv"
    told = run_report(
        tmp_path, "2027-01-05", "--json", "--html", str(page), "--csv", str(sheet),
        "--since", "2026-10-01", "--programme", "cross-team-lunch",
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["tables"]["rounds"] == [row]
    assert sheet.read_bytes().startswith(b"\xef\xbb\xbf")
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    early = run_report(tmp_path, "2026-12-31")
    assert (early.returncode, early.stdout) == (0, f"{NOTHING_YET}\n")


def test_report_of_a_programme_without_rounds_says_which_there_are(open_context) -> None:
    async def work():
        async with open_context() as context:
            await report_rounds(context, programme="cross-team-lunch")

    with pytest.raises(UnreportedProgrammeError, match="no programme yet"):
        asyncio.run(work())
