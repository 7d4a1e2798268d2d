"""Reading free/busy once more just before booking: nobody's new meeting is booked over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.calendars.freebusy import (
    BUSY,
    OUT_OF_OFFICE,
    TENTATIVE,
    UNKNOWN,
    WORKING_ELSEWHERE,
    FreeBusy,
)
from scheduler.calendars.slots import Slot
from scheduler.graph.client import Graph
from scheduler.graph.schedules import read_free_busy
from scheduler.grouping.plan import Group
from scheduler.people.person import Person


@dataclass(frozen=True, slots=True)
class NoLongerFree:
    """A group that cannot meet as planned: the members in the way, and whether the room is."""

    group_number: int
    person_ids: tuple[str, ...]
    place_taken: bool = False


async def find_no_longer_free(
    graph: Graph,
    groups: Sequence[Group],
    people: Mapping[str, Person],
    *,
    tentative_blocks: bool,
    members_count: bool = True,
    through: Sequence[str],
) -> tuple[NoLongerFree, ...]:
    """Which groups have a member, or a room, that is taken at the group's time now.

    Unknown is not free. Members who are not in ``people`` any more are in the way too; guests
    from outside have no calendar that we read. Where ``members_count`` is False, people put their
    names down, and only the room is looked at. ``through`` are the organiser mailboxes: the only
    ones that the app needs a right to.

    Raises:
        GraphError: Free/busy cannot be read at all.
    """
    mails = {
        person.mail
        for group in groups
        for person_id in group.member_ids
        if members_count and (person := people.get(person_id)) is not None and not person.guest
    }
    mails |= {group.place.mail for group in groups if group.place.mail is not None}
    if not mails:
        calendars: dict[str, FreeBusy] = {}
    else:
        start = min(group.slot.start for group in groups)
        end = max(group.slot.end for group in groups)
        calendars = await read_free_busy(graph, sorted(mails), start, end, through=through)
    found = []
    for group in groups:
        blocking = [BUSY, OUT_OF_OFFICE, UNKNOWN]
        blocking += [TENTATIVE] if tentative_blocks else []
        room_taken = group.place.mail is not None and is_taken(
            calendars[group.place.mail], group.slot, blocking
        )
        blocking += [WORKING_ELSEWHERE] if group.place.kind in {"room", "table"} else []
        taken = tuple(
            person_id
            for person_id in group.member_ids
            if (person := people.get(person_id)) is None
            or (
                members_count
                and not person.guest
                and is_taken(calendars[person.mail], group.slot, blocking)
            )
        )
        if taken or room_taken:
            found.append(NoLongerFree(group.number, taken, room_taken))
    return tuple(found)


def is_taken(calendar: FreeBusy, slot: Slot, blocking: Sequence[int]) -> bool:
    """Whether an entry of a ``blocking`` status overlaps the slot, or nothing is known."""
    if calendar.problem is not None:
        return True
    begins = int(slot.start.timestamp()) // 60
    ends = begins + slot.minutes
    overlaps = (calendar.start < ends) & (calendar.end > begins)
    return bool((overlaps & np.isin(calendar.status, blocking)).any())
