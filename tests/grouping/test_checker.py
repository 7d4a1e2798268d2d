from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.grouping.checker import (
    Ledger,
    count_violations,
    find_faults,
    find_group_faults,
    value_group,
)
from scheduler.grouping.problem import Seating
from scheduler.grouping.rules import Together
from scheduler.grouping.tally import Tally
from tests.grouping.problems import make_problem, make_venues, small_problems
from tests.grouping.witness import violations, worth_of_group


@given(small_problems(), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_rules_and_values_are_counted_as_the_witness_counts(problem, data):
    n, slots = problem.available.shape
    size = data.draw(st.integers(1, min(n, problem.size_most)))
    members = tuple(sorted(data.draw(st.permutations(range(n)))[:size]))
    slot = data.draw(st.integers(0, slots - 1))
    ledger = Ledger(problem)

    assert value_group(problem, members, slot, ledger) == worth_of_group(problem, members, slot)
    for rule in problem.rules:
        if not isinstance(rule, Together):
            assert count_violations(rule, members, slot, ledger) == violations(rule, members, slot)


@given(small_problems(), st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_all_groups_are_counted_as_each_is(problem, data):
    """Of any groups, also such as no plan has; nobody sits twice."""
    n, slots = problem.available.shape
    order = data.draw(st.permutations(range(n)))
    groups = []
    while order:
        size = data.draw(st.integers(1, min(len(order), problem.size_most)))
        members, order = order[:size], order[size:]
        slot, venue = data.draw(
            st.tuples(st.integers(0, slots - 1), st.integers(0, len(problem.venues.seats) - 1))
        )
        groups.append(
            Seating(tuple(sorted(members, reverse=not data.draw(st.integers(0, 9)))), slot, venue)
        )
    ledger, tally = Ledger(problem), Tally(problem, groups)

    assert tally.value_groups().tolist() == [
        value_group(problem, g.members, g.slot, ledger) for g in groups
    ]
    assert tally.find_faulty().tolist() == [
        bool(find_group_faults(problem, g, ledger)) for g in groups
    ]
    for rule in problem.rules:
        if not isinstance(rule, Together):
            assert tally.count_violations(rule).tolist() == [
                violations(rule, g.members, g.slot) for g in groups
            ]


def test_no_groups_are_a_plan():
    assert find_faults(make_problem(3), []) == []


@pytest.mark.parametrize(
    ("groups", "fault"),
    [
        ([Seating((0,), 0, 0)], "Group 0 has 1 members."),
        ([Seating((1, 0), 0, 0)], "Group 0 does not list its members once each, ascending."),
        ([Seating((0, 1, 2, 3), 0, 1)], "Group 0 does not fit its venue 1."),
        ([Seating((0, 1), 1, 1)], "Group 0 meets at venue 1, which is not free in slot 1."),
        ([Seating((0, 5), 0, 0)], "Group 0 has person 5, who is not free in slot 0."),
        ([Seating((0, 4), 0, 1)], "Group 0 has person 4, who cannot come to venue 1."),
        ([Seating((0, 1), 0, 0), Seating((1, 2), 0, 0)], "Person 1 sits in groups 0 and 1."),
        (
            [Seating((0, 1), 0, 1), Seating((2, 3), 0, 1)],
            "Venue 1 has 2 groups at once from minute 0.",
        ),
    ],
)
def test_each_fault_is_told(groups, fault):
    free = np.ones((2, 2), bool)
    free[1, 1] = False
    available = np.ones((6, 2), bool)
    available[5, 0] = False
    problem = make_problem(
        6,
        2,
        available=available,
        place=np.array([0, 0, 0, 0, 1, 0]),
        venues=make_venues([(5, 9, -1), (3, 1, 0)], 2, free),
    )

    assert find_faults(problem, groups) == [fault]
