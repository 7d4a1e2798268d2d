"""Conversation starters name both departments of a pair."""

from __future__ import annotations

import itertools

import pytest

from scheduler.agendas import starters
from scheduler.agendas.starters import area_of, write_starters
from scheduler.people.person import Person
from scheduler.texts.catalogue import texts_in

ENGLISH = texts_in("en")


def written(*departments: str | None, seed: str = "seed") -> tuple[starters.Starter, ...]:
    people = [
        Person(id=str(number), name="Ann", mail="ann@example.com", department=department)
        for number, department in enumerate(departments)
    ]
    return write_starters(people, seed=seed, texts=ENGLISH)


def test_each_pair_of_departments_gets_its_own_question():
    found = written("Sales", "Legal", "Unit X", "Sales", None, "42")

    assert [starter.departments for starter in found] == list(
        itertools.combinations(["Department 42", "Legal", "Sales", "Unit X"], 2)
    )
    assert all(
        department in starter.question for starter in found for department in starter.departments
    )


def test_no_question_is_asked_twice_at_one_table():
    for seed in range(50):
        found = written("Unit A", "Unit B", "Unit C", "Unit D", "Unit E", seed=str(seed))
        forms = {
            starter.question.replace(starter.departments[0], "1").replace(
                starter.departments[1], "2"
            )
            for starter in found
        }

        assert len(forms) == len(found) == 10


def test_many_departments_are_asked_in_a_ring():
    found = written(*(f"Unit {letter}" for letter in "ABCDEFG"))

    assert len(found) == 7
    assert all(
        sum(f"Unit {letter}" in starter.departments for starter in found) == 2
        for letter in "ABCDEFG"
    )


def test_one_department_needs_no_starter():
    assert written("Sales", "Sales", None) == ()


@pytest.mark.parametrize(
    ("department", "area"),
    [
        ("Legal & Compliance", "legal"),
        ("Datenschutz", "legal"),
        ("IT Security", "it"),
        ("R&D", "research"),
        ("Product Development", "product"),
        ("Softwareentwicklung", None),
        ("Entwicklung", "engineering"),
        ("Business Intelligence", "research"),
        ("HR", "people"),
        ("Einkauf", "operations"),
        ("Department 14", None),
        ("Quality and Safety", "quality"),
    ],
)
def test_department_is_known_by_its_name(department, area):
    assert area_of(department) == area


def test_known_department_is_asked_about_its_work():
    (starter,) = written("Legal", "Unit X")

    assert starter.question in {
        question.format(own="Legal", other="Unit X") for question in starters._QUESTIONS["legal"]
    }
