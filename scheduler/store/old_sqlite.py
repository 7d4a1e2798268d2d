"""What the durable engine asks of SQLite that an older one has not.

DBOS takes it that Python from 3.12 on comes with SQLite 3.42, whose ``unixepoch`` knows
``'subsec'``. Debian 12 has 3.40 under every Python; there its answer is NULL, and nothing starts.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

SUBSECONDS_SINCE = (3, 42, 0)


def teach_old_sqlite() -> None:
    """Give every new connection to an older SQLite an ``unixepoch`` that knows fractions."""
    old = sqlite3.sqlite_version_info < SUBSECONDS_SINCE
    if old and not event.contains(Engine, "connect", _add_unixepoch):
        event.listen(Engine, "connect", _add_unixepoch)


def _add_unixepoch(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("unixepoch", -1, _tell_seconds)


def _tell_seconds(*given: str) -> float | int:
    """Seconds since 1970: of the present, the only moment that is asked for."""
    moments = set(given) - {"now"}
    if not moments:
        return int(time.time())
    if moments <= {"subsec", "subsecond"}:
        return round(time.time(), 3)
    raise ValueError(f"unixepoch{given}")
