"""Who takes part, and what somebody asks for."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from scheduler.people.choosing import ChoiceError
from scheduler.people.person import Person
from scheduler.rounds.circle import (
    Circles,
    ask_to_meet,
    ask_to_meet_area,
    find_circle,
    propose_people,
    read_own_contacts,
    take_back_area,
    take_back_person,
)
from scheduler.rounds.context import Context
from scheduler.rounds.deeds import read_my_choices
from scheduler.settings.loader import load_settings
from scheduler.store.choices import save_choice
from scheduler.store.engine import open_store
from tests.store.conftest import AT

PEOPLE = {
    f"p{number}": Person(
        id=f"p{number}", name=f"Person {number}", mail=f"p{number}@x.example", office="Berlin",
        department=f"D{number % 4}", manager=f"boss{number}",
    )
    for number in range(30)
}  # fmt: skip
ANN = PEOPLE["p0"]


@pytest.fixture
def context(tmp_path):
    settings = load_settings(Path(__file__).parents[2] / "config")
    with open_store(tmp_path / "scheduler.db") as store:
        yield Context(
            settings=settings, store=store, graph=None, today=dt.date(2026, 11, 25), by="test"
        )


def decide(context, person_id, kind, value, about=""):
    save_choice(context.store, person_id, kind, value, about=about, at=AT, by="self")


def test_whoever_left_everything_or_is_meant_by_nothing_is_not_in_the_circle(context):
    contractor = dataclasses.replace(ANN, id="c", employee_type="contractor", office=None)
    decide(context, "p1", "leave", "*", "*")
    decide(context, "p2", "leave", "cross-team-lunch", "cross-team-lunch")
    decide(context, "p3", "pause-until", "2027-03-01")

    circle = find_circle(context, [*PEOPLE.values(), contractor])

    assert set(circle.people) == set(PEOPLE) - {"p1"}
    assert "choices" not in repr(circle)


def test_interests_that_somebody_named_count_and_breaks_are_kept_for_them(context):
    decide(context, "p3", "pause-until", "2027-03-01")
    decide(context, "p4", "interests", ["chess"])
    circle = find_circle(context, PEOPLE.values())

    ideas = propose_people(context, circle, ANN, PEOPLE, secret="s" * 32, most=100)

    assert circle.people["p4"].interests == ("chess",)
    assert {idea.person.id for idea in ideas} < set(PEOPLE) - {"p0", "p3"}


def test_circle_is_found_anew_when_a_choice_the_day_or_the_directory_changes(context):
    circles = Circles()
    first = circles.find(context, PEOPLE, {})
    assert circles.find(context, PEOPLE, {}) is first

    decide(context, "p1", "leave", "*", "*")
    second = circles.find(context, PEOPLE, {})
    assert "p1" in first.people
    assert "p1" not in second.people
    assert circles.find(context, dict(PEOPLE), {}) is not second
    tomorrow = dataclasses.replace(context, today=dt.date(2026, 11, 26))
    third = circles.find(tomorrow, PEOPLE, {})
    assert third is not circles.find(context, PEOPLE, {})


def test_wishes_grow_and_shrink_one_by_one(context):
    done = [
        ask_to_meet(context, ANN, PEOPLE["p1"]),
        ask_to_meet(context, ANN, PEOPLE["p2"]),
        ask_to_meet(context, ANN, PEOPLE["p1"]),
        take_back_person(context, ANN, "p1"),
        take_back_person(context, ANN, "p1"),
        ask_to_meet_area(context, ANN, "Legal"),
        ask_to_meet_area(context, ANN, " legal "),
        ask_to_meet_area(context, ANN, ","),
        take_back_area(context, ANN, "Legal"),
    ]

    mine = read_my_choices(context, "p0")
    assert done == [True, True, False, True, False, True, False, False, True]
    assert (mine.meet_people, mine.meet_areas) == (("p2",), ())


def test_more_wishes_than_are_kept_are_refused(context):
    for number in range(50):
        assert ask_to_meet_area(context, ANN, f"Topic {number}")

    with pytest.raises(ChoiceError, match="At most 50"):
        ask_to_meet_area(context, ANN, "One more")
    assert len(read_my_choices(context, "p0").meet_areas) == 50


def test_nobody_is_known_to_whoever_met_nobody(context):
    assert read_own_contacts(context, ANN, PEOPLE).met == {}
