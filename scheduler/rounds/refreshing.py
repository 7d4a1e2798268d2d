"""Cards say how things stand: where a group changed or was called off, they change in their place.

A card that was sent is kept with a digest of the group that it shows. Where that is not how the
group is booked by now, the card is written anew in the chat in which it stands. Outlook tells
people of the change; a card that changes makes no noise.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from collections.abc import Mapping

import structlog

from scheduler.booking.keys import fingerprint
from scheduler.graph.workers import run_all
from scheduler.grouping.plan import Group
from scheduler.people.person import Person
from scheduler.rounds.context import Context
from scheduler.rounds.group_cards import CARD, GroupCards
from scheduler.rounds.member_agendas import language_of
from scheduler.store.bookings import Booking, read_bookings
from scheduler.store.deliveries import Delivery, note_shown, read_deliveries
from scheduler.store.errors import UnknownRoundError
from scheduler.store.plans import read_plan
from scheduler.store.rounds import State, list_rounds, read_round
from scheduler.teams.cards.kit import Card
from scheduler.teams.connector import Connector, TeamsError, UnreachableError
from scheduler.teams.settings import read_teams_settings

log = structlog.get_logger(__name__)

ABOUT_A_GROUP = (CARD, "reminder", "tables")
"""Kinds of cards that say who, when and where."""
CALLED_OFF, WITHOUT_YOU = "called off", "without you"
"""What a card shows besides a group as it is booked."""
ANNOUNCED: frozenset[State] = frozenset({"booked", "cancelling", "cancelled"})
LOOKED_BACK = dt.timedelta(days=60)
"""Rounds that began longer ago have no meeting to come."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Stale:
    """A card, what it should show, and the group as its reader knew it or as it is."""

    delivery: Delivery
    shows: str
    group: Group


async def refresh_due_cards(
    context: Context, people: Mapping[str, Person], *, at: dt.datetime
) -> int:
    """Refresh the cards of all rounds whose meetings may be ahead; how many changed.

    Raises:
        TeamsSettingsError: The environment speaks of Teams, but not well.
    """
    changed = 0
    for found in list_rounds(context.store, states=ANNOUNCED):
        recent = found.date >= (at - LOOKED_BACK).date()
        if recent and found.programme in context.settings.programmes:
            changed += await refresh_cards(context, found.id, people, at=at)
    return changed


async def refresh_cards(
    context: Context, round_id: str, people: Mapping[str, Person], *, at: dt.datetime
) -> int:
    """Write those cards of a round anew that do not show how things stand; how many changed.

    Cards of meetings that have begun stay as they are. What Teams does not take now is tried
    again by the next run.

    Args:
        context: Settings, store, connection.
        round_id: The round.
        people: Everybody, by id.
        at: The moment.

    Raises:
        TeamsSettingsError: The environment speaks of Teams, but not well.
        UnknownRoundError: There is no such round.
    """
    teams = read_teams_settings(os.environ)
    stale = _find_stale(context, round_id, people, at) if teams is not None else []
    if teams is None or not stale:
        return 0
    update = _Update(context, round_id, people)
    workers = min(teams.in_flight, len(stale))
    async with Connector(teams, context.graph.get_token) as connector:
        await run_all(stale, lambda one: update.change(connector, one), workers=workers)
    log.info("cards-refreshed", round=round_id, changed=update.changed, failed=update.failed)
    return update.changed


def _find_stale(
    context: Context, round_id: str, people: Mapping[str, Person], at: dt.datetime
) -> list[_Stale]:
    found = read_round(context.store, round_id)
    groups = {group.number: group for group in read_plan(context.store, round_id).groups}
    bookings = read_bookings(context.store, round_id)
    stale: list[_Stale] = []
    for delivery in read_deliveries(context.store, round_id, kinds=ABOUT_A_GROUP):
        number = delivery.group_number
        if delivery.state != "sent" or delivery.shown is None or delivery.person_id not in people:
            continue
        group = groups.get(number)
        shows = _what_holds(found.state, group, bookings.get(number), delivery.person_id)
        if shows is None or shows == delivery.shown:
            continue
        if group is None:
            group = groups[number] = _find_earlier(context, round_id, number, found.revision)
        if group.slot.start > at:
            stale.append(_Stale(delivery, shows, group))
    return stale


def _what_holds(
    state: State, group: Group | None, booking: Booking | None, person_id: str
) -> str | None:
    """What a card should show; None while a change is under way."""
    if booking is None or booking.state == "intended":
        return None
    if state in {"cancelling", "cancelled"} or booking.state != "booked":
        return CALLED_OFF
    if group is None or booking.fingerprint != fingerprint(group):
        return None
    return fingerprint(group) if person_id in group.member_ids else WITHOUT_YOU


def _find_earlier(context: Context, round_id: str, number: int, revision: int) -> Group:
    """A group that the plan has no more, as it last was."""
    for earlier in range(revision - 1, 0, -1):
        for group in read_plan(context.store, round_id, earlier).groups:
            if group.number == number:
                return group
    raise UnknownRoundError(f"{round_id}, group {number}")


class _Update:
    """Changes cards, and counts."""

    def __init__(self, context: Context, round_id: str, people: Mapping[str, Person]) -> None:
        self._context, self._people = context, people
        self._cards = GroupCards(context, round_id, people)
        self._bookings = read_bookings(context.store, round_id)
        self._message = read_round(context.store, round_id).cancel_message
        self.changed = self.failed = 0

    async def change(self, connector: Connector, stale: _Stale) -> None:
        """Write one card anew."""
        delivery = stale.delivery
        conversation, _, activity = (delivery.reference or "").partition(" ")
        if activity:  # by mail there is nothing to change: Outlook's own news go there too
            try:
                await connector.update(conversation, activity, self._make(stale))
                self.changed += 1
            except TeamsError as error:
                if not isinstance(error, UnreachableError) and error.status != 404:
                    self.failed += 1
                    log.warning("card-not-refreshed", status=error.status, code=error.code)
                    return
        note_shown(self._context.store, delivery, stale.shows)

    def _make(self, stale: _Stale) -> Card:
        person = self._people[stale.delivery.person_id]
        language = language_of(person)
        if stale.shows == CALLED_OFF:
            return self._cards.called_off(stale.group, person.id, language, reason=self._message)
        if stale.shows == WITHOUT_YOU:
            return self._cards.without(stale.group, person.id, language)
        booking = self._bookings[stale.group.number]
        return self._cards.of_member(stale.group, booking, person.id, language)
