"""What members said afterwards, their private notes, and their thanks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import RowMapping, delete, insert, select, update

from scheduler.store.engine import Store
from scheduler.store.schema import feedback, meetings, notes, thanks

MetAnswer = Literal["yes", "partly", "no"]
AgainAnswer = Literal["yes", "maybe", "no"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What one member said about one meeting."""

    round_id: str
    group_number: int
    person_id: str
    met: MetAnswer
    again: AgainAnswer | None
    said_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody wrote down for themselves; shown to nobody else."""

    round_id: str
    group_number: int
    person_id: str
    text: str = field(repr=False)
    written_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks:
    """What somebody thanks somebody else for; ``words`` may be empty."""

    round_id: str
    group_number: int
    from_id: str
    to_id: str
    words: str = field(repr=False)
    said_at: dt.datetime


def save_feedback(
    store: Store, given: Feedback, *, note: str = "", thank: Collection[str] = (), words: str = ""
) -> bool:
    """Keep all that one member said, in one transaction. False when they had answered before."""
    key = {
        "round_id": given.round_id,
        "group_number": given.group_number,
    }
    sealed_note = store.sealer.seal(note) if note else None
    sealed_words = store.sealer.seal(words) if words and thank else None
    with store.write() as connection:
        known = select(feedback.c.met).where(
            feedback.c.round_id == given.round_id,
            feedback.c.group_number == given.group_number,
            feedback.c.person_id == given.person_id,
        )
        if connection.execute(known).scalar() is not None:
            return False
        connection.execute(
            insert(feedback).values(
                **key,
                person_id=given.person_id,
                met=given.met,
                again=given.again,
                said_at=given.said_at,
            )
        )
        connection.execute(
            update(meetings)
            .where(
                meetings.c.round_id == given.round_id,
                meetings.c.group_number == given.group_number,
                meetings.c.person_id == given.person_id,
            )
            .values(met=given.met)
        )
        if sealed_note is not None:
            connection.execute(
                delete(notes).where(
                    notes.c.round_id == given.round_id,
                    notes.c.group_number == given.group_number,
                    notes.c.person_id == given.person_id,
                )
            )
            connection.execute(
                insert(notes).values(
                    **key, person_id=given.person_id, sealed=sealed_note, written_at=given.said_at
                )
            )
        for to_id in sorted(set(thank)):
            connection.execute(
                insert(thanks).values(
                    **key,
                    from_id=given.person_id,
                    to_id=to_id,
                    sealed=sealed_words,
                    said_at=given.said_at,
                )
            )
    return True


def read_feedback(store: Store, round_id: str | None = None) -> tuple[Feedback, ...]:
    """What members said, of one round or of all."""
    statement = select(feedback).order_by(
        feedback.c.round_id, feedback.c.group_number, feedback.c.person_id
    )
    if round_id is not None:
        statement = statement.where(feedback.c.round_id == round_id)
    with store.read() as connection:
        return tuple(Feedback(**row) for row in connection.execute(statement).mappings())


def find_feedback(
    store: Store, round_id: str, group_number: int, person_id: str
) -> Feedback | None:
    """What one member said about one meeting."""
    statement = select(feedback).where(
        feedback.c.round_id == round_id,
        feedback.c.group_number == group_number,
        feedback.c.person_id == person_id,
    )
    with store.read() as connection:
        row = connection.execute(statement).mappings().first()
    return None if row is None else Feedback(**row)


def write_note(
    store: Store, round_id: str, group_number: int, person_id: str, text: str, *, at: dt.datetime
) -> None:
    """Keep somebody's note about a meeting in place of the one before; an empty text removes it."""
    key = (
        (notes.c.round_id == round_id)
        & (notes.c.group_number == group_number)
        & (notes.c.person_id == person_id)
    )
    sealed = store.sealer.seal(text) if text else None
    with store.write() as connection:
        connection.execute(delete(notes).where(key))
        if sealed is not None:
            connection.execute(
                insert(notes).values(
                    round_id=round_id,
                    group_number=group_number,
                    person_id=person_id,
                    sealed=sealed,
                    written_at=at,
                )
            )


def read_notes(store: Store, person_id: str) -> tuple[Note, ...]:
    """One person's notes, oldest first. There is no way to read those of several people."""
    statement = select(notes).where(notes.c.person_id == person_id).order_by(notes.c.written_at)
    with store.read() as connection:
        rows = connection.execute(statement).mappings().all()
    return tuple(
        Note(
            round_id=row["round_id"],
            group_number=row["group_number"],
            person_id=row["person_id"],
            text=store.sealer.open(row["sealed"]),
            written_at=row["written_at"],
        )
        for row in rows
    )


def find_note(store: Store, round_id: str, group_number: int, person_id: str) -> Note | None:
    """One person's note about one meeting."""
    return next(
        (
            note
            for note in read_notes(store, person_id)
            if (note.round_id, note.group_number) == (round_id, group_number)
        ),
        None,
    )


def read_thanks(store: Store, *, since: dt.datetime) -> tuple[Thanks, ...]:
    """Thanks that were said since, oldest first."""
    statement = select(thanks).where(thanks.c.said_at >= since).order_by(thanks.c.said_at)
    with store.read() as connection:
        rows = connection.execute(statement).mappings().all()
    return tuple(_read_thanks(store, row) for row in rows)


def _read_thanks(store: Store, row: RowMapping) -> Thanks:
    return Thanks(
        round_id=row["round_id"],
        group_number=row["group_number"],
        from_id=row["from_id"],
        to_id=row["to_id"],
        words=store.sealer.open(row["sealed"]) if row["sealed"] else "",
        said_at=row["said_at"],
    )
