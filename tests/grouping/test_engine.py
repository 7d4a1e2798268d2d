from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from scheduler.grouping.engine import solve
from scheduler.grouping.problem import Problem, Seating, Ties, Venues
from scheduler.grouping.rules import AtMostOfOne, Together
from tests.grouping.offices import make_office
from tests.grouping.problems import make_problem, make_ties, make_venues, small_problems
from tests.grouping.witness import (
    can_meet_at_all,
    find_best,
    find_faults,
    list_groups,
    without_rules,
    worth_of_group,
)

ROOT = Path(__file__).parents[2]
thorough = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def solve_small(problem, **options):
    return solve(problem, workers=1, **{"effort": 0.1, **options})


def scores(solution):
    return solution.placed, solution.waited, solution.value


@given(small_problems())
@thorough
def test_small_plan_is_the_best_of_all_plans(problem):
    assume(len(list_groups(problem)) < 250)

    solution = solve_small(problem)

    assert find_faults(problem, solution.groups) == []
    assert scores(solution) == find_best(problem)
    assert solution.placed <= solution.placed_bound
    assert solution.value <= solution.value_bound


@given(small_problems(people=7))
@thorough
def test_reason_holds_when_the_rules_it_names_are_removed(problem):
    solution = solve_small(problem)

    for reason in solution.unplaced:
        lifted = without_rules(problem, reason.rules)
        alone = can_meet_at_all(problem, reason.person)
        if reason.kind == "rules":
            assert not alone
            assert can_meet_at_all(lifted, reason.person)
        elif reason.kind in ("full", "left_over"):
            assert alone
            if reason.rules:
                assert solve_small(lifted).placed > solution.placed
        else:
            everything = [rule.name for rule in problem.rules]
            assert not can_meet_at_all(without_rules(problem, everything), reason.person)


@given(small_problems(people=6))
@thorough
def test_reason_by_rules_names_no_more_than_needed(problem):
    solution = solve_small(problem)

    for reason in solution.unplaced:
        if reason.kind == "rules":
            for name in reason.rules:
                fewer = [other for other in reason.rules if other != name]
                assert not can_meet_at_all(without_rules(problem, fewer), reason.person)


def join(first, second):
    """Two problems side by side, whose people share neither office nor venue."""
    rules = []
    n, m = len(first.place), len(second.place)
    size, slots = max(first.size_most, second.size_most), len(first.start)
    between = np.zeros((2, 2), np.int64)
    between[0, 0], between[1, 1] = 2, 3
    department = np.repeat([0, 1], [n, m])
    return Problem(
        available=np.concatenate([first.available, second.available]),
        start=first.start,
        minutes=first.minutes,
        venues=Venues(
            np.array([4, 4]), np.array([1, 1]), np.array([0, 1]), np.ones((2, slots), bool)
        ),
        place=np.repeat([0, 1], [n, m]),
        waited=np.zeros(n + m, np.int64),
        pleasant=np.zeros(slots, np.int64),
        size_least=2,
        size_ideal=3,
        size_most=size,
        ties=Ties(department, between, np.zeros((0, 3), np.int64), np.zeros((0, 3), np.int64)),
        rules=tuple(rules),
        size_points=np.zeros(size + 1, np.int64),
    )


def half(problem, rows):
    """The people of some rows alone."""
    ties = replace(problem.ties, department=problem.ties.department[rows])
    return replace(
        problem,
        available=problem.available[rows],
        place=problem.place[rows],
        waited=problem.waited[rows],
        ties=ties,
    )


def test_two_cohorts_are_worth_the_sum_of_both():
    random = np.random.default_rng(3)
    one, other = (make_problem(8, 3, available=random.random((8, 3)) < 0.5) for _ in range(2))
    both = join(one, other)

    together = solve_small(both)
    apart = [solve_small(half(both, slice(0, 8))), solve_small(half(both, slice(8, 16)))]

    assert scores(together) == tuple(map(sum, zip(*map(scores, apart), strict=True)))


@given(small_problems(people=7))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_somebody_whom_nobody_can_meet_changes_nothing(problem):
    assume(not problem.rules)
    n, slots = problem.available.shape
    ties = replace(problem.ties, department=np.append(problem.ties.department, 0))
    lonely = replace(
        problem,
        available=np.concatenate([problem.available, np.zeros((1, slots), bool)]),
        place=np.append(problem.place, 0),
        waited=np.append(problem.waited, 9),
        ties=ties,
    )

    before, after = solve_small(problem), solve_small(lonely)

    assert scores(after) == scores(before)
    assert next(u for u in after.unplaced if u.person == n).kind == "no_slot"


def test_order_of_pairs_changes_nothing():
    problem = make_office(60, seed=5)
    backwards = replace(
        problem.ties, met=problem.ties.met[::-1][:, [1, 0, 2]], pairs=problem.ties.pairs[::-1]
    )

    one = solve(problem, effort=0.1)
    other = solve(replace(problem, ties=backwards), effort=0.1)

    assert one == other


def test_other_numbers_for_people_place_as_many():
    problem = make_office(60, seed=5)
    order = np.random.default_rng(0).permutation(60)
    where = np.argsort(order)

    def rename(rows):
        return np.column_stack([where[rows[:, :2]], rows[:, 2]])

    ties = replace(
        problem.ties,
        department=problem.ties.department[order],
        met=rename(problem.ties.met),
        pairs=rename(problem.ties.pairs),
    )
    renamed = replace(
        problem,
        available=problem.available[order],
        place=problem.place[order],
        waited=problem.waited[order],
        ties=ties,
        rules=(),
    )

    one, other = solve(replace(problem, rules=()), effort=0.3), solve(renamed, effort=0.3)

    assert (one.placed, one.placed_bound) == (other.placed, other.placed_bound)


@pytest.mark.parametrize("people", [200, 600])
def test_plan_of_an_office_keeps_all_rules_and_bounds(people):
    problem = make_office(people, seed=1)

    solution = solve(problem, effort=0.1)

    assert find_faults(problem, solution.groups) == []
    assert solution.value == sum(
        worth_of_group(problem, g.members, g.slot) for g in solution.groups
    )
    assert solution.placed <= solution.placed_bound
    assert solution.value <= solution.value_bound
    assert solution.placed + len(solution.unplaced) == people


@pytest.mark.parametrize("workers", [2, 4])
def test_plan_is_the_same_for_any_number_of_workers(workers):
    problem = make_office(300, seed=2)

    assert solve(problem, effort=0.1, workers=workers) == solve(problem, effort=0.1, workers=1)


def test_plan_is_the_same_in_another_process():
    code = (
        "import hashlib; from scheduler.grouping.engine import solve;"
        "from tests.grouping.offices import make_office;"
        "plan = solve(make_office(120, seed=2), effort=0.1, workers=2);"
        "print(hashlib.sha256(repr(plan).encode()).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    plan = solve(make_office(120, seed=2), effort=0.1, workers=1)

    assert run.stdout.strip() == hashlib.sha256(repr(plan).encode()).hexdigest()


def test_progress_is_told_to_the_end():
    told = []

    solution = solve(make_office(200, seed=2), effort=0.2, progress=told.append)

    assert told[-1].share_done == 1
    assert told[-1].placed == solution.placed
    assert [p.share_done for p in told] == sorted(p.share_done for p in told)


def test_stopped_search_gives_back_a_plan_and_says_so():
    problem = make_office(300, seed=2)

    solution = solve(problem, stop=lambda: True)

    assert not solution.complete
    assert solution.placed > 200
    assert find_faults(problem, solution.groups) == []


def test_search_past_its_deadline_says_so():
    assert not solve(make_office(300, seed=2), deadline_seconds=0).complete


def test_who_waited_longest_has_the_seat():
    problem = make_problem(
        5, 1, venues=make_venues([(4, 1, -1)], 1), waited=np.array([0, 3, 1, 4, 2])
    )

    solution = solve_small(problem)

    assert [g.members for g in solution.groups] == [(1, 2, 3, 4)]
    assert [(u.person, u.kind) for u in solution.unplaced] == [(0, "full")]


def test_repeats_spread_before_anybody_meets_often():
    met = [(0, 1, 9), (2, 3, 9), (0, 2, 4), (1, 3, 4)]
    problem = make_problem(4, 1, size_most=2, ties=make_ties(4, met=met))

    solution = solve_small(problem)

    assert [g.members for g in solution.groups] == [(0, 3), (1, 2)]


def test_fixed_group_stays_and_takes_its_table():
    fixed = Seating((0, 1), 0, 0)
    problem = make_problem(6, 2, venues=make_venues([(4, 1, -1)], 2), fixed=(fixed,))

    solution = solve_small(problem)

    assert fixed in solution.groups
    assert [(g.members, g.slot) for g in solution.groups if g != fixed] == [((2, 3, 4, 5), 1)]


def test_start_that_is_no_longer_possible_is_dropped():
    problem = make_problem(4, 2, available=np.array([[1, 1], [1, 1], [0, 1], [0, 1]], bool))
    start = (Seating((0, 1, 2), 0, 0), Seating((3, 99), 0, 0))

    solution = solve_small(problem, start=start)

    assert solution.placed == 4


def test_proven_plan_says_so():
    solution = solve_small(make_problem(6, 1))

    assert (solution.proven, solution.bound_by) == (True, "proof by CP-SAT")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start": np.array([60, 0])}, "ascending"),
        ({"size_least": 5}, "least <= most"),
        ({"waited": np.zeros(3, np.int64)}, "Problem.waited has shape"),
        ({"rules": (AtMostOfOne("team", np.zeros(3, np.int64)),)}, "The rule team has 3 rows"),
        ({"rules": (Together("pairs", np.array([[0, 99]])),)}, "names a person who is not"),
    ],
)
def test_problem_that_contradicts_itself_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        solve_small(make_problem(6, 2, **change))


def test_nobody_at_all_is_an_empty_plan():
    solution = solve_small(make_problem(0, 1))

    assert (solution.groups, solution.placed, solution.unplaced) == ((), 0, ())


def test_start_that_cannot_be_is_left_out_group_by_group():
    venues = make_venues([(3, 1, -1), (4, 1, 1)], 2)
    available = np.ones((12, 2), bool)
    available[9, 1] = False
    problem = make_problem(12, 2, venues=venues, available=available)
    start = [
        Seating((0, 1, 2), 0, 0),
        Seating((3, 4, 5), 0, 0),  # the table is taken
        Seating((2, 6, 7), 1, 0),  # somebody sits already
        Seating((3, 4, 5, 6), 1, 0),  # more people than seats
        Seating((8, 9, 10), 1, 0),  # somebody is not free
        Seating((8, 10, 11), 0, 1),  # somebody is elsewhere
    ]
    for effort in (0.0001, 0.1):
        solution = solve_small(problem, start=start, effort=effort)
        assert find_faults(problem, solution.groups) == []
