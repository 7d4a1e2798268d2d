from __future__ import annotations

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from scheduler.people.choices import Choices
from scheduler.people.person import Person
from scheduler.people.wants import bridge_sides, buddy_pairs, chain_pairs, is_of_area, pair_points
from scheduler.programmes.rules import Bridge, Prefer

TODAY = dt.date(2026, 11, 25)


def person(name: str, **more) -> Person:
    return Person(id=name, name=name, mail=f"{name}@x.example", **more)


def points(people, *preferences, choices=None):
    return pair_points(people, preferences, choices or {}, today=TODAY)


def test_chain_reaches_everybody_above():
    people = [person("top"), person("mid", manager="top"), person("low", manager="mid")]
    assert chain_pairs(people) == {("mid", "top"), ("low", "mid"), ("low", "top")}


def test_chain_that_leads_in_a_circle_ends():
    people = [person("a", manager="b"), person("b", manager="a"), person("c", manager="c")]
    assert chain_pairs(people) == {("a", "b")}


def test_buddies_are_pairs():
    people = [person("a", buddy="b"), person("b", buddy="b")]
    assert buddy_pairs(people) == {("a", "b")}


def test_area_is_a_department_a_team_or_an_interest():
    one = person("a", department="Legal", team="Deals", interests=("Chess",))
    assert [is_of_area(one, area) for area in ("legal", " DEALS ", "chess", "Sales")] == [
        True, True, True, False,
    ]  # fmt: skip


def test_requests_count_fully_for_people_and_half_for_areas():
    people = [person("a"), person("b", department="Legal"), person("c", department="Legal")]
    choices = {"a": Choices(meet_people=("b", "gone", "a"), meet_areas=("Legal",))}
    found = points(people, Prefer(what="requested", weight=10), choices=choices)
    assert found == {("a", "b"): 10, ("a", "c"): 5}


def test_shared_interests_count_once_a_pair():
    people = [
        person("a", interests=("chess", "Go")),
        person("b", interests=("Chess", "go")),
        person("c", interests=("cooking",)),
    ]
    assert points(people, Prefer(what="shared_interest", weight=7)) == {("a", "b"): 7}


def test_interest_of_very_many_people_counts_nothing():
    people = [person(f"p{n}", interests=("music",)) for n in range(201)]
    assert points(people, Prefer(what="shared_interest", weight=7)) == {}


@given(st.lists(st.integers(-1, 6), min_size=7, max_size=7))
def test_near_people_cost_what_a_slow_search_finds(managers):
    people = [
        person(f"p{n}", manager=f"p{manager}" if manager >= 0 and manager != n else None)
        for n, manager in enumerate(managers)
    ]
    found = points(people, Prefer(what="far_in_organisation", weight=4))
    edges = {(one.id, one.manager) for one in people if one.manager}
    edges |= {(b, a) for a, b in edges}
    down = {one.id: one.manager for one in people}
    expected = {}
    for one, other in itertools.combinations(people, 2):
        same = down[one.id] is not None and down[one.id] == down[other.id]
        direct = (one.id, other.id) in edges
        skip = down.get(down[one.id]) == other.id or down.get(down[other.id]) == one.id
        if same or direct or skip:
            expected[one.id, other.id] = -4
    assert found == expected


def test_influential_people_are_worth_most_to_newcomers():
    people = [
        person("a", influence=5, hired=dt.date(2015, 1, 1)),
        person("b", influence=3),
        person("c", hired=dt.date(2026, 10, 1)),
        person("d", hired=dt.date(2020, 1, 1)),
    ]
    assert points(people, Prefer(what="influence", weight=10)) == {("a", "c"): 10}


def test_preferences_of_one_pair_add_up():
    people = [person("a", interests=("go",), manager="b"), person("b", interests=("go",))]
    found = points(
        people,
        Prefer(what="shared_interest", weight=7),
        Prefer(what="far_in_organisation", weight=4),
        Prefer(what="few_ties", weight=100),
    )
    assert found == {("a", "b"): 3}


def test_bridge_of_two_departments_takes_all_of_them():
    people = [person("a", department="Sales"), person("b", department="engineering"), person("c")]
    bridge = Bridge(pairs=(("Sales", "Engineering"),))
    assert bridge_sides(people, bridge, seed=1) == {"a": 0, "b": 0}


def test_department_with_two_bridges_is_dealt_out_in_proportion_and_anew_each_time():
    people = [person(f"s{n}", department="Sales") for n in range(40)]
    people += [person(f"e{n}", department="Engineering") for n in range(29)]
    people += [person(f"l{n}", department="Legal") for n in range(9)]
    bridge = Bridge(pairs=(("Sales", "Engineering"), ("Sales", "Legal")))
    first, second = (bridge_sides(people, bridge, seed=seed) for seed in (1, 2))
    sales = [first[f"s{n}"] for n in range(40)]
    assert [sales.count(0), sales.count(1)] == [30, 10]
    assert first != second
    assert first == bridge_sides(list(reversed(people)), bridge, seed=1)
