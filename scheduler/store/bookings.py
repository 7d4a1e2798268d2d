"""Bookings: what we mean to book before the call, and what came of it after the call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import delete, select, update

from scheduler.grouping.plan import Group
from scheduler.store.engine import Store, upsert
from scheduler.store.rounds import split_round_id
from scheduler.store.schema import bookings, meetings

BookingState = Literal["intended", "booked", "cancelled", "removed"]
"""``cancelled`` by us, ``removed`` by somebody in Outlook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intention:
    """A group's event that is about to be created.

    ``attempt`` (from 1) grows when a group is booked anew with other people, another time or
    place; ``fingerprint`` tells those apart.
    """

    round_id: str
    group_number: int
    attempt: int
    transaction_id: str
    fingerprint: str
    organiser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A group's event: one row per round and group, whatever happens to it."""

    round_id: str
    group_number: int
    attempt: int
    transaction_id: str
    fingerprint: str
    organiser: str
    state: BookingState
    event_id: str | None
    ical_uid: str | None
    join_url: str | None
    web_link: str | None
    agenda_attached: bool
    problem: str | None
    intended_at: dt.datetime
    done_at: dt.datetime | None


def intend_bookings(store: Store, intentions: Sequence[Intention], *, at: dt.datetime) -> None:
    """Write down what is about to be created, before any call is made."""
    rows = [
        {
            **asdict(intention),
            "state": "intended",
            "event_id": None,
            "ical_uid": None,
            "join_url": None,
            "web_link": None,
            "agenda_attached": False,
            "problem": None,
            "intended_at": at,
            "done_at": None,
        }
        for intention in intentions
    ]
    with store.write() as connection:
        upsert(connection, bookings, rows)


def confirm_booking(
    store: Store,
    round_id: str,
    group: Group,
    *,
    event_id: str,
    ical_uid: str | None,
    join_url: str | None,
    web_link: str | None,
    agenda_attached: bool,
    at: dt.datetime,
) -> None:
    """Write down that the event exists; from now on the members count as having met."""
    programme, _ = split_round_id(round_id)
    with store.write() as connection:
        connection.execute(
            update(bookings)
            .where(bookings.c.round_id == round_id, bookings.c.group_number == group.number)
            .values(
                state="booked",
                event_id=event_id,
                ical_uid=ical_uid,
                join_url=join_url,
                web_link=web_link,
                agenda_attached=agenda_attached,
                problem=None,
                done_at=at,
            )
        )
        connection.execute(
            delete(meetings).where(
                meetings.c.round_id == round_id, meetings.c.group_number == group.number
            )
        )
        upsert(
            connection,
            meetings,
            [
                {
                    "round_id": round_id,
                    "group_number": group.number,
                    "person_id": person_id,
                    "programme": programme,
                    "starts_at": group.slot.start,
                    "met": "expected",
                }
                for person_id in group.member_ids
            ],
        )


def change_fingerprint(store: Store, round_id: str, group_number: int, fingerprint: str) -> None:
    """Write down that an event was changed where it is: other people, another time."""
    _update(store, round_id, group_number, fingerprint=fingerprint)


def note_agenda_attached(store: Store, round_id: str, group_number: int) -> None:
    """Write down that the event carries its agenda."""
    _update(store, round_id, group_number, agenda_attached=True)


def note_problem(store: Store, round_id: str, group_number: int, problem: str) -> None:
    """Write down what stands in the way; holds no name."""
    _update(store, round_id, group_number, problem=problem[:500])


def cancel_booking(
    store: Store,
    round_id: str,
    group_number: int,
    *,
    at: dt.datetime,
    state: Literal["cancelled", "removed"] = "cancelled",
) -> None:
    """Write down that the event is gone, and that nobody met by it."""
    with store.write() as connection:
        connection.execute(
            update(bookings)
            .where(bookings.c.round_id == round_id, bookings.c.group_number == group_number)
            .values(state=state, done_at=at)
        )
        connection.execute(
            delete(meetings).where(
                meetings.c.round_id == round_id, meetings.c.group_number == group_number
            )
        )


def read_bookings(
    store: Store, round_id: str, *, states: Collection[BookingState] | None = None
) -> dict[int, Booking]:
    """The bookings of a round by group number, all of them or those in some states."""
    statement = (
        select(bookings).where(bookings.c.round_id == round_id).order_by(bookings.c.group_number)
    )
    if states is not None:
        statement = statement.where(bookings.c.state.in_(sorted(states)))
    with store.read() as connection:
        rows = connection.execute(statement).mappings()
        return {row["group_number"]: Booking(**row) for row in rows}


def read_booking(store: Store, round_id: str, group_number: int) -> Booking | None:
    """One group's event."""
    statement = select(bookings).where(
        bookings.c.round_id == round_id, bookings.c.group_number == group_number
    )
    with store.read() as connection:
        row = connection.execute(statement).mappings().first()
    return None if row is None else Booking(**row)


def _update(store: Store, round_id: str, group_number: int, **values: object) -> None:
    with store.write() as connection:
        connection.execute(
            update(bookings)
            .where(bookings.c.round_id == round_id, bookings.c.group_number == group_number)
            .values(**values)
        )
