"""Everything that is stored about one person: all of it read, all of it removed."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Connection, String, Table, Text, cast, delete, or_, select, update

from scheduler.store.choices import SEALED_KINDS
from scheduler.store.engine import Store
from scheduler.store.schema import (
    answers,
    choice_changes,
    choices,
    deliveries,
    feedback,
    meetings,
    metadata,
    notes,
    notices,
    plans,
    posts,
    seats,
    thanks,
    unreachable,
)
from scheduler.store.shredding import shred_deleted

ERASED = "erased"
"""What stands where somebody's id, name or address stood."""
OWN: Mapping[Table, tuple[str, ...]] = {
    choices: ("person_id",),
    choice_changes: ("person_id",),
    seats: ("person_id",),
    feedback: ("person_id",),
    notes: ("person_id",),
    thanks: ("from_id", "to_id"),
    posts: ("person_id",),
    answers: ("who",),
    deliveries: ("person_id",),
    notices: ("person_id",),
    unreachable: ("person_id",),
    meetings: ("person_id",),
}
"""Tables with rows about one person, and the columns that say about whom."""
NAMED_BY_OTHERS = ("never-with", "meet-person")
"""Choices whose value is a list of people."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was removed: rows of the person alone, and seats that stay as a number."""

    rows: int
    seats: int


def is_known(store: Store, person_id: str) -> bool:
    """Whether anything is stored about somebody."""
    written = plans.c.plan.contains(json.dumps(person_id), autoescape=True)
    with store.read() as connection:
        return any(
            connection.execute(_select_own(table, columns, person_id).limit(1)).first() is not None
            for table, columns in OWN.items()
        ) or bool(connection.execute(select(plans.c.revision).where(written).limit(1)).first())


def read_person(store: Store, person_id: str) -> dict[str, list[dict[str, Any]]]:
    """Every row about a person by table, encrypted values opened, times as ISO texts.

    Raises:
        KeysError: A text was encrypted with a key that is gone.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    with store.read() as connection:
        for table, columns in OWN.items():
            rows = connection.execute(_select_own(table, columns, person_id)).mappings().all()
            found[table.name] = [_open_row(store, table, dict(row)) for row in rows]
    return {name: rows for name, rows in found.items() if rows}


def erase_person(store: Store, person_id: str, words: Iterable[str] = ()) -> Erased:
    """Remove a person from every table. Meetings keep the number of seats, without saying whose.

    Args:
        store: The store. Doing it again does nothing.
        person_id: The person's id in the directory.
        words: Their name and address, which may stand in texts of others.

    Raises:
        KeysError: A list of never-with was encrypted with a key that is gone.
    """
    with store.write() as connection:
        shred_deleted(connection)
        seats_kept = _name_nobody(connection, person_id)
        rows = sum(
            connection.execute(delete(table).where(table.c[column] == person_id)).rowcount
            for table, columns in OWN.items()
            for column in columns
        )
        _take_out_of_choices(store, connection, person_id)
        for word in filter(None, (person_id, *words)):
            for table in metadata.sorted_tables:
                _replace_word(connection, table, word)
    return Erased(rows, seats_kept)


def _select_own(table: Table, columns: tuple[str, ...], person_id: str) -> Any:
    first, *more = (table.c[column] == person_id for column in columns)
    for other in more:
        first = first | other
    return select(table).where(first).order_by(*table.primary_key)


def _open_row(store: Store, table: Table, row: dict[str, Any]) -> dict[str, Any]:
    if row.get("sealed") is not None:
        row["text"] = store.sealer.open(row.pop("sealed"))
    if table in (choices, choice_changes) and row["kind"] in SEALED_KINDS:
        row["value"] = store.sealer.open_value(row["value"])
    return {
        name: value.isoformat() if isinstance(value, dt.date | dt.datetime) else value
        for name, value in row.items()
    }


def _name_nobody(connection: Connection, person_id: str) -> int:
    """Give the person's seats to nobody in particular, in meetings and in plans; how many met.

    The same name in all of a round, so that groups keep their size; every round counts anew, so
    that nobody can tell who sat in two of them.
    """
    written = plans.c.plan.contains(json.dumps(person_id), autoescape=True)
    planned = set(connection.execute(select(plans.c.round_id).where(written)).scalars())
    own = meetings.c.person_id == person_id
    met = set(connection.execute(select(meetings.c.round_id).where(own)).scalars())
    kept = 0
    for round_id in sorted(planned | met):
        texts = dict(
            tuple(row)
            for row in connection.execute(
                select(plans.c.revision, plans.c.plan).where(plans.c.round_id == round_id)
            ).all()
        )
        seated = select(meetings.c.person_id).where(meetings.c.round_id == round_id)
        people = connection.execute(seated.distinct()).scalars()
        nobody = _find_free_name((*texts.values(), *map(json.dumps, people)))
        for revision, text in texts.items():
            connection.execute(
                update(plans)
                .where(plans.c.round_id == round_id, plans.c.revision == revision)
                .values(plan=text.replace(json.dumps(person_id), json.dumps(nobody)))
            )
        kept += connection.execute(
            update(meetings).where(meetings.c.round_id == round_id, own).values(person_id=nobody)
        ).rowcount
    return kept


def _find_free_name(texts: Iterable[str]) -> str:
    """``erased-1``, or the next number that is not in a round's texts yet."""
    used = {int(n) for text in texts for n in re.findall(rf'"{ERASED}-(\d+)"', text)}
    return f"{ERASED}-{max(used, default=0) + 1}"


def _take_out_of_choices(store: Store, connection: Connection, person_id: str) -> None:
    """Out of the lists of people whom others would like to meet, or never."""
    for table in (choices, choice_changes):
        keys = list(table.primary_key)
        statement = select(*keys, table.c.kind, table.c.value).where(
            table.c.kind.in_(NAMED_BY_OTHERS)
        )
        for *key, kind, value in connection.execute(statement).all():
            listed = store.sealer.open_value(value) if kind in SEALED_KINDS else value
            if not isinstance(listed, list) or person_id not in listed:
                continue
            left = [one for one in listed if one != person_id]
            connection.execute(
                update(table)
                .where(*(column == part for column, part in zip(keys, key, strict=True)))
                .values(value=store.sealer.seal_value(left) if kind in SEALED_KINDS else left)
            )


def _replace_word(connection: Connection, table: Table, word: str) -> None:
    """Put ``erased`` for a whole word in every text and JSON value of a table."""
    keys = list(table.primary_key)
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    for column in table.columns:
        if not isinstance(column.type, String | JSON):
            continue
        in_json = isinstance(column.type, JSON)
        spellings = {word, json.dumps(word)[1:-1]} if in_json else {word}
        text = cast(column, Text)
        found = or_(*(text.contains(spelling, autoescape=True) for spelling in spellings))
        for *key, value in connection.execute(select(*keys, column).where(found)).all():
            replaced: Any
            if in_json:
                replaced = json.loads(whole.sub(ERASED, json.dumps(value, ensure_ascii=False)))
            else:
                replaced = whole.sub(ERASED, value)
            if replaced != value:
                same = (one == part for one, part in zip(keys, key, strict=True))
                connection.execute(update(table).where(*same).values({column.name: replaced}))
