"""Whoever drops out of a group that is not chosen leaves a seat for the next of their own."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.grouping import rules
from scheduler.grouping.checker import find_faults
from scheduler.grouping.mending import CANNOT_COME, GONE, Upset, mend_plan
from scheduler.grouping.naming import name_plan
from scheduler.grouping.plan import Place
from scheduler.grouping.problem import Seating
from scheduler.grouping.refilling import refill
from scheduler.grouping.whole import solve_frame, solve_whole
from scheduler.programmes.programme import SignUp, Size, VenueWish
from tests.grouping.test_framing import MONDAY, frame, person
from tests.grouping.test_whole import problem

NAMES = ("ada", "bob", "cy", "dan", "eve", "fay")
TURN = {name: turn for turn, name in enumerate(("fay", "eve", "dan", "cy", "bob", "ada"))}
PARK = Place("Victoria Park", "elsewhere", seats=9, tables=9)
BEFORE = dt.datetime.combine(MONDAY, dt.time(), dt.UTC) - dt.timedelta(days=3)


def group(*members: int) -> Seating:
    return Seating(tuple(sorted(members)), 0, 0)


def mended(one, groups, dropped, upto, *, code=None, order=None, **more):
    code = np.zeros(len(one.available), np.int64) if code is None else np.array(code)
    order = np.arange(len(one.available)) if order is None else np.array(order)
    result = refill(one, groups, code, order, dropped=dropped, upto=upto, **more)
    return [None if each is None else each.members for each in result]


def test_first_on_the_waiting_list_gets_the_seat():
    one = problem([[1]] * 5, size_most=3)
    assert mended(one, [group(0, 1, 2)], {1}, "seats") == [(0, 2, 3)]
    assert mended(one, [group(0, 1, 2)], {1}, "seats", order=[0, 1, 2, 9, 4]) == [(0, 2, 4)]
    assert mended(one, [group(0, 1, 2)], {0, 1, 3}, "seats") == [(2, 4)]


def test_nobody_steps_in_without_a_waiting_list():
    one = problem([[1]] * 5, size_most=3)
    assert mended(one, [group(0, 1, 2)], {1}, "nobody") == [(0, 2)]
    assert mended(one, [group(0, 1, 2)], {1, 2}, "nobody") == [None]


def test_group_is_filled_up_to_what_it_needs():
    one = problem([[1]] * 5, size_least=3, size_most=5)
    assert mended(one, [group(0, 1, 2)], {1}, "least") == [(0, 2, 3)]
    assert mended(one, [group(0, 1, 2, 3)], {1}, "least") == [(0, 2, 3)]


def test_nobody_of_another_team_steps_in():
    one = problem([[1]] * 6, size_least=3)
    groups, code = [group(0, 1, 2)], [0, 0, 0, 1, 1, -1]
    assert mended(one, groups, {0}, "least", code=code) == [None]
    assert mended(one, groups, {0}, "seats", code=code) == [None]


def test_group_that_nobody_drops_out_of_stays_as_it_is():
    one = problem([[1]] * 5, size_most=4)
    assert mended(one, [group(0, 1)], {4}, "seats") == [(0, 1)]


def test_group_that_lost_somebody_who_is_in_no_row_is_filled_too():
    one = problem([[1]] * 4, size_most=3)
    assert mended(one, [group(0, 1)], set(), "seats", short=[0]) == [(0, 1, 2)]


def test_group_that_has_begun_only_loses_people():
    one = problem([[1]] * 4, size_most=3)
    assert mended(one, [group(0, 1, 2)], {0, 1}, "seats", keep=[0]) == [(2,)]


def test_whoever_steps_in_is_free_then_and_at_that_office():
    one = problem(
        [[1], [1], [0], [1], [1]], size_most=2, place=[0, 0, 0, 1, 0], venue_place=[0], seats=(2,)
    )
    assert mended(one, [group(0, 1)], {1}, "seats") == [(0, 4)]


def test_two_who_are_kept_apart_do_not_meet_by_that():
    apart = rules.Apart("kept apart", np.array([[0, 3]], np.int64))
    one = problem([[1]] * 5, size_most=2, rules=(apart,))
    assert mended(one, [group(0, 1)], {1}, "seats") == [(0, 2)]
    assert mended(one, [group(0, 1)], {1, 2}, "seats") == [(0, 4)]


def test_somebody_steps_in_who_mends_the_rule_that_is_broken():
    """With three of at least two there are enough, but nobody experienced is left."""
    who = np.array([True, False, False, False, False, True])
    needed = rules.AtLeast("at least 1 experienced", who, 1)
    one = problem([[1]] * 6, size_most=5, rules=(needed,))
    assert mended(one, [group(0, 1, 2)], {0}, "least") == [(1, 2, 5)]
    assert mended(one, [group(0, 1, 2)], {0, 5}, "least") == [None]


def test_group_larger_than_the_seats_are_now_shrinks_and_goes_on():
    one = problem([[1]] * 6, size_most=3)
    assert mended(one, [group(0, 1, 2, 3, 4)], {0}, "seats") == [(1, 2, 3, 4)]


@given(data=st.data())
def test_refilled_groups_are_a_plan_of_whoever_comes_first(data):
    """Whatever drops out: no fault, nobody twice, nobody of another code; and no seat is empty
    while somebody waits who could have it.
    """
    people = data.draw(st.integers(2, 9))
    one = problem([[1]] * people, size_most=data.draw(st.integers(2, 4)))
    code = np.array(data.draw(st.lists(st.integers(0, 1), min_size=people, max_size=people)))
    order = np.array(data.draw(st.permutations(range(people))))
    groups = solve_whole(one, code, order).groups
    dropped = data.draw(st.sets(st.integers(0, people - 1)))
    after = refill(one, groups, code, order, dropped=dropped, upto="seats")
    standing = [each for each in after if each is not None]
    assert find_faults(one, standing) == []
    for before, each in zip(groups, after, strict=True):
        own = [p for p in range(people) if code[p] == code[before.members[0]]]
        hit = bool(dropped & set(before.members))
        first = sorted((p for p in own if p not in dropped), key=lambda p: order[p])
        wanted = first[: one.size_most] if hit else list(before.members)
        assert (each.members if each else ()) == tuple(sorted(wanted if len(wanted) > 1 else ()))


def framed(names=NAMES, *, capacity=3, waiting_list=True, turn=TURN, at_least=2):
    made = frame([person(name) for name in names], kind="online", places=[PARK])
    programme = made.programme.model_copy(
        update={
            "whole": "everybody",
            "venue": VenueWish(kind="elsewhere", place="Victoria Park"),
            "size": Size(at_least=at_least, ideal=3, at_most=9),
            "sign_up": SignUp(capacity=capacity, waiting_list=waiting_list),
        }
    )
    return dataclasses.replace(made, programme=programme, turn=turn)


def planned(made):
    return name_plan(made, solve_frame(made), round_id="outing/2026-12-07", seed=1)


def seats(plan):
    return [set(each.member_ids) for each in plan.groups]


def kinds(plan):
    return {one.person_id: one.kind for one in plan.left_out}


@pytest.mark.parametrize(("waiting_list", "kind"), [(True, "waiting list"), (False, "list full")])
def test_seats_go_to_those_who_put_their_names_down_first(waiting_list, kind):
    plan = planned(framed(waiting_list=waiting_list))
    assert seats(plan) == [{"fay", "eve", "dan"}]
    assert kinds(plan) == dict.fromkeys(("ada", "bob", "cy"), kind)
    told = {one.text for one in plan.left_out}
    assert told == {
        "Others put their names down earlier; they are on the waiting list."
        if waiting_list
        else "Others put their names down earlier and have every seat; there is no waiting list."
    }


def test_mended_plan_seats_the_first_on_the_waiting_list():
    made = framed()
    after = mend_plan(planned(made), made, Upset(dropped=frozenset({"eve"})), now=BEFORE)
    assert seats(after) == [{"fay", "dan", "cy"}]
    assert kinds(after) == {"bob": "waiting list", "ada": "waiting list", "eve": CANNOT_COME[0]}
    again = Upset(dropped=frozenset({"eve", "cy", "bob", "fay"}))
    last = mend_plan(after, made, again, now=BEFORE)
    assert seats(last) == [{"dan", "ada"}]


def test_mended_plan_without_a_waiting_list_seats_nobody():
    made = framed(waiting_list=False)
    after = mend_plan(planned(made), made, Upset(dropped=frozenset({"eve"})), now=BEFORE)
    assert seats(after) == [{"fay", "dan"}]
    assert kinds(after)["cy"] == "list full"


def test_seat_of_somebody_who_is_gone_is_filled_and_the_reason_says_so():
    plan = planned(framed())
    without = framed([name for name in NAMES if name != "dan"])
    after = mend_plan(plan, without, Upset(dropped=frozenset({"eve"})), now=BEFORE)
    assert seats(after) == [{"fay", "cy", "bob"}]
    assert {one.person_id: (one.kind, one.text) for one in after.left_out}["dan"] == GONE


def test_time_that_somebody_proposes_is_not_taken_for_all_who_put_their_names_down():
    made = framed()
    plan = planned(made)
    other = next(s for s in made.availability.slots if s != plan.groups[0].slot)
    after = mend_plan(plan, made, Upset(proposals={1: [other.start]}), now=BEFORE)
    assert after == plan
