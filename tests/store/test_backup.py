"""A store that is a file, its backup, and what comes back from it."""

from __future__ import annotations

import contextlib
import sqlite3
import tarfile

import pytest

from scheduler.rounds.secrets import read_secrets
from scheduler.store.backup import BackupError, back_up, restore
from scheduler.store.choices import read_choices, save_choice
from scheduler.store.engine import open_store
from scheduler.store.errors import StoreError
from scheduler.store.rounds import list_rounds, save_plan
from scheduler.store.sealing import VARIABLE
from tests.store.conftest import AT, ROUND
from tests.store.released import list_revisions, make_release, read_all


@pytest.fixture(autouse=True)
def no_keys_from_outside(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def file(tmp_path):
    """A store with a row in every table, a key of its own, and a sealed text."""
    file = tmp_path / "scheduler.db"
    make_release(str(file), list_revisions()[-1]).close()
    with open_store(file) as store:
        save_choice(store, "ada", "never-with", ["bob"], at=AT, by="ada")
        read_secrets({}, store)
    return file


def dump(file):
    with open_store(file) as store, store.read() as connection:
        return read_all(connection)


def test_backup_brings_everything_back_to_another_place(file, tmp_path):
    back_up(file, tmp_path / "b.tar.gz")
    place = tmp_path / "elsewhere" / "scheduler.db"

    restored = restore(tmp_path / "b.tar.gz", place, replace=False, at=AT)

    assert (restored.rounds, restored.before) == (2, None)  # the third is closed
    assert dump(place) == dump(file)
    with open_store(place) as store:
        (own,) = [c for c in read_choices(store) if c.kind == "never-with"]
        assert own.value == ["bob"]  # read with the key that came along
        assert read_secrets({}, store) == read_secrets({}, store_of(file))


def store_of(file):
    with open_store(file) as store:
        return store


def test_backup_and_what_comes_back_are_for_their_owner_alone(file, tmp_path):
    back_up(file, tmp_path / "b.tar.gz")
    restore(tmp_path / "b.tar.gz", tmp_path / "r" / "s.db", replace=False, at=AT)

    kept = [tmp_path / "b.tar.gz", *(path for path in (tmp_path / "r").iterdir() if path.is_file())]
    assert {path.name: path.stat().st_mode & 0o777 for path in kept} == {
        "b.tar.gz": 0o600, "s.db": 0o600, "s.db.keys": 0o600, "s.db.secret": 0o600,
    }  # fmt: skip


def test_backup_is_one_moment_while_others_write(file, tmp_path, plan):
    with (
        contextlib.closing(sqlite3.connect(file)) as other,
        contextlib.closing(sqlite3.connect(file)) as reader,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM rounds").fetchall()
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM choices")
        back_up(file, tmp_path / "b.tar.gz")  # nobody waits, and what is not committed stays out
        other.rollback()
    with open_store(file) as store:
        save_plan(store, plan, at=AT, by="hr")
    restore(tmp_path / "b.tar.gz", tmp_path / "r.db", replace=False, at=AT)

    with open_store(tmp_path / "r.db") as store:
        assert ROUND not in {round_.id for round_ in list_rounds(store)}
        assert len(read_choices(store)) == 4


def test_store_that_is_there_is_kept_unless_it_is_to_be_replaced(file, tmp_path):
    back_up(file, tmp_path / "b.tar.gz")
    before = dump(file)
    with open_store(file) as store, store.write() as connection:
        connection.exec_driver_sql("DELETE FROM choices")
    changed = dump(file)

    with pytest.raises(BackupError, match="--replace puts it aside"):
        restore(tmp_path / "b.tar.gz", file, replace=False, at=AT)
    assert dump(file) == changed
    restored = restore(tmp_path / "b.tar.gz", file, replace=True, at=AT)

    assert dump(file) == before
    assert dump(restored.before / file.name) == changed


def test_workflows_of_the_time_before_are_put_aside_with_the_store(file, tmp_path):
    """They would be ahead of the rounds that come back, and skip what has to be done again."""
    back_up(file, tmp_path / "b.tar.gz")
    (tmp_path / "scheduler.db.dbos").write_text("steps")

    restored = restore(tmp_path / "b.tar.gz", file, replace=True, at=AT)

    assert not (tmp_path / "scheduler.db.dbos").exists()
    assert (restored.before / "scheduler.db.dbos").read_text() == "steps"


def test_backup_of_an_older_release_is_brought_up(tmp_path):
    make_release(str(tmp_path / "old.db"), list_revisions()[0]).close()
    back_up(tmp_path / "old.db", tmp_path / "b.tar.gz")

    restore(tmp_path / "b.tar.gz", tmp_path / "new.db", replace=False, at=AT)

    assert "channels" in dump(tmp_path / "new.db")


def test_backup_of_a_newer_release_is_refused_and_nothing_is_touched(file, tmp_path):
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    back_up(file, tmp_path / "b.tar.gz")
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", list_revisions()[-1:])
    before = dump(file)

    with pytest.raises(StoreError, match="newer release"):
        restore(tmp_path / "b.tar.gz", file, replace=True, at=AT)

    assert dump(file) == before
    assert sorted(path.name for path in tmp_path.glob("tmp*")) == []


def test_file_that_is_no_backup_is_one_sentence(file, tmp_path):
    back_up(file, tmp_path / "whole.tar.gz")
    whole = (tmp_path / "whole.tar.gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.tar.gz").write_text("hello")
    for name, inside in (("other", "../x"), ("empty", "scheduler.db")):
        with tarfile.open(tmp_path / f"{name}.tar.gz", "w:gz") as archive:
            archive.add(tmp_path / "text.tar.gz", inside)

    for name, said in (
        ("missing", "There is no file"),
        ("cut", "is no backup, or damaged"),
        ("text", "is no backup, or damaged"),
        ("other", "it holds '../x'"),
        ("empty", "there is no sound store in it"),
    ):
        with pytest.raises(BackupError) as raised:
            restore(tmp_path / f"{name}.tar.gz", tmp_path / "r" / "s.db", replace=False, at=AT)
        assert said in str(raised.value)
        assert "\n" not in str(raised.value)
    assert list((tmp_path / "r").iterdir()) == []


def test_backup_is_never_written_over_another(file, tmp_path):
    (tmp_path / "b.tar.gz").write_text("of last week")

    with pytest.raises(BackupError, match="exists already"):
        back_up(file, tmp_path / "b.tar.gz")

    assert (tmp_path / "b.tar.gz").read_text() == "of last week"


@pytest.mark.parametrize("there", [True, False])
def test_backup_of_no_store_says_where_it_looked(tmp_path, there):
    if there:
        (tmp_path / "s.db").touch()

    with pytest.raises(BackupError, match=r"There is no store at .*s\.db"):
        back_up(tmp_path / "s.db", tmp_path / "b.tar.gz")

    assert not (tmp_path / "b.tar.gz").exists()
