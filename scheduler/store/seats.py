"""Who said on a card that they come, or that they cannot."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from scheduler.store.engine import Store, lock_key, upsert
from scheduler.store.schema import seats


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """What one member said last."""

    round_id: str
    group_number: int
    person_id: str
    coming: bool
    said_at: dt.datetime


def save_seat(
    store: Store, round_id: str, group_number: int, person_id: str, *, coming: bool, at: dt.datetime
) -> bool:
    """Keep what a member said; False when they had said so before."""
    key = (
        (seats.c.round_id == round_id)
        & (seats.c.group_number == group_number)
        & (seats.c.person_id == person_id)
    )
    with store.write() as connection:
        lock_key(connection, "seat", round_id, person_id)
        if connection.execute(select(seats.c.coming).where(key)).scalar() is coming:
            return False
        upsert(
            connection,
            seats,
            [
                {
                    "round_id": round_id,
                    "group_number": group_number,
                    "person_id": person_id,
                    "coming": coming,
                    "said_at": at,
                }
            ],
        )
    return True


def read_seats(store: Store, round_id: str) -> dict[tuple[int, str], Seat]:
    """What the members of a round said, by group and person."""
    statement = select(seats).where(seats.c.round_id == round_id)
    with store.read() as connection:
        found = [Seat(**row) for row in connection.execute(statement).mappings()]
    return {(seat.group_number, seat.person_id): seat for seat in found}


def read_seat(store: Store, round_id: str, group_number: int, person_id: str) -> Seat | None:
    """What one member said."""
    statement = select(seats).where(
        seats.c.round_id == round_id,
        seats.c.group_number == group_number,
        seats.c.person_id == person_id,
    )
    with store.read() as connection:
        row = connection.execute(statement).mappings().first()
    return None if row is None else Seat(**row)
