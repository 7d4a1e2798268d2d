import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from scheduler.grouping import engine, solving, value_bound
from scheduler.grouping.rules import AtLeast, AtMost, AtMostOfOne
from tests.grouping.problems import make_problem, make_ties, make_venues, small_problems
from tests.grouping.witness import find_best, list_groups


@pytest.fixture(scope="module", autouse=True)
def unproven():
    """The bound itself, not the proof that takes its place where a cohort is small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "solve_exactly", lambda *_: None)
        yield


@given(small_problems(people=7))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_plan_is_worth_more_than_the_bound(problem):
    assume(len(list_groups(problem)) < 100)
    check_bound(problem)


@given(small_problems(people=7))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_plan_is_worth_more_than_the_bound_with_many_kinds_of_people(problem):
    assume(len(list_groups(problem)) < 100)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(value_bound, "MANY_KINDS", problem.ties.between.shape[0])
        check_bound(problem)


@given(small_problems(people=7))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_plan_is_worth_more_than_the_bound_when_the_solver_is_stopped_at_once(problem):
    assume(len(list_groups(problem)) < 100)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(value_bound, "MANY_KINDS", 0)
        patch.setattr(value_bound, "WORK", 1e-9)
        check_bound(problem)


def check_bound(problem):
    solution = engine.solve(problem, workers=1, effort=0.05)

    placed, _, value = find_best(problem)
    assert placed <= solution.placed_bound
    assert value <= solution.value_bound


def bound(n, **changes):
    solution = engine.solve(make_problem(n, **changes), workers=1, effort=0.1)
    assert solution.placed == solution.placed_bound
    return solution.value, solution.value_bound


def test_bound_lets_people_of_one_department_meet_where_their_kinds_are_too_many(monkeypatch):
    # Departments of four codes each: the code of one is not that of the others.
    monkeypatch.setattr(value_bound, "MANY_KINDS", 3)
    ties = make_ties(12, np.arange(12) // 4, np.full((3, 3), -1) + 10 * np.eye(3, dtype=int))
    rule = AtMostOfOne("different", np.arange(12) % 4)
    assert bound(12, ties=ties, rules=(rule,), size_least=4) == (3 * 6 * 9, 3 * 6 * 9)


def only(count, n):
    return np.arange(n) < count


def test_bound_is_reached_where_a_rule_makes_groups_small():
    # Six of one code need six groups, so that all are of three.
    rule = AtMostOfOne("different", np.where(only(6, 18), 0, -1))
    assert bound(18, rules=(rule,), size_least=3) == (18, 18)


def test_bound_counts_what_a_wish_must_cost():
    # Four groups of three at least and five at most for 15 people; at most one of nine in each.
    for rule in (AtMost("few", only(9, 15), 1, 2), AtMostOfOne("few", 1 * only(9, 15) - 1, 1, 2)):
        found, best = bound(15, rules=(rule,), size_least=3, size_most=3)
        assert found == best == 15 - 2 * 4


def test_bound_counts_who_must_be_in_each_group():
    # One newcomer for each group of two to four: two groups, of three and four.
    rule = AtLeast("newcomer", only(2, 7), 1)
    assert bound(7, rules=(rule,)) == (9, 9)
    # A group with one of the four asks for one of the two: two groups in all, of three.
    asked = AtLeast("newcomer", only(2, 6), 1, ~only(2, 6))
    assert bound(6, rules=(asked,), size_most=3) == (6, 6)


def test_bound_knows_that_the_best_company_is_had_by_few():
    # Ten people like the two of the first department; each of those can meet one of them.
    department = np.minimum(np.arange(12) // 2, 1)
    ties = make_ties(12, department, [[1, 9], [9, 1]])
    pairs = {"size_most": 2, "size_ideal": 2, "venues": make_venues([(2, 99, -1)], 1)}
    assert bound(12, ties=ties, **pairs) == (2 * 9 + 4, 2 * 9 + 4)


def test_bound_leaves_out_wishes_that_cannot_come_true():
    ties = make_ties(4, None, None, [(0, 1, 50), (2, 3, 50)])
    rule = AtMostOfOne("different", np.array([0, 0, -1, -1]))
    pairs = {"size_most": 2, "size_ideal": 2}
    assert bound(4, ties=ties, rules=(rule,), **pairs)[1] <= 52
    free = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 1], [1, 1, 1]], bool)
    assert bound(4, slots=3, available=free, ties=ties, **pairs)[1] <= 52
