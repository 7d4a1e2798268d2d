"""Why somebody has no seat: the smallest set of rules that keeps them out.

Two questions, in this order. *Could there be a group with this person at all*, if everybody else
were still free? If not, the smallest set of hard rules without which there could. *Could they join
this plan as it is*, in a group with a seat left or with others who have none? If so but for some
rules, the smallest set of those. Sets are tried from small to large, and for each a depth-first
search looks for a group; up to ``NODES`` steps it is exhaustive, beyond that the set found may not
be the smallest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from scheduler.grouping.checker import Ledger, count_violations
from scheduler.grouping.encoding import find_units
from scheduler.grouping.problem import Problem, Seating
from scheduler.grouping.rules import AtLeast, LevelSpread, Rule, Together
from scheduler.grouping.screening import Screened, find_reachable
from scheduler.grouping.solution import Unplaced

_Search = Callable[[int, frozenset[str]], bool]

NODES = 4000
"""Steps of one search for a group."""
CANDIDATES = 48
"""People who are looked at in one slot beside the one who has no seat, in big cohorts."""
GROUPS = 300
"""Groups with a seat left that are looked at for one person."""
LARGEST_SET = 3
"""Rules in the largest set that is tried before all rules together."""
MANY = 3000
"""People who are explained one by one; whoever comes after them is told that all is full."""


class Explainer:
    """Answers for one finished plan."""

    def __init__(self, problem: Problem, groups: Sequence[Seating], ledger: Ledger) -> None:
        self.problem, self.ledger = problem, ledger
        self.reachable = find_reachable(problem)
        self.hard: list[Rule] = [
            r for r in problem.rules if not isinstance(r, Together) and r.weight is None
        ]
        self.names = tuple(
            dict.fromkeys(
                r.name for r in problem.rules if isinstance(r, Together) or r.weight is None
            )
        )
        self.units: dict[frozenset[str], dict[int, list[int]]] = {}
        self.seated = np.zeros(problem.available.shape[0], np.bool_)
        for group in groups:
            self.seated[list(group.members)] = True
        self.fixed = np.zeros_like(self.seated)
        for group in problem.fixed:
            self.fixed[list(group.members)] = True
        fixed_groups = {(g.members, g.slot) for g in problem.fixed}
        self.open: dict[int, list[Seating]] = {}
        for group in groups:
            room = min(problem.size_most, int(problem.venues.seats[group.venue]))
            if len(group.members) < room and (group.members, group.slot) not in fixed_groups:
                self.open.setdefault(group.slot, []).append(group)
        self.free_tables = self._find_free_tables(groups)
        self.order = self._order_candidates()

    def _find_free_tables(self, groups: Sequence[Seating]) -> npt.NDArray[np.bool_]:
        """``[v, s]``: one more group could sit there."""
        problem = self.problem
        start = np.asarray(problem.start, np.int64)
        low = np.searchsorted(start, start, side="left")
        high = np.searchsorted(start, start + problem.minutes, side="left")
        load = np.zeros(problem.venues.free.shape, np.int64)
        for group in groups:
            load[group.venue, low[group.slot] : high[group.slot]] += 1
        full = load >= np.asarray(problem.venues.tables)[:, None]
        free = np.array(problem.venues.free)
        for slot in range(len(start)):
            free[:, slot] &= ~full[:, low[slot] : high[slot]].any(axis=1)
        return free

    def _order_candidates(self) -> npt.NDArray[np.int64]:
        """People, those first whom "at least" rules ask for; ``needed`` are the few of a rule."""
        asked = np.zeros(len(self.seated), np.int64)
        self.needed = np.zeros(len(self.seated), np.bool_)
        for rule in self.hard:
            if isinstance(rule, AtLeast):
                asked += np.asarray(rule.who).astype(np.int64)
                if np.count_nonzero(rule.who) <= CANDIDATES:
                    self.needed |= rule.who
        return np.argsort(-asked, kind="stable")

    def explain(self, person: int) -> Unplaced:
        """The reason for one person of those who were not set aside beforehand."""
        static = self._find_smallest(self._search_anywhere, person)
        if static is None:
            return Unplaced(person, "too_few")
        if static:
            return Unplaced(person, "rules", static)
        joining = self._find_smallest(self._search_plan, person)
        if joining:
            return Unplaced(person, "left_over", joining)
        slots = np.flatnonzero(self.reachable[person])
        tables = any(self._find_venues(person, s, self.free_tables).size for s in slots.tolist())
        return Unplaced(person, "left_over" if tables else "full")

    def _find_smallest(self, search: _Search, person: int) -> tuple[str, ...] | None:
        """The smallest set of rules without which ``search`` finds a group, ``None`` if none is."""
        for size in range(min(LARGEST_SET, len(self.names)) + 1):
            for without in combinations(self.names, size):
                if search(person, frozenset(without)):
                    return without
        if len(self.names) > LARGEST_SET and search(person, frozenset(self.names)):
            return self._shrink(search, person)
        return None

    def _shrink(self, search: _Search, person: int) -> tuple[str, ...]:
        """A set of rules of which none can be left out (all but the needed are put back)."""
        without = set(self.names)
        for name in self.names:
            if search(person, frozenset(without - {name})):
                without.discard(name)
        return tuple(name for name in self.names if name in without)

    def _find_unit(self, person: int, without: frozenset[str]) -> list[int]:
        """The people bound to a person by the rules that hold."""
        key = without & {r.name for r in self.problem.rules if isinstance(r, Together)}
        if key not in self.units:
            rules = tuple(
                r for r in self.problem.rules if isinstance(r, Together) and r.name not in key
            )
            self.units[key] = {p: unit for unit in find_units(rules) for p in unit}
        return self.units[key].get(person, [person])

    def _find_venues(
        self, person: int, slot: int, free: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.int64]:
        """Venues that are free in a slot, which a person may use and which hold a group."""
        venues = self.problem.venues
        fits = free[:, slot] & (np.asarray(venues.tables) > 0)
        fits &= (np.asarray(venues.place) < 0) | (
            np.asarray(venues.place) == self.problem.place[person]
        )
        fits &= np.asarray(venues.seats) >= self.problem.size_least
        found: npt.NDArray[np.int64] = np.flatnonzero(fits)
        return found

    def _search_anywhere(self, person: int, without: frozenset[str]) -> bool:
        """Whether there could be a group with them, were everybody still free."""
        free = np.asarray(self.problem.venues.free)
        return self._search(person, without, free, ~self.fixed) is not None

    def find_group(self, person: int, *, but: npt.NDArray[np.bool_]) -> Seating | None:
        """A group that there could be with somebody: best with others who have no seat either.

        ``but``: people whom it must not have, shape ``(n,)``.
        """
        nothing: frozenset[str] = frozenset()
        new = self._search(person, nothing, self.free_tables, ~self.seated & ~but)
        if new is not None:
            return new
        free = np.asarray(self.problem.venues.free)
        return self._search(person, nothing, free, ~self.fixed & ~but)

    def _search_plan(self, person: int, without: frozenset[str]) -> bool:
        """Whether they can join the plan as it is: a group with a seat left, or a new one."""
        unit = self._find_unit(person, without)
        if any(self.seated[p] for p in unit):
            return False
        slots = np.flatnonzero(self.reachable[unit].all(axis=0)).tolist()
        looked = 0
        for slot in slots:
            for group in self.open.get(slot, ()):
                looked += 1
                if looked > GROUPS:
                    break
                if self._may_join(unit, group, without):
                    return True
        return self._search(person, without, self.free_tables, ~self.seated) is not None

    def _may_join(self, unit: list[int], group: Seating, without: frozenset[str]) -> bool:
        """Whether a unit can join a group."""
        problem = self.problem
        members = tuple(sorted({*group.members, *unit}))
        room = min(problem.size_most, int(problem.venues.seats[group.venue]))
        place = int(problem.venues.place[group.venue])
        return (
            len(members) <= room
            and (place < 0 or all(problem.place[p] == place for p in unit))
            and self._is_allowed(members, group.slot, without, growing=False)
        )

    def _search(
        self,
        person: int,
        without: frozenset[str],
        free: npt.NDArray[np.bool_],
        allowed: npt.NDArray[np.bool_],
    ) -> Seating | None:
        """A group of allowed people with this one that can meet at a free venue."""
        unit = self._find_unit(person, without)
        if not all(allowed[p] for p in unit):
            return None
        steps = [NODES]
        for slot in np.flatnonzero(self.reachable[unit].all(axis=0)).tolist():
            venues = self._find_venues(person, slot, free)
            seen = set()
            for venue in venues.tolist():
                kind = (
                    int(self.problem.venues.place[venue]),
                    min(self.problem.size_most, int(self.problem.venues.seats[venue])),
                )
                if kind in seen:
                    continue
                seen.add(kind)
                members = self._grow(unit, slot, kind, without, allowed, steps)
                if members is not None:
                    return Seating(members, slot, venue)
            if steps[0] <= 0:
                return None
        return None

    def _grow(  # noqa: C901 -- the search closes over its arguments
        self,
        unit: list[int],
        slot: int,
        kind: tuple[int, int],
        without: frozenset[str],
        allowed: npt.NDArray[np.bool_],
        steps: list[int],
    ) -> tuple[int, ...] | None:
        """Depth-first search for a group around ``unit`` in one slot at one kind of venue.

        Where a rule asks for somebody whom the group lacks, only such people are tried next: every
        group that there can be has one of them.
        """
        problem = self.problem
        place, room = kind
        come = allowed & np.asarray(problem.available)[:, slot]
        if place >= 0:
            come = come & (np.asarray(problem.place) == place)
        if not all(come[p] for p in unit) or len(unit) > room:
            return None
        others = self.order[come[self.order]]
        first, rest = others[self.needed[others]], others[~self.needed[others]]
        # Different people look at different others, or all would fail at the same few.
        turn = int(np.searchsorted(rest, unit[0])) if len(rest) > CANDIDATES else 0
        ordered = [*first.tolist(), *np.roll(rest, -turn).tolist()]
        pool = [
            member_unit
            for member_unit in self._list_units(ordered, without, come)
            if unit[0] not in member_unit
        ]
        fitting: list[list[int]] = []
        for other in pool:
            if len(fitting) >= CANDIDATES:
                break
            both = tuple(sorted({*unit, *other}))
            if len(both) <= room and self._is_allowed(both, slot, without, growing=True):
                fitting.append(other)
            steps[0] -= 1
            if steps[0] <= 0:
                break

        def extend(members: tuple[int, ...], left: list[int]) -> tuple[int, ...] | None:
            steps[0] -= 1
            lacks = self._find_lacking(members, slot, without)
            if (
                lacks is None
                and len(members) >= problem.size_least
                and self._is_allowed(members, slot, without, growing=False)
            ):
                return members
            tried: set[int] = set()
            for index in left:
                if steps[0] <= 0:
                    return None
                if lacks is not None and not any(lacks.who[p] for p in fitting[index]):
                    continue
                tried.add(index)
                more = tuple(sorted({*members, *fitting[index]}))
                if len(more) <= room and self._is_allowed(more, slot, without, growing=True):
                    found = extend(more, [other for other in left if other not in tried])
                    if found is not None:
                        return found
            return None

        start = tuple(sorted(unit))
        if not self._is_allowed(start, slot, without, growing=True):
            return None
        return extend(start, list(range(len(fitting))))

    def _find_lacking(
        self, members: tuple[int, ...], slot: int, without: frozenset[str]
    ) -> AtLeast | None:
        """The rule that asks for somebody whom a group lacks, of several the one of the fewest."""
        lacking = [
            rule
            for rule in self.hard
            if isinstance(rule, AtLeast)
            and rule.name not in without
            and count_violations(rule, members, slot, self.ledger)
        ]
        return min(lacking, key=lambda rule: int(np.count_nonzero(rule.who)), default=None)

    def _list_units(
        self, people: Iterable[int], without: frozenset[str], come: npt.NDArray[np.bool_]
    ) -> Iterator[list[int]]:
        """The units of some people, each once, whose members can all come."""
        seen: set[int] = set()
        for person in people:
            if person in seen:
                continue
            unit = self._find_unit(person, without)
            seen.update(unit)
            if all(come[p] for p in unit):
                yield unit

    def _is_allowed(
        self, members: tuple[int, ...], slot: int, without: frozenset[str], *, growing: bool
    ) -> bool:
        """Whether the hard rules that hold allow a group (one that may still grow)."""
        return all(
            rule.name in without
            or (growing and _can_be_mended(rule, members))
            or not count_violations(rule, members, slot, self.ledger)
            for rule in self.hard
        )


def _can_be_mended(rule: Rule, members: tuple[int, ...]) -> bool:
    """Whether more members can end a violation."""
    if isinstance(rule, LevelSpread):
        if rule.at_most is None:
            return True
        levels = [int(rule.level[p]) for p in members if rule.level[p] >= 0]
        return not levels or max(levels) - min(levels) <= rule.at_most
    return isinstance(rule, AtLeast)


def explain_unplaced(
    problem: Problem, groups: Sequence[Seating], screened: Screened, ledger: Ledger
) -> tuple[Unplaced, ...]:
    """A reason for everybody without a seat, in the order of people."""
    explainer = Explainer(problem, groups, ledger)
    reasons = dict(screened.out)
    missing = np.flatnonzero(~explainer.seated).tolist()
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
