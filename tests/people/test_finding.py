from __future__ import annotations

import pytest

from scheduler.people.finding import find_people
from scheduler.people.person import Person

NAMES = ("René O'Neil", "Anna Großmann", "Anna-Lena Bär", "Søren Berg", "Renata Groß")
PEOPLE = [Person(id=name, name=name, mail="x@x.example") for name in NAMES]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("rene", ["René O'Neil"]),
        ("RENÉ oneil", ["René O'Neil"]),
        ("gross ann", ["Anna Großmann"]),
        ("lena", ["Anna-Lena Bär"]),
        ("soren", ["Søren Berg"]),
        ("ren", ["Renata Groß", "René O'Neil"]),
        ("nna", []),
        ("a", []),
        ("  ", []),
        ("*", []),
        ("%%", []),
    ],
)
def test_people_are_found_by_the_beginnings_of_their_names(typed, found):
    assert [person.name for person in find_people(typed, PEOPLE)] == found
