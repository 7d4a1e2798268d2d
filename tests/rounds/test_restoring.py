"""A backup taken in the middle of booking, put back after everybody was invited."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import re
import shlex
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from scheduler.rounds.approval import approve_round
from scheduler.rounds.outcome import carry_out_round
from scheduler.rounds.planning import plan_round
from scheduler.rounds.reconciling import reconcile_all
from scheduler.rounds.secrets import VARIABLE as SECRETS
from scheduler.store.backup import back_up, restore
from scheduler.store.bookings import read_bookings
from scheduler.store.engine import now, open_store
from scheduler.store.sealing import VARIABLE as KEYS
from scheduler.store.sealing import new_key

ROOT = Path(__file__).parents[2]
COMPOSE = YAML(typ="safe").load((ROOT / "infra" / "compose" / "compose.yaml").read_text("utf-8"))


@pytest.fixture
def how_many():
    """A company that is quickly planned for."""
    return 60


class Watcher:
    """Takes a backup once half of a round is booked, while booking goes on."""

    def __init__(self, take) -> None:
        self._take = take
        self.taken_at = None

    @contextmanager
    def step(self, title):
        def report(done, total):
            if title.startswith("Booking") and self.taken_at is None and done >= total // 2:
                self.taken_at = (done, total)
                self._take()

        yield report


def invite_everybody(open_context, store, take):
    """Plan, approve, book and announce a round; ``take`` is called in the middle."""
    watcher = Watcher(take)

    async def work():
        async with open_context() as opened:
            context = dataclasses.replace(opened, store=store, progress=watcher)
            planned = await plan_round(context, "cross-team-lunch")
            approve_round(store, planned.plan.round_id, by="hr")
            outcome = await carry_out_round(context, planned.plan.round_id)
            assert outcome.exit_code == 0
            return planned.plan

    plan = asyncio.run(work())
    done, total = watcher.taken_at
    assert 0 < done < total
    return plan


def go_on(open_context, store, round_id):
    """What the IT guide says to do after a backup was put back; how many were booked before."""

    async def work():
        async with open_context() as opened:
            context = dataclasses.replace(opened, store=store)
            before = len(read_bookings(store, round_id, states={"booked"}))
            return before, await reconcile_all(context)

    return asyncio.run(work())


def check(report_before, report_after, plan, before, found, store) -> None:
    groups = len(plan.groups)
    (outcome,) = found.outcomes
    assert 0 < before < groups
    assert (found.exit_code, found.strays) == (0, 0)
    assert (outcome.booking.booked, outcome.booking.created) == (groups, 0)
    assert outcome.booking.adopted >= groups - before - 1
    assert len(read_bookings(store, plan.round_id, states={"booked"})) == groups
    for what in ("events", "events_created", "invitations_delivered", "events_cancelled"):
        assert report_after[what] == report_before[what], what
    assert (report_after["events"], report_after["duplicates"]) == (groups, 0)


def test_backup_of_a_half_booked_round_goes_on_without_a_second_invitation(
    open_context, ask, tmp_path
) -> None:
    file, backup = tmp_path / "round.db", tmp_path / "backup.tar.gz"
    with open_store(file) as store:
        plan = invite_everybody(open_context, store, lambda: back_up(file, backup))
    invited = ask("report")
    restore(backup, file, replace=True, at=now())

    with open_store(file) as store:
        before, found = go_on(open_context, store, plan.round_id)

        check(invited, ask("report"), plan, before, found, store)


@pytest.fixture
def new_postgres(postgres_url, monkeypatch):
    """A database of the server's own; machines share no file with secrets there."""
    monkeypatch.setenv(SECRETS, "s" * 40)
    monkeypatch.setenv(KEYS, new_key())
    url = make_url(postgres_url).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE half_booked"))
    yield url.set(database="half_booked", drivername="postgresql")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE half_booked WITH (FORCE)"))
    engine.dispose()


def run_documented(words: list[str], url, folder: Path) -> None:
    """Run a command of the compose file or the IT guide on this test's server."""
    words = [
        word.replace("/backups", str(folder))
        .replace("--host=database", f"--host={url.host}")
        .replace("--dbname=scheduler", f"--dbname={url.database}")
        for word in words
    ]
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"))
    subprocess.run(
        [str(binaries / words[0]), *words[1:]],
        check=True,
        env={**os.environ, "PGPORT": str(url.port)},
    )


def read_documented_restore() -> list[str]:
    guide = (ROOT / "docs" / "it-guide.md").read_text("utf-8")
    (command,) = re.findall(r"docker compose run --rm backup (pg_restore [^`]*)```", guide)
    return shlex.split(command.replace("\\\n", " "))


def test_dump_of_a_half_booked_round_goes_on_without_a_second_invitation(
    open_context, ask, tmp_path, new_postgres
) -> None:
    """With the commands of the compose file and the IT guide, word for word but for the place."""
    url = new_postgres.render_as_string()
    dump = COMPOSE["services"]["backup"]["command"]
    with open_store(url) as store:
        plan = invite_everybody(
            open_context, store, lambda: run_documented(dump, new_postgres, tmp_path)
        )
    invited = ask("report")
    run_documented(read_documented_restore(), new_postgres, tmp_path)

    with open_store(url) as store:
        before, found = go_on(open_context, store, plan.round_id)

        check(invited, ask("report"), plan, before, found, store)
