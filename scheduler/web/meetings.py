"""One's own meetings as pages show them: those to come with their agenda, those that were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from scheduler.agendas.agenda import Agenda
from scheduler.calendars.slots import Slot
from scheduler.people.person import Person
from scheduler.store.bookings import Booking, read_booking
from scheduler.store.meetings import Meeting, read_own_meetings
from scheduler.store.rounds import Round, find_round
from scheduler.store.seats import read_seat
from scheduler.teams.cards.tables import Turn, list_own_turns
from scheduler.texts.catalogue import texts_in
from scheduler.texts.times import day_text
from scheduler.web.me import LANGUAGE, Me

LONGEST = dt.timedelta(days=1)
"""No meeting lasts longer: what began before is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMeeting:
    """A booked meeting of the person; ``coming`` is what they said here or on a card."""

    round_id: str
    number: int
    slot: Slot
    agenda: Agenda
    booking: Booking
    turns: tuple[Turn, ...]
    coming: bool | None

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"/me/meetings/{self.round_id}/{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMeeting:
    """A meeting that was; ``others`` are those of it who are still in the directory."""

    round_id: str
    number: int
    title: str
    day: str
    others: tuple[Person, ...]
    gone: int

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"/me/meetings/{self.round_id}/{self.number}"


async def list_coming(me: Me) -> list[OwnMeeting]:
    """Booked meetings of the person that are not over, by start."""
    at = me.service.now()
    stored = await me.service.in_store(read_own_meetings, me.context.store, me.id)
    found = []
    for meeting in stored:
        if meeting.start > at - LONGEST:
            one = await read_meeting(me, meeting.round_id, meeting.group_number)
            if one is not None and one.slot.end > at:
                found.append(one)
    return found


async def list_past(me: Me) -> list[PastMeeting]:
    """Meetings of the person that have begun, newest first."""
    at = me.service.now()
    people = await me.people()
    stored = await me.service.in_store(read_own_meetings, me.context.store, me.id)
    return [
        describe_past(me, meeting, people) for meeting in reversed(stored) if meeting.start < at
    ]


def describe_past(me: Me, meeting: Meeting, people: Mapping[str, Person]) -> PastMeeting:
    """A meeting as the person remembers it."""
    zone = ZoneInfo(me.person.zone or me.context.settings.organisation.offices[0].zone)
    others = [people[one] for one in meeting.person_ids if one in people and one != me.id]
    return PastMeeting(
        round_id=meeting.round_id,
        number=meeting.group_number,
        title=title_of(me, meeting.programme),
        day=day_text(meeting.start.astimezone(zone), texts_in(LANGUAGE)),
        others=tuple(sorted(others, key=lambda person: person.name.casefold())),
        gone=len(meeting.person_ids) - len(others) - (me.id in meeting.person_ids),
    )


async def read_meeting(me: Me, round_id: str, number: int) -> OwnMeeting | None:
    """One booked meeting of the person; None where it was called off or its programme is gone."""
    store = me.context.store
    found: Round | None = await me.service.in_store(find_round, store, round_id)
    booking = await me.service.in_store(read_booking, store, round_id, number)
    if found is None or found.state in {"cancelling", "cancelled"}:
        return None
    if booking is None or booking.state in {"cancelled", "removed"}:
        return None
    group = await me.service.find_group(found, number)
    agenda = await me.service.write_agenda(found, number, me.id, LANGUAGE)
    if group is None or agenda is None or me.id not in group.member_ids:
        return None
    seat = await me.service.in_store(read_seat, store, round_id, number, me.id)
    return OwnMeeting(
        round_id=round_id,
        number=number,
        slot=group.slot,
        agenda=agenda,
        booking=booking,
        turns=list_own_turns(agenda, me.id),
        coming=None if seat is None else seat.coming,
    )


def title_of(me: Me, programme: str) -> str:
    """A programme's title; its name where HR has removed its file."""
    known = me.context.settings.programmes.get(programme)
    return known.title if known else programme
