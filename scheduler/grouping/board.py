"""A plan laid out in the engine's indices, so that a change to it can be tried."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from scheduler.errors import ScheduleError
from scheduler.grouping.checker import Ledger
from scheduler.grouping.framing import Frame, frame_problem
from scheduler.grouping.plan import Plan
from scheduler.grouping.problem import Problem, Seating


class EditError(ScheduleError):
    """This change cannot even be tried; the text says why, with ids in the place of names."""

    def __init__(self, text: str, *person_ids: str) -> None:
        super().__init__(text)
        self.person_ids = person_ids


@dataclass(slots=True)
class Board:
    """A plan in the engine's indices; groups whose time, place or people are gone are not in it."""

    plan: Plan
    frame: Frame
    problem: Problem
    ledger: Ledger
    row: Mapping[str, int]
    seatings: dict[int, Seating] = field(default_factory=dict)

    def seat_of(self, person_id: str) -> int | None:
        """The number of a person's group, None without a seat."""
        found = [g.number for g in self.plan.groups if person_id in g.member_ids]
        return found[0] if found else None

    def find(self, number: int) -> Seating:
        """A group that can be changed."""
        if number in self.seatings:
            return self.seatings[number]
        if any(group.number == number for group in self.plan.groups):
            raise EditError(
                f"Group {number} cannot be changed here: its time or place is none of the "
                "programme's any more, or somebody in it has left."
            )
        raise EditError(f"There is no group {number} in this plan.")


def seat_groups(plan: Plan, frame: Frame) -> dict[int, Seating]:
    """The plan's groups in indices, as far as people, slots and places are still there."""
    row = {person.id: n for n, person in enumerate(frame.people)}
    column = {slot: n for n, slot in enumerate(frame.availability.slots)}
    venue = {place: n for n, place in enumerate(frame.places)}
    return {
        group.number: Seating(
            tuple(sorted(row[member] for member in group.member_ids)),
            column[group.slot],
            venue[group.place],
        )
        for group in plan.groups
        if group.slot in column
        and group.place in venue
        and all(member in row for member in group.member_ids)
    }


def lay_out(plan: Plan, frame: Frame, *, booked: bool) -> Board:
    """The plan on the round as it is today.

    Args:
        plan: The one that counts.
        frame: The round as it is today (same programme, slots and places).
        booked: The meetings stand in calendars already, and are no hindrance to themselves.
    """
    problem = frame_problem(frame)
    row = {person.id: n for n, person in enumerate(frame.people)}
    seatings = seat_groups(plan, frame)
    if booked:
        available, free = problem.available.copy(), problem.venues.free.copy()
        for seating in seatings.values():
            available[list(seating.members), seating.slot] = True
            free[seating.venue, seating.slot] = True
        problem = dataclasses.replace(
            problem, available=available, venues=dataclasses.replace(problem.venues, free=free)
        )
    ledger = Ledger(problem)
    # A group that is too large has a worth too, so that it can be told what is wrong with it.
    ledger.size_points = np.pad(ledger.size_points, (0, len(frame.people)), mode="edge")
    return Board(plan, frame, problem, ledger, row, seatings)
