"""Seats that people have in plans of other rounds, before anything of it is in their calendars.

Two plans may wait for approval at once: neither may give somebody a second meeting at the same
time, nor more meetings than the company allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.calendars.slots import Slot
from scheduler.rounds.context import Context
from scheduler.store.bookings import read_bookings
from scheduler.store.plans import read_plan
from scheduler.store.rounds import State, list_rounds

NOT_BOOKED_YET: frozenset[State] = frozenset({"planned", "approved", "booking"})


@dataclass(frozen=True, slots=True)
class Promise:
    """A person is to meet others in this slot."""

    person_id: str
    slot: Slot


def read_promised(context: Context, *, without_round: str) -> tuple[Promise, ...]:
    """The seats of plans whose groups are not booked yet; those that are, are meetings."""
    found: list[Promise] = []
    for round_ in list_rounds(context.store, states=NOT_BOOKED_YET):
        if round_.id == without_round:
            continue
        booked = read_bookings(context.store, round_.id, states={"booked"})
        found += [
            Promise(person_id, group.slot)
            for group in read_plan(context.store, round_.id).groups
            if group.number not in booked
            for person_id in group.member_ids
        ]
    return tuple(found)


def block_promised(
    blocked: dict[str, npt.NDArray[np.bool_]], promised: Iterable[Promise], slots: Sequence[Slot]
) -> None:
    """Add to ``blocked``, by person id, the slots that overlap a seat that they have elsewhere."""
    overlapping: dict[Slot, npt.NDArray[np.bool_]] = {}
    for promise in promised:
        taken = overlapping.get(promise.slot)
        if taken is None:
            taken = overlapping[promise.slot] = np.array(
                [s.start < promise.slot.end and promise.slot.start < s.end for s in slots], np.bool_
            )
        if taken.any():
            before = blocked.get(promise.person_id)
            blocked[promise.person_id] = taken if before is None else before | taken
