"""Which people shall carry the first tie between departments that have none.

The value of a tie between two departments is the same for each of their pairs, so a plan may make
the same bridge five times over and another not at all. Here each missing bridge is given to one
couple, in sets of people who can all sit at one table: a set of four from four departments that do
not know each other makes six bridges at once. The couples get extra points; the search does the
rest.
"""

from __future__ import annotations

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
    met = np.asarray(ties.met).reshape(-1, 3)
    count = np.asarray(ties.between).shape[0]
    wanted = np.zeros((count, count), np.bool_)
    present = np.unique(department)
    wanted[np.ix_(present, present)] = True
    wanted[department[met[:, 0]], department[met[:, 1]]] = False
    wanted &= wanted.T
    places, counts = np.unique(np.asarray(problem.place), return_counts=True)
    rows = [np.asarray(ties.pairs).reshape(-1, 3)]
    for place in places[np.argsort(-counts, kind="stable")].tolist():
        here = np.asarray(problem.place) == place
        inside = replace(problem, available=np.asarray(problem.available) & here[:, None])
        chosen = choose_bridges(inside, wanted, points)
        one, other = department[chosen[:, 0]], department[chosen[:, 1]]
        wanted[one, other] = wanted[other, one] = False
        rows.append(chosen)
    return replace(problem, ties=replace(ties, pairs=np.concatenate(rows)))


def choose_bridges(problem: Problem, wanted: Bools, points: int) -> Ints:
    """Couples who shall meet, as rows for ``Ties.pairs``.

    Departments short of people for the bridges they lack come first; a table is filled up with the
    department that adds most bridges to it. Greedy, and no rule is looked at but availability and
    who has met.

    Args:
        problem: The round, without these points.
        wanted: Which departments are to be bridged, ``(d, d)``, symmetric.
        points: What each couple gets on top.

    Returns:
        Rows of person, person and points.
    """
    hall = _Hall(problem, wanted)
    rows: list[tuple[int, int, int]] = []
    while len(table := hall.fill_table(problem.size_ideal)) > 1:
        rows += [(one, other, points) for one, other in hall.clear(table)]
    return np.array(rows, np.int64).reshape(-1, 3)


class _Hall:
    """Who has no seat yet, by department (most free first), and which bridges are missing."""

    def __init__(self, problem: Problem, wanted: Bools) -> None:
        free = np.asarray(problem.available)
        self.department: list[int] = np.asarray(problem.ties.department).tolist()
        self.missing = wanted & ~np.eye(len(wanted), dtype=np.bool_)
        self.lacking = self.missing.sum(axis=1)
        self.people: list[list[int]] = [[] for _ in range(len(wanted))]
        self.slots: dict[int, int] = {}
        many = free.sum(axis=1)
        some = np.argsort(-many, kind="stable")[: np.count_nonzero(many)]
        for person, bits in zip(some.tolist(), np.packbits(free[some], axis=1), strict=True):
            self.people[self.department[person]].append(person)
            self.slots[person] = int.from_bytes(bits.tobytes(), "big")
        self.left = np.array([len(some) for some in self.people], np.int64)
        met = np.sort(np.asarray(problem.ties.met).reshape(-1, 3)[:, :2], axis=1)
        both = np.isin(met, some).all(axis=1)
        self.met = set(map(tuple, met[both].tolist()))

    def fill_table(self, seats: int) -> list[int]:
        """People who make as many bridges as can be; fewer than two where none can be made."""
        need = self.lacking / np.maximum(1, self.left)
        table: list[int] = []
        slots = -1
        gain = np.zeros(len(need), np.int64)
        while len(table) < seats:
            if table:
                gain += self.missing[self.department[table[-1]]]
            person = self._find_next(table, slots, gain if table else self.lacking, need)
            if person is None:
                break
            table.append(person)
            slots &= self.slots[person]
        return table

    def _find_next(
        self, table: list[int], slots: int, gain: Ints, need: npt.NDArray[np.float64]
    ) -> int | None:
        """Who sits down next: first somebody of the department most in need, then who adds most."""
        here = [self.department[p] for p in table]
        rank = gain - SPARING * need if here else need
        rank = np.where((gain > 0) & (self.left > 0), rank, -np.inf)
        rank[here] = -np.inf
        while rank[best := int(rank.argmax())] > -np.inf:
            for person in self.people[best]:
                known = any((min(person, p), max(person, p)) in self.met for p in table)
                if not known and slots & self.slots[person]:
                    return person
            rank[best] = -np.inf
        return None

    def clear(self, table: list[int]) -> list[tuple[int, int]]:
        """The couples of a table whose departments are bridged by it; its people are gone."""
        couples = []
        for place, i in enumerate(table):
            a = self.department[i]
            self.people[a].remove(i)
            self.left[a] -= 1
            for j in table[:place]:
                b = self.department[j]
                if self.missing[a, b]:
                    couples.append((i, j))
                    self.missing[a, b] = self.missing[b, a] = False
                    self.lacking[[a, b]] -= 1
        return couples
