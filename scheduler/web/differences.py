"""What is different between two plans of a round."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.grouping.plan import Group, Plan


@dataclass(frozen=True, slots=True)
class Moved:
    """One person whose seat changed: the groups before and after, None: without a seat."""

    person_id: str
    before: Group | None
    after: Group | None


@dataclass(frozen=True, slots=True)
class Differences:
    """``same``: groups with the same members, time and place; ``moved`` by where they sat before.

    ``shifted``: groups with the same members at another time or place, before and after.
    """

    same: int
    moved: tuple[Moved, ...]
    shifted: tuple[tuple[Group, Group], ...]

    @property
    def gained(self) -> int:
        """People who have a seat now and had none."""
        return sum(one.before is None for one in self.moved)

    @property
    def lost(self) -> int:
        """People who had a seat and have none now."""
        return sum(one.after is None for one in self.moved)


def compare_plans(before: Plan, after: Plan) -> Differences:
    """Whose seat is another one, and which groups stayed as they were.

    Somebody has kept their seat whose group goes on: the group with the same number, and at least
    one of the members who sat there.
    """
    old = {member: group for group in before.groups for member in group.member_ids}
    new = {member: group for group in after.groups for member in group.member_ids}
    kept = {group.number: frozenset(group.member_ids) for group in before.groups}
    moved = []
    for person_id in dict.fromkeys([*old, *new]):
        was, is_ = old.get(person_id), new.get(person_id)
        if was is None or is_ is None or was.number != is_.number:
            moved.append(Moved(person_id, was, is_))
    same, shifted = 0, []
    numbers = {group.number: group for group in before.groups}
    for group in after.groups:
        was = numbers.get(group.number)
        if was is None or frozenset(group.member_ids) != kept[group.number]:
            continue
        if (was.slot, was.place) == (group.slot, group.place):
            same += 1
        else:
            shifted.append((was, group))
    moved.sort(key=lambda one: one.before.number if one.before else 1_000_000)
    return Differences(same, tuple(moved), tuple(shifted))
