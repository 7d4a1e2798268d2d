"""Whose turn it is to open a meeting and keep the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from scheduler.agendas.prompts import is_new
from scheduler.agendas.ranked import ranked
from scheduler.people.person import Person


def choose_facilitator(
    members: Sequence[Person], last_led: Mapping[str, dt.date], *, day: dt.date, seed: str
) -> str | None:
    """The id of the member who led longest ago, or never; among several, by lot.

    Guests are never asked, and newcomers only where there is nobody else.

    Args:
        members: Who is in the group.
        last_led: The day on which each person last led, by id.
        day: Of the meeting.
        seed: Of the lot.
    """
    hosts = [person for person in members if not person.guest]
    able = [person for person in hosts if not is_new(person, day)] or hosts
    if not able:
        return None
    first = min(last_led.get(person.id, dt.date.min) for person in able)
    waiting = [person for person in able if last_led.get(person.id, dt.date.min) == first]
    return ranked(f"{seed} leads", waiting, key=lambda person: person.id)[0].id
