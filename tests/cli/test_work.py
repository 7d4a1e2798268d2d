"""``scheduler work`` as containers start it, several on one PostgreSQL."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from scheduler.sandbox import SandboxSettings, start_sandbox
from scheduler.store.sealing import new_key

ROOT = Path(__file__).parents[2]
CODE = "import sys; from scheduler.cli import main; sys.argv[0] = 'scheduler'; main()"


@pytest.fixture(scope="module")
def tenant(tmp_path_factory):
    with start_sandbox(SandboxSettings(state=tmp_path_factory.mktemp("t"), people=40)) as addresses:
        yield addresses.environment()


@pytest.fixture
def database(postgres_url):
    """A PostgreSQL database of this test's own."""
    url = make_url(postgres_url).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE working"))
    yield url.set(database="working", drivername="postgresql").render_as_string()
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE working WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def start(tenant, tmp_path):
    """``start(database, command, ...)``: a process with the same environment as all others."""
    environ = os.environ | tenant | {
        "SCHEDULER_NOTES_KEYS": new_key(), "SCHEDULER_SECRETS": new_key(),
    }  # fmt: skip
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    for file in (config / "programmes").iterdir():  # all long over: nothing is due
        given = file.read_text("utf-8")
        file.write_text(given.replace("cadence:", "cadence:\n  last: 2020-01-06"), "utf-8")
    started = []

    def start_(database, *words):
        log = tmp_path / f"{len(started)}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-c", CODE, *words, "--config", config],
                env=environ | {"SCHEDULER_DATABASE_URL": database}, cwd=tmp_path,
                stdout=file, stderr=file,
            )  # fmt: skip
        started.append(process)
        return process, log

    yield start_
    for process in started:
        process.kill()
        process.wait()


def wait_for(event, process, log):
    """Until the log says so."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        lines = [line for line in log.read_text("utf-8").splitlines() if line.endswith("}")]
        if any(json.loads(line)["event"] == event for line in lines):
            return
        time.sleep(0.1)
    pytest.fail(f"never said {event}: {log.read_text('utf-8')[-3000:]}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_helper_takes_the_place_of_a_leader_that_ends(start, database, number):
    leader, leads = start(database, "work")
    wait_for("leading", leader, leads)
    helper, helps = start(database, "work")
    wait_for("helping", helper, helps)
    assert '"leading"' not in helps.read_text("utf-8")

    leader.send_signal(number)

    assert leader.wait(60) == (128 + number if number == signal.SIGTERM else -number)
    assert "Traceback" not in leads.read_text("utf-8")
    wait_for("leading", helper, helps)
    helper.send_signal(signal.SIGTERM)
    assert helper.wait(60) == 128 + signal.SIGTERM
    assert "Traceback" not in helps.read_text("utf-8")


def test_job_of_cron_beside_workers_says_that_another_process_does_it(start, database):
    leader, leads = start(database, "work")
    wait_for("leading", leader, leads)

    job, said = start(database, "run")

    assert job.wait(60) == 0
    assert said.read_text("utf-8").splitlines()[-1] == (
        "Another process does this already: scheduler serve, scheduler work, or a run that is "
        "still going."
    )


def test_work_on_sqlite_ends_with_what_would_be_right(start, tmp_path):
    worker, said = start(str(tmp_path / "scheduler.db"), "work")

    assert worker.wait(60) == 2
    (line,) = said.read_text("utf-8").splitlines()
    assert line.startswith("error: SCHEDULER_DATABASE_URL names a SQLite file;")
