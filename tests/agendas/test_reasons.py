"""Why people meet, in their language."""

from __future__ import annotations

import datetime as dt

import pytest

from scheduler.agendas.reasons import write_reasons
from scheduler.people.person import Person
from scheduler.texts.catalogue import texts_in

DAY = dt.date(2026, 12, 7)


def written(members, new_ties, language="en"):
    return write_reasons(members, new_ties=new_ties, day=DAY, texts=texts_in(language))


def test_group_of_strangers_is_told_so(members):
    assert written(members, 6) == (
        "You come from Customer Service, Department 14, Legal and Research.",
        "As far as we know, no two of you have met.",
        "Somebody who has just joined meets somebody who has been here for years.",
        "You work in Berlin and London.",
    )


def test_reasons_are_told_in_german(members):
    assert written(members, 5, "de")[:2] == (
        "Ihr kommt aus: Abteilung 14, Customer Service, Legal und Research.",
        "Soweit wir wissen, kennen sich 5 von 6 Paaren unter euch noch nicht.",
    )


@pytest.mark.parametrize(
    ("new_ties", "sentence"),
    [(1, "As far as we know, you have not met."), (0, None)],
)
def test_two_people_are_told_in_the_singular(new_ties, sentence):
    pair = [Person(id=key, name=key, mail="x@example.com") for key in "ab"]

    assert written(pair, new_ties) == ((sentence,) if sentence else ())


def test_many_departments_are_counted():
    crowd = [
        Person(id=str(n), name="x", mail="x@example.com", department=f"Unit {n}") for n in range(12)
    ]

    assert written(crowd, 66)[0] == "You come from 12 departments."
