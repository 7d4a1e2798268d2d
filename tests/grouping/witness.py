"""An independent witness: the rules read once more, and the best plan by trying everything.

Shares no code with the engine but the classes that describe a problem.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from scheduler.grouping.problem import Problem
from scheduler.grouping.rules import (
    Apart,
    AtLeast,
    AtMost,
    AtMostOfOne,
    CommonBit,
    CommonHours,
    LevelSpread,
    Same,
    Together,
)


def violations(rule, people, slot):
    if isinstance(rule, AtMostOfOne):
        known = [c for c in (int(rule.code[p]) for p in people) if c != -1]
        return sum(max(known.count(c) - rule.count, 0) for c in set(known))
    if isinstance(rule, Same):
        distinct = {("nobody", p) if rule.code[p] == -1 else int(rule.code[p]) for p in people}
        return len(distinct) - 1
    if isinstance(rule, AtLeast):
        asked = rule.when is None or any(bool(rule.when[p]) for p in people)
        have = len([p for p in people if rule.who[p]])
        return max(0, rule.count - have) if asked else 0
    if isinstance(rule, AtMost):
        return max(0, len([p for p in people if rule.who[p]]) - rule.count)
    if isinstance(rule, Apart):
        pairs = {frozenset(map(int, pair)) for pair in rule.pairs}
        return sum(frozenset(pair) in pairs for pair in combinations(people, 2))
    if isinstance(rule, LevelSpread):
        levels = [int(rule.level[p]) for p in people if rule.level[p] != -1]
        if len(levels) < 2:
            return 0
        spread = max(levels) - min(levels)
        count = 0
        if rule.at_least is not None and spread < rule.at_least:
            count += rule.at_least - spread
        if rule.at_most is not None and spread > rule.at_most:
            count += spread - rule.at_most
        return count
    if isinstance(rule, CommonBit):
        return int(not any(all((int(rule.bits[p]) >> b) & 1 for p in people) for b in range(64)))
    if isinstance(rule, CommonHours):
        day = rule.day[slot]
        common = min(rule.closes[p][day] for p in people) - max(rule.opens[p][day] for p in people)
        return int(common < rule.minutes)
    raise AssertionError(rule)


def worth_of_pair(problem, i, j):
    ties = problem.ties
    prices = [int(c) for a, b, c in ties.met if {int(a), int(b)} == {i, j}]
    if prices:
        return -sum(prices)
    points = sum(int(c) for a, b, c in ties.pairs if {int(a), int(b)} == {i, j})
    return int(ties.between[ties.department[i], ties.department[j]]) + points


def worth_of_group(problem, people, slot):
    total = sum(worth_of_pair(problem, i, j) for i, j in combinations(people, 2))
    total += int(problem.size_points[len(people)])
    for rule in problem.rules:
        if not isinstance(rule, Together) and rule.weight is not None:
            total -= rule.weight * violations(rule, people, slot)
    return total


def may_meet(problem, people, slot, venue):
    size = len(people)
    if not problem.size_least <= size <= min(problem.size_most, int(problem.venues.seats[venue])):
        return False
    if not problem.venues.free[venue, slot] or not all(problem.available[p, slot] for p in people):
        return False
    place = problem.venues.place[venue]
    if place != -1 and any(problem.place[p] != place for p in people):
        return False
    for rule in problem.rules:
        if isinstance(rule, Together):
            if any((int(i) in people) != (int(j) in people) for i, j in rule.pairs):
                return False
        elif rule.weight is None and violations(rule, people, slot):
            return False
    return True


def list_groups(problem: Problem):
    """Every group that may meet: (people, slot, venue)."""
    n = problem.available.shape[0]
    return [
        (people, slot, venue)
        for size in range(problem.size_least, problem.size_most + 1)
        for people in combinations(range(n), size)
        for slot in range(len(problem.start))
        for venue in range(len(problem.venues.seats))
        if may_meet(problem, people, slot, venue)
    ]


def tables_suffice(problem, uses):
    """Whether groups at (slot, venue) find a table each, moment by moment."""
    for _, venue in uses:
        starts = [int(problem.start[s]) for s, v in uses if v == venue]
        for moment in range(min(starts), max(starts) + problem.minutes):
            at_once = sum(start <= moment < start + problem.minutes for start in starts)
            if at_once > problem.venues.tables[venue]:
                return False
    return True


def find_best(problem: Problem):
    """The best (placed, waited, value) of all plans, by trying all of them."""
    groups = list_groups(problem)
    by_first = {}
    for people, slot, venue in groups:
        by_first.setdefault(people[0], []).append((people, slot, venue))
    best = (0, 0, 0)
    n = problem.available.shape[0]
    worth = {(p, s): worth_of_group(problem, p, s) for p, s, _ in groups}

    def seat(person, seated, uses, score):
        nonlocal best
        best = max(best, score)
        if person == n or score[0] + sum(p not in seated for p in range(person, n)) < best[0]:
            return
        if person not in seated:
            for people, slot, venue in by_first.get(person, ()):
                if seated.isdisjoint(people) and tables_suffice(problem, [*uses, (slot, venue)]):
                    seat(
                        person + 1,
                        seated | set(people),
                        [*uses, (slot, venue)],
                        (
                            score[0] + len(people),
                            score[1] + sum(int(problem.waited[p]) for p in people),
                            score[2] + worth[people, slot],
                        ),
                    )
        seat(person + 1, seated, uses, score)

    seat(0, frozenset(), [], best)
    return best


def find_faults(problem, groups):
    """What is wrong with a plan of ``Seating``s; empty if nothing is."""
    faults = [g for g in groups if not may_meet(problem, g.members, g.slot, g.venue)]
    people = [p for g in groups for p in g.members]
    if len(set(people)) != len(people):
        faults.append("twice")
    if groups and not tables_suffice(problem, [(g.slot, g.venue) for g in groups]):
        faults.append("tables")
    return faults


def without_rules(problem, names):
    """The same problem less the rules of these names."""
    kept = tuple(rule for rule in problem.rules if rule.name not in names)
    fields = {f: getattr(problem, f) for f in problem.__dataclass_fields__}
    return Problem(**{**fields, "rules": kept})


def can_meet_at_all(problem, person):
    return any(person in people for people, _, _ in list_groups(problem))


__all__ = ["can_meet_at_all", "find_best", "find_faults", "np", "without_rules"]
