"""Rules and values of all groups of a plan at once, from the rules' sentences, knowing no solver.

:mod:`scheduler.grouping.checker` says the same of one group; both are held to each other by tests.
A plan of a hundred thousand people has too many groups to look at one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scheduler.grouping.encoding import make_size_points
from scheduler.grouping.problem import Bools, Ints, Problem, Seating
from scheduler.grouping.rules import (
    Apart,
    AtLeast,
    AtMost,
    AtMostOfOne,
    CommonBit,
    CommonHours,
    LevelSpread,
    Rule,
    Same,
    Together,
)


class Tally:
    """The groups ``g`` of a plan.

    ``seats[g, k]``: the members, -1 behind the last; ``slot[g]``, ``venue[g]``.
    """

    def __init__(self, problem: Problem, groups: Sequence[Seating]) -> None:
        self.problem = problem
        width = max((len(group.members) for group in groups), default=1)
        rows = [group.members + (-1,) * (width - len(group.members)) for group in groups]
        self.seats = np.array(rows, np.int64).reshape(len(groups), width)
        self.slot = np.array([group.slot for group in groups], np.int64)
        self.venue = np.array([group.venue for group in groups], np.int64)
        self.sits = self.seats >= 0
        self.size = self.sits.sum(axis=1)
        n = problem.available.shape[0]
        one, other = np.triu_indices(width, 1)
        both = self.sits[:, one] & self.sits[:, other]
        #: The pairs who meet, as one number each, and the group of each.
        self.pairs_of = np.nonzero(both)[0]
        ends = np.stack([self.seats[:, one][both], self.seats[:, other][both]])
        self.one, self.other = ends.min(axis=0), ends.max(axis=0)
        self.pairs = self.one * n + self.other
        #: The group of each person, -1 for none; of several the last.
        self.group_of = np.full(n, -1, np.int64)
        self.group_of[self.seats[self.sits]] = np.nonzero(self.sits)[0]

    def count_violations(self, rule: Rule) -> Ints:
        """How often each group violates a rule, ``(g,)``; not those over several groups."""
        count: Ints = np.zeros(len(self.slot), np.int64)
        match rule:
            case AtMostOfOne():
                count = self._count_equal(np.asarray(rule.code), rule.count)
            case Same():
                code = self._look_up(np.asarray(rule.code), -1)
                new = np.diff(np.sort(code, axis=1), axis=1, prepend=-1) > 0
                count = new.sum(axis=1) + (self.sits & (code < 0)).sum(axis=1) - 1
            case AtLeast():
                count = self._count_missing(rule)
            case AtMost():
                who = self._look_up(np.asarray(rule.who), 0).sum(axis=1)
                count = np.maximum(0, who - rule.count)
            case Apart():
                pairs = np.asarray(rule.pairs, np.int64).reshape(-1, 2)
                keys = pairs.min(axis=1) * len(self.group_of) + pairs.max(axis=1)
                count = self._sum_pairs(np.isin(self.pairs, keys))
            case LevelSpread():
                count = self._count_spread(rule)
            case CommonBit():
                bits = self._look_up(np.asarray(rule.bits), np.uint64(2**64 - 1))
                count = (np.bitwise_and.reduce(bits, axis=1) == 0).astype(np.int64)
            case CommonHours():
                count = self._count_hours(rule)
        return count

    def value_groups(self) -> Ints:
        """Ties, size and soft rules of each group, in points, ``(g,)``."""
        value = self._sum_pairs(self._value_pairs()) + make_size_points(self.problem)[self.size]
        for rule in self.problem.rules:
            if not isinstance(rule, Together) and rule.weight is not None:
                value -= rule.weight * self.count_violations(rule)
        return np.asarray(value, np.int64)

    def find_faulty(self) -> Bools:
        """Which groups have something wrong with themselves, whatever the others are, ``(g,)``."""
        problem, venues = self.problem, self.problem.venues
        following = self.sits[:, 1:]
        faulty = ((np.diff(self.seats, axis=1) <= 0) & following).any(axis=1)
        faulty |= (self.size < problem.size_least) | (self.size > problem.size_most)
        faulty |= self.size > np.asarray(venues.seats)[self.venue]
        faulty |= ~np.asarray(venues.free)[self.venue, self.slot]
        free = np.asarray(problem.available)[self.seats, self.slot[:, None]]
        faulty |= (~free & self.sits).any(axis=1)
        place = np.asarray(venues.place)[self.venue]
        away = self._look_up(np.asarray(problem.place), -1) != place[:, None]
        faulty |= (place >= 0) & (away & self.sits).any(axis=1)
        for rule in problem.rules:
            if not isinstance(rule, Together) and rule.weight is None:
                faulty |= self.count_violations(rule) > 0
        return np.asarray(faulty, np.bool_)

    def _look_up(self, values: npt.NDArray[Any], fill: Any) -> npt.NDArray[Any]:
        """What each member has, ``(g, k)``; ``fill`` where nobody sits."""
        found: npt.NDArray[Any] = np.where(self.sits, values[self.seats], fill)
        return found

    def _sum_pairs(self, points: Ints | Bools) -> Ints:
        """The sum over the pairs of each group."""
        total = np.zeros(len(self.slot), np.int64)
        np.add.at(total, self.pairs_of, points)
        return total

    def _value_pairs(self) -> Ints:
        """What it is worth that the two of each pair meet."""
        ties = self.problem.ties
        department = np.asarray(ties.department)
        worth = np.asarray(ties.between)[department[self.one], department[self.other]]
        worth = worth + self._look_up_pairs(np.asarray(ties.pairs))[0]
        price, met = self._look_up_pairs(np.asarray(ties.met))
        return np.where(met, -price, worth)

    def _look_up_pairs(self, rows: Ints) -> tuple[Ints, Bools]:
        """What a table of pairs says of each pair: the sum, and whether it is there at all."""
        rows = rows.reshape(-1, 3)
        keys = rows[:, :2].min(axis=1) * len(self.group_of) + rows[:, :2].max(axis=1)
        inside = np.isin(keys, self.pairs)
        known, at = np.unique(keys[inside], return_inverse=True)
        sums = np.zeros(len(known) + 1, np.int64)
        np.add.at(sums, at, rows[inside, 2])
        where = np.searchsorted(known, self.pairs)
        there = np.append(known, -1)[where] == self.pairs
        return np.where(there, sums[where], 0), there

    def _count_equal(self, code: Ints, count: int) -> Ints:
        """Members above ``count`` of one code."""
        known = np.sort(self._look_up(code, -1), axis=1)
        place = np.zeros_like(known)
        for k in range(1, known.shape[1]):
            place[:, k] = np.where(known[:, k] == known[:, k - 1], place[:, k - 1] + 1, 0)
        above: Ints = ((place >= count) & (known >= 0)).sum(axis=1)
        return above

    def _count_missing(self, rule: AtLeast) -> Ints:
        missing = np.zeros(len(self.slot), np.int64)
        asking = np.arange(len(self.slot))
        if rule.when is not None:
            asking = np.unique(self.group_of[np.flatnonzero(rule.when)])
            asking = asking[asking >= 0]
        who = (np.asarray(rule.who)[self.seats[asking]] & self.sits[asking]).sum(axis=1)
        missing[asking] = np.maximum(0, rule.count - who)
        return missing

    def _count_hours(self, rule: CommonHours) -> Ints:
        day = np.asarray(rule.day)[self.slot][:, None]
        far = np.iinfo(np.int64).max // 4
        opens = np.where(self.sits, np.asarray(rule.opens)[self.seats, day], -far)
        closes = np.where(self.sits, np.asarray(rule.closes)[self.seats, day], far)
        common = closes.min(axis=1) - opens.max(axis=1)
        short: Ints = (common < rule.minutes).astype(np.int64)
        return short

    def _count_spread(self, rule: LevelSpread) -> Ints:
        level = self._look_up(np.asarray(rule.level), -1)
        known = level >= 0
        far = np.iinfo(np.int64).max // 4
        spread = np.where(known, level, -far).max(axis=1) - np.where(known, level, far).min(axis=1)
        count = np.zeros(len(spread), np.int64)
        if rule.at_least is not None:
            count += np.maximum(0, rule.at_least - spread)
        if rule.at_most is not None:
            count += np.maximum(0, spread - rule.at_most)
        return np.where(known.sum(axis=1) >= 2, count, 0)
