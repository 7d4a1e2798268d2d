from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise, product
from typing import get_args

import pytest

from scheduler.store.errors import RoundStateError, UnknownRoundError
from scheduler.store.plans import read_plan, replace_plan
from scheduler.store.rounds import (
    State,
    begin_cancelling,
    find_round,
    list_rounds,
    move_round,
    read_round,
    save_plan,
)

AT = dt.datetime(2026, 12, 1, 9, 30, tzinfo=dt.UTC)
ROUND = "cross-team-lunch/2026-12-07"
LIFE = ["planned", "approved", "booking", "booked", "held", "closed"]
STEPS = (
    {*pairwise(LIFE), ("approved", "planned"), ("booked", "booking"), ("booking", "held")}
    | {(state, "cancelling") for state in LIFE}
    | {("cancelling", "cancelled")}
)
PATHS = {state: LIFE[: LIFE.index(state) + 1] for state in LIFE} | {
    "cancelling": ["planned", "cancelling"],
    "cancelled": ["planned", "cancelling", "cancelled"],
}


def bring_to(store, state):
    for step in PATHS[state][1:]:
        move_round(store, ROUND, step, at=AT, by="test")


def test_saved_plan_is_a_planned_round(store, plan):
    found = save_plan(store, plan, at=AT, by="hr@contoso.example")

    assert (found.id, found.programme, found.date) == (
        ROUND,
        "cross-team-lunch",
        dt.date(2026, 12, 7),
    )
    assert (found.state, found.seed, found.revision) == ("planned", 7, 1)
    assert (found.created_at, found.changed_by) == (AT, "hr@contoso.example")
    assert read_plan(store, ROUND) == plan


def test_largest_seed_is_kept(store, plan):
    save_plan(store, replace(plan, seed=2**32 - 1), at=AT, by="hr")

    assert read_round(store, ROUND).seed == 2**32 - 1


def test_planned_round_can_be_planned_anew(store, plan):
    save_plan(store, plan, at=AT, by="hr")
    other = replace(plan, seed=8, groups=plan.groups[:1])

    assert save_plan(store, other, at=AT, by="hr").revision == 2
    assert read_plan(store, ROUND) == other
    assert read_plan(store, ROUND, revision=1) == plan


@pytest.mark.parametrize("state", [state for state in get_args(State) if state != "planned"])
def test_round_that_is_further_keeps_its_plan(store, plan, state):
    save_plan(store, plan, at=AT, by="hr")
    bring_to(store, state)

    with pytest.raises(RoundStateError, match=f"is {state}, so it cannot become planned anew"):
        save_plan(store, replace(plan, seed=8), at=AT, by="hr")

    assert read_plan(store, ROUND) == plan


def test_round_takes_exactly_the_steps_of_its_life(store, plan):
    taken = set()
    for number, (state, wanted) in enumerate(product(get_args(State), repeat=2)):
        round_id = f"cross-team-lunch/{dt.date(2027, 1, 1) + dt.timedelta(days=number)}"
        save_plan(store, replace(plan, round_id=round_id), at=AT, by="hr")
        for step in PATHS[state][1:]:
            move_round(store, round_id, step, at=AT, by="hr")
        try:
            move_round(store, round_id, wanted, at=AT, by="hr")
        except RoundStateError:
            assert read_round(store, round_id).state == state
        else:
            assert read_round(store, round_id).state == wanted
            taken.add((state, wanted))

    assert taken == STEPS | {(state, state) for state in get_args(State)}


def test_first_message_of_cancelling_stays(store, plan):
    save_plan(store, plan, at=AT, by="hr")

    begin_cancelling(store, ROUND, "Sorry.", at=AT, by="hr")
    again = begin_cancelling(store, ROUND, "Another text.", at=AT, by="hr")

    assert (again.state, again.cancel_message) == ("cancelling", "Sorry.")


def test_replaced_plan_counts(store, plan):
    save_plan(store, plan, at=AT, by="hr")
    other = replace(plan, groups=plan.groups[1:])

    assert replace_plan(store, other, reason="repair", at=AT) == 2
    assert read_plan(store, ROUND) == other


def test_rounds_are_listed_by_date(store, plan):
    for round_id in ("b/2026-12-21", "a/2026-12-07", "b/2026-12-07"):
        save_plan(store, replace(plan, round_id=round_id), at=AT, by="hr")
    move_round(store, "b/2026-12-21", "approved", at=AT, by="hr")

    def ids(**wanted):
        return [found.id for found in list_rounds(store, **wanted)]

    assert ids() == ["a/2026-12-07", "b/2026-12-07", "b/2026-12-21"]
    assert ids(programme="b") == ["b/2026-12-07", "b/2026-12-21"]
    assert ids(states=frozenset({"approved"})) == ["b/2026-12-21"]


def test_round_that_is_unknown_is_said_so(store, plan):
    assert find_round(store, ROUND) is None
    for call in (read_round, read_plan):
        with pytest.raises(UnknownRoundError, match="There is no round cross-team-lunch"):
            call(store, ROUND)
    with pytest.raises(UnknownRoundError):
        move_round(store, ROUND, "approved", at=AT, by="hr")
    with pytest.raises(UnknownRoundError):
        replace_plan(store, plan, reason="repair", at=AT)


@pytest.mark.parametrize("round_id", ["lunch", "lunch/soon", "/2026-12-07", ""])
def test_name_that_is_no_round_is_refused(store, plan, round_id):
    with pytest.raises(UnknownRoundError):
        save_plan(store, replace(plan, round_id=round_id), at=AT, by="hr")
