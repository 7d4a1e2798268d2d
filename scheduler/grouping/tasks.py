"""One cohort as a task of plain arrays, so that it can be solved by another process.

A task holds all that a cohort's plan depends on, and its answer all that the plan is: who solves
it, and where, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from scheduler.grouping.encoding import Board, Cohort, Ints
from scheduler.grouping.problem import Seating


class CohortTask(NamedTuple):
    """What is to be solved, in the cohort's own indices.

    ``taken[v, s]``: tables that fixed groups take; ``waited[p]``; ``start``: groups to start from,
    rows of slot, venue and units (-1: none), without rows: none.
    """

    board: Board
    taken: Ints
    waited: Ints
    start: Ints
    seed: int
    effort: float


class CohortAnswer(NamedTuple):
    """The plan of one cohort, in its own indices, and what bounds it.

    ``done``: the search came to its end; ``proven``: nothing better exists.
    """

    groups: list[tuple[list[int], int, int]]
    placed: int
    placed_bound: int
    value_bound: int
    bound_by: str
    done: bool
    proven: bool

    def seat(self, cohort: Cohort) -> list[Seating]:
        """The groups in the problem's indices."""
        return [
            Seating(
                tuple(sorted(cohort.people[members].tolist())),
                int(cohort.slots[slot]),
                int(cohort.venues[venue]),
            )
            for members, slot, venue in self.groups
        ]


Share = Callable[[Sequence[CohortTask]], Sequence[CohortAnswer]]
"""Has tasks solved elsewhere; the answers stand in their order."""
