"""People who can sit only with few others, all of them at once."""

from __future__ import annotations

import numpy as np

from scheduler.grouping.checker import Ledger, find_faults
from scheduler.grouping.engine import solve
from scheduler.grouping.needles import find_needles, plant
from scheduler.grouping.problem import Seating
from scheduler.grouping.reasons import Explainer
from scheduler.grouping.rules import AtLeast
from tests.grouping.problems import make_problem, make_venues

PEOPLE, SLOTS, SCARCE = 160, 60, 17
ASKER, RECRUITER, COLLEAGUE = 40, 90, 130


def mask(*people: int) -> np.ndarray:
    chosen = np.zeros(PEOPLE, bool)
    chosen[list(people)] = True
    return chosen


def make_needle_problem():
    """Three people ask for somebody of ten; one of them for a recruiter too, of whom there is one.

    These three are free together in one slot of sixty, of which everybody is free in half.
    """
    rng = np.random.default_rng(5)
    available = rng.random((PEOPLE, SLOTS)) < 0.5
    available[:, SCARCE] = True
    available[RECRUITER] = False
    available[RECRUITER, [SCARCE, 30, 31]] = True
    available[ASKER, [30, 31]] = False
    askers, area = mask(ASKER, 41, 42), mask(COLLEAGUE, *range(100, 109))
    return make_problem(
        PEOPLE, SLOTS, available=available, size_least=2,
        rules=(
            AtLeast("somebody who asked", askers, 1),
            AtLeast("what people asked for", area, 1, askers),
            AtLeast("what people asked for", mask(RECRUITER), 1, mask(ASKER)),
        ),
    )  # fmt: skip


def test_search_places_people_who_can_sit_with_few_others_alone():
    problem = make_needle_problem()

    solution = solve(problem, seed=3, effort=0.05)

    assert (solution.placed, solution.placed_bound) == (12, 12)
    (group,) = [group for group in solution.groups if ASKER in group.members]
    assert RECRUITER in group.members
    assert group.slot == SCARCE


def test_needle_is_a_group_that_breaks_no_rule_and_no_two_share_anybody():
    problem = make_needle_problem()
    reachable = np.array(problem.available)

    needles = find_needles(problem, [], Ledger(problem), reachable)

    assert len(needles) == 3
    assert find_faults(problem, needles, Ledger(problem)) == []
    members = [person for needle in needles for person in needle.members]
    assert len(set(members)) == len(members)
    assert {ASKER, 41, 42} <= set(members)


def test_round_without_such_people_gets_no_needle():
    problem = make_problem(9, 2, venues=make_venues([(9, 1, -1)], 2))

    assert find_needles(problem, [], Ledger(problem), np.array(problem.available)) == []


def test_planted_needle_takes_its_people_out_of_other_groups():
    needle = Seating((1, 5), 3, 0)
    groups = [Seating((0, 1, 2), 0, 0), Seating((3, 4), 1, 0), Seating((5,), 2, 0)]

    assert plant([needle], groups) == [needle, Seating((0, 2), 0, 0), groups[1]]


def test_nobody_is_told_that_they_can_meet_nobody_where_few_could_meet_them():
    problem = make_needle_problem()

    reason = Explainer(problem, [], Ledger(problem)).explain(ASKER)

    assert reason.kind == "left_over"
