from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from scheduler.grouping.engine import solve
from scheduler.grouping.problem import Seating
from tests.grouping.problems import small_problems
from tests.grouping.witness import (
    can_meet_at_all,
    find_best,
    find_faults,
    list_groups,
    without_rules,
)

slow = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@given(small_problems())
@slow
def test_small_plan_is_the_best_of_all_plans(problem):
    assume(len(list_groups(problem)) < 250)

    solution = solve(problem, workers=1, effort=0.05)

    assert find_faults(problem, solution.groups) == []
    assert (solution.placed, solution.waited, solution.value) == find_best(problem)
    assert solution.placed <= solution.placed_bound
    assert solution.value <= solution.value_bound


@given(small_problems(people=7))
@slow
def test_reason_holds_when_the_rules_it_names_are_removed(problem):
    solution = solve(problem, workers=1, effort=0.05)

    for reason in solution.unplaced:
        lifted = without_rules(problem, reason.rules)
        alone = can_meet_at_all(problem, reason.person)
        if reason.kind == "rules":
            assert not alone
            assert can_meet_at_all(lifted, reason.person)
        elif reason.kind in ("full", "left_over"):
            assert alone
            if reason.rules:
                assert solve(lifted, workers=1, effort=0.05).placed > solution.placed
        else:
            assert not can_meet_at_all(without_rules(problem, [r.name for r in problem.rules]), reason.person)
