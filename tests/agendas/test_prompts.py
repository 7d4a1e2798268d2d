"""Prompts fit who is there."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from scheduler.agendas import prompts
from scheduler.agendas.prompts import write_prompts
from scheduler.people.person import Person
from scheduler.texts.catalogue import texts_in

DAY = dt.date(2026, 12, 7)
ENGLISH = texts_in("en")


def person(name: str, **known: object) -> Person:
    return Person(id=name, name=name, mail=f"{name}@example.com", **known)


def written(*people: Person, seed: str = "seed") -> tuple[str, ...]:
    return write_prompts(people, day=DAY, seed=seed, texts=ENGLISH)


def wordings(messages: tuple[str, ...], **fields: object) -> set[str]:
    return {message.format(**fields) for message in messages}


def test_newcomer_is_named_with_the_month():
    first, *_ = written(person("Ann", hired=dt.date(2026, 9, 1)), person("Bob"))

    assert first in wordings(prompts._NEWCOMER, name="Ann", month="September 2026")


@pytest.mark.parametrize(("hired", "new"), [("2026-06-08", True), ("2026-06-07", False)])
def test_newcomer_is_new_for_half_a_year(hired, new):
    ann = person("Ann", hired=dt.date.fromisoformat(hired))

    assert prompts.is_new(ann, DAY) is new


def test_newcomers_are_named_together():
    hired = dt.date(2026, 10, 1)

    first, *_ = written(person("Ann", hired=hired), person("Bob", hired=hired), person("Cy"))

    assert first in wordings(prompts._NEWCOMERS, names="Ann and Bob")


def test_longest_serving_is_asked_about_the_years():
    first, *_ = written(
        person("Ann", hired=dt.date(2016, 5, 1)), person("Bob", hired=dt.date(2005, 5, 1))
    )

    assert first in wordings(prompts._LONG, name="Bob", year=2005)


def test_offices_and_levels_are_noticed_without_naming_a_level():
    offices, levels = written(
        person("Ann", office="Berlin", level=1), person("Bob", office="Porto", level=3)
    )

    assert offices in wordings(prompts._OFFICES, offices="Berlin and Porto")
    assert levels in prompts._LEVELS


def test_common_ground_is_found():
    year = dt.date(2019, 1, 1)

    found = written(
        person("Ann", department="A", title="Analyst", hired=year, languages=("de", "en-GB")),
        person("Bob", department="B", title="Analyst", hired=year),
    )

    assert found[0] in wordings(prompts._SAME_TITLE, names="Ann and Bob")
    assert found[1] in wordings(prompts._SAME_YEAR, names="Ann and Bob", year="2019")
    assert found[2] in wordings(prompts._LANGUAGES, languages="English and German")


def test_guest_and_return_are_noticed():
    back, guest = written(
        person("Ann", hired=dt.date(2026, 10, 1), returned=dt.date(2026, 10, 1)),
        person("Bob", guest=True),
    )

    assert back in wordings(prompts._RETURNED, name="Ann", month="October 2026")
    assert guest in wordings(prompts._GUEST, name="Bob")


def test_shared_interest_is_named():
    first, *_ = written(
        person("Ann", interests=("chess", "go")), person("Bob", interests=("running", "chess"))
    )

    assert first in wordings(prompts._INTEREST, names="Ann and Bob", interest="chess")


def test_unknown_people_get_questions_for_anybody():
    found = written(person("Ann"), person("Bob"))

    assert len(set(found)) == 2
    assert set(found) <= set(prompts._ANYBODY)


def test_at_most_four_prompts_are_asked():
    ann = person("Ann", hired=dt.date(2000, 1, 1), office="Berlin", level=0, title="Analyst")
    bob = dataclasses.replace(
        ann, id="Bob", name="Bob", office="Porto", level=9, department="B", languages=("de", "fr")
    )

    assert len(written(ann, bob)) == 4


def test_wording_varies_between_groups():
    ann = person("Ann", hired=dt.date(2026, 9, 1))

    assert {written(ann, person("Bob"), seed=str(seed))[0] for seed in range(40)} == wordings(
        prompts._NEWCOMER, name="Ann", month="September 2026"
    )
