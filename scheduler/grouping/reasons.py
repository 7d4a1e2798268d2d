"""Why somebody has no seat: the smallest set of rules that keeps them out.

Two questions, in this order. *Could there be a group with this person at all*, if everybody else
were still free? If not, the smallest set of hard rules without which there could. *Could they join
this plan as it is*, in a group with a seat left or with others who have none? If so but for some
rules, the smallest set of those. Sets are tried from small to large, and for each all groups are
looked at (see :mod:`scheduler.grouping.seeking`); where that takes too long, the set found may not
be the smallest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from scheduler.grouping.lifting import Names, Place
from scheduler.grouping.problem import Bools, Problem, Seating
from scheduler.grouping.screening import Screened, make_load
from scheduler.grouping.solution import Unplaced

_Search = Callable[[int, Names], bool]

LARGEST_SET = 3
"""Rules in the largest set that is tried before all rules together."""
MANY = 3000
"""People who are explained one by one; whoever comes after them is told that all is full."""


class Explainer:
    """Answers for one finished plan."""

    def __init__(self, problem: Problem, groups: Sequence[Seating]) -> None:
        self.problem, self.groups = problem, groups
        self.seated = np.zeros(problem.available.shape[0], np.bool_)
        for group in groups:
            self.seated[list(group.members)] = True
        self.fixed = np.zeros_like(self.seated)
        for group in problem.fixed:
            self.fixed[list(group.members)] = True
        self.load = make_load(problem)
        self.taken = make_load(problem, groups)
        self.everywhere = bool((np.asarray(problem.venues.place) < 0).any())
        self.places: dict[int, Place] = {}
        self.has_table: dict[int, Bools] = {}

    def explain(self, person: int) -> Unplaced:
        """The reason for one person of those who were not set aside beforehand."""
        place = self._find_place(person)
        static = _find_smallest(place.could_sit, place.names, person)
        if static is None:
            return Unplaced(person, "too_few")
        if static:
            return Unplaced(person, "rules", static)
        joining = _find_smallest(place.can_sit, place.names, person)
        if joining:
            return Unplaced(person, "left_over", joining)
        tables = self._find_free_tables(int(self.problem.place[person]))
        could_sit = (np.asarray(self.problem.available)[person] & tables).any()
        return Unplaced(person, "left_over" if could_sit else "full")

    def _find_place(self, person: int) -> Place:
        code = -1 if self.everywhere else int(self.problem.place[person])
        if code not in self.places:
            inside = ~self.fixed
            if not self.everywhere:
                inside &= np.asarray(self.problem.place) == code
            self.places[code] = Place(
                self.problem,
                inside,
                [g for g in self.groups if inside[g.members[0]] and self._has_seat(g)],
                self.seated,
                self.load,
                self.taken,
            )
        return self.places[code]

    def _has_seat(self, group: Seating) -> bool:
        """Whether one more can join a group."""
        seats = min(self.problem.size_most, int(self.problem.venues.seats[group.venue]))
        return len(group.members) < seats and not self.fixed[group.members[0]]

    def _find_free_tables(self, place: int) -> Bools:
        """The slots in which somebody of a place could sit at a table that nobody has, ``(s,)``."""
        if place not in self.has_table:
            problem, venues = self.problem, self.problem.venues
            fits = (np.asarray(venues.place) < 0) | (np.asarray(venues.place) == place)
            fits &= np.asarray(venues.seats) >= problem.size_least
            full = self.taken >= np.asarray(venues.tables)[:, None]
            start = np.asarray(problem.start, np.int64)
            low = np.searchsorted(start, start, side="left")
            high = np.searchsorted(start, start + problem.minutes, side="left")
            free = np.array(venues.free)
            for slot in range(len(start)):
                free[:, slot] &= ~full[:, low[slot] : high[slot]].any(axis=1)
            self.has_table[place] = free[fits].any(axis=0)
        return self.has_table[place]


def _find_smallest(search: _Search, names: Sequence[str], person: int) -> tuple[str, ...] | None:
    """The smallest set of rules without which ``search`` finds a group, ``None`` if none is."""
    if search(person, Names()):
        return ()
    if not names or not search(person, Names(names)):
        return None
    for size in range(1, min(LARGEST_SET, len(names)) + 1):
        for without in combinations(names, size):
            if search(person, Names(without)):
                return without
    return _shrink(search, names, person)


def _shrink(search: _Search, names: Sequence[str], person: int) -> tuple[str, ...]:
    """A set of rules of which none can be left out (all but the needed are put back)."""
    without = set(names)
    for name in names:
        if search(person, Names(without - {name})):
            without.discard(name)
    return tuple(name for name in names if name in without)


def explain_unplaced(
    problem: Problem, groups: Sequence[Seating], screened: Screened
) -> tuple[Unplaced, ...]:
    """A reason for everybody without a seat, in the order of people."""
    explainer = Explainer(problem, groups)
    reasons = dict(screened.out)
    missing = np.flatnonzero(~explainer.seated & ~explainer.fixed).tolist()
    asked = 0
    for person in missing:
        known = reasons.get(person)
        if known is None or known.kind == "rules":
            if asked < MANY:
                asked += 1
                reasons[person] = explainer.explain(person)
            elif known is None:
                reasons[person] = Unplaced(person, "full")
    return tuple(reasons[person] for person in missing)
