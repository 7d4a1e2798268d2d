"""What people decided, with a trail of every change. What the values mean is said elsewhere.

Values that only few may see are encrypted at rest (see :mod:`scheduler.store.sealing`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, Select, Table, delete, func, insert, select

from scheduler.people.choices import CONFIDENTIAL_KINDS, ORGANISER_KINDS
from scheduler.store.engine import Store, lock_key, upsert
from scheduler.store.schema import choice_changes, choices

SEALED_KINDS: frozenset[str] = frozenset(CONFIDENTIAL_KINDS | ORGANISER_KINDS)
"""Whom somebody never meets; what they eat and need can tell of faith or health."""
FEW = 500
"""Values that any database takes in one question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChoice:
    """A choice: ``about`` tells several of one kind apart (a programme, a person), or is empty.

    ``value`` is anything JSON can hold.
    """

    person_id: str
    kind: str
    about: str
    value: Any
    changed_at: dt.datetime
    changed_by: str


def save_choice(
    store: Store,
    person_id: str,
    kind: str,
    value: Any,
    *,
    about: str = "",
    at: dt.datetime,
    by: str,
) -> None:
    """Keep a choice in place of the one before it."""
    row = {
        "person_id": person_id,
        "kind": kind,
        "about": about,
        "value": store.sealer.seal_value(value) if kind in SEALED_KINDS else value,
        "changed_at": at,
        "changed_by": by,
    }
    with store.write() as connection:
        upsert(connection, choices, [row])
        connection.execute(insert(choice_changes).values(**row))


def change_choice(
    store: Store,
    person_id: str,
    kind: str,
    value: Any,
    *,
    about: str = "",
    rivals: Collection[str] = (),
    at: dt.datetime,
    by: str,
) -> bool:
    """Keep a choice unless it holds already; False when it does, and then nothing is written.

    ``rivals``: kinds that undo this one (leaving undoes joining); the newest of them holds.
    """
    statement = select(choices.c.kind, choices.c.value, choices.c.changed_at).where(
        choices.c.person_id == person_id,
        choices.c.about == about,
        choices.c.kind.in_([kind, *rivals]),
    )
    sealed = kind in SEALED_KINDS
    row = {
        "person_id": person_id,
        "kind": kind,
        "about": about,
        "value": store.sealer.seal_value(value) if sealed else value,
        "changed_at": at,
        "changed_by": by,
    }
    with store.write() as connection:
        lock_key(connection, "choice", person_id)
        known = max(
            connection.execute(statement).all(), key=lambda one: one.changed_at, default=None
        )
        if known is not None and known.kind == kind:
            held = store.sealer.open_value(known.value) if sealed else known.value
            if held == value:
                return False
        upsert(connection, choices, [row])
        connection.execute(insert(choice_changes).values(**row))
    return True


def remove_choice(
    store: Store, person_id: str, kind: str, *, about: str = "", at: dt.datetime, by: str
) -> bool:
    """Take a choice back. False when there was none."""
    with store.write() as connection:
        removed = connection.execute(
            delete(choices).where(
                choices.c.person_id == person_id, choices.c.kind == kind, choices.c.about == about
            )
        ).rowcount
        if removed:
            connection.execute(
                insert(choice_changes).values(
                    person_id=person_id,
                    kind=kind,
                    about=about,
                    value=None,
                    changed_at=at,
                    changed_by=by,
                )
            )
    return bool(removed)


def read_choices(
    store: Store,
    *,
    person_ids: Collection[str] | None = None,
    kinds: Collection[str] | None = None,
) -> tuple[StoredChoice, ...]:
    """The choices of everybody or some people, of all kinds or some."""
    statement = select(choices).order_by(choices.c.person_id, choices.c.kind, choices.c.about)
    if kinds is not None:
        statement = statement.where(choices.c.kind.in_(list(kinds)))
    if person_ids is not None and len(person_ids) <= FEW:
        statement = statement.where(choices.c.person_id.in_(list(person_ids)))
    with store.read() as connection:
        rows = connection.execute(statement).mappings()
        wanted = None if person_ids is None else frozenset(person_ids)
        found = [row for row in rows if wanted is None or row["person_id"] in wanted]
    return tuple(_open(store, row) for row in found)


def read_choices_version(store: Store) -> tuple[int, int]:
    """What is another once any choice has changed: the last change, and how many choices hold."""
    statement = select(
        select(func.max(choice_changes.c.id)).scalar_subquery(),
        select(func.count()).select_from(choices).scalar_subquery(),
    )
    with store.read() as connection:
        last, count = connection.execute(statement).one()
    return last or 0, count


def read_choice_changes(store: Store, person_id: str) -> tuple[StoredChoice, ...]:
    """Every change that was ever made to a person's choices, oldest first.

    ``value`` is None where a choice was taken back.
    """
    table = choice_changes
    statement = (
        select(
            table.c.person_id,
            table.c.kind,
            table.c.about,
            table.c.value,
            table.c.changed_at,
            table.c.changed_by,
        )
        .where(table.c.person_id == person_id)
        .order_by(table.c.id)
    )
    with store.read() as connection:
        rows = connection.execute(statement).mappings().all()
    return tuple(_open(store, row) for row in rows)


@dataclass(frozen=True, slots=True)
class StoredMove:
    """Somebody joined or left what ``about`` says; ``taken_back``: it does not hold any more."""

    person_id: str
    kind: str
    about: str
    at: dt.datetime
    taken_back: bool


def read_moves(store: Store, kinds: Collection[str], about: Collection[str]) -> list[StoredMove]:
    """Every decision of some kinds about some programmes that is known, whoever made it.

    What the trail has forgotten by its age and still holds is among them.
    """

    def ask(table: Table) -> Select[Any]:
        return select(
            table.c.person_id, table.c.kind, table.c.about, table.c.changed_at, table.c.value
        ).where(table.c.kind.in_(list(kinds)), table.c.about.in_(list(about)))

    with store.read() as connection:
        rows = [
            row for table in (choice_changes, choices) for row in connection.execute(ask(table))
        ]
    return [
        StoredMove(row.person_id, row.kind, row.about, row.changed_at, row.value is None)
        for row in rows
    ]


def _open(store: Store, row: RowMapping) -> StoredChoice:
    if row["kind"] not in SEALED_KINDS:
        return StoredChoice(**row)
    return StoredChoice(**{**row, "value": store.sealer.open_value(row["value"])})
