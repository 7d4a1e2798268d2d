"""Solving one cohort: search, proof where it is small, bounds where there is none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scheduler.grouping.bounds import bound_placed
from scheduler.grouping.cohort_search import (
    is_better,
    read_groups,
    read_unplaced,
    read_value,
    search_cohort,
)
from scheduler.grouping.encoding import Board, find_able
from scheduler.grouping.exact import solve_exactly
from scheduler.grouping.needles import plant_needles
from scheduler.grouping.problem import Ints
from scheduler.grouping.search import PLACED, Table
from scheduler.grouping.seeking import set_stranded_aside
from scheduler.grouping.tasks import CohortAnswer, CohortTask
from scheduler.grouping.value_bound import bound_value

Tell = Callable[[float, int, int], bool]
"""Is told the share done, people placed and their value now and then; says whether to stop."""


def solve_task(task: CohortTask, tell: Tell) -> CohortAnswer:
    """Search one cohort, prove what can be proven, bound the rest."""
    taken, waited = task.taken, task.waited
    board = set_stranded_aside(task.board, taken)
    people = int(np.count_nonzero(find_able(board)))
    start = task.start if len(task.start) else None
    table, done = search_cohort(board, taken, task.seed, task.effort, tell, start)
    placed_bound, by = _bound_people(board, taken, table, people)
    if done and table.total[PLACED] < placed_bound:
        planted = plant_needles(board, taken, table)
        if len(planted):
            again, done = search_cohort(board, taken, task.seed, task.effort, tell, planted)
            table = again if is_better(again, table) else table
            placed_bound, by = _bound_people(board, taken, table, people)
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
    if exact is not None and exact.proven:
        placed_bound, value_bound, by = exact.placed, exact.value, "proof by CP-SAT"
    else:
        value_bound = bound_value(board, taken, placed, placed_bound)
    proven = exact is not None and exact.proven
    return CohortAnswer(groups, placed, placed_bound, value_bound, by, done, proven)


def _bound_people(board: Board, taken: Ints, table: Table, people: int) -> tuple[int, str]:
    """The most people that can be placed, and what says so."""
    if table.total[PLACED] == people:
        return people, "everybody who can meet has a seat"
    placed = np.ones(len(board.unit), np.bool_)
    placed[read_unplaced(table)] = False
    return bound_placed(
        board, taken, (placed & (board.unit["slot_count"] > 0))[board.person["unit"]]
    )
