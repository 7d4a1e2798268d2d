"""Solving one cohort: search, proof where it is small, bounds where there is none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scheduler.grouping.bounds import bound_placed
from scheduler.grouping.cohort_search import read_groups, read_value, search_cohort
from scheduler.grouping.exact import solve_exactly
from scheduler.grouping.search import PLACED
from scheduler.grouping.tasks import CohortAnswer, CohortTask
from scheduler.grouping.value_bound import bound_value

Tell = Callable[[float, int, int], bool]
"""Is told the share done, people placed and their value now and then; says whether to stop."""


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
