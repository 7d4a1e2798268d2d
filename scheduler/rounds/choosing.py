"""A choice is checked against the directory and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.graph.directory import read_people
from scheduler.people.choices import EVERY_PROGRAMME, Kind, describe_choice
from scheduler.people.choosing import ChoiceError, parse_choice
from scheduler.rounds.company import read_company
from scheduler.rounds.context import Context
from scheduler.rounds.deeds import moment_of_choice
from scheduler.rounds.directory import read_audience_groups
from scheduler.rounds.sign_up import find_listings
from scheduler.store.choices import save_choice
from scheduler.teams.cards.name_list import describe_listing
from scheduler.texts.catalogue import texts_in


@dataclass(frozen=True, slots=True)
class KeptChoice:
    """A choice that was kept, in words (confidential values left out), and what the person is to be
    told: where they stand on a list, in sentences to them.
    """

    person: str
    words: str
    told: tuple[str, ...] = ()

    def in_words(self) -> str:
        """For the console."""
        lines = [f"Kept: {self.words}."]
        if self.told:
            lines.append(f"To {self.person}: {' '.join(self.told)}")
        return "\n".join(lines)


async def keep_choice(context: Context, person: str, kind: str, words: Sequence[str]) -> KeptChoice:
    """Keep what a person decided.

    Args:
        context: settings, store, connection.
        person: mail address or id.
        kind: one of the kinds of choice.
        words: what was decided, see :func:`scheduler.people.choosing.parse_choice`.

    Raises:
        ChoiceError: there is no such person, kind or value; says what would be right.
        GraphError: the directory cannot be read.
        ExportRefusedError: the HR export cannot be read without guessing.
    """
    people = (await read_people(context.graph)).people
    wanted = person.strip().casefold()
    found = next(
        (one for one in people if wanted in (one.mail.casefold(), one.id.casefold())), None
    )
    if found is None:
        raise ChoiceError(f"{person} is not in the directory.")
    parsed, about, value = parse_choice(
        kind, words, people=people, programmes=context.settings.programmes, today=context.today
    )
    at = moment_of_choice(context, found.id)
    save_choice(context.store, found.id, parsed, value, about=about, at=at, by=context.by)
    told = await _tell_lists(context, found.id, parsed, value)
    return KeptChoice(found.name, describe_choice(parsed, value), told)


async def _tell_lists(context: Context, person_id: str, kind: Kind, value: Any) -> tuple[str, ...]:
    """Where somebody who has just joined stands on the lists on which their name is by that."""
    if kind != "join":
        return ()
    programmes = context.settings.programmes
    names = set(programmes) if value == EVERY_PROGRAMME else {str(value)}
    if all(programmes[name].sign_up is None for name in names):
        return ()
    people = {one.id: one for one in (await read_company(context)).people}
    if person_id not in people:
        return ()
    members = await read_audience_groups(context)
    listings = find_listings(context, people[person_id], people, members, names=names)
    texts = texts_in("en")
    return tuple(said for one in listings.values() for said in describe_listing(one, texts))
