"""Which people shall carry the first tie between departments that have none.

The value of a tie between two departments is the same for each of their pairs, so a plan may make
the same bridge five times over and another not at all. Here each missing bridge is given to one
couple, in sets of people who can all sit at one table: a set of four from four departments that do
not know each other makes six bridges at once. The couples get extra points; the search does the
rest.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from scheduler.grouping.encoding import Bools, Ints
from scheduler.grouping.problem import Problem

__all__ = ["add_bridges", "choose_bridges"]

SPARING = 0.3
"""How much a table spares people of departments that need them elsewhere: 83 bridges instead of 67
in the first round of the real organisation of the benchmark."""


def add_bridges(problem: Problem, points: int) -> Problem:
    """The problem with extra points for couples who make the first tie between two departments.

    Departments are bridged that have no pair in ``ties.met``. People who can only meet in one
    place are looked at place by place, the fullest first; a bridge made in one is not asked for in
    the next.
    """
    ties = problem.ties
    department = np.asarray(ties.department)
    met = np.asarray(ties.met)
    tied = {(int(department[i]), int(department[j])) for i, j, _ in met}
    present = sorted({int(d) for d in department})
    wanted = {
        (a, b)
        for n, a in enumerate(present)
        for b in present[n + 1 :]
        if (a, b) not in tied and (b, a) not in tied
    }
    places, counts = np.unique(np.asarray(problem.place), return_counts=True)
    rows = [np.asarray(ties.pairs).reshape(-1, 3)]
    for place in places[np.argsort(-counts, kind="stable")].tolist():
        if not wanted:
            break
        here = np.asarray(problem.place) == place
        inside = replace(problem, available=np.asarray(problem.available) & here[:, None])
        chosen = choose_bridges(inside, sorted(wanted), points)
        made = {tuple(sorted((int(department[i]), int(department[j])))) for i, j, _ in chosen}
        wanted -= {(a, b) for a, b in made}
        rows.append(chosen)
    return replace(problem, ties=replace(ties, pairs=np.concatenate(rows)))


def choose_bridges(  # noqa: C901 -- one greedy loop
    problem: Problem, wanted: Collection[tuple[int, int]], points: int
) -> Ints:
    """Couples who shall meet, as rows for ``Ties.pairs``.

    Departments short of people for the bridges they lack come first; a table is filled up with the
    department that adds most bridges to it. Greedy, and no rule is looked at but availability and
    who has met.

    Args:
        problem: The round, without these points.
        wanted: Pairs of departments to be bridged.
        points: What each couple gets on top.

    Returns:
        Rows of person, person and points.
    """
    department = np.asarray(problem.ties.department)
    count = problem.ties.between.shape[0]
    missing = np.zeros((count, count), np.bool_)
    for a, b in wanted:
        missing[a, b] = missing[b, a] = a != b
    met = {(int(min(i, j)), int(max(i, j))) for i, j, _ in np.asarray(problem.ties.met)}
    free = np.asarray(problem.available)
    most_free = np.argsort(-free.sum(axis=1), kind="stable")
    people: list[list[int]] = [[] for _ in range(count)]
    for person in most_free.tolist():
        if free[person].any():
            people[int(department[person])].append(person)
    rows: list[tuple[int, int, int]] = []
    while True:
        need = missing.sum(axis=1) / np.array([max(1, len(some)) for some in people])
        need[[not some for some in people]] = -1
        table: list[int] = []
        slots = np.ones(free.shape[1], np.bool_)
        while len(table) < problem.size_ideal:
            person = _find_next(table, slots, missing, need, people, free, department, met)
            if person is None:
                break
            table.append(person)
            slots &= free[person]
        if len(table) < 2:
            return np.array(rows, np.int64).reshape(-1, 3)
        for place, i in enumerate(table):
            people[int(department[i])].remove(i)
            for j in table[:place]:
                a, b = int(department[i]), int(department[j])
                if missing[a, b]:
                    rows.append((i, j, points))
                    missing[a, b] = missing[b, a] = False


def _find_next(
    table: list[int],
    slots: Bools,
    missing: Bools,
    need: npt.NDArray[np.float64],
    people: list[list[int]],
    free: Bools,
    department: Ints,
    met: set[tuple[int, int]],
) -> int | None:
    """Who sits down next: first somebody of the department most in need, then who adds most."""
    here = [int(department[p]) for p in table]
    gain = missing[:, here].sum(axis=1) if here else (missing.sum(axis=1) > 0).astype(int)
    order = np.argsort(-(gain - SPARING * need) if here else -need, kind="stable")
    for d in order.tolist():
        if gain[d] <= 0 or d in here or need[d] < 0:
            continue
        for person in people[d]:
            known = any((min(person, p), max(person, p)) in met for p in table)
            if not known and (slots & free[person]).any():
                return int(person)
    return None
