from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from scheduler.store import migrate
from scheduler.store.engine import (
    SCHEMA_VERSION,
    Store,
    make_engine,
    open_store,
    parse_url,
    read_database_url,
)
from scheduler.store.errors import RoundHeldError, StoreError
from scheduler.store.hold import hold_round
from scheduler.store.schema import metadata

ROUND = "cross-team-lunch/2026-12-07"


def test_migrations_lead_to_the_tables_that_the_code_knows(store):
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_newest_migration_is_the_version_that_the_code_expects():
    folder = Path(migrate.__file__).with_name("migrations")

    assert ScriptDirectory(str(folder)).get_current_head() == SCHEMA_VERSION


def test_store_that_is_opened_again_keeps_what_it_has(database):
    with open_store(database) as store, store.write() as connection:
        connection.execute(
            text("INSERT INTO choices VALUES ('ann', 'k', '', '1', '2026-12-01', 'x')")
        )
    with open_store(database) as store, store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM choices")).scalar() == 1


def test_store_of_a_newer_release_is_refused(tmp_path):
    with open_store(tmp_path / "scheduler.db") as store, store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreError, match="newer release"), open_store(tmp_path / "scheduler.db"):
        pass


def test_transaction_that_fails_leaves_nothing(store):
    statement = text("INSERT INTO choices VALUES ('ann', 'k', '', '1', '2026-12-01', 'x')")

    def write_and_fail():
        with store.write() as connection:
            connection.execute(statement)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM choices")).scalar() == 0


@pytest.mark.parametrize(
    ("where", "driver"),
    [
        ("scheduler.db", "sqlite"),
        ("/data/scheduler.db", "sqlite"),
        ("sqlite:///scheduler.db", "sqlite"),
        ("postgresql://u:p@h/n", "postgresql+psycopg"),
        ("postgres://u:p@h/n", "postgresql+psycopg"),
    ],
)
def test_place_of_the_store_is_a_path_or_a_url(where, driver):
    assert parse_url(where).drivername == driver


@pytest.mark.parametrize("where", ["mysql://u:hush@h/n", "sqlite://", "nonsense://", "://"])
def test_place_that_is_none_is_one_line_without_the_password(where):
    with pytest.raises(StoreError) as raised:
        parse_url(where)

    assert "\n" not in str(raised.value)
    assert "hush" not in str(raised.value)


def test_store_that_cannot_be_opened_is_one_line(tmp_path):
    file = tmp_path / "scheduler.db"
    file.write_text("this is no database, and long enough to be told from an empty one " * 20)

    with (
        pytest.raises(StoreError, match=r"cannot be opened: file is not a database"),
        open_store(file),
    ):
        pass


def test_default_place_is_this_folder():
    assert read_database_url({}) == "scheduler.db"
    assert read_database_url({"SCHEDULER_DATABASE_URL": "x.db"}) == "x.db"


def test_new_store_can_be_read_by_its_owner_alone(tmp_path):
    with open_store(tmp_path / "scheduler.db"):
        pass

    assert stat.S_IMODE((tmp_path / "scheduler.db").stat().st_mode) == 0o600


def hold_and_wait(database, ready):
    with open_store(database) as store, hold_round(store, ROUND):
        ready.set()
        signal.pause()


def test_round_is_held_by_one_process_until_it_is_killed(database):
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    other = context.Process(target=hold_and_wait, args=(database, ready))
    other.start()
    try:
        assert ready.wait(60)
        with open_store(database) as store:
            with pytest.raises(RoundHeldError, match="working on round"), hold_round(store, ROUND):
                pass
            with hold_round(store, "another/2026-12-07"):
                pass
            os.kill(other.pid, signal.SIGKILL)
            other.join()
            with hold_round(store, ROUND, wait_seconds=30) as hold:
                hold.check()
    finally:
        other.kill()
        other.join()


def test_round_can_be_held_again_by_the_same_process(store):
    for _ in range(2):
        with hold_round(store, ROUND) as hold:
            hold.check()
            with pytest.raises(RoundHeldError), hold_round(store, ROUND):
                pass


def test_database_that_does_not_answer_is_said_without_its_password():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    store = Store(make_engine(parse_url(f"postgresql://me:hush@127.0.0.1:{port}/n")))

    refused = pytest.raises(StoreError, match="does not answer: connection failed")
    with refused as told, hold_round(store, ROUND):
        pass

    assert f"postgresql+psycopg://me:***@127.0.0.1:{port}/n" in str(told.value)
    assert len(str(told.value).splitlines()) == 1


def test_hurried_write_is_kept_and_the_next_one_waits_for_the_disk_again(tmp_path):
    with open_store(tmp_path / "s.db") as store:
        with store.write(outlasts_power=False) as connection:
            connection.execute(text("CREATE TABLE note (word TEXT)"))
            connection.execute(text("INSERT INTO note VALUES ('kept')"))
            hurried = connection.execute(text("PRAGMA synchronous")).scalar()
        with store.write() as connection:
            careful = connection.execute(text("PRAGMA synchronous")).scalar()
    with open_store(tmp_path / "s.db") as store, store.read() as connection:
        word = connection.execute(text("SELECT word FROM note")).scalar()

    assert (hurried, careful, word) == (1, 2, "kept")
