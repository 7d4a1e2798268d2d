"""One cohort as a task of plain arrays, so that it can be solved by another process.

A task holds all that a cohort's plan depends on, and its answer all that the plan is: who solves
it, and where, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from scheduler.grouping.bounds import bound_placed
from scheduler.grouping.cohort_search import read_groups, read_value, search_cohort
from scheduler.grouping.encoding import Board, Cohort, Ints
from scheduler.grouping.exact import solve_exactly
from scheduler.grouping.problem import Seating
from scheduler.grouping.search import PLACED
from scheduler.grouping.value_bound import bound_value

Tell = Callable[[float, int, int], bool]
"""Is told the share done, people placed and their value now and then; says whether to stop."""


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


def solve_task(task: CohortTask, tell: Tell) -> CohortAnswer:
    """Search one cohort, prove what can be proven, bound the rest."""
    board, taken, waited = task.board, task.taken, task.waited
    start = task.start if len(task.start) else None
    table, done = search_cohort(board, taken, task.seed, task.effort, tell, start)
    groups = read_groups(board, table)
    placed = int(table.total[PLACED])
    by_unit = np.add.reduceat(waited, board.unit["first"])
    exact = solve_exactly(board, taken, groups, by_unit, task.effort) if done else None
    if exact is not None:
        found = sum(int(waited[members].sum()) for members, _, _ in groups)
        standing = (placed, found, read_value(board, table))
        # Stopped before its proof, CP-SAT may give back less than what the search found.
        if exact.proven or (exact.placed, exact.waited, exact.value) > standing:
            groups, placed = exact.groups, exact.placed
    people = len(board.person)
    if exact is not None and exact.proven:
        placed_bound, value_bound, by = exact.placed, exact.value, "proof by CP-SAT"
    else:
        placed_bound, by = people, "everybody who can meet has a seat"
        if placed < people:
            placed_bound, by = bound_placed(board, taken)
        value_bound = bound_value(board, taken, placed, placed_bound)
    proven = exact is not None and exact.proven
    return CohortAnswer(groups, placed, placed_bound, value_bound, by, done, proven)
