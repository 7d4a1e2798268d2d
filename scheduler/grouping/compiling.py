"""Compile the inner loops once, while installing: ``python -m scheduler.grouping.compiling``.

Without it the first plan pays for it, about ten seconds. The compiled loops are kept beside the
modules, or in ``NUMBA_CACHE_DIR``; later runs, of any number of processes, read them.
"""

from __future__ import annotations

import numpy as np

from scheduler.grouping.engine import solve
from scheduler.grouping.problem import Problem, Ties, Venues
from scheduler.grouping.rotations import Rotation, plan_rotation


def compile_loops() -> None:
    """Solve one small problem and seat two small networking hours: every loop is used once."""
    people, slots = 17, 2  # one of them has no seat, and a reason
    none = np.zeros((0, 3), np.int64)
    departments = np.arange(people, dtype=np.int64) % 3
    ties = Ties(departments, np.ones((3, 3), np.int64), none, none)
    solve(
        Problem(
            available=np.ones((people, slots), bool),
            start=np.array([0, 60], np.int64),
            minutes=60,
            venues=Venues(
                seats=np.array([4], np.int64),
                tables=np.array([2], np.int64),
                place=np.array([-1], np.int64),
                free=np.ones((1, slots), bool),
            ),
            place=np.full(people, -1, np.int64),
            waited=np.zeros(people, np.int64),
            pleasant=np.zeros(slots, np.int64),
            size_least=3,
            size_ideal=4,
            size_most=4,
            ties=ties,
        ),
        workers=1,
    )
    # By developing starters, and by annealing alone.
    for people, seats in ((24, [4] * 6), (12, [5, 4, 4])):
        present = np.ones((people, 3), bool)
        ties = Ties(np.arange(people) % 3, np.ones((3, 3), np.int64), none, none)
        plan_rotation(Rotation(present, np.array(seats, np.int64), ties), effort=0.001)


if __name__ == "__main__":
    compile_loops()
