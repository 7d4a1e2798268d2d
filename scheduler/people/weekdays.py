"""On which weekdays people work, or are in the office, where HR said so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from scheduler.people.offices import PersonalDays
from scheduler.people.person import Person
from scheduler.people.where import parse_where
from scheduler.programmes.values import WEEKDAYS


def find_weekdays(
    people: Iterable[Person], entries: tuple[PersonalDays, ...], *, today: dt.date
) -> dict[str, frozenset[int]]:
    """The weekdays (Monday = 0) of each person whom an entry is about, by id.

    Where several entries are about one person, the last one counts: the general stands first,
    the exception after it.
    """
    found: dict[str, frozenset[int]] = {}
    chosen = [
        (parse_where(entry.where), frozenset(WEEKDAYS.index(day) for day in entry.days))
        for entry in entries
    ]
    for person in people:
        for where, days in chosen:
            if where.matches(person, today):
                found[person.id] = days
    return found
