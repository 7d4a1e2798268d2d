"""One process at a time on a round, let go by the operating system even after a kill.

PostgreSQL: an advisory lock of a session, which ends with its connection. SQLite is a file on
one machine, so there it is a lock on a file beside it, which ends with the process.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

import filelock
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from scheduler.store.errors import RoundHeldError, StoreError

if TYPE_CHECKING:
    from scheduler.store.engine import Store

_POLL_SECONDS = 0.2


class Hold:
    """A round that is ours."""

    def __init__(self, name: str, connection: Connection | None) -> None:
        self._name = name
        self._connection = connection

    def check(self) -> None:
        """Make sure that it still is: a lost connection to PostgreSQL has let go of it.

        Raises:
            RoundHeldError: It is not ours any more.
        """
        if self._connection is None:
            return
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError as error:
            raise RoundHeldError(self._name) from error


@contextmanager
def hold_round(store: Store, round_id: str, *, wait_seconds: float = 0.0) -> Iterator[Hold]:
    """Hold a round for the length of a ``with`` block.

    Raises:
        RoundHeldError: Another process holds it, and still did after ``wait_seconds``.
    """
    with hold_name(store, round_id, wait_seconds=wait_seconds) as held:
        yield held


@contextmanager
def hold_name(store: Store, name: str, *, wait_seconds: float = 0.0) -> Iterator[Hold]:
    """Hold anything by a name; see :func:`hold_round`.

    Raises:
        RoundHeldError: As there.
        StoreError: PostgreSQL does not answer.
    """
    file = store.file
    if file is not None:
        folder = file.with_name(file.name + ".locks")
        folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        lock = filelock.FileLock(
            folder / f"{digest}.lock", timeout=wait_seconds, poll_interval=_POLL_SECONDS
        )
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise RoundHeldError(name) from error
        try:
            yield Hold(name, None)
        finally:
            lock.release()
        return
    key = _key_of(name)
    deadline = time.monotonic() + wait_seconds
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(store.engine.connect())
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            while not _try_lock(connection, key):
                if time.monotonic() >= deadline:
                    raise RoundHeldError(name)
                time.sleep(_POLL_SECONDS)
        except DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0] if error.orig else "no reason given"
            place = store.engine.url.render_as_string(hide_password=True)
            raise StoreError(f"The database at {place} does not answer: {reason}") from error
        try:
            yield Hold(name, connection)
        finally:
            if not connection.invalidated and not connection.closed:
                with suppress(DBAPIError):  # a connection that is lost has let go of it
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})


def find_held(store: Store, names: Collection[str]) -> frozenset[str]:
    """Which of ``names`` somebody holds now, without getting in anybody's way.

    Raises:
        ValueError: The store is SQLite, which keeps holds in files.
    """
    if store.file is not None:
        raise ValueError("only PostgreSQL lists who holds what")
    keys = {_key_of(name) % 2**64: name for name in names}
    # An advisory lock's 64 bits are shown in two halves (PostgreSQL's page on pg_locks).
    query = text(
        "SELECT classid, objid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 "
        "AND granted "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with store.engine.connect() as connection:
        rows = connection.execute(query).all()
    held = ((int(high) << 32) | int(low) for high, low in rows)
    return frozenset(keys[key] for key in held if key in keys)


def _key_of(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def _try_lock(connection: Connection, key: int) -> bool:
    return bool(
        connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar()
    )
