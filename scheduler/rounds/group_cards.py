"""What members of a round's groups read on their cards, in their language and on their clock."""

from __future__ import annotations

import os
from collections.abc import Mapping

from scheduler.agendas.agenda import Agenda
from scheduler.grouping.plan import Group
from scheduler.people.choices import Introduction
from scheduler.people.person import Person
from scheduler.programmes.programme import Programme
from scheduler.rounds.context import Context
from scheduler.rounds.member_agendas import write_member_agenda, zone_of
from scheduler.rounds.past import read_own_choices
from scheduler.rounds.planning import find_programme
from scheduler.rounds.secrets import read_secrets
from scheduler.store.bookings import Booking
from scheduler.store.rounds import split_round_id
from scheduler.teams.cards.answer import cancelled_card, without_you_card
from scheduler.teams.cards.group import group_card
from scheduler.teams.cards.kit import Buttons, Card
from scheduler.teams.signing import Signer

CARD = "group card"
"""The kind under which "your group" is kept, the mails instead of cards too."""


class GroupCards:
    """The cards of one round."""

    def __init__(self, context: Context, round_id: str, people: Mapping[str, Person]) -> None:
        """``people``: everybody, by id.

        Raises:
            UnknownProgrammeError: The round's programme is no more.
        """
        self._round_id, self._people = round_id, people
        self._programme: Programme = find_programme(context, split_round_id(round_id)[0])
        self._signer = Signer(read_secrets(os.environ, context.store))
        self._introductions: dict[str, Introduction] = {
            person_id: own.introduction
            for person_id, own in read_own_choices(context).items()
            if own.introduction is not None
        }
        self._agendas: dict[tuple[Group, str, str], Agenda] = {}

    def of_member(self, group: Group, booking: Booking, person_id: str, language: str) -> Card:
        """The group as it is booked."""
        return group_card(
            self._agenda(group, person_id, language),
            Buttons(self._signer, self._round_id, person_id, str(group.number)),
            introductions=self._introductions,
            event_url=booking.web_link,
            join_url=booking.join_url,
        )

    def called_off(
        self, group: Group, person_id: str, language: str, *, reason: str | None
    ) -> Card:
        """The group does not meet; ``reason`` is what HR said to its members."""
        return cancelled_card(self._agenda(group, person_id, language), reason=reason)

    def without(self, group: Group, person_id: str, language: str) -> Card:
        """The group meets, and the person is not in it any more."""
        return without_you_card(self._agenda(group, person_id, language))

    def _agenda(self, group: Group, person_id: str, language: str) -> Agenda:
        """Members with one clock and one language share an agenda."""
        key = (group, zone_of(group, person_id), language)
        if key not in self._agendas:
            self._agendas[key] = write_member_agenda(
                self._programme, group, self._people, person_id, language=language
            )
        return self._agendas[key]
