"""One process leads, also after the database was away for a moment."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import create_engine, make_url, text
from structlog.testing import capture_logs

from scheduler.graph.client import open_graph
from scheduler.graph.settings import read_graph_settings
from scheduler.rounds import life
from scheduler.rounds.context import Context
from scheduler.rounds.running import RUNNER
from scheduler.settings.loader import load_settings
from scheduler.store.engine import open_store
from scheduler.store.hold import find_held, hold_name
from scheduler.store.sealing import VARIABLE as KEYS
from scheduler.store.sealing import new_key
from tests.rounds.conftest import ROOT, TODAY


@pytest.fixture
def how_many():
    """Nobody is planned for here."""
    return 30


@pytest.fixture
def database(postgres_url, monkeypatch):
    """A PostgreSQL database of this test's own."""
    monkeypatch.setenv(KEYS, new_key())
    monkeypatch.setenv("SCHEDULER_SECRETS", new_key())
    url = make_url(postgres_url).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE leading_one"))
    yield url.set(database="leading_one", drivername="postgresql").render_as_string()
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE leading_one WITH (FORCE)"))
    engine.dispose()


def cut_off(store):
    """End every connection that holds something, as a database that fails over does."""
    with store.write() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
                "AND pid != pg_backend_pid()"
            )
        )


async def until(condition, task):
    """Wait for it, as long as the task goes on."""
    for _ in range(600):
        if condition():
            return
        assert not task.done(), task.exception()
        await asyncio.sleep(0.1)
    pytest.fail("it never came to that")


@pytest.mark.parametrize("begin", [life.stay, life.work])
def test_leader_that_lost_the_database_for_a_moment_lets_another_one_lead(
    tenant, database, monkeypatch, begin
):
    monkeypatch.setattr(life, "start_due_rounds", nothing)
    monkeypatch.setattr(life, "TAKES_OVER_SECONDS", 0.1)
    passes = []

    async def tend(context):
        passes.append(context)

    monkeypatch.setattr(life, "tend_rounds", tend)

    async def lose():
        with open_store(database) as store, open_store(database) as other:
            async with open_graph(read_graph_settings(tenant)) as graph:
                context = Context(
                    settings=load_settings(ROOT / "config"), store=store, graph=graph,
                    today=TODAY, by="test",
                )  # fmt: skip
                leading = asyncio.create_task(begin(context, lambda: TODAY, every_seconds=0.5))
                await until(lambda: passes, leading)
                cut_off(other)
                with hold_name(other, RUNNER, wait_seconds=30):
                    before = len(passes)
                    await until(lambda: find_held(other, [RUNNER]), leading)
                    await asyncio.sleep(3)
                    meanwhile = len(passes) - before
                await until(lambda: len(passes) > before + meanwhile, leading)  # it leads again
                leading.cancel()
                await asyncio.gather(leading, return_exceptions=True)
                return meanwhile

    with capture_logs():
        meanwhile = asyncio.run(lose())

    assert meanwhile <= 1  # the one that was under way


async def nothing(*_):
    return ()
