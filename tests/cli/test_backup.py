"""``scheduler backup`` and ``scheduler restore``, as they are typed."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from scheduler.cli import app
from scheduler.errors import ScheduleError
from scheduler.rounds.running import RUNNER
from scheduler.store.engine import open_store
from scheduler.store.hold import hold_name
from scheduler.store.rounds import list_rounds, save_plan
from tests.store.conftest import AT
from tests.store.released import PLAN


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.setenv("SCHEDULER_DATABASE_URL", str(tmp_path / "scheduler.db"))
    with open_store(tmp_path / "scheduler.db") as store:
        save_plan(store, PLAN, at=AT, by="hr")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_backup_and_restore_say_what_they_did_and_what_comes_next(run, tmp_path):
    backed_up = run("backup", tmp_path / "b.tar.gz")
    (tmp_path / "scheduler.db").unlink()
    restored = run("restore", tmp_path / "b.tar.gz")

    assert backed_up.output.startswith(f"Written to {tmp_path / 'b.tar.gz'}: 0.0 MB, with the keys")
    assert restored.output.splitlines()[-2:] == [
        f"Restored to {tmp_path / 'scheduler.db'}. Rounds under way or ahead: 1.",
        "Next, before anything else: scheduler reconcile",
    ]
    with open_store(tmp_path / "scheduler.db") as store:
        assert [round_.id for round_ in list_rounds(store)] == [PLAN.round_id]


def test_restore_says_where_the_store_before_it_is(run, tmp_path):
    run("backup", tmp_path / "b.tar.gz")
    restored = run("restore", "--replace", tmp_path / "b.tar.gz")

    (folder,) = tmp_path.glob("scheduler.db.before-*")
    assert f"What was there before is in {folder}/." in restored.output


def test_restore_waits_for_the_job_to_be_stopped(run, tmp_path):
    run("backup", tmp_path / "b.tar.gz")
    with open_store(tmp_path / "scheduler.db") as store, hold_name(store, RUNNER):
        refused = run("restore", "--replace", tmp_path / "b.tar.gz")

    assert isinstance(refused.exception, ScheduleError)
    assert str(refused.exception) == (
        "A job, `scheduler serve` or `scheduler work` is running. Stop it first."
    )
    assert refused.exception.exit_code == 3
    assert list(tmp_path.glob("scheduler.db.before-*")) == []


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_postgresql_is_left_to_its_own_tools(run, monkeypatch, tmp_path, command):
    monkeypatch.setenv("SCHEDULER_DATABASE_URL", "postgresql://u:hush@nowhere/n")

    refused = run(command, tmp_path / "b.tar.gz")

    assert "pg_dump and pg_restore" in str(refused.exception)
    assert "hush" not in str(refused.exception)
