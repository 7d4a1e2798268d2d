"""A group's agenda as one member reads it: in their language, on their clock."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from scheduler.agendas.agenda import Agenda, write_agenda
from scheduler.booking.invitation import name_place
from scheduler.grouping.plan import Group
from scheduler.people.person import Person
from scheduler.programmes.programme import Programme
from scheduler.rounds.arranging import find_seating
from scheduler.texts.catalogue import texts_in


def language_of(person: Person) -> str:
    """The language to write to somebody in, one that there are texts in."""
    return texts_in(person.languages[0] if person.languages else None).language


def zone_of(group: Group, person_id: str | None) -> str:
    """The zone of a member's wall clock in a group; the group's own for anybody else."""
    if (
        person_id is not None
        and person_id in group.member_ids
        and len(group.zones) == len(group.member_ids)
    ):
        return group.zones[group.member_ids.index(person_id)]
    return group.zone


def write_member_agenda(
    programme: Programme,
    group: Group,
    people: Mapping[str, Person],
    person_id: str | None = None,
    *,
    language: str = "en",
) -> Agenda:
    """The agenda; members who have left the directory are left out of it.

    Without ``person_id`` it is the whole group's: on the clock of most of its members.

    Raises:
        ValueError: Nobody of the group is in the directory.
    """
    return write_agenda(
        programme.agenda,
        title=programme.title,
        members=[people[member] for member in group.member_ids if member in people],
        starts=group.slot.start.astimezone(ZoneInfo(zone_of(group, person_id))),
        minutes=group.slot.minutes,
        place=name_place(group.place) or group.place.name,
        why=group.why,
        facilitator=group.facilitator,
        seating=find_seating(programme, group),
        language=language,
    )
