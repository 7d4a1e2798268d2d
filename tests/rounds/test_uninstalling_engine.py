"""Getting out again: what the durable engine keeps of ours goes too, on either database."""

from __future__ import annotations

import asyncio
import datetime as dt
from contextlib import asynccontextmanager

import pytest
from dbos import DBOSClient
from sqlalchemy import MetaData, create_engine, make_url, select, text

from scheduler.graph.client import open_graph
from scheduler.graph.settings import read_graph_settings
from scheduler.rounds import crew, helping, parts
from scheduler.rounds.context import Context
from scheduler.rounds.life import run_due
from scheduler.rounds.planning import plan_round
from scheduler.rounds.uninstalling import uninstall
from scheduler.settings.loader import load_settings
from scheduler.store.engine import open_store
from scheduler.store.rounds import list_rounds
from scheduler.store.sealing import VARIABLE as KEYS
from scheduler.store.sealing import new_key
from tests.rounds.conftest import ROOT, TODAY


@pytest.fixture
def how_many():
    """A company that is quickly planned for."""
    return 60


@pytest.fixture(params=["PostgreSQL", "SQLite"])
def database(request, tmp_path, monkeypatch):
    """Where the store is, and where the engine's tables are."""
    monkeypatch.setenv(KEYS, new_key())
    monkeypatch.setenv("SCHEDULER_SECRETS", new_key())
    if request.param == "SQLite":
        file = tmp_path / "scheduler.db"
        yield str(file), f"sqlite:///{file}.dbos"
        return
    url = make_url(request.getfixturevalue("postgres_url")).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE leaving"))
    ours = url.set(database="leaving")
    yield (
        ours.set(drivername="postgresql").render_as_string(hide_password=False),
        ours.render_as_string(hide_password=False),
    )
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE leaving WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def opened(tenant, database):
    """``async with opened() as context``."""

    @asynccontextmanager
    async def open_():
        with open_store(database[0]) as store:
            async with open_graph(read_graph_settings(tenant)) as graph:
                yield Context(
                    settings=load_settings(ROOT / "config"), store=store, graph=graph,
                    today=TODAY, by="test", effort=0.1,
                )  # fmt: skip

    return open_


def read_engine(url):
    """Every row of the engine's tables, by table, each value as text."""
    engine = create_engine(url)
    tables = MetaData()
    tables.reflect(engine, schema=None if engine.dialect.name == "sqlite" else "dbos")
    with engine.connect() as connection:
        found = {
            table.name: [tuple(map(str, row)) for row in connection.execute(select(table))]
            for table in tables.sorted_tables
        }
    engine.dispose()
    return found


async def leave_parts(context, monkeypatch):
    """Parts of a round whose leader died."""

    async def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(crew, "SHARED_FROM", 20)
    monkeypatch.setattr(parts, "CALENDARS_MOST", 20)
    async with helping.helping(context):
        monkeypatch.setattr(crew._Job, "see_through", die)
        with pytest.raises(KeyboardInterrupt):
            await plan_round(context, "virtual-coffee")


def test_nothing_of_ours_is_left_in_the_engine_and_what_others_keep_there_stays(
    opened, database, tmp_path, monkeypatch
):
    def ask_another_application():
        client = DBOSClient(system_database_url=database[1], application_name="another")
        client.enqueue({"workflow_name": "theirs", "queue_name": "q", "workflow_id": "theirs"})
        client.destroy()

    async def work():
        async with opened() as context:
            await run_due(context)
            if context.store.file is None:
                await leave_parts(context, monkeypatch)
            await asyncio.to_thread(ask_another_application)
            rounds = {round_.id for round_ in list_rounds(context.store)}
            before = read_engine(database[1])
            await uninstall(
                context, message="Thank you.", folder=tmp_path / "export", strays=False,
                at=dt.datetime.now(dt.UTC),
            )  # fmt: skip
            return rounds, before, read_engine(database[1])

    rounds, before, after = asyncio.run(work())

    ours = {row[0] for row in before["workflow_status"]} - {"theirs"}
    calendars = {name for name in ours if name.startswith("calendars ")}
    assert ours - calendars == rounds
    assert bool(calendars) == (not database[1].startswith("sqlite"))
    assert [row[0] for row in after["workflow_status"]] == ["theirs"]
    assert {value for rows in after.values() for row in rows for value in row} & ours == set()


def test_where_the_engine_never_ran_nothing_is_made(opened, database, tmp_path):
    async def work():
        async with opened() as context:
            return await uninstall(
                context, message="Thank you.", folder=tmp_path / "export", strays=False,
                at=dt.datetime.now(dt.UTC),
            )  # fmt: skip

    assert asyncio.run(work()).nothing
    assert list(tmp_path.glob("*.dbos")) == []
    if not database[1].startswith("sqlite"):
        assert read_engine(database[1]) == {}
