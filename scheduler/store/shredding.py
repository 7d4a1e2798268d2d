"""Deleting so that nothing is left in the file."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from sqlalchemy import Connection

from scheduler.store.engine import BUSY_SECONDS, Store
from scheduler.store.schema import metadata


def shred_deleted(connection: Connection) -> None:
    """Let SQLite write zeros over what this connection deletes (its page on secure_delete)."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def compact(store: Store) -> None:
    """Write the database anew without what was deleted, and empty its write-ahead log.

    Other processes may go on; where one reads for longer than half a minute, SQLite raises
    ``OperationalError`` and calling this again goes on.
    """
    if store.file is not None:
        _compact_file(store.file)
        return
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in metadata.tables.values():
            name = connection.dialect.identifier_preparer.format_table(table)
            connection.exec_driver_sql(f"VACUUM (FULL) {name}")


def _compact_file(file: Path) -> None:
    connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
    with contextlib.closing(connection):
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
