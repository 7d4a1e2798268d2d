from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from scheduler.grouping.rotations import Rotation, plan_rotation
from scheduler.grouping.rules import Apart, AtLeast, AtMostOfOne, Together
from tests.grouping.problems import make_ties


def make_rotation(people, turns, seats, **changes):
    fields = {
        "present": np.ones((people, turns), bool),
        "seats": np.array(seats),
        "ties": make_ties(people),
    }
    return Rotation(**{**fields, **changes})


def pairs_of(plan):
    return [
        pair for tables in plan.turns for members in tables for pair in combinations(members, 2)
    ]


def test_thirty_people_meet_nobody_twice_in_six_turns():
    plan = plan_rotation(make_rotation(30, 6, [5] * 6))

    assert (plan.distinct, plan.repeats, plan.distinct_bound) == (360, 0, 360)
    assert len(set(pairs_of(plan))) == len(pairs_of(plan)) == 360


def test_rules_hold_at_every_table_in_every_turn():
    team = np.arange(30) // 2
    veteran = np.arange(30) % 3 == 0
    rules = (
        AtMostOfOne("team", team, 1),
        AtLeast("veteran", veteran, 1),
        Apart("never", np.array([[0, 7], [3, 11]])),
    )

    plan = plan_rotation(make_rotation(30, 4, [5] * 6, rules=rules), effort=0.3)

    assert (plan.repeats, plan.broken) == (0, ())
    for tables in plan.turns:
        for members in tables:
            assert len({int(team[p]) for p in members}) == len(members)
            assert any(veteran[p] for p in members)
            assert not {0, 7} <= set(members)
            assert not {3, 11} <= set(members)


def test_late_and_early_people_sit_only_while_they_are_there():
    present = np.ones((14, 3), bool)
    present[0, 0] = present[1, 2] = present[2, 1:] = False

    plan = plan_rotation(make_rotation(14, 3, [6, 5, 4], present=present))

    for turn, tables in enumerate(plan.turns):
        seated = sorted(p for members in tables for p in members)
        assert seated == np.flatnonzero(present[:, turn]).tolist()
        assert all(len(m) <= s for m, s in zip(tables, [6, 5, 4], strict=True))


def test_host_stays_at_the_table_while_the_others_move():
    hosts = np.array([11, -1, 4, -1])

    plan = plan_rotation(make_rotation(16, 3, [4] * 4, hosts=hosts))

    for tables in plan.turns:
        assert 11 in tables[0]
        assert 4 in tables[2]
    assert plan.repeats == 0


def test_pair_bound_together_sits_at_one_table_once():
    plan = plan_rotation(
        make_rotation(16, 2, [4] * 4, rules=(Together("buddies", np.array([[0, 15]])),))
    )

    assert (0, 15) in pairs_of(plan)
    assert plan.broken == ()


def test_rule_that_cannot_hold_is_counted():
    plan = plan_rotation(
        make_rotation(4, 2, [2, 2], rules=(AtMostOfOne("team", np.zeros(4, np.int64)),)), effort=0.1
    )

    assert [(cost.name, cost.violations) for cost in plan.broken] == [("team", 4)]


def test_repeats_spread_evenly_where_they_cannot_be_avoided():
    plan = plan_rotation(make_rotation(6, 10, [2, 2, 2]), effort=0.5)

    assert sorted(np.unique(pairs_of(plan), axis=0, return_counts=True)[1].tolist()) == [2] * 15


def test_same_seed_gives_the_same_tables():
    rotation = make_rotation(21, 3, [6, 6, 5, 5])

    assert plan_rotation(rotation, seed=4) == plan_rotation(rotation, seed=4)


def test_more_people_than_seats_are_refused():
    with pytest.raises(ValueError, match="9 people are there in turn 1, but there are only 8"):
        plan_rotation(make_rotation(9, 2, [4, 4]))


def test_host_who_is_not_there_is_refused():
    present = np.ones((6, 2), bool)
    present[3, 1] = False

    with pytest.raises(ValueError, match="Host 3 is not there in turn 2"):
        plan_rotation(make_rotation(6, 2, [3, 3], present=present, hosts=np.array([3, -1])))
