"""What members of a group do before they meet: say that they come, or that they cannot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable

import structlog

from scheduler.rounds.context import Context
from scheduler.rounds.deeds import RefusedError
from scheduler.store.bookings import read_booking
from scheduler.store.meetings import read_start
from scheduler.store.rounds import Round, find_round
from scheduler.store.seats import read_seat, save_seat

log = structlog.get_logger(__name__)

Repair = Callable[[Context, str], Awaitable[object]]
"""Puts the groups of a round together anew after somebody gave a seat away."""


async def leave_to_the_job(context: Context, round_id: str) -> None:
    """The repair of whoever has none of their own: the next run of the job sees who cannot come."""
    del context
    log.info("repair-left-to-the-job", round=round_id)


def confirm_seat(
    context: Context, round_id: str, group_number: int, person_id: str, *, at: dt.datetime
) -> bool:
    """Say that one comes, also after having said the opposite. False: that was said already.

    Raises:
        RefusedError: The meeting has begun, was called off, or is not this person's (any more).
    """
    check_seat(context, round_id, group_number, person_id, at=at)
    return save_seat(context.store, round_id, group_number, person_id, coming=True, at=at)


async def decline_seat(
    context: Context,
    round_id: str,
    group_number: int,
    person_id: str,
    *,
    at: dt.datetime,
    repair: Repair = leave_to_the_job,
) -> bool:
    """Give one's seat away, and have the group put together anew. False: that was said already.

    The answer is kept before ``repair`` is called, so it outlasts whatever happens there.

    Raises:
        RefusedError: As for :func:`confirm_seat`.
    """
    new = give_seat_away(context, round_id, group_number, person_id, at=at)
    if new:
        await repair(context, round_id)
    return new


def give_seat_away(
    context: Context, round_id: str, group_number: int, person_id: str, *, at: dt.datetime
) -> bool:
    """Keep that somebody cannot come; :func:`decline_seat` without the repair.

    Raises:
        RefusedError: As for :func:`confirm_seat`.
    """
    said = read_seat(context.store, round_id, group_number, person_id)
    if said is not None and not said.coming:
        return False  # by now the seat may be somebody else's
    check_seat(context, round_id, group_number, person_id, at=at)
    return save_seat(context.store, round_id, group_number, person_id, coming=False, at=at)


def check_seat(
    context: Context, round_id: str, group_number: int, person_id: str, *, at: dt.datetime
) -> dt.datetime:
    """When the person's group meets, if it still does and has not begun.

    Raises:
        RefusedError: See :func:`confirm_seat`.
    """
    start = find_own_meeting(context, round_id, group_number, person_id)[1]
    if start <= at:
        raise RefusedError("late")
    return start


def find_own_meeting(
    context: Context, round_id: str, group_number: int, person_id: str
) -> tuple[Round, dt.datetime]:
    """The round and the start of a meeting that the person belongs to.

    Raises:
        RefusedError: It was called off, or they do not belong to it (any more).
    """
    store = context.store
    found = find_round(store, round_id)
    if found is None or found.state in {"cancelling", "cancelled"}:
        raise RefusedError("cancelled")
    booking = read_booking(store, round_id, group_number)
    if booking is None or booking.state in {"cancelled", "removed"}:
        raise RefusedError("cancelled")
    start = read_start(store, round_id, group_number, person_id)
    if start is None:
        raise RefusedError("late")
    return found, start
