from __future__ import annotations

import datetime as dt
import itertools

import numpy as np

from scheduler.grouping import rules as engine
from scheduler.grouping.companions import (
    ASKED,
    frame_asked_for,
    frame_bridge,
    frame_contact_mix,
    frame_whole,
)
from scheduler.people.contacts import Contacts
from scheduler.people.person import Person
from scheduler.people.where import parse_where
from scheduler.programmes import rules as words

TODAY = dt.date(2026, 11, 25)


def person(name: str, **more: object) -> Person:
    return Person(id=name, name=name, mail=f"{name}@x.example", **more)  # type: ignore[arg-type]


def selector(people):
    return lambda text: np.array([parse_where(text).matches(one, TODAY) for one in people])


def keeps(rules: list[engine.Rule], group: tuple[int, ...]) -> bool:
    """Whether a group satisfies hard rules; knows nothing of how they were made."""
    for rule in rules:
        match rule:
            case engine.AtLeast():
                asked = rule.when is None or any(rule.when[one] for one in group)
                if asked and sum(rule.who[one] for one in group) < rule.count:
                    return False
            case engine.AtMost():
                if sum(rule.who[one] for one in group) > rule.count:
                    return False
            case engine.Same():
                if len({rule.code[one] for one in group}) > 1:
                    return False
            case engine.AtMostOfOne():
                codes = [rule.code[one] for one in group if rule.code[one] >= 0]
                if any(codes.count(code) > rule.count for code in codes):
                    return False
    return True


def test_somebody_who_came_back_meets_a_contact_and_a_new_face():
    people = [
        person("ana", returned=dt.date(2026, 11, 1)),
        person("ben"),
        person("cem"),
        person("dan", returned=dt.date(2026, 11, 1)),
    ]
    contacts = Contacts(known=frozenset({("ana", "ben")}))
    rule = words.ContactMix(of="since_return < 90 days", known=1, new=1)
    rules = frame_contact_mix(people, rule, contacts, selector(people))
    groups = [g for g in itertools.combinations(range(4), 3) if keeps(rules, g)]
    assert groups == [(0, 1, 2)]  # dan knows nobody, and two who came back do not share a group


def test_who_asked_about_an_area_meets_people_of_it():
    people = [
        person("ana", wishes=("Legal",)),
        person("ben", department="legal"),
        person("cem", wishes=("Legal",)),
        person("dan", department="Legal", wishes=("Legal",)),
        person("eva"),
    ]
    rules = frame_asked_for(people, words.AskedFor(count=1), selector(people))
    assert [rule.name for rule in rules] == [ASKED, ASKED]  # one for ana and cem, one for dan
    kept = {g for g in itertools.combinations(range(5), 2) if keeps(rules, g)}
    assert kept == {(0, 1), (1, 2), (1, 3), (1, 4)}


def test_adviser_comes_where_one_was_asked_for():
    people = [
        person("ana", adviser="recruiter"),
        person("ben", title="Senior Recruiter"),
        person("cem", adviser="supervisor", interests=("data",), manager="dan"),
        person("dan", interests=("Data",)),
        person("eva", interests=("Data",)),
        person("fay", manager="eva"),
    ]
    rule = words.AskedFor(count=1, advisers="title contains recruiter")
    rules = frame_asked_for(people, rule, selector(people))
    kept = {g for g in itertools.combinations(range(6), 2) if keeps(rules, g)}
    assert {g for g in kept if 0 in g} == {(0, 1)}
    assert {g for g in kept if 2 in g} == {(2, 4)}  # dan is the own manager


def test_bridge_mixes_half_and_half():
    departments = ["Sales", "Sales", "Sales", "Engineering", "Engineering", "Legal", "Legal", "IT"]
    people = [person(f"p{n}", department=name) for n, name in enumerate(departments)]
    rule = words.Bridge(pairs=(("Sales", "Engineering"), ("Legal", "IT")))
    rules = frame_bridge(people, rule, at_most=4, seed=1)
    for size in (3, 4):
        for group in itertools.combinations(range(8), size):
            names = [departments[one] for one in group]
            halves = sorted(names.count(name) for name in set(names))
            pair = any(set(names) == set(ends) for ends in rule.pairs)
            assert keeps(rules, group) == (pair and halves[-1] - halves[0] <= 1), names


def test_whole_groups_are_those_who_share_a_field():
    people = [
        person("ana", team="A"),
        person("ben", team="B"),
        person("cem"),
        person("d", team="A"),
    ]
    assert frame_whole(people, "team").tolist() == [0, 1, -1, 0]
    assert frame_whole(people, "everybody").tolist() == [0, 0, 0, 0]
