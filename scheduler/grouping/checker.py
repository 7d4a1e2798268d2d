"""Is this a plan? Read from the rules' sentences, one group at a time, knowing no solver.

Every solve ends here: a plan that breaks a hard rule is never given back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scheduler.grouping.encoding import SIZE_COMFORT, SLOT_COMFORT, find_units, make_size_points
from scheduler.grouping.problem import Problem, Seating
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
from scheduler.grouping.tally import Tally


class Ledger:
    """Points and prices of single pairs, looked up by two people, and points by size."""

    def __init__(self, problem: Problem) -> None:
        self.points: dict[tuple[int, int], int] = {}
        self.prices: dict[tuple[int, int], int] = {}
        for table, rows in (
            (self.points, problem.ties.pairs),
            (self.prices, problem.ties.met),
        ):
            for i, j, points in np.asarray(rows, np.int64).reshape(-1, 3).tolist():
                key = (min(i, j), max(i, j))
                table[key] = table.get(key, 0) + points
        self.size_points = make_size_points(problem)
        self.apart = {
            id(rule): {
                (min(i, j), max(i, j))
                for i, j in np.asarray(rule.pairs, np.int64).reshape(-1, 2).tolist()
            }
            for rule in problem.rules
            if isinstance(rule, Apart)
        }


def count_violations(  # noqa: C901, PLR0911 -- one case for each rule
    rule: Rule, members: tuple[int, ...], slot: int, ledger: Ledger
) -> int:
    """How often a group violates a rule; the sentence of each rule is its class's docstring."""
    match rule:
        case AtMostOfOne():
            codes = [int(rule.code[p]) for p in members if rule.code[p] >= 0]
            return sum(max(0, codes.count(code) - rule.count) for code in set(codes))
        case Same():
            codes = [int(rule.code[p]) for p in members]
            return len(set(codes) - {-1}) + codes.count(-1) - 1
        case AtLeast():
            if rule.when is not None and not any(rule.when[p] for p in members):
                return 0
            return max(0, rule.count - sum(bool(rule.who[p]) for p in members))
        case AtMost():
            return max(0, sum(bool(rule.who[p]) for p in members) - rule.count)
        case Apart():
            pairs = ledger.apart[id(rule)]
            return sum((i, j) in pairs for i, j in _pairs_of(members))
        case Together():
            inside = set(members)
            return sum((int(i) in inside) != (int(j) in inside) for i, j in rule.pairs)
        case LevelSpread():
            levels = [int(rule.level[p]) for p in members if rule.level[p] >= 0]
            if len(levels) < 2:
                return 0
            spread = max(levels) - min(levels)
            short = 0 if rule.at_least is None else max(0, rule.at_least - spread)
            return short + (0 if rule.at_most is None else max(0, spread - rule.at_most))
        case CommonBit():
            common = ~0
            for p in members:
                common &= int(rule.bits[p])
            return int(common == 0)
        case CommonHours():
            day = int(rule.day[slot])
            opens = max(int(rule.opens[p, day]) for p in members)
            closes = min(int(rule.closes[p, day]) for p in members)
            return int(closes - opens < rule.minutes)


def _pairs_of(members: tuple[int, ...]) -> Iterable[tuple[int, int]]:
    ordered = sorted(members)
    return ((i, j) for a, i in enumerate(ordered) for j in ordered[a + 1 :])


def value_ties(problem: Problem, members: tuple[int, ...], ledger: Ledger) -> int:
    """The points of all pairs of a group: new ties, less the price of repeats."""
    department = problem.ties.department
    total = 0
    for pair in _pairs_of(members):
        if pair in ledger.prices:
            total -= ledger.prices[pair]
        else:
            total += int(problem.ties.between[department[pair[0]], department[pair[1]]])
            total += ledger.points.get(pair, 0)
    return total


def value_group(
    problem: Problem, members: tuple[int, ...], slot: int, ledger: Ledger | None = None
) -> int:
    """Ties, size and soft rules of one group, in points."""
    ledger = ledger or Ledger(problem)
    value = value_ties(problem, members, ledger) + int(ledger.size_points[len(members)])
    for rule in problem.rules:
        if not isinstance(rule, Together) and rule.weight is not None:
            value -= rule.weight * count_violations(rule, members, slot, ledger)
    return value


def measure_comfort(problem: Problem, groups: Iterable[Seating]) -> int:
    """The last level: pleasant times per person, ideal sizes, few slots."""
    comfort = 0
    slots = set()
    for group in groups:
        size = len(group.members)
        comfort += size * int(problem.pleasant[group.slot])
        comfort -= SIZE_COMFORT * abs(size - problem.size_ideal)
        slots.add(group.slot)
    return comfort - SLOT_COMFORT * len(slots)


def find_faults(
    problem: Problem, groups: Sequence[Seating], tally: Tally | None = None
) -> list[str]:
    """Every way in which these groups are not a plan, as sentences; empty: they are one.

    Fixed groups are taken as they are: somebody decided them.
    """
    faulty = np.flatnonzero((tally or Tally(problem, groups)).find_faulty()).tolist()
    ledger = Ledger(problem) if faulty else None
    faults = []
    fixed = {(group.members, group.slot, group.venue) for group in problem.fixed}
    for number in faulty:
        group = groups[number]
        if ledger and (group.members, group.slot, group.venue) not in fixed:
            faults += [
                f"Group {number} {fault}" for fault in find_group_faults(problem, group, ledger)
            ]
    return faults + _find_shared_faults(problem, groups)


def find_group_faults(problem: Problem, group: Seating, ledger: Ledger) -> list[str]:
    """What is wrong with one group, whatever the others are."""
    return [str(fault) for fault in list_group_faults(problem, group, ledger)]


@dataclass(frozen=True, slots=True)
class GroupFault:
    """One thing that is wrong with a group, for callers who say it in words of their own.

    ``person``: whom it is about, -1 for the group; ``rule``: the name of the rule that is broken.
    """

    kind: Literal["members", "size", "seats", "closed", "busy", "elsewhere", "rule"]
    text: str
    person: int = -1
    rule: str = ""

    def __str__(self) -> str:
        return self.text


def list_group_faults(problem: Problem, group: Seating, ledger: Ledger) -> list[GroupFault]:
    """:func:`find_group_faults`, each with whom and which rule it is about."""
    members, slot, venue = group.members, group.slot, group.venue
    place = int(problem.venues.place[venue])
    faults = []
    if list(members) != sorted(set(members)):
        faults.append(GroupFault("members", "does not list its members once each, ascending."))
    if not problem.size_least <= len(members) <= problem.size_most:
        faults.append(GroupFault("size", f"has {len(members)} members."))
    if len(members) > problem.venues.seats[venue]:
        faults.append(GroupFault("seats", f"does not fit its venue {venue}."))
    if not problem.venues.free[venue, slot]:
        text = f"meets at venue {venue}, which is not free in slot {slot}."
        faults.append(GroupFault("closed", text))
    faults += [
        GroupFault("busy", f"has person {person}, who is not free in slot {slot}.", person)
        for person in members
        if not problem.available[person, slot]
    ]
    faults += [
        GroupFault("elsewhere", f"has person {person}, who cannot come to venue {venue}.", person)
        for person in members
        if place >= 0 and problem.place[person] != place
    ]
    faults += [
        GroupFault("rule", f"breaks the rule {rule.name}.", rule=rule.name)
        for rule in problem.rules
        if not isinstance(rule, Together)
        and rule.weight is None
        and count_violations(rule, members, slot, ledger)
    ]
    return faults


def _find_shared_faults(problem: Problem, groups: Sequence[Seating]) -> list[str]:
    """What is wrong between groups: people twice, tables too few, bound people apart."""
    faults = []
    seen: dict[int, int] = {}
    use: dict[int, list[int]] = {}
    for number, group in enumerate(groups):
        use.setdefault(group.venue, []).append(int(problem.start[group.slot]))
        for person in group.members:
            if person in seen:
                faults.append(f"Person {person} sits in groups {seen[person]} and {number}.")
            seen[person] = number
    for venue, starts in use.items():
        for start in set(starts):
            at_once = sum(start - problem.minutes < other <= start for other in starts)
            if at_once > problem.venues.tables[venue]:
                faults.append(f"Venue {venue} has {at_once} groups at once from minute {start}.")
    faults += [
        f"People {unit} must be together and are not."
        for unit in find_units(problem.rules)
        if len({seen.get(person, -1) for person in unit}) > 1
    ]
    faults.extend(
        f"The fixed group of {group.members} is missing."
        for group in problem.fixed
        if {seen.get(person) for person in group.members} != {seen.get(group.members[0])}
        or seen.get(group.members[0]) is None
    )
    return faults
