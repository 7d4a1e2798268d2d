"""History: who met whom, when. Booked groups count until somebody says that they did not meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import func, select, update

from scheduler.store.engine import Store
from scheduler.store.schema import meetings

Met = Literal["expected", "yes", "partly", "no"]


@dataclass(frozen=True, slots=True)
class Meeting:
    """People who met, or will."""

    round_id: str
    programme: str
    group_number: int
    start: dt.datetime
    person_ids: tuple[str, ...]


def read_meetings(
    store: Store,
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    programme: str | None = None,
    without_round: str | None = None,
    with_absent: bool = False,
) -> tuple[Meeting, ...]:
    """Who met, by start: of all programmes or one, from ``since`` and before ``until``.

    Who said that they did not meet is left out, unless ``with_absent``. ``without_round`` leaves
    a round out that is being planned anew.
    """
    order = (meetings.c.starts_at, meetings.c.round_id, meetings.c.group_number)
    statement = select(
        meetings.c.round_id,
        meetings.c.programme,
        meetings.c.group_number,
        meetings.c.starts_at,
        meetings.c.person_id,
    ).order_by(*order, meetings.c.person_id)
    if not with_absent:
        statement = statement.where(meetings.c.met != "no")
    if since is not None:
        statement = statement.where(meetings.c.starts_at >= since)
    if until is not None:
        statement = statement.where(meetings.c.starts_at < until)
    if programme is not None:
        statement = statement.where(meetings.c.programme == programme)
    if without_round is not None:
        statement = statement.where(meetings.c.round_id != without_round)
    with store.read() as connection:
        return _gather(connection.execute(statement).all())


def _gather(rows: Sequence[Any]) -> tuple[Meeting, ...]:
    """Meetings out of a row for each member, in the order of the rows."""
    found = []
    for _, group in groupby(rows, key=lambda row: (row.round_id, row.group_number)):
        members = list(group)
        first = members[0]
        found.append(
            Meeting(
                first.round_id,
                first.programme,
                first.group_number,
                first.starts_at,
                tuple(row.person_id for row in members),
            )
        )
    return tuple(found)


def read_own_meetings(
    store: Store, person_id: str, *, with_absent: bool = False
) -> tuple[Meeting, ...]:
    """Meetings of one person with everybody in them, by start.

    Those of which the person said that they did not happen are left out, unless ``with_absent``.
    """
    own = select(meetings.c.round_id, meetings.c.group_number).where(
        meetings.c.person_id == person_id
    )
    if not with_absent:
        own = own.where(meetings.c.met != "no")
    mine = own.subquery()
    statement = (
        select(
            meetings.c.round_id,
            meetings.c.programme,
            meetings.c.group_number,
            meetings.c.starts_at,
            meetings.c.person_id,
        )
        .join(
            mine,
            (meetings.c.round_id == mine.c.round_id)
            & (meetings.c.group_number == mine.c.group_number),
        )
        .order_by(
            meetings.c.starts_at, meetings.c.round_id, meetings.c.group_number, meetings.c.person_id
        )
    )
    with store.read() as connection:
        return _gather(connection.execute(statement).all())


def read_last_meetings(store: Store, *, programme: str | None = None) -> dict[str, dt.datetime]:
    """When each person last met somebody (or is going to), by person id."""
    latest = func.max(meetings.c.starts_at, type_=meetings.c.starts_at.type)
    statement = select(meetings.c.person_id, latest).where(meetings.c.met != "no")
    if programme is not None:
        statement = statement.where(meetings.c.programme == programme)
    with store.read() as connection:
        rows = connection.execute(statement.group_by(meetings.c.person_id)).all()
    return dict(tuple(row) for row in rows)


def read_members(store: Store, round_id: str, group_number: int) -> tuple[str, ...]:
    """Who was in a group when it was last booked."""
    statement = select(meetings.c.person_id).where(
        meetings.c.round_id == round_id, meetings.c.group_number == group_number
    )
    with store.read() as connection:
        return tuple(connection.execute(statement.order_by(meetings.c.person_id)).scalars())


def read_start(
    store: Store, round_id: str, group_number: int, person_id: str
) -> dt.datetime | None:
    """When somebody's group meets, None where they are in no booked group of that number."""
    statement = select(meetings.c.starts_at).where(
        meetings.c.round_id == round_id,
        meetings.c.group_number == group_number,
        meetings.c.person_id == person_id,
    )
    with store.read() as connection:
        start: dt.datetime | None = connection.execute(statement).scalar()
    return start


def move_meeting(store: Store, round_id: str, group_number: int, start: dt.datetime) -> None:
    """A group meets at another time."""
    with store.write() as connection:
        connection.execute(
            update(meetings)
            .where(meetings.c.round_id == round_id, meetings.c.group_number == group_number)
            .values(starts_at=start)
        )


def record_met(
    store: Store, round_id: str, group_number: int, person_ids: Collection[str], met: Met
) -> None:
    """Keep what people said about whether they met."""
    with store.write() as connection:
        connection.execute(
            update(meetings)
            .where(
                meetings.c.round_id == round_id,
                meetings.c.group_number == group_number,
                meetings.c.person_id.in_(list(person_ids)),
            )
            .values(met=met)
        )
