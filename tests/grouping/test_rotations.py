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


@pytest.mark.parametrize(
    ("tables", "size", "turns", "team", "mentors"),
    [(6, 5, 4, 2, 3), (5, 3, 7, 1, 2), (40, 6, 8, 3, 3), (20, 5, 6, 4, 3)],
)
def test_nobody_meets_twice_and_rules_hold_too(tables, size, turns, team, mentors):
    people = tables * size
    teams = np.arange(people) // team
    mentor = np.arange(people) % mentors == 0
    rules = (AtMostOfOne("team", teams, 1), AtLeast("mentor", mentor, 1))

    plan = plan_rotation(make_rotation(people, turns, [size] * tables, rules=rules), effort=0.5)

    assert (plan.repeats, plan.broken) == (0, ())
    assert len(set(pairs_of(plan))) == plan.distinct == plan.distinct_bound
    for members in (members for seated in plan.turns for members in seated):
        assert len({int(teams[p]) for p in members}) == len(members)
        assert any(mentor[p] for p in members)


def test_two_of_32_places_stay_empty_and_still_nobody_meets_twice():
    plan = plan_rotation(make_rotation(30, 10, [4] * 8))

    assert (plan.distinct, plan.repeats) == (420, 0)
    assert all(sorted(map(len, seated)) == [3, 3, 4, 4, 4, 4, 4, 4] for seated in plan.turns)


def test_turns_beyond_what_is_possible_are_seated_around_those_that_are():
    plan = plan_rotation(make_rotation(35, 8, [5] * 7), effort=0.5)

    assert plan.distinct >= 540  # of 560; annealing alone finds 517
    assert len(set(pairs_of(plan))) == plan.distinct


def test_late_and_early_people_sit_only_while_they_are_there():
    present = np.ones((14, 3), bool)
    present[0, 0] = present[1, 2] = present[2, 1:] = False

    plan = plan_rotation(make_rotation(14, 3, [6, 5, 4], present=present))

    for turn, tables in enumerate(plan.turns):
        seated = sorted(p for members in tables for p in members)
        assert seated == np.flatnonzero(present[:, turn]).tolist()
        assert all(len(m) <= s for m, s in zip(tables, [6, 5, 4], strict=True))


def test_late_people_meet_nobody_twice():
    present = np.ones((40, 6), bool)
    present[:6, 0] = present[6:9, 5] = False

    plan = plan_rotation(make_rotation(40, 6, [5] * 8, present=present))

    assert (plan.repeats, plan.distinct) == (0, plan.distinct_bound)
    for turn, tables in enumerate(plan.turns):
        assert sorted(p for m in tables for p in m) == np.flatnonzero(present[:, turn]).tolist()


@pytest.mark.parametrize(
    ("people", "turns", "hosts"),
    [(16, 3, [11, -1, 4, -1]), (32, 8, [5, 1, 30, 2, 8, 9, 20, 31])],
)
def test_host_stays_at_the_table_while_the_others_move(people, turns, hosts):
    seats = [4] * len(hosts)

    plan = plan_rotation(make_rotation(people, turns, seats, hosts=np.array(hosts)))

    for tables in plan.turns:
        assert all(host in members for host, members in zip(hosts, tables, strict=True) if host > 0)
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
