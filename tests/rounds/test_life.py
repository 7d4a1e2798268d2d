import asyncio
import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from scheduler.rounds import steps
from scheduler.rounds.approval import approve_round
from scheduler.rounds.life import run_due, stay
from scheduler.sandbox.signin import ROLES
from scheduler.store.engine import open_store
from scheduler.store.errors import RoundHeldError
from scheduler.store.hold import hold_name
from scheduler.store.plans import read_plan
from scheduler.store.rounds import begin_cancelling, list_rounds, move_round

ROOT = Path(__file__).parents[2]
LUNCH = "cross-team-lunch/2026-11-30"


@pytest.fixture
def one_programme(tmp_path):
    """The shipped configuration with the lunch alone."""
    folder = tmp_path / "config" / "programmes"
    folder.mkdir(parents=True)
    for name in ("organisation.yaml", "programmes/cross-team-lunch.yaml"):
        text = (ROOT / "config" / name).read_text("utf-8")
        (tmp_path / "config" / name).write_text(text, "utf-8")
    return tmp_path / "config"


def states(context) -> dict[str, str]:
    return {r.id: r.state for r in list_rounds(context.store)}


def test_run_due_plans_waits_for_approval_and_books(open_context, one_programme, ask) -> None:
    async def work():
        seen = []
        async with open_context(one_programme) as context:
            for _ in range(2):
                done = await run_due(context)
                seen.append((done, states(context), ask("report")["events"]))
            approve_round(context.store, LUNCH, by="hr")
            for _ in range(2):
                done = await run_due(context)
                seen.append((done, states(context), ask("report")["events"]))
            return seen, len(read_plan(context.store, LUNCH).groups)

    seen, groups = asyncio.run(work())

    assert seen[:2] == [(True, {LUNCH: "planned"}, 0)] * 2
    assert [(done, found) for done, found, _ in seen[2:]] == [(True, {LUNCH: "booked"})] * 2
    assert seen[3][2] == groups
    assert ask("report")["duplicates"] == 0


def test_run_due_books_at_once_where_no_approval_is_asked(open_context, one_programme, ask) -> None:
    file = one_programme / "programmes" / "cross-team-lunch.yaml"
    file.write_text(file.read_text("utf-8").replace("approval: required", "approval: automatic"))

    async def work():
        async with open_context(one_programme) as context:
            await run_due(context)
            return states(context)

    assert asyncio.run(work()) == {LUNCH: "booked"}
    assert ask("report")["events"] > 0


def test_run_due_carries_on_a_cancelling_and_a_repair_that_were_stopped(
    open_context, one_programme, ask
) -> None:
    file = one_programme / "programmes" / "cross-team-lunch.yaml"
    file.write_text(file.read_text("utf-8").replace("approval: required", "approval: automatic"))
    moment = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)

    async def work():
        seen = []
        async with open_context(one_programme) as context:
            await run_due(context)
            move_round(context.store, LUNCH, "booking", at=moment, by="killed")
            seen.append((await run_due(context), states(context)))
            begin_cancelling(context.store, LUNCH, "Sorry.", at=moment, by="killed")
            seen.append((await run_due(context), states(context)))
        return seen

    assert asyncio.run(work()) == [(True, {LUNCH: "booked"}), (True, {LUNCH: "cancelled"})]
    assert ask("report")["events"] == 0


def test_run_due_is_not_done_while_somebody_is_untold(
    open_context, one_programme, tenant, ask, monkeypatch
) -> None:
    monkeypatch.delenv("SCHEDULER_TEAMS_URL")
    file = one_programme / "programmes" / "cross-team-lunch.yaml"
    file.write_text(file.read_text("utf-8").replace("approval: required", "approval: automatic"))

    def grant(roles):
        url = f"{tenant['SCHEDULER_SANDBOX_HTTP_URL']}/sandbox"
        httpx.post(f"{url}/permissions", json={"roles": list(roles)}).raise_for_status()
        httpx.post(f"{url}/expire", json={}).raise_for_status()

    async def run():
        async with open_context(one_programme) as context:
            with capture_logs() as logs:
                done = await run_due(context)
            (last,) = [line for line in logs if line["event"] == "run-finished"]
            return done, last["rounds_incomplete"], states(context)

    grant(role for role in ROLES if role != "Mail.Send")
    seen = [asyncio.run(run()), asyncio.run(run())]
    grant(ROLES)
    seen.append(asyncio.run(run()))

    assert seen == [
        (False, 1, {LUNCH: "booked"}), (False, 1, {LUNCH: "booked"}), (True, 0, {LUNCH: "booked"}),
    ]  # fmt: skip
    assert ask("report")["mails_delivered"] > 0


def test_run_due_beside_another_one_does_nothing(open_context, one_programme) -> None:
    async def work():
        async with open_context(one_programme) as context:
            with hold_name(context.store, "the job"):
                await run_due(context)

    with pytest.raises(RoundHeldError):
        asyncio.run(work())


def test_run_killed_again_and_again_ends_as_if_it_never_was(
    tenant, one_programme, tmp_path, ask
) -> None:
    file = one_programme / "programmes" / "cross-team-lunch.yaml"
    file.write_text(file.read_text("utf-8").replace("approval: required", "approval: automatic"))
    database = tmp_path / "killed.db"
    environment = {
        **os.environ,
        **tenant,
        "SCHEDULER_DATABASE_URL": str(database),
        "SCHEDULER_TODAY": "2026-11-25",
        "SCHEDULER_EFFORT": "0.1",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", "from scheduler.cli import main; main()", "run"]
    command += ["--config", str(one_programme)]

    def run(seconds: float | None) -> int | None:
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if seconds is None:
            return process.wait(300)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        return process.wait()

    # However fast the machine is, these moments lie in start-up, reading, planning and booking.
    for seconds in (0.5, 2, 4, 6, 8, 10, 12):
        run(seconds)

    assert run(None) == 0
    with open_store(database) as store:
        groups = read_plan(store, LUNCH).groups
        assert [r.state for r in list_rounds(store)] == ["booked"]
    report = ask("report")
    assert (report["events"], report["duplicates"], report["copies_wrong"]) == (len(groups), 0, 0)


def test_stay_plans_the_round_of_a_later_day(open_context, one_programme) -> None:
    """A server that was started weeks ago knows what day it is."""
    day = dt.date(2026, 11, 25)

    async def work():
        nonlocal day
        async with open_context(one_programme) as context:
            staying = asyncio.create_task(stay(context, lambda: day, every_seconds=0.2))
            seen = []
            for later in (day, day + dt.timedelta(days=14)):
                day = later
                while len(states(context)) == len(seen):
                    await asyncio.wait({staying}, timeout=0.2)
                    assert not staying.done(), staying.exception()
                seen = sorted(states(context))
            staying.cancel()
            await asyncio.gather(staying, return_exceptions=True)
            return seen

    assert asyncio.run(work()) == [LUNCH, "cross-team-lunch/2026-12-14"]


def test_round_that_a_mistake_in_the_files_keeps_from_being_planned_is_planned_when_it_is_mended(
    open_context, one_programme
) -> None:
    file = one_programme / "programmes" / "cross-team-lunch.yaml"
    good = file.read_text("utf-8")
    bad = good.replace("  join: opt-out", "  join: opt-out\n  groups: [Nobody knows this group]")

    async def run(text):
        file.write_text(text, "utf-8")
        async with open_context(one_programme) as context:
            with capture_logs() as logs:
                done = await run_due(context)
            failed = [line["reason"] for line in logs if line["event"] == "step-failed"]
            return done, states(context), failed

    seen = [asyncio.run(run(bad)), asyncio.run(run(good))]

    assert seen[0][:2] == (False, {})
    assert "Nobody knows this group" in seen[0][2][0]
    assert seen[1] == (True, {LUNCH: "planned"}, [])


def test_round_is_not_given_up_after_a_defect_of_ours(
    open_context, one_programme, monkeypatch
) -> None:
    async def run():
        async with open_context(one_programme) as context:
            with capture_logs() as logs:
                done = await run_due(context)
            return done, states(context), [ln for ln in logs if ln["event"] == "step-failed"]

    with monkeypatch.context() as patch:
        patch.setattr(steps, "plan_round", break_off)
        broken = asyncio.run(run())
    mended = asyncio.run(run())

    assert broken[:2] == (False, {})
    assert all(line["exc_info"] for line in broken[2])
    assert mended == (True, {LUNCH: "planned"}, [])


async def break_off(*_, **__):
    raise ZeroDivisionError("a defect")


@pytest.mark.parametrize("status", ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"])
def test_round_that_an_earlier_release_gave_up_goes_on(
    open_context, one_programme, tmp_path, ask, status
) -> None:
    async def run(*, approve):
        async with open_context(one_programme) as context:
            if approve:
                approve_round(context.store, LUNCH, by="hr")
            return await run_due(context), states(context)

    asyncio.run(run(approve=False))
    change_engine(tmp_path, "status = ?", status)

    assert asyncio.run(run(approve=True)) == (True, {LUNCH: "booked"})
    assert ask("report")["duplicates"] == 0


def test_round_that_waits_through_a_thousand_runs_is_booked(
    open_context, one_programme, tmp_path
) -> None:
    """Cron starts as many in ten days; the engine gives up after a hundred unless told not to."""

    async def run(*, approve):
        async with open_context(one_programme) as context:
            if approve:
                approve_round(context.store, LUNCH, by="hr")
            return await run_due(context), states(context)

    asyncio.run(run(approve=False))
    change_engine(tmp_path, "recovery_attempts = ?", 1000)

    assert asyncio.run(run(approve=True)) == (True, {LUNCH: "booked"})


def change_engine(folder, what, value):
    """Change the workflow of the one round in the engine's own tables."""
    with closing(sqlite3.connect(folder / "scheduler.db.dbos")) as connection, connection:
        changed = connection.execute(f"UPDATE workflow_status SET {what}", (value,))
        assert changed.rowcount == 1
