import sqlite3
import time

import pytest
from sqlalchemy import create_engine, text

from scheduler.store import old_sqlite
from scheduler.store.old_sqlite import teach_old_sqlite


@pytest.fixture
def engine(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    teach_old_sqlite()
    teach_old_sqlite()
    yield create_engine(f"sqlite:///{tmp_path}/some.db")
    old_sqlite.event.remove(old_sqlite.Engine, "connect", old_sqlite._add_unixepoch)


def test_old_sqlite_tells_milliseconds(engine):
    before = time.time()
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x, at DEFAULT (unixepoch('subsec') * 1000))"))
        connection.execute(text("INSERT INTO t (x) VALUES (1)"))
        at = connection.execute(text("SELECT at FROM t")).scalar_one()
        seconds = connection.execute(text("SELECT unixepoch(), unixepoch('now')")).one()

    assert before * 1000 - 1 <= at <= time.time() * 1000 + 1
    assert tuple(seconds) in {(int(before),) * 2, (int(time.time()),) * 2}


def test_old_sqlite_is_asked_for_nothing_else(engine):
    with engine.begin() as connection, pytest.raises(Exception, match="function raised exception"):
        connection.execute(text("SELECT unixepoch('2026-01-01')"))
