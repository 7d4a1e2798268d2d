from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scheduler.grouping.engine import solve
from scheduler.grouping.problem import Seating
from scheduler.grouping.repair import repair
from scheduler.grouping.rules import AtMostOfOne, Together
from tests.grouping.offices import make_office
from tests.grouping.problems import make_problem, make_venues
from tests.grouping.witness import find_faults


def test_group_that_can_spare_somebody_stays_as_it_is():
    problem = make_problem(6, 1)

    mended = repair(problem, [Seating((0, 1, 2), 0, 0), Seating((3, 4, 5), 0, 0)], dropped=[1])

    assert mended.groups == (Seating((0, 2), 0, 0), Seating((3, 4, 5), 0, 0))
    assert (mended.touched, mended.joined, mended.left_out) == ((), (), ())


def test_somebody_without_a_seat_joins_first():
    problem = make_problem(6, 1, size_least=3, size_most=4)

    mended = repair(problem, [Seating((0, 1, 2), 0, 0)], dropped=[0])

    assert mended.groups == (Seating((1, 2, 3), 0, 0),)
    assert (mended.touched, mended.joined) == ((), (3,))


def test_who_waited_longest_joins():
    problem = make_problem(
        6, 1, size_least=3, size_most=3, waited=np.array([0, 0, 0, 1, 5, 2]),
        size_points=np.zeros(4, np.int64),
    )  # fmt: skip

    assert repair(problem, [Seating((0, 1, 2), 0, 0)], dropped=[0]).joined == (4,)


def test_somebody_of_one_other_group_comes_over():
    groups = [Seating((0, 1, 2), 0, 0), Seating((3, 4, 5, 6), 0, 0)]
    rules = (AtMostOfOne("team", np.array([0, 1, 2, 1, 2, 3, 4])),)
    problem = make_problem(7, 1, size_least=3, rules=rules)

    mended = repair(problem, groups, dropped=[0])

    assert mended.groups == (Seating((1, 2, 5), 0, 0), Seating((3, 4, 6), 0, 0))
    assert (mended.touched, mended.left_out) == ((1,), ())


def test_closed_group_joins_two_others_at_most():
    slots = np.ones((9, 1), bool)
    groups = [Seating((0, 1, 2), 0, 0), Seating((3, 4, 5), 0, 0), Seating((6, 7, 8), 0, 0)]
    problem = make_problem(9, 1, available=slots, size_least=3, size_most=4)

    mended = repair(problem, groups, dropped=[0])

    assert mended.groups[0] is None
    assert mended.touched == (1, 2)
    assert mended.left_out == ()


def test_group_that_is_to_be_kept_is_not_touched():
    groups = [Seating((0, 1, 2), 0, 0), Seating((3, 4, 5, 6), 0, 0)]
    problem = make_problem(7, 1, size_least=3)

    mended = repair(problem, groups, dropped=[0], keep=[1])

    assert mended.groups == (None, groups[1])
    assert mended.left_out == (1, 2)


def test_who_is_bound_to_somebody_who_drops_out_leaves_too():
    problem = make_problem(5, 1, rules=(Together("buddies", np.array([[0, 1]])),))

    mended = repair(problem, [Seating((0, 1, 2, 3), 0, 0)], dropped=[0])

    assert mended.groups == (Seating((2, 3), 0, 0),)
    assert mended.left_out == (1,)


def test_group_that_hr_decided_takes_its_people_from_others():
    decided = Seating((0, 3), 1, 0)
    problem = make_problem(6, 2, fixed=(decided,))

    mended = repair(problem, [Seating((0, 1, 2), 0, 0), Seating((3, 4, 5), 0, 0)])

    assert mended.standing == (Seating((1, 2), 0, 0), Seating((4, 5), 0, 0), decided)


def test_group_that_hr_decided_for_a_taken_table_is_refused():
    problem = make_problem(
        4, 1, venues=make_venues([(4, 1, -1)], 1), fixed=(Seating((2, 3), 0, 0),)
    )

    with pytest.raises(ValueError, match="Venue 0 has 2 groups at once"):
        repair(problem, [Seating((0, 1), 0, 0)])


def test_any_dropout_in_an_office_touches_two_other_groups_at_most():
    problem = make_office(300, seed=4)
    groups = solve(problem, effort=0.1).groups
    random = np.random.default_rng(0)

    for index in random.choice(len(groups), 25, replace=False).tolist():
        who = int(random.choice(groups[index].members))
        mended = repair(problem, groups, dropped=[who])
        changed = [i for i, (a, b) in enumerate(zip(groups, mended.groups, strict=True)) if a != b]
        assert set(changed) - {index} == set(mended.touched)
        assert len(mended.touched) <= 2
        assert find_faults(problem, mended.standing) == []
        assert who not in {p for g in mended.standing for p in g.members}


def test_repair_seats_as_many_as_a_new_plan_of_a_small_round():
    problem = make_problem(9, 2, size_least=2, size_most=4)
    groups = solve(problem, effort=0.1).groups

    mended = repair(problem, groups, dropped=[0])

    available = problem.available.copy()
    available[0] = False
    best = solve(replace(problem, available=available), effort=0.1)
    assert sum(len(g.members) for g in mended.standing) == best.placed
