"""The least change to a plan after somebody drops out or HR decides about a group.

A group that still satisfies everything stays as it is. Otherwise, in this order: as many people
seated as can be, as few other groups touched as can be, the most value. Somebody without a seat may
join, somebody of another group may come over, or the group is closed and its people join one or two
others. At most two other groups are touched for each group that is hit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from scheduler.grouping.checker import Ledger, find_faults, find_group_faults, value_group
from scheduler.grouping.encoding import find_units
from scheduler.grouping.problem import Problem, Seating

__all__ = ["Repair", "repair"]

JOINING = 2
"""People without a seat who may fill a group up again, at most: more would be another group."""
CANDIDATES = 60
"""People without a seat who are looked at for one group."""


@dataclass(frozen=True, slots=True)
class Repair:
    """What becomes of a plan.

    ``groups[i]`` is what becomes of group ``i``, ``None`` if it is closed; ``added``: groups of
    ``Problem.fixed`` that were not in the plan. ``touched``: groups changed that nobody dropped out
    of. ``joined`` had no seat before, ``left_out`` have none now although they did not drop out.
    """

    groups: tuple[Seating | None, ...]
    added: tuple[Seating, ...]
    touched: tuple[int, ...]
    joined: tuple[int, ...]
    left_out: tuple[int, ...]

    @property
    def standing(self) -> tuple[Seating, ...]:
        """All groups of the repaired plan."""
        return tuple(group for group in self.groups if group is not None) + self.added


def repair(
    problem: Problem,
    groups: Sequence[Seating],
    *,
    dropped: Collection[int] = (),
    keep: Collection[int] = (),
) -> Repair:
    """Mend a plan with the least change.

    Args:
        problem: The round. ``problem.fixed`` are groups that HR decided; their people leave the
            groups that they were in.
        groups: The plan as it was.
        dropped: People who do not come.
        keep: Numbers of groups that must not be touched (their invitation has gone out for good).
            They lose only those who dropped out.

    Raises:
        ValueError: What is left is no plan: a decided group takes the table of another one, or the
            plan was none before.
    """
    return _Repairing(problem, groups, set(dropped), set(keep)).run()


@dataclass(frozen=True, slots=True)
class _Change:
    """A way to mend one group: what becomes of some groups, and who gets or loses a seat."""

    groups: dict[int, Seating | None]
    joined: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()


class _Repairing:
    """One repair at work."""

    def __init__(
        self, problem: Problem, groups: Sequence[Seating], dropped: set[int], keep: set[int]
    ) -> None:
        fixed = set(problem.fixed)
        self.problem, self.ledger = problem, Ledger(problem)
        self.before = tuple(groups)
        self.groups: list[Seating | None] = list(groups)
        self.added = tuple(group for group in problem.fixed if group not in set(groups))
        self.keep = keep | {i for i, group in enumerate(groups) if group in fixed}
        decided = {p for group in self.added for p in group.members}
        self.unit = {p: frozenset(unit) for unit in find_units(problem.rules) for p in unit}
        gone = dropped | decided
        # Who is bound to somebody who drops out drops out of the round too.
        gone |= {p for one in dropped for p in self.unit.get(one, ()) if p not in decided}
        self.gone = gone
        seated = {p for group in groups for p in group.members} | gone
        free = np.asarray(np.any(problem.available, axis=1))
        free[list(seated)] = False
        self.waiting: npt.NDArray[np.bool_] = free
        self.touched: set[int] = set()
        self.joined: set[int] = set()
        self.left_out: set[int] = {p for one in dropped for p in self.unit.get(one, ())} - dropped

    def run(self) -> Repair:
        hit = [i for i, g in enumerate(self.before) if self.gone.intersection(g.members)]
        for index in hit:
            rest = tuple(p for p in self.before[index].members if p not in self.gone)
            self.groups[index] = replace(self.before[index], members=rest) if rest else None
        for index in hit:
            group = self.groups[index]
            if group is None or not find_group_faults(self.problem, group, self.ledger):
                continue
            if index in self.keep:
                self._apply(_Change({index: None}, left_out=frozenset(group.members)))
            else:
                self._apply(self._find_change(index, group))
        self.touched -= set(hit)
        standing = [group for group in self.groups if group is not None]
        faults = find_faults(self.problem, [*standing, *self.added])
        if faults:
            raise ValueError(f"This plan cannot be mended with what is decided: {faults[0]}")
        return Repair(
            groups=tuple(self.groups),
            added=self.added,
            touched=tuple(sorted(self.touched)),
            joined=tuple(sorted(self.joined)),
            left_out=tuple(sorted(self.left_out)),
        )

    def _apply(self, change: _Change) -> None:
        for index, group in change.groups.items():
            self.groups[index] = group
            self.touched.add(index)
        self.joined |= change.joined
        self.left_out |= change.left_out
        self.waiting[list(change.joined)] = False
        self.waiting[list(change.left_out)] = True

    def _find_change(self, index: int, group: Seating) -> _Change:
        """The best way to mend one group."""
        ways = [*self._list_joining(index, group), *self._list_closing(index, group)]
        ways += self._list_coming_over(index, group)
        return max(ways, key=self._rank)

    def _rank(self, change: _Change) -> tuple[int, int, int]:
        value = 0
        for index, after in change.groups.items():
            before = self.groups[index]
            for sign, group in ((-1, before), (1, after)):
                if group is not None:
                    value += sign * value_group(
                        self.problem, group.members, group.slot, self.ledger
                    )
        seated = len(change.joined) - len(change.left_out)
        return seated, -len(change.groups), value

    def _is_group(self, group: Seating) -> bool:
        return not find_group_faults(self.problem, group, self.ledger)

    def _can_come(self, group: Seating) -> npt.NDArray[np.bool_]:
        """Who is free in the slot of a group and may come to its venue."""
        place = int(self.problem.venues.place[group.venue])
        come = np.asarray(self.problem.available)[:, group.slot]
        here: npt.NDArray[np.bool_] = come & (
            (place < 0) | (np.asarray(self.problem.place) == place)
        )
        return here

    def _list_joining(self, index: int, group: Seating) -> Iterator[_Change]:
        """Somebody without a seat joins."""
        waiting = np.flatnonzero(self.waiting & self._can_come(group))
        longest = np.argsort(-np.asarray(self.problem.waited)[waiting], kind="stable")
        pool = waiting[longest][:CANDIDATES].tolist()
        for count in range(1, JOINING + 1):
            found = False
            for some in combinations(pool, count):
                more = {p for one in some for p in self.unit.get(one, frozenset([one]))}
                members = tuple(sorted({*group.members, *more}))
                after = replace(group, members=members)
                if all(self.waiting[p] for p in more) and self._is_group(after):
                    found = True
                    yield _Change({index: after}, joined=frozenset(more))
            if found:
                return

    def _list_coming_over(self, index: int, group: Seating) -> Iterator[_Change]:
        """Somebody of one other group comes over, and that group can spare them."""
        come = self._can_come(group)
        for other, donor in enumerate(self.groups):
            if donor is None or other == index or other in self.keep:
                continue
            if len(donor.members) <= self.problem.size_least:
                continue
            for person in donor.members:
                if not come[person] or person in self.unit:
                    continue
                after = replace(group, members=tuple(sorted((*group.members, person))))
                rest = replace(donor, members=tuple(p for p in donor.members if p != person))
                if self._is_group(after) and self._is_group(rest):
                    yield _Change({index: after, other: rest})

    def _list_closing(self, index: int, group: Seating) -> Iterator[_Change]:
        """The group is closed; its people join at most two others, or go without."""
        everybody = frozenset(group.members)
        units = sorted({tuple(sorted(self.unit.get(p, frozenset([p])))) for p in group.members})
        hosts: dict[frozenset[int], list[int]] = {}

        def find_hosts(people: frozenset[int]) -> list[int]:
            if people not in hosts:
                hosts[people] = self._find_hosts(index, people)
            return hosts[people]

        for size in range(len(units) + 1):
            for some in combinations(units, size):
                first = frozenset(p for unit in some for p in unit)
                if not first:
                    continue
                for host in find_hosts(first)[:1]:
                    change: dict[int, Seating | None] = {index: None, host: self._with(host, first)}
                    yield _Change(change, left_out=everybody - first)
                    second = everybody - first
                    for other in find_hosts(second)[:2] if second else ():
                        if other != host:
                            both = {**change, other: self._with(other, second)}
                            yield _Change(both)
                            break
        yield _Change({index: None}, left_out=everybody)

    def _with(self, host: int, people: frozenset[int]) -> Seating:
        group = self.groups[host]
        assert group is not None  # noqa: S101 -- hosts stand
        return replace(group, members=tuple(sorted({*group.members, *people})))

    def _find_hosts(self, index: int, people: frozenset[int]) -> list[int]:
        """Groups that some people can join, the most valuable first."""
        problem = self.problem
        some = list(people)
        free = np.asarray(np.all(np.asarray(problem.available)[some], axis=0))
        found = []
        for other, group in enumerate(self.groups):
            if group is None or other == index or other in self.keep or not free[group.slot]:
                continue
            if len(group.members) + len(some) > problem.size_most:
                continue
            after = self._with(other, people)
            if self._is_group(after):
                gain = value_group(problem, after.members, after.slot, self.ledger)
                gain -= value_group(problem, group.members, group.slot, self.ledger)
                found.append((-gain, other))
        return [other for _, other in sorted(found)]
