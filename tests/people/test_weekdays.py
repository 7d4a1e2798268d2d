from __future__ import annotations

import datetime as dt

from scheduler.people.offices import PersonalDays
from scheduler.people.person import Person
from scheduler.people.weekdays import find_weekdays


def test_last_entry_about_a_person_counts():
    people = [
        Person(id=name, name=name, mail=f"{name}@x.example", team=team)
        for name, team in [("ana", "Deals"), ("ben", "Deals"), ("cem", None)]
    ]
    entries = (
        PersonalDays(where="team = Deals", days=("tue", "thu")),
        PersonalDays(where="mail = ben@x.example", days=("mon",)),
    )
    assert find_weekdays(people, entries, today=dt.date(2026, 11, 25)) == {
        "ana": frozenset({1, 3}),
        "ben": frozenset({0}),
    }
