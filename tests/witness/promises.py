"""What each preset promises, checked from the outside: by ids and the directory alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import combinations

from scheduler.grouping.plan import Group, Plan
from tests.witness.calendars import Calendar
from tests.witness.plans import BLOCKS

People = Mapping[str, dict]
"""The directory by id: department, office, title, hired, manager, mail."""


def find_common_faults(
    plan: Plan, people: People, calendars: Mapping[str, Calendar], *, sizes: range, free: bool
) -> list[str]:
    """What no plan may do; ``free``: people are free, in their hours, at their group's time."""
    seats = Counter(member for group in plan.groups for member in group.member_ids)
    faults = [f"{member} sits {count} times" for member, count in seats.items() if count > 1]
    faults += [f"{one.person_id} is left out and has a seat" for one in plan.left_out
               if one.person_id in seats]  # fmt: skip
    for group in plan.groups:
        name = f"group {group.number}"
        count = len(group.member_ids)
        if count not in sizes:
            faults.append(f"{name} has {count} members")
        if count > group.place.seats:
            faults.append(f"{name} has too few seats")
        members = [people[m] for m in group.member_ids if m in people]
        if group.place.office is not None:
            faults += [f"{name}: {one['name']} comes from {one['office']}" for one in members
                       if one["office"] != group.place.office]  # fmt: skip
        if free:
            faults += [
                f"{name}: {one['name']} is taken"
                for one in members
                if calendars[one["mail"]].is_taken(group.slot.start, group.slot.end, BLOCKS)
            ]
    return faults + _double_bookings(plan)


def _double_bookings(plan: Plan) -> list[str]:
    faults = []
    by_place: dict[object, list[Group]] = {}
    for group in plan.groups:
        by_place.setdefault(group.place, []).append(group)
    for place, groups in by_place.items():
        moments = [(g.slot.start, 1) for g in groups] + [(g.slot.end, -1) for g in groups]
        used = most = 0
        for _, change in sorted(moments):
            used += change
            most = max(most, used)
        if most > place.tables:
            faults.append(f"{place.name} holds {most} groups at once")
    return faults


def each(plan: Plan, people: People, holds: Callable[[list[dict]], bool], what: str) -> list[str]:
    """The groups whose members (guests aside) do not hold to something."""
    return [
        f"group {group.number} is not {what}"
        for group in plan.groups
        if not holds([people[m] | {"id": m} for m in group.member_ids if m in people])
    ]


def all_differ(field: str) -> Callable[[list[dict]], bool]:
    return lambda members: len({one[field] for one in members}) == len(members)


def all_share(field: str) -> Callable[[list[dict]], bool]:
    return lambda members: len({one[field] for one in members}) == 1


def no_manager_with_report(members: list[dict]) -> bool:
    ids = {one["id"] for one in members}
    return not any(one["manager"] in ids for one in members)


def is_one_team(members: list[dict]) -> bool:
    """People with one manager, with or without that manager."""
    return any(
        all(one["id"] == leader or one["manager"] == leader for one in members)
        for leader in {one["manager"] for one in members} | {one["id"] for one in members}
    )


def days_here(person: dict, today: dt.date) -> int:
    return (today - person["hired"]).days if person["hired"] else -1


def find_seating_faults(plan: Plan, *, turns: int, table: int) -> list[str]:
    """Everybody sits somewhere in each turn, never alone, and with nobody twice."""
    faults = []
    for group in plan.groups:
        name = f"group {group.number}"
        if len(group.turns) != turns:
            faults.append(f"{name} has {len(group.turns)} turns")
        met: Counter[tuple[str, ...]] = Counter()
        for tables in group.turns:
            if sorted(m for members in tables for m in members) != sorted(group.member_ids):
                faults.append(f"{name} does not seat everybody once in a turn")
            for members in tables:
                if not 2 <= len(members) <= table:
                    faults.append(f"{name} has a table of {len(members)}")
                met.update(combinations(sorted(members), 2))
        faults += [
            f"{name}: {pair} meets {count} times" for pair, count in met.items() if count > 1
        ]
    return faults


def is_half_and_half(ends: tuple[str, str]) -> Callable[[list[dict]], bool]:
    def holds(members: list[dict]) -> bool:
        count = Counter(one["department"] for one in members)
        return set(count) == set(ends) and abs(count[ends[0]] - count[ends[1]]) <= 1

    return holds
