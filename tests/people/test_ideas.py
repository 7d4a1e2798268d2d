"""Ideas whom to meet, and that they tell nothing that is somebody else's."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.people.choices import Choices
from scheduler.people.contacts import Contacts, Met, pair_of
from scheduler.people.ideas import find_ideas
from scheduler.people.person import Person

TODAY = dt.date(2026, 11, 25)
ME = Person(id="me", name="Me", mail="me@x.example", department="Sales", team="S1", manager="boss")
SECRET = "a secret of thirty-two characters"


def person(number: int, **more: object) -> Person:
    known = {"department": f"Department {number % 5}", "manager": f"boss-{number % 7}"} | more
    return Person(id=f"p{number}", name=f"P {number}", mail=f"p{number}@x.example", **known)


PEOPLE = [person(number) for number in range(40)]


def find(me=ME, people=PEOPLE, contacts=None, choices=None, secret=SECRET, **more):
    return find_ideas(
        me, people, contacts or Contacts(), choices or {}, directory={p.id: p for p in PEOPLE},
        **{"today": TODAY, "secret": secret, "most": 6} | more,
    )  # fmt: skip


def all_ideas(**more):
    return {idea.person.id: idea for idea in find(most=1000, **more)}


def reasons(me, other, **more):
    """Why one would meet the other, whatever pairs rest under one secret."""
    for number in range(50):
        ideas = find(me, [other], secret=f"{SECRET} {number}", **more)
        if ideas:
            return [reason.text for reason in ideas[0].why]
    return []


def test_departments_where_nobody_is_known_are_proposed():
    assert reasons(ME, PEOPLE[1]) == ["You have met nobody of Department 1 yet."]


def test_department_of_somebody_met_is_no_reason():
    met = Contacts({pair_of("me", "p1"): Met(1, dt.date(2026, 11, 2))})

    assert reasons(ME, PEOPLE[6], contacts=met) == []


def test_shared_interest_is_named_as_the_reader_wrote_it():
    chess = person(1, interests=("CHESS", "Go"))

    assert reasons(replace(ME, interests=("Chess",)), chess)[0] == "You share an interest: Chess."


def test_interest_of_very_many_says_nothing():
    many = [person(number, interests=("lunch",)) for number in range(300)]

    ideas = find(replace(ME, interests=("lunch",)), many)

    assert {reason.kind for idea in ideas for reason in idea.why} == {"department"}


def test_area_asked_for_comes_first_and_by_the_directory_alone():
    own = {"me": Choices(meet_areas=("department 2", "chess"))}
    player = person(1, interests=("chess",))

    assert find(choices=own)[0].why[0].text == "You asked to meet department 2."
    assert reasons(ME, player, choices=own) == ["You have met nobody of Department 1 yet."]


def test_newcomers_and_those_who_served_long_meet():
    old, new = person(1, hired=dt.date(2010, 1, 1)), replace(ME, hired=dt.date(2026, 10, 1))

    assert "Has been here for many years, and knows how things grew." in reasons(new, old)
    assert "Is new here, and you know your way around." in reasons(
        replace(ME, hired=dt.date(2010, 1, 1)), replace(old, hired=dt.date(2026, 10, 1))
    )
    assert not any("years" in text for text in reasons(replace(new, hired=None), old))


def test_somebody_known_from_another_team_is_worth_meeting_again():
    known = Contacts(known=frozenset({pair_of("me", "p1")}))
    long_ago = Contacts({pair_of("me", "p1"): Met(2, dt.date(2026, 3, 2))})

    assert reasons(ME, PEOPLE[1], contacts=known) == [
        "You know each other, and work in different teams now."
    ]
    assert reasons(ME, PEOPLE[1], contacts=long_ago) == ["You last met in March 2026."]


@pytest.mark.parametrize(
    ("other", "more"),
    [
        (person(1, team="S1"), {}),
        (person(1, manager="boss"), {}),
        (person(1, manager="me"), {}),
        (replace(person(1), id="boss"), {}),
        (person(1, guest=True), {}),
        (replace(ME), {}),
        (person(1), {"choices": {"me": Choices(never_with=frozenset({"p1"}))}}),
        (person(1), {"choices": {"p1": Choices(never_with=frozenset({"me"}))}}),
        (person(1), {"choices": {"me": Choices(meet_people=("p1",))}}),
        (person(1), {"contacts": Contacts({pair_of("me", "p1"): Met(1, dt.date(2026, 10, 1))})}),
    ],
)  # fmt: skip
def test_nobody_is_proposed_who_is_out_of_the_question(other, more):
    assert reasons(ME, other, **more) == []


def test_some_pairs_rest_for_no_reason_and_only_the_secret_tells_which():
    seen = set(all_ideas())
    others = set(all_ideas(secret="another secret of thirty-two letters"))

    assert len(seen) < len(PEOPLE) * 0.9
    assert seen != others
    assert set(all_ideas(today=TODAY + dt.timedelta(days=70))) == seen  # for good, not for a week


def test_ideas_change_with_the_week_and_not_within_it():
    weeks = [[i.person.id for i in find(today=TODAY + dt.timedelta(days=n))] for n in (0, 1, 7)]

    assert weeks[0] == weeks[1]
    assert weeks[0] != weeks[2]


def test_ideas_are_not_all_alike():
    departments = [idea.person.department for idea in find(most=4)]

    assert len(set(departments)) > 1


@given(st.data())
def test_what_others_wish_and_note_for_themselves_changes_nothing(data):
    ids = [one.id for one in PEOPLE]
    others = {
        person_id: Choices(
            meet_people=tuple(data.draw(st.lists(st.sampled_from(["me", *ids]), max_size=3))),
            meet_areas=data.draw(st.sampled_from([(), ("Sales",)])),
            adviser=data.draw(st.sampled_from([None, "recruiter"])),
            diet=data.draw(st.sampled_from([None, "vegan"])),
        )
        for person_id in data.draw(st.lists(st.sampled_from(ids), max_size=10))
    }

    assert find(choices=others) == find()


@given(st.sets(st.sampled_from([one.id for one in PEOPLE])))
def test_whoever_avoids_the_reader_is_missing_and_nothing_else_is(shunning):
    choices = {one: Choices(never_with=frozenset({"me"})) for one in shunning}

    ideas = all_ideas(choices=choices)

    assert set(ideas) == set(all_ideas()) - shunning
    assert ideas == {one: idea for one, idea in all_ideas().items() if one not in shunning}
