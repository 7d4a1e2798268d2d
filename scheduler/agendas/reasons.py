"""Why these people meet, in sentences for them, in their language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from scheduler.agendas.about import department_text
from scheduler.agendas.prompts import LONG_YEARS, is_new
from scheduler.people.person import Person
from scheduler.texts.catalogue import Texts
from scheduler.texts.times import list_text


def write_reasons(
    members: Sequence[Person], *, new_ties: int, day: dt.date, texts: Texts
) -> tuple[str, ...]:
    """Say what the group brings together; nothing that somebody chose in private is in it.

    Args:
        members: Who is in the group.
        new_ties: Pairs of them who neither met in a round nor knew each other before.
        day: The day of the meeting.
        texts: The reader's language.
    """
    sentences = []
    departments = sorted(
        {department_text(person.department, texts) for person in members if person.department}
    )
    if 2 <= len(departments) <= 8:
        sentences.append(
            texts.say("You come from {departments}.", departments=list_text(departments, texts))
        )
    elif departments[8:]:
        sentences.append(texts.say("You come from {count} departments.", count=len(departments)))
    pairs = len(members) * (len(members) - 1) // 2
    if pairs == 1 and new_ties == 1:
        sentences.append(texts.say("As far as we know, you have not met."))
    elif new_ties == pairs:
        sentences.append(texts.say("As far as we know, no two of you have met."))
    elif new_ties:
        sentences.append(
            texts.say_plural(
                "As far as we know, {count} of the {pairs} pairs among you has not met.",
                "As far as we know, {count} of the {pairs} pairs among you have not met.",
                new_ties,
                pairs=pairs,
            )
        )
    new = any(is_new(person, day) for person in members)
    if new and any(
        person.hired and day.year - person.hired.year >= LONG_YEARS for person in members
    ):
        sentences.append(
            texts.say("Somebody who has just joined meets somebody who has been here for years.")
        )
    offices = sorted({person.office for person in members if person.office})
    if 2 <= len(offices) <= 8:
        sentences.append(texts.say("You work in {offices}.", offices=list_text(offices, texts)))
    return tuple(sentences)
