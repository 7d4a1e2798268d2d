"""From each released schema with data in it to the newest."""

from __future__ import annotations

import sqlite3
import uuid

import pytest
from sqlalchemy import create_engine, text

from scheduler.store import migrate
from scheduler.store.engine import SCHEMA_VERSION, Store, make_engine, open_store, parse_url
from scheduler.store.errors import StoreError
from scheduler.store.plans import read_plan
from scheduler.store.rounds import list_rounds
from tests.store.released import (
    FOLDER,
    PLAN,
    ROWS,
    list_revisions,
    list_tables,
    make_release,
    read_all,
)

REVISIONS = list_revisions()
OLD = REVISIONS[:-1]
AGAIN = "run `.venv/bin/python -m tests.store.released` and commit the file"


def test_every_earlier_release_is_kept_with_rows_in_every_table():
    missing = [revision for revision in OLD if not (FOLDER / f"{revision}.sql").exists()]

    assert missing == [], AGAIN


def load(file, revision):
    """A database as that release left it."""
    connection = sqlite3.connect(file)
    connection.executescript((FOLDER / f"{revision}.sql").read_text("utf-8"))
    connection.close()


def look(where):
    """What is in a database, without touching its schema."""
    store = Store(make_engine(parse_url(where)))
    try:
        with store.read() as connection:
            return read_all(connection)
    finally:
        store.close()


@pytest.fixture
def new_postgres(postgres_url):
    """An empty database of the server's own."""
    name = f"release_{uuid.uuid4().hex}"
    url = parse_url(postgres_url)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield url.set(database=name, drivername="postgresql").render_as_string()
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def check_upgrade(where, before):
    """Nothing is lost or changed, and the product reads what is there."""
    assert {len(rows) for rows in before.values()} == {ROWS}
    with open_store(where) as store:
        with store.read() as connection:
            after = read_all(connection)
        rounds = list_rounds(store)
        plans = [read_plan(store, round_.id) for round_ in rounds]

    kept = {
        name: [{key: row[key] for key in rows[0]} for row in after[name]]
        for name, rows in before.items()
    }
    assert kept == before
    assert len(rounds) == ROWS
    assert {plan.groups for plan in plans} == {PLAN.groups}


@pytest.mark.parametrize("revision", OLD)
def test_release_on_sqlite_is_brought_up_with_all_that_is_in_it(tmp_path, revision):
    file = str(tmp_path / "scheduler.db")
    load(file, revision)

    check_upgrade(file, look(file))


@pytest.mark.parametrize("revision", OLD)
def test_release_on_postgresql_is_brought_up_with_all_that_is_in_it(new_postgres, revision):
    make_release(new_postgres, revision).close()

    check_upgrade(new_postgres, look(new_postgres))


@pytest.mark.parametrize("revision", OLD)
def test_migration_still_makes_the_tables_that_were_released(tmp_path, revision):
    """A migration that has been released is never changed: databases have gone through it."""
    load(str(tmp_path / "kept.db"), revision)
    make_release(str(tmp_path / "made.db"), revision).close()

    assert describe(tmp_path / "made.db") == describe(tmp_path / "kept.db"), AGAIN


def describe(file):
    store = Store(make_engine(parse_url(str(file))))
    with store.read() as connection:
        found = {
            table.name: {column.name: str(column.type) for column in table.columns}
            for table in list_tables(connection)
        }
    store.close()
    return found


def test_upgrade_that_fails_in_its_middle_leaves_the_release_as_it_was(tmp_path, monkeypatch):
    file = str(tmp_path / "scheduler.db")
    load(file, REVISIONS[0])
    before = look(file)
    upgrade = migrate.command.upgrade

    def fail(config, version):
        upgrade(config, REVISIONS[1])
        raise RuntimeError("the power went")

    monkeypatch.setattr(migrate.command, "upgrade", fail)
    with pytest.raises(RuntimeError), open_store(file):
        pass
    monkeypatch.undo()

    assert look(file) == before
    check_upgrade(file, before)


def test_older_release_refuses_a_database_of_a_newer_one_and_changes_nothing(tmp_path):
    """As a downgrade would: the code of an older release, which knows fewer migrations."""
    file = str(tmp_path / "scheduler.db")
    make_release(file, SCHEMA_VERSION).close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = look(file)

    with pytest.raises(StoreError) as raised, open_store(file):
        pass

    assert str(raised.value) == (
        "The store was made by a newer release of the scheduler. Install that release, or restore "
        "a backup from before it."
    )
    assert look(file) == before
