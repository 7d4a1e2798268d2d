"""What must hold of any plan of a lunch or a coffee, checked from the outside."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from scheduler.grouping.plan import Group, Plan
from tests.witness.calendars import Calendar

BLOCKS = {"busy", "tentative", "oof", "unknown"}


def find_faults(
    plan: Plan,
    people: dict[str, dict],
    calendars: dict[str, Calendar],
    *,
    sizes: range,
    in_person: bool,
    managers: dict[str, str | None],
    tied: frozenset[frozenset[str]] = frozenset(),
) -> list[str]:
    """Every broken promise of a plan, in words; ``tied``: pairs that must not meet (again)."""
    faults = []
    seats = Counter(member for group in plan.groups for member in group.member_ids)
    faults += [f"{member} sits {count} times" for member, count in seats.items() if count > 1]
    faults += [
        f"{one.person_id} is left out and has a seat"
        for one in plan.left_out
        if one.person_id in seats
    ]
    for group in plan.groups:
        faults += _faults_of(group, people, calendars, in_person=in_person)
        if len(group.member_ids) not in sizes:
            faults.append(f"group {group.number} has {len(group.member_ids)} members")
        for one, other in combinations(group.member_ids, 2):
            if people[one]["department"] == people[other]["department"]:
                faults.append(f"{one} and {other} are of one department")
            if managers.get(one) == other or managers.get(other) == one:
                faults.append(f"{one} and {other} are manager and report")
            if frozenset((one, other)) in tied:
                faults.append(f"{one} and {other} have met")
    return faults + _crowded_places(plan, calendars)


def _faults_of(
    group: Group, people: dict[str, dict], calendars: dict[str, Calendar], *, in_person: bool
) -> list[str]:
    faults = []
    blocks = BLOCKS | ({"workingElsewhere"} if in_person else set())
    start, end = group.slot.start, group.slot.end
    for member in group.member_ids:
        calendar = calendars[people[member]["mail"].lower()]
        if calendar.error:
            faults.append(f"nothing is known of {member}'s calendar")
        if calendar.is_taken(start, end, blocks):
            faults.append(f"{member} is taken at {start}")
        if calendar.works(start, end) is False:
            faults.append(f"{member} does not work at {start}")
        if in_person and people[member]["office"] != group.place.office:
            faults.append(f"{member} of {people[member]['office']} meets in {group.place.office}")
    return faults


def _crowded_places(plan: Plan, calendars: dict[str, Calendar]) -> list[str]:
    faults = []
    for group in plan.groups:
        if len(group.member_ids) > group.place.seats:
            faults.append(f"{group.place.name} has no {len(group.member_ids)} seats")
        together = [
            other.number
            for other in plan.groups
            if other.place == group.place
            and other.slot.start < group.slot.end
            and group.slot.start < other.slot.end
        ]
        if len(together) > group.place.tables:
            faults.append(f"{group.place.name} holds groups {together} at once")
        room = group.place.mail
        if room and calendars[room.lower()].is_taken(group.slot.start, group.slot.end, BLOCKS):
            faults.append(f"{group.place.name} is taken at {group.slot.start}")
    return faults
