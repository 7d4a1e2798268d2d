"""Opening the store: SQLite by default, PostgreSQL by URL, always at the newest schema."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from scheduler.store.errors import StoreError
from scheduler.store.hold import hold_name

if TYPE_CHECKING:
    from scheduler.store.sealing import Sealer

DEFAULT_FILE = "scheduler.db"
SCHEMA_VERSION = "0005"
"""The newest migration; :mod:`scheduler.store.migrate` brings older stores up to it."""

_WRITES = "scheduler_writes"
BUSY_SECONDS = 30
CONNECT_SECONDS = 10


class Store:
    """The tables, open. Functions of this package take it as their first argument."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def file(self) -> Path | None:
        """The SQLite file, None for PostgreSQL."""
        database = self.engine.url.database
        return Path(database) if self.engine.dialect.name == "sqlite" and database else None

    @cached_property
    def sealer(self) -> Sealer:
        """What encrypts and reads confidential texts.

        Raises:
            KeysError: At the first use, where there is no key.
        """
        from scheduler.store.sealing import Sealer, read_keys  # noqa: PLC0415 -- slow import

        return Sealer(lambda: read_keys(os.environ, self.file))

    @contextmanager
    def write(self, *, outlasts_power: bool = True) -> Iterator[Connection]:
        """One transaction that is kept when the block ends well, and undone when it does not.

        ``outlasts_power``: on SQLite, wait until it is on the disk. Without, it outlasts a kill of
        the process all the same, and costs a tenth: enough for what may be done twice.
        """
        with self.engine.connect().execution_options(**{_WRITES: True}) as connection:
            hurried = not outlasts_power and self.engine.dialect.name == "sqlite"
            if hurried:
                _set_synchronous(connection, "NORMAL")
            try:
                with connection.begin():
                    yield connection
            finally:
                if hurried:
                    _set_synchronous(connection, "FULL")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def answers(self) -> bool:
        """Whether the database can be asked now."""
        try:
            with self.read() as connection:
                connection.execute(text("SELECT 1"))
        except DBAPIError:
            return False
        return True

    def has_table(self, name: str, *, schema: str) -> bool:
        """Whether somebody else's tables stand in the same database (PostgreSQL)."""
        with self.read() as connection:
            return inspect(connection).has_table(name, schema=schema)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def read_database_url(environ: Mapping[str, str]) -> str:
    """``SCHEDULER_DATABASE_URL``: a URL or a path; else ``scheduler.db`` in this folder."""
    return environ.get("SCHEDULER_DATABASE_URL") or DEFAULT_FILE


@contextmanager
def open_store(where: str | Path) -> Iterator[Store]:
    """Open the store for the length of a ``with`` block, with its schema brought up to date.

    Args:
        where: A path, or a URL (``postgresql://user:password@host/name``).

    Raises:
        StoreError: It cannot be opened; one line says why.
    """
    url = parse_url(where)
    engine = make_engine(url)
    store = Store(engine)
    try:
        _bring_up_to_date(store)
        yield store
    finally:
        store.close()


def make_engine(url: URL) -> Engine:
    """The engine of a URL of :func:`parse_url`, with its schema as it is.

    Raises:
        StoreError: A file cannot be written, or PostgreSQL's driver is missing.
    """
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        try:
            file.resolve().parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)  # who met whom is nobody else's business on this machine
        except OSError as error:
            raise StoreError(
                f"The store cannot be written at {file}: {error.strerror}. "
                "Set SCHEDULER_DATABASE_URL to another path."
            ) from error
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        # A server that is gone without a word must not be waited for as long as TCP would.
        patience = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_SECONDS}
        return create_engine(url, pool_pre_ping=True, connect_args=patience)
    except ModuleNotFoundError as error:
        raise StoreError(
            "PostgreSQL needs one more package: install networking-scheduler[postgres]."
        ) from error


def parse_url(where: str | Path) -> URL:
    """The SQLAlchemy URL of a path or URL.

    Raises:
        StoreError: It is neither, or names a database that we do not know.
    """
    text_ = str(where)
    if "://" not in text_:
        return URL.create("sqlite", database=text_)
    try:
        url = make_url(text_)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            "SCHEDULER_DATABASE_URL is not a database URL. "
            "Examples: scheduler.db, postgresql://user:password@host/name."
        ) from error
    backend = url.get_backend_name()
    if backend in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and url.database:
        return url
    raise StoreError(
        f"SCHEDULER_DATABASE_URL names a database of the kind {backend!r}. "
        "Use a file (SQLite) or postgresql://."
    )


def lock_key(connection: Connection, *parts: str) -> None:
    """Let one transaction at a time read and then write what ``parts`` name, until it ends.

    SQLite needs no more than :meth:`Store.write`, which takes the one lock that there is.
    """
    if connection.dialect.name == "postgresql":
        digest = hashlib.sha256("\0".join(parts).encode()).digest()
        key = int.from_bytes(digest[:8], "big", signed=True)
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; where the primary key is there already, overwrite the other columns given."""
    if not rows:
        return
    insert = (
        sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
    )
    keys = [column.name for column in table.primary_key]
    changed = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    statement = (
        insert.on_conflict_do_update(index_elements=keys, set_=changed)
        if changed
        else insert.on_conflict_do_nothing(index_elements=keys)
    )
    connection.execute(statement, [dict(row) for row in rows])


def now() -> dt.datetime:
    """The present, in UTC; callers pass it on as a value."""
    return dt.datetime.now(dt.UTC)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own idea of when a transaction begins is too late for us: see _begin_sqlite.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",  # readers do not wait for the writer
        "synchronous=FULL",  # what is committed before a call must outlast a power cut
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _set_synchronous(connection: Connection, mode: str) -> None:
    # On the driver's own connection: within a transaction SQLite would pass it over.
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA synchronous={mode}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: two that read first and write later would both fail.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bring_up_to_date(store: Store) -> None:
    try:
        version = _read_version(store)
        if version == SCHEMA_VERSION:
            return
        from scheduler.store.migrate import migrate  # noqa: PLC0415 -- alembic, once per schema

        with hold_name(store, "schema", wait_seconds=60):
            if _read_version(store) != SCHEMA_VERSION:
                migrate(store)
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "no reason given"
        place = store.file or store.engine.url.render_as_string(hide_password=True)
        raise StoreError(f"The store at {place} cannot be opened: {reason}") from error


def _read_version(store: Store) -> str | None:
    with store.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.execute(
            text("SELECT version_num FROM alembic_version")
        ).scalar()
        return version
