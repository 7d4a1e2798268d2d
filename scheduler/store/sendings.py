"""What is written before a message goes out and after, the same in every table of messages.

The tables have the columns ``state`` (intended, sent, failed), ``reference``, ``tries``,
``problem``, ``intended_at`` and ``done_at``; their primary key says which message it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import ColumnElement, Table, and_, select, update

from scheduler.store.engine import Store, lock_key

PROBLEM_LETTERS = 500

Key = Mapping[str, str | int]


def begin_sending(
    store: Store,
    table: Table,
    key: Key,
    *,
    at: dt.datetime,
    again_before: dt.datetime | None = None,
) -> bool:
    """Write down that a message is about to be sent. False: it has been sent, so do not.

    ``again_before``: one that was sent before this moment may be sent again.
    """
    this = match(table, key)
    with store.write() as connection:
        lock_key(connection, table.name, *map(str, key.values()))
        known = connection.execute(select(table.c.state, table.c.done_at).where(this)).one_or_none()
        if known is None:
            new = {**key, "state": "intended", "tries": 1, "intended_at": at}
            connection.execute(table.insert().values(new))
            return True
        lately = again_before is None or known.done_at is None or known.done_at >= again_before
        if known.state == "sent" and lately:
            return False
        connection.execute(
            update(table)
            .where(this)
            .values(state="intended", tries=table.c.tries + 1, intended_at=at)
        )
    return True


def finish_sending(
    store: Store,
    table: Table,
    key: Key,
    *,
    at: dt.datetime,
    reference: str | None = None,
    problem: str | None = None,
) -> None:
    """Write down that it was sent, or what stood in the way."""
    with store.write() as connection:
        connection.execute(
            update(table)
            .where(match(table, key))
            .values({**describe_end(reference, problem), "done_at": at})
        )


def describe_end(reference: str | None, problem: str | None) -> dict[str, str | None]:
    """The columns that say what became of a message."""
    return {
        "state": "sent" if problem is None else "failed",
        "reference": reference,
        "problem": None if problem is None else problem[:PROBLEM_LETTERS],
    }


def match(table: Table, key: Key) -> ColumnElement[bool]:
    """The condition that finds the one message."""
    return and_(*(table.c[name] == value for name, value in key.items()))
