"""What the engine gives back, in indices."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.grouping.problem import Seating


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Why a person has no seat: the names of the rules that keep them out, smallest set."""

    person: int
    kind: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """Groups with what they are worth and how near to the best possible that is.

    ``placed_bound`` and ``value_bound`` do not come from the search. ``complete`` is False when
    the search was stopped before its work was done.
    """

    groups: tuple[Seating, ...]
    placed: int
    placed_bound: int
    value: int
    value_bound: int
    unplaced: tuple[Unplaced, ...]
    bound_by: str
    complete: bool = True
