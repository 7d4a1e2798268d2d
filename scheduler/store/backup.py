"""A SQLite store with its keys as one file, taken while others write, and put back.

What DBOS keeps beside the store is left out: which step a round is at follows from the round's own
state, and a workflow that is newer than its round would skip steps. So after putting a backup back
every round that is under way is carried on anew, and each step leaves alone what is done.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from scheduler.store.engine import BUSY_SECONDS, open_store
from scheduler.store.errors import StoreError
from scheduler.store.rounds import list_rounds

STORE = "scheduler.db"
COMPANIONS = (".secret", ".keys")
"""Files beside the store that it cannot be read or answered without."""
BESIDES = ("-wal", "-shm", ".dbos", ".dbos-wal", ".dbos-shm")
"""Files beside the store that belong to it and not to a backup of it."""


class BackupError(StoreError):
    """No backup can be taken or put back; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Restored:
    """Rounds in the backup that are under way or ahead, and where the files before it are."""

    rounds: int
    before: Path | None


def back_up(file: Path, target: Path) -> int:
    """Write the store and its keys into one new file, for the owner alone to read.

    Args:
        file: The store, which may be in use.
        target: A file that does not exist.

    Returns:
        The size of the backup in bytes.

    Raises:
        BackupError: There is no store, or ``target`` exists or cannot be written.
    """
    if not _is_there(file):
        raise BackupError(f"There is no store at {file}. SCHEDULER_DATABASE_URL says where it is.")
    if target.exists():
        raise BackupError(f"{target} exists already. Give the backup a new name.")
    try:
        with tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder:
            copy = Path(folder) / STORE
            _copy_database(file, copy)
            made = Path(folder) / "backup"
            made.touch(mode=0o600)
            with tarfile.open(made, "w:gz") as archive:
                archive.add(copy, STORE)
                for ending in COMPANIONS:
                    if (companion := file.with_name(file.name + ending)).is_file():
                        archive.add(companion, STORE + ending)
            made.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"The backup cannot be written to {target}: {_reason(error)}") from error
    return target.stat().st_size


def restore(backup: Path, file: Path, *, replace: bool, at: dt.datetime) -> Restored:
    """Put a backup in the place of the store, at the newest schema.

    Args:
        backup: Made by :func:`back_up`.
        file: Where the store goes; no process may use it.
        replace: Put a store that is there aside; without, it is refused.
        at: The present, which names where.

    Raises:
        BackupError: It is no backup, it is damaged, or there is a store already.
        StoreError: It was made by a newer release.
    """
    if _is_there(file) and not replace:
        raise BackupError(
            f"There is a store at {file} already. --replace puts it aside; or set "
            "SCHEDULER_DATABASE_URL to another path."
        )
    file.resolve().parent.mkdir(parents=True, exist_ok=True)
    with _unpack(backup, file.resolve().parent) as folder:
        with open_store(folder / STORE) as store:  # brings it up to date, or refuses
            rounds = sum(r.state not in {"closed", "cancelled"} for r in list_rounds(store))
        _settle(folder / STORE)
        before = _put_aside(file, at)
        for ending in ("", *COMPANIONS):
            if (part := folder / f"{STORE}{ending}").exists():
                part.replace(file.with_name(file.name + ending))
    return Restored(rounds, before)


def _is_there(file: Path) -> bool:
    """Whether there is a store; who only looks for one leaves an empty file."""
    return file.is_file() and file.stat().st_size > 0


def _copy_database(file: Path, copy: Path) -> None:
    """Copy a database that others may write to, as it is at one moment (SQLite's backup API)."""
    with (
        contextlib.closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)


@contextmanager
def _unpack(backup: Path, beside: Path) -> Iterator[Path]:
    wanted = {STORE, *(STORE + ending for ending in COMPANIONS)}
    with tempfile.TemporaryDirectory(dir=beside) as folder:
        try:
            with tarfile.open(backup, "r:gz") as archive:
                for member in archive:
                    if member.name not in wanted or not member.isfile():
                        raise BackupError(f"{backup} is no backup: it holds {member.name!r}.")
                    part = Path(folder) / member.name
                    part.touch(mode=0o600)
                    with part.open("wb") as made:
                        shutil.copyfileobj(cast("BinaryIO", archive.extractfile(member)), made)
        except FileNotFoundError:
            raise BackupError(f"There is no file {backup}.") from None
        except (OSError, EOFError, tarfile.TarError) as error:
            raise BackupError(f"{backup} is no backup, or damaged: {_reason(error)}") from error
        store = Path(folder) / STORE
        if not store.is_file() or not _is_sound(store):
            raise BackupError(f"{backup} is no backup, or damaged: there is no sound store in it.")
        yield Path(folder)


def _is_sound(file: Path) -> bool:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        try:
            answer = connection.execute("PRAGMA integrity_check").fetchone()
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:
            return False
    return bool(answer == ("ok",))


def _settle(file: Path) -> None:
    """Put what is in the write-ahead log into the file itself, so that it can be moved alone."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _put_aside(file: Path, at: dt.datetime) -> Path | None:
    if not _is_there(file):
        file.unlink(missing_ok=True)
    present = [
        path
        for ending in ("", *COMPANIONS, *BESIDES)
        if (path := file.with_name(file.name + ending)).exists()
    ]
    if not present:
        return None
    folder = file.with_name(f"{file.name}.before-{at:%Y%m%dT%H%M%S%f}")
    folder.mkdir(mode=0o700)
    for path in present:
        path.replace(folder / path.name)
    return folder


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
