"""Tell the members of every booked group, each once: a card in Teams, or else a mail."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import structlog

from scheduler.agendas.agenda import Agenda
from scheduler.grouping.plan import Group
from scheduler.people.choices import Introduction
from scheduler.people.person import Person
from scheduler.programmes.programme import Programme
from scheduler.rounds.booking import read_settled_people
from scheduler.rounds.context import Context
from scheduler.rounds.member_agendas import write_member_agenda, zone_of
from scheduler.rounds.past import read_own_choices
from scheduler.rounds.planning import find_programme
from scheduler.rounds.secrets import read_secrets
from scheduler.rounds.telling import Message, Teller
from scheduler.rounds.watching import record_counts, watched
from scheduler.store.bookings import Booking, read_bookings
from scheduler.store.deliveries import read_deliveries
from scheduler.store.engine import now
from scheduler.store.plans import read_plan
from scheduler.store.rounds import split_round_id
from scheduler.teams.cards.group import group_card
from scheduler.teams.cards.kit import Buttons, Card
from scheduler.teams.settings import read_teams_settings
from scheduler.teams.signing import Signer

log = structlog.get_logger(__name__)

CARD = "group card"
"""The kind under which these messages are kept, the mails instead of cards too."""


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


@watched("announce")
async def announce_round(context: Context, round_id: str) -> AnnouncementReport:
    """Tell everybody whose group is booked and who has not been told.

    Raises:
        TeamsSettingsError: the environment speaks of Teams, but not well.
        UnknownRoundError: there is no such round.
    """
    people = await read_settled_people(context)
    bookings = read_bookings(context.store, round_id, states={"booked"})
    groups = [g for g in read_plan(context.store, round_id).groups if g.number in bookings]
    cards = _GroupCards(context, round_id, bookings, people)
    told = {
        (delivery.group_number, delivery.person_id)
        for delivery in read_deliveries(context.store, round_id, kinds=[CARD])
        if delivery.state == "sent"
    }
    messages = [
        message
        for group in groups
        for message in cards.list_messages(group)
        if (message.number, message.person.id) not in told
    ]
    teller = Teller(context, read_teams_settings(os.environ), now())
    with context.progress.step("Telling people in Teams") as report:
        await teller.tell(messages, progress=lambda done: report(done, len(messages)))
    return _sum_up(context, round_id, groups, people)


class _GroupCards:
    """The cards of one round, each in its reader's language and on their clock."""

    def __init__(
        self,
        context: Context,
        round_id: str,
        bookings: Mapping[int, Booking],
        people: Mapping[str, Person],
    ) -> None:
        self._round_id, self._bookings, self._people = round_id, bookings, people
        self._programme: Programme = find_programme(context, split_round_id(round_id)[0])
        self._signer = Signer(read_secrets(os.environ, context.store))
        self._introductions: dict[str, Introduction] = {
            person_id: own.introduction
            for person_id, own in read_own_choices(context).items()
            if own.introduction is not None
        }
        self._agendas: dict[tuple[int, str, str], Agenda] = {}

    def list_messages(self, group: Group) -> Iterator[Message]:
        """One message for each member who is told here."""
        for person_id in _told_members(group, self._people):
            yield Message(
                subject=self._round_id,
                number=group.number,
                kind=CARD,
                person=self._people[person_id],
                make=lambda language, person_id=person_id: self._make(group, person_id, language),  # type: ignore[misc]
            )

    def _make(self, group: Group, person_id: str, language: str) -> Card:
        booking = self._bookings[group.number]
        return group_card(
            self._agenda(group, person_id, language),
            Buttons(self._signer, self._round_id, person_id, str(group.number)),
            introductions=self._introductions,
            event_url=booking.web_link,
            join_url=booking.join_url,
        )

    def _agenda(self, group: Group, person_id: str, language: str) -> Agenda:
        """Members with one clock and one language share an agenda."""
        key = (group.number, zone_of(group, person_id), language)
        if key not in self._agendas:
            self._agendas[key] = write_member_agenda(
                self._programme, group, self._people, person_id, language=language
            )
        return self._agendas[key]


def _told_members(group: Group, people: Mapping[str, Person]) -> list[str]:
    """Who of a group is told here: guests from outside have the invitation, which came by mail."""
    return [m for m in group.member_ids if m in people and not people[m].guest]


def _sum_up(
    context: Context, round_id: str, groups: list[Group], people: Mapping[str, Person]
) -> AnnouncementReport:
    sent = [
        delivery
        for delivery in read_deliveries(context.store, round_id, kinds=[CARD])
        if delivery.state == "sent"
    ]
    told = {(d.group_number, d.person_id) for d in sent}
    complete = [
        group
        for group in groups
        if all((group.number, m) in told for m in _told_members(group, people))
    ]
    wanted = {(group.number, m) for group in groups for m in _told_members(group, people)}
    report = AnnouncementReport(
        round_id=round_id,
        booked=len(groups),
        announced=len(complete),
        cards=sum(not delivery.by_mail for delivery in sent),
        mails=sum(delivery.by_mail for delivery in sent),
        failed=len(wanted - told),
    )
    log.info(
        "round-announced", round=round_id, booked=report.booked, announced=report.announced,
        cards=report.cards, mails=report.mails, failed=report.failed,
    )  # fmt: skip
    record_counts(round_id, announced=report.announced)
    return report
