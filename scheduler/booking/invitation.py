"""From a group to the event that invites it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.graph.events import INLINE_BYTES_MOST, Attachment, EventDraft, Invitee
from scheduler.grouping.plan import Group, Place
from scheduler.people.person import Person


@dataclass(frozen=True, slots=True)
class AgendaParts:
    """A group's agenda: the event's body, and the file that goes with it."""

    html: str
    pdf: bytes
    filename: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What all events of a round have in common.

    ``organisers`` are the mailboxes that invite; the work is spread over them.
    ``tentative_blocks``: whether a tentative entry counts as taken when free/busy is read again.
    ``members_count``: whether members' calendars are read then; not where people put their names
    down. The sentences are what people read when an event is taken back or its agenda comes later.
    """

    title: str
    category: str
    organisers: tuple[str, ...]
    tentative_blocks: bool = True
    members_count: bool = True
    changed_sentence: str = "This meeting does not take place. We are sorry for the trouble."
    twice_sentence: str = "This invitation went out twice. Please keep the other one."
    agenda_sentence: str = "The agenda is attached."


def make_draft(
    group: Group,
    people: Mapping[str, Person],
    occasion: Occasion,
    agenda: AgendaParts,
    *,
    round_id: str,
    group_key: str,
    transaction_id: str,
    organiser: str,
) -> EventDraft:
    """The event of a group. A file too large to go along is left out and attached later."""
    place = group.place
    inline = len(agenda.pdf) <= INLINE_BYTES_MOST
    return EventDraft(
        mailbox=organiser,
        round_id=round_id,
        group_key=group_key,
        transaction_id=transaction_id,
        subject=occasion.title,
        html=agenda.html,
        start=group.slot.start,
        end=group.slot.end,
        zone=group.zone,
        invitees=list_invitees(group, people),
        category=occasion.category,
        location=name_place(place),
        location_mail=place.mail,
        online=place.kind == "online",
        attachments=(agenda_file(agenda),) if inline else (),
    )


def agenda_file(agenda: AgendaParts) -> Attachment:
    """The agenda as a file of an event."""
    return Attachment(agenda.filename, agenda.pdf)


def list_invitees(group: Group, people: Mapping[str, Person]) -> tuple[Invitee, ...]:
    """The members, and the room: it comes only if it accepts, like anybody else."""
    members = [people[person_id] for person_id in group.member_ids]
    invitees = [Invitee(person.mail, person.name) for person in members]
    if group.place.mail is not None:
        invitees.append(Invitee(group.place.mail, group.place.name, "resource"))
    return tuple(invitees)


def name_place(place: Place) -> str | None:
    """What the invitation says under "where"; an online meeting brings its own link."""
    if place.kind == "online":
        return None
    if place.office is None or place.office in place.name:
        return place.name
    return f"{place.name}, {place.office}"
