"""What the engine gives back, in indices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scheduler.grouping.problem import Seating

Kind = Literal[
    "no_slot",
    "no_venue",
    "too_few",
    "rules",
    "full",
    "left_over",
    "does_not_suit",
    "waiting_list",
    "list_full",
]
"""Why somebody has no seat.

``no_slot``: free in none of the slots. ``no_venue``: no venue that they may use is open in a slot
in which they are free. ``too_few``: never enough other people free at the same time and place.
``rules``: no group that they could be in satisfies the rules named; without these one would.
``full``: every table they could have had is taken. ``left_over``: those they could sit with have
seats elsewhere; the rules named, if any, are all that keeps them out of a group of this plan.
Where groups are not chosen: ``does_not_suit``: theirs meets at a time and place without them;
``waiting_list``: others put their names down first for its seats, and who drops out is replaced;
``list_full``: others did, and nobody is replaced.
"""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Why a person has no seat: the names of the rules that keep them out, smallest set."""

    person: int
    kind: Kind
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SoftCost:
    """What a soft rule costs this plan: how often it is violated and the points paid."""

    name: str
    violations: int
    points: int


@dataclass(frozen=True, slots=True)
class Solution:
    """Groups with what they are worth and how near to the best possible that is.

    ``placed_bound`` and ``value_bound`` do not come from the search; ``bound_by`` says what they
    come from. ``value`` is the points of all ties less the price of repeats, plus
    ``Problem.size_points``, less ``soft``. ``waited``: rounds waited by all who have a seat.
    ``comfort``: points for pleasant times, ideal sizes and few slots, the last level.
    ``proven``: no plan is better on any level down to the value. ``complete`` is False when the
    search was stopped before its work was done.
    """

    groups: tuple[Seating, ...]
    placed: int
    placed_bound: int
    value: int
    value_bound: int
    unplaced: tuple[Unplaced, ...]
    bound_by: str
    complete: bool = True
    waited: int = 0
    comfort: int = 0
    soft: tuple[SoftCost, ...] = ()
    proven: bool = False

    @property
    def gap(self) -> float:
        """How far the value may be from the best, 0.01 being one hundredth of the bound."""
        return (self.value_bound - self.value) / max(1, abs(self.value_bound))


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known while the search runs, for the caller's bar.

    ``placed_bound`` is everybody who can meet at all; ``value_bound`` is not known before every
    cohort has been searched.
    """

    share_done: float
    placed: int
    placed_bound: int
    value: int
    value_bound: int | None
