"""Deleting what is too old, table by table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection, delete, select

from scheduler.store.engine import Store
from scheduler.store.schema import meetings, metadata, rounds
from scheduler.store.shredding import shred_deleted

FEW = 500
"""Values that any database takes in one question."""


def forget_rows(
    store: Store,
    table: str,
    column: str,
    before: dt.date,
    *,
    keep_people: Collection[str] | None = None,
) -> int:
    """Delete a table's rows from before a day, and say how many there were.

    ``keep_people``: rows about these people stay, however old they are.

    Raises:
        KeyError: There is no such table or column.
    """
    chosen = metadata.tables[table]
    old = chosen.c[column] < dt.datetime.combine(before, dt.time(), dt.UTC)
    with store.write() as connection:
        shred_deleted(connection)
        if keep_people is None:
            return connection.execute(delete(chosen).where(old)).rowcount
        people = connection.execute(select(chosen.c.person_id).where(old).distinct()).scalars()
        gone = [person for person in people if person not in keep_people]
        return sum(
            connection.execute(
                delete(chosen).where(old, chosen.c.person_id.in_(gone[start : start + FEW]))
            ).rowcount
            for start in range(0, len(gone), FEW)
        )


def forget_rounds(store: Store, before: dt.date) -> int:
    """Delete rounds that began before a day, and all of whose meetings had taken place by then.

    All that belongs to them goes with them.
    """
    begins = dt.datetime.combine(before, dt.time(), dt.UTC)
    with store.write() as connection:
        shred_deleted(connection)
        later = select(meetings.c.round_id).where(meetings.c.starts_at >= begins)
        old = list(
            connection.execute(
                select(rounds.c.id).where(rounds.c.date < before, rounds.c.id.not_in(later))
            ).scalars()
        )
        for start in range(0, len(old), FEW):
            _forget_rounds(connection, old[start : start + FEW])
    return len(old)


def _forget_rounds(connection: Connection, round_ids: list[str]) -> None:
    for table in reversed(metadata.sorted_tables):  # what refers to a round before the round
        if any(key.column is rounds.c.id for key in table.foreign_keys):
            connection.execute(delete(table).where(table.c.round_id.in_(round_ids)))
    connection.execute(delete(rounds).where(rounds.c.id.in_(round_ids)))
