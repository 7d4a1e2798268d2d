"""Tell the members of every booked group, each once: a card in Teams, or else a mail."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import structlog

from scheduler.agendas.agenda import Agenda
from scheduler.agendas.html import agenda_html
from scheduler.graph.errors import GraphError
from scheduler.graph.mail import send_mail
from scheduler.grouping.plan import Group
from scheduler.people.person import Person
from scheduler.rounds.booking import agenda_writer, read_settled_people
from scheduler.rounds.context import Context
from scheduler.rounds.planning import find_programme
from scheduler.rounds.secrets import read_secrets
from scheduler.store.bookings import Booking, read_bookings
from scheduler.store.deliveries import (
    Delivery,
    begin_delivery,
    finish_delivery,
    read_deliveries,
    read_last_references,
    record_delivery,
)
from scheduler.store.engine import now
from scheduler.store.plans import read_plan
from scheduler.store.rounds import split_round_id
from scheduler.teams.cards.group import group_card
from scheduler.teams.cards.kit import Buttons, Card
from scheduler.teams.delivery import Delivered, Notice, Undelivered, announce, notice_key
from scheduler.teams.settings import TeamsSettings, read_teams_settings
from scheduler.teams.signing import Signer

log = structlog.get_logger(__name__)

CARD, MAIL = "group card", "group mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementReport:
    """``booked`` groups, of which ``announced`` have told every member; cards and mails so far.

    ``failed``: messages that did not get through; the next run tries them again.
    """

    round_id: str
    booked: int
    announced: int
    cards: int
    mails: int
    failed: int

    @property
    def complete(self) -> bool:
        """Whether every member of every booked group has been told."""
        return self.booked == self.announced


@dataclass(frozen=True, slots=True)
class _Message:
    group: Group
    person: Person


async def announce_round(context: Context, round_id: str) -> AnnouncementReport:
    """Tell everybody whose group is booked and who has not been told.

    Raises:
        TeamsSettingsError: the environment speaks of Teams, but not well.
        UnknownRoundError: there is no such round.
    """
    programme = find_programme(context, split_round_id(round_id)[0])
    people = await read_settled_people(context)
    bookings = read_bookings(context.store, round_id, states={"booked"})
    groups = [g for g in read_plan(context.store, round_id).groups if g.number in bookings]
    messages = {
        notice_key(round_id, group.number, person_id): _Message(group, people[person_id])
        for group in groups
        for person_id in _told_members(group, people)
    }
    told = {(d.group_number, d.person_id) for d in _sent(context, round_id)}
    waiting = {
        key: message
        for key, message in messages.items()
        if (message.group.number, message.person.id) not in told
    }
    write = agenda_writer(programme, people)
    teams = read_teams_settings(os.environ)
    with context.progress.step("Telling people in Teams") as report:
        teller = _Teller(context, round_id, waiting, bookings, write)
        await teller.tell(teams, lambda done: report(done, len(waiting)))
    return _sum_up(context, round_id, groups, people)


class _Teller:
    """One run of :func:`announce_round`."""

    def __init__(
        self,
        context: Context,
        round_id: str,
        messages: Mapping[str, _Message],
        bookings: Mapping[int, Booking],
        write: Callable[[Group, str], Agenda],
    ) -> None:
        self._context = context
        self._round_id = round_id
        self._messages = messages
        self._bookings = bookings
        self._write = write
        self._signer = Signer(read_secrets(os.environ, context.store))
        self._agendas: dict[tuple[int, str], Agenda] = {}

    async def tell(self, teams: TeamsSettings | None, progress: Callable[[int], None]) -> None:
        """Send the cards; without Teams everybody is told by mail."""
        if teams is None:
            for done, message in enumerate(self._messages.values(), 1):
                await self._mail(message)
                progress(done)
            return
        await announce(
            self._notices(),
            settings=teams,
            get_token=self._context.graph.get_token,
            is_delivered=lambda _: False,  # what was is not among the messages
            on_delivered=self._note_delivered,
            on_undelivered=self._note_undelivered,
            chats=self._known_chats(),
            on_progress=progress,
        )

    def _known_chats(self) -> dict[str, str]:
        """Conversations of earlier cards, by person id."""
        references = read_last_references(self._context.store, CARD)
        return {person: reference.split(" ")[0] for person, reference in references.items()}

    def _notices(self) -> Iterator[Notice]:
        for key, message in self._messages.items():
            yield Notice(key, message.person.id, lambda message=message: self._card(message))  # type: ignore[misc]

    def _agenda(self, message: _Message) -> Agenda:
        """The group's agenda on the clock of the person who reads it."""
        group = message.group
        zone = group.zones[group.member_ids.index(message.person.id)]
        if (group.number, zone) not in self._agendas:
            self._agendas[group.number, zone] = self._write(group, zone)
        return self._agendas[group.number, zone]

    def _card(self, message: _Message) -> Card:
        booking = self._bookings[message.group.number]
        buttons = Buttons(
            self._signer, self._round_id, message.person.id, str(message.group.number)
        )
        return group_card(
            self._agenda(message),
            buttons,
            event_url=booking.web_link,
            join_url=booking.join_url,
        )

    def _record(
        self, message: _Message, *, reference: str | None = None, problem: str | None = None
    ) -> None:
        """What became of a card. A kill before this sends it again: twice is better than never."""
        record_delivery(
            self._context.store, self._round_id, message.group.number, message.person.id, CARD,
            at=now(), reference=reference, problem=problem,
        )  # fmt: skip

    def _begin_mail(self, message: _Message) -> bool:
        return begin_delivery(
            self._context.store, self._round_id, message.group.number, message.person.id, MAIL,
            at=now(),
        )  # fmt: skip

    def _finish_mail(
        self, message: _Message, *, reference: str | None = None, problem: str | None = None
    ) -> None:
        finish_delivery(
            self._context.store, self._round_id, message.group.number, message.person.id, MAIL,
            at=now(), reference=reference, problem=problem,
        )  # fmt: skip

    async def _note_delivered(self, delivered: Delivered) -> None:
        reference = f"{delivered.conversation_id} {delivered.activity_id}"
        self._record(self._messages[delivered.key], reference=reference)

    async def _note_undelivered(self, undelivered: Undelivered) -> None:
        message = self._messages[undelivered.key]
        self._record(message, problem=undelivered.reason)
        if undelivered.unreachable:
            await self._mail(message)

    async def _mail(self, message: _Message) -> None:
        if not self._begin_mail(message):
            return
        organiser = self._bookings[message.group.number].organiser
        agenda = self._agenda(message)
        try:
            await send_mail(
                self._context.graph,
                organiser,
                message.person.mail,
                subject=agenda.title,
                html=agenda_html(agenda),
            )
        except GraphError as error:
            self._finish_mail(message, problem=str(error))
            log.warning("mail-failed", round=self._round_id, person=message.person.id)
            return
        self._finish_mail(message, reference=organiser)


def _told_members(group: Group, people: Mapping[str, Person]) -> list[str]:
    """Who of a group is told here: guests from outside have the invitation, which came by mail."""
    return [m for m in group.member_ids if m in people and not people[m].guest]


def _sent(context: Context, round_id: str) -> list[Delivery]:
    return [
        delivery
        for delivery in read_deliveries(context.store, round_id, kinds=[CARD, MAIL])
        if delivery.state == "sent"
    ]


def _sum_up(
    context: Context, round_id: str, groups: list[Group], people: Mapping[str, Person]
) -> AnnouncementReport:
    sent = _sent(context, round_id)
    told = {(d.group_number, d.person_id) for d in sent}
    complete = [
        group
        for group in groups
        if all((group.number, m) in told for m in _told_members(group, people))
    ]
    wanted = {(group.number, m) for group in groups for m in _told_members(group, people)}
    kinds = Counter(delivery.kind for delivery in sent)
    report = AnnouncementReport(
        round_id=round_id,
        booked=len(groups),
        announced=len(complete),
        cards=kinds[CARD],
        mails=kinds[MAIL],
        failed=len(wanted - told),
    )
    log.info(
        "round-announced", round=round_id, booked=report.booked, announced=report.announced,
        cards=report.cards, mails=report.mails, failed=report.failed,
    )  # fmt: skip
    return report
