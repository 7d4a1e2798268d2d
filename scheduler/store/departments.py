"""The names of departments that the directory has had."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import insert, select

from scheduler.store.engine import Store
from scheduler.store.schema import departments

LETTERS = 300


def read_departments(store: Store) -> frozenset[str]:
    """Every name that was noted."""
    with store.read() as connection:
        return frozenset(connection.execute(select(departments.c.name)).scalars())


def note_departments(store: Store, names: Iterable[str], *, day: dt.date) -> frozenset[str]:
    """Note names, and say which of them are new. The first names ever noted are not."""
    with store.write() as connection:
        known = frozenset(connection.execute(select(departments.c.name)).scalars())
        new = {name[:LETTERS] for name in names} - known
        if new:
            rows = [{"name": name, "first_seen": day} for name in sorted(new)]
            connection.execute(insert(departments), rows)
    return frozenset(new) if known else frozenset()
