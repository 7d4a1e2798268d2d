"""Tell the members of every booked group, each once: a card in Teams, or else a mail."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from scheduler.booking.keys import fingerprint
from scheduler.grouping.plan import Group
from scheduler.people.person import Person
from scheduler.rounds.booking import read_settled_people
from scheduler.rounds.context import Context
from scheduler.rounds.group_cards import CARD, GroupCards
from scheduler.rounds.refreshing import refresh_cards
from scheduler.rounds.telling import Message, Teller
from scheduler.rounds.watching import record_counts, watched
from scheduler.store.bookings import read_bookings
from scheduler.store.deliveries import read_deliveries
from scheduler.store.engine import now
from scheduler.store.plans import read_plan
from scheduler.teams.settings import read_teams_settings

log = structlog.get_logger(__name__)

TRIED_AGAIN_AFTER = dt.timedelta(minutes=15)
"""Whom nothing reached is not tried at every look at the answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementReport:
    """``booked`` groups, of which ``announced`` have told every member; cards and mails so far.

    ``failed``: messages that did not get through; the next run tries them again. ``untold``: the
    numbers of groups that have somebody who was not told.
    """

    round_id: str
    booked: int
    announced: int
    untold: tuple[int, ...]
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
    groups = _booked_groups(context, round_id)
    cards = GroupCards(context, round_id, people)
    told = {
        (delivery.group_number, delivery.person_id)
        for delivery in read_deliveries(context.store, round_id, kinds=[CARD])
        if delivery.state == "sent"
    }
    messages = [
        Message(
            subject=round_id,
            number=group.number,
            kind=CARD,
            person=people[person_id],
            make=lambda language, group=group, person_id=person_id: cards.of_member(  # type: ignore[misc]
                group, bookings[group.number], person_id, language
            ),
            shown=fingerprint(group),
        )
        for group in groups
        for person_id in _told_members(group, people)
        if (group.number, person_id) not in told
    ]
    teller = Teller(context, read_teams_settings(os.environ), now())
    with context.progress.step("Telling people in Teams") as report:
        await teller.tell(messages, progress=lambda done: report(done, len(messages)))
    await refresh_cards(context, round_id, people, at=context.moment())
    return _sum_up(context, round_id, groups, people)


def is_somebody_to_be_told(
    context: Context, round_id: str, people: Mapping[str, Person], *, at: dt.datetime
) -> bool:
    """Whether a member of a booked group has not been told, and it was not just tried.

    Raises:
        UnknownRoundError: there is no such round.
    """
    settled = {
        (delivery.group_number, delivery.person_id)
        for delivery in read_deliveries(context.store, round_id, kinds=[CARD])
        if delivery.state == "sent"
        or (delivery.state == "failed" and at - delivery.intended_at < TRIED_AGAIN_AFTER)
    }
    return any(
        (group.number, person_id) not in settled
        for group in _booked_groups(context, round_id)
        for person_id in _told_members(group, people)
    )


def _booked_groups(context: Context, round_id: str) -> list[Group]:
    booked = read_bookings(context.store, round_id, states={"booked"})
    return [g for g in read_plan(context.store, round_id).groups if g.number in booked]


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
        untold=tuple(sorted(group.number for group in groups if group not in complete)),
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
