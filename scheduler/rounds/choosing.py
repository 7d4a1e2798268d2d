"""A choice is checked against the directory and kept."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.graph.directory import read_people
from scheduler.people.choices import describe_choice
from scheduler.people.choosing import ChoiceError, parse_choice
from scheduler.rounds.context import Context
from scheduler.store.choices import save_choice
from scheduler.store.engine import now


async def keep_choice(context: Context, person: str, kind: str, words: Sequence[str]) -> str:
    """Keep what a person decided, and say it in words (confidential values left out).

    Args:
        context: settings, store, connection.
        person: mail address or id.
        kind: one of the kinds of choice.
        words: what was decided, see :func:`scheduler.people.choosing.parse_choice`.

    Raises:
        ChoiceError: there is no such person, kind or value; says what would be right.
        GraphError: the directory cannot be read.
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
    save_choice(context.store, found.id, parsed, value, about=about, at=now(), by=context.by)
    return describe_choice(parsed, value)
