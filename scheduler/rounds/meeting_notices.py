"""What members of a booked group hear: before, on the day, after, and two weeks later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from scheduler.agendas.agenda import Agenda, Attendee
from scheduler.booking.keys import fingerprint
from scheduler.grouping.plan import Group
from scheduler.people.person import Person
from scheduler.programmes.programme import Programme
from scheduler.rounds.context import Context
from scheduler.rounds.member_agendas import write_member_agenda, zone_of
from scheduler.rounds.refreshing import ABOUT_A_GROUP
from scheduler.rounds.telling import Message
from scheduler.store.bookings import Booking, read_bookings
from scheduler.store.feedback import Feedback, find_note, read_feedback
from scheduler.store.plans import read_plan
from scheduler.store.rounds import Round, list_rounds
from scheduler.store.seats import Seat, read_seats
from scheduler.teams.cards.feedback import feedback_card, follow_up_card
from scheduler.teams.cards.kit import Buttons, Card
from scheduler.teams.cards.reminder import reminder_card
from scheduler.teams.cards.tables import list_own_turns, tables_card
from scheduler.teams.signing import Signer
from scheduler.texts.catalogue import texts_in
from scheduler.texts.times import day_text

ASKED_FOR = dt.timedelta(days=7)
"""How long after its moment a notice is still worth sending, where a run was missed."""


def list_meeting_messages(
    context: Context, people: Mapping[str, Person], signer: Signer, now: dt.datetime
) -> Iterator[Message]:
    """What is due now in rounds whose groups are booked."""
    for found in list_rounds(context.store, states=frozenset({"booking", "booked", "held"})):
        programme = context.settings.programmes.get(found.programme)
        if programme is not None:
            yield from _Of(context, people, signer, now, found, programme).list_messages()


@dataclass(frozen=True, slots=True)
class _Member:
    group: Group
    booking: Booking
    person: Person


class _Of:
    """The messages of one round."""

    def __init__(
        self,
        context: Context,
        people: Mapping[str, Person],
        signer: Signer,
        now: dt.datetime,
        found: Round,
        programme: Programme,
    ) -> None:
        self._context, self._people, self._signer, self._now = context, people, signer, now
        self._round, self._programme = found, programme
        self._seats: Mapping[tuple[int, str], Seat] = read_seats(context.store, found.id)
        self._feedback: Mapping[tuple[int, str], Feedback] = {
            (one.group_number, one.person_id): one for one in read_feedback(context.store, found.id)
        }

    def list_messages(self) -> Iterator[Message]:
        """Each member's, in the order of groups."""
        store = self._context.store
        bookings = read_bookings(store, self._round.id, states={"booked"})
        for group in read_plan(store, self._round.id).groups:
            booking = bookings.get(group.number)
            if booking is None:
                continue
            for person_id in group.member_ids:
                person = self._people.get(person_id)
                if person is not None and not person.guest and not self._declined(group, person_id):
                    yield from self._list_due(_Member(group, booking, person))

    def _declined(self, group: Group, person_id: str) -> bool:
        seat = self._seats.get((group.number, person_id))
        return seat is not None and not seat.coming

    def _list_due(self, member: _Member) -> Iterator[Message]:
        notices, slot = self._programme.notices, member.group.slot
        zone = ZoneInfo(zone_of(member.group, member.person.id))
        day, today = slot.start.astimezone(zone).date(), self._now.astimezone(zone).date()
        key = (member.group.number, member.person.id)
        if self._now < slot.start:
            ahead = notices.reminder_days_before
            if ahead is not None and (day - today).days <= ahead and key not in self._seats:
                yield self._message(member, "reminder", self._reminder)
            if member.group.turns and day == today:
                yield self._message(member, "tables", self._tables)
            return
        given, over = self._feedback.get(key), self._now - slot.end
        if notices.feedback and given is None and dt.timedelta(0) <= over <= ASKED_FOR:
            yield self._message(member, "feedback", self._ask)
        days = notices.follow_up_days_after
        if days is not None and (given is None or given.met != "no"):
            late = over - dt.timedelta(days=days)
            if dt.timedelta(0) <= late <= ASKED_FOR:
                yield self._message(member, "follow-up", self._follow_up)

    def _message(self, member: _Member, kind: str, make: Callable[[_Member, str], Card]) -> Message:
        return Message(
            subject=self._round.id,
            number=member.group.number,
            kind=kind,
            person=member.person,
            make=lambda language: make(member, language),
            shown=fingerprint(member.group) if kind in ABOUT_A_GROUP else None,
        )

    def _buttons(self, member: _Member) -> Buttons:
        return Buttons(self._signer, self._round.id, member.person.id, str(member.group.number))

    def _reminder(self, member: _Member, language: str) -> Card:
        return reminder_card(
            self._agenda(member, language),
            self._buttons(member),
            event_url=member.booking.web_link,
            join_url=member.booking.join_url,
        )

    def _tables(self, member: _Member, language: str) -> Card:
        agenda = self._agenda(member, language)
        turns = list_own_turns(agenda, member.person.id)
        return tables_card(agenda.title, agenda.place, turns, language=language)

    def _ask(self, member: _Member, language: str) -> Card:
        return feedback_card(
            self._programme.title,
            self._day(member, language),
            self._others(member, language),
            self._buttons(member),
            language=language,
        )

    def _follow_up(self, member: _Member, language: str) -> Card:
        note = find_note(self._context.store, self._round.id, member.group.number, member.person.id)
        return follow_up_card(
            self._programme.title,
            self._day(member, language),
            self._others(member, language),
            self._buttons(member),
            note=note.text if note else None,
            language=language,
        )

    def _day(self, member: _Member, language: str) -> str:
        zone = ZoneInfo(zone_of(member.group, member.person.id))
        return day_text(member.group.slot.start.astimezone(zone), texts_in(language))

    def _others(self, member: _Member, language: str) -> list[Attendee]:
        """The rest of the group who were to come; nobody meets a guest again through us."""
        return [
            one
            for one in self._agenda(member, language).people
            if one.id != member.person.id
            and not self._people[one.id].guest
            and not self._declined(member.group, one.id)
        ]

    def _agenda(self, member: _Member, language: str) -> Agenda:
        return write_member_agenda(
            self._programme, member.group, self._people, member.person.id, language=language
        )
