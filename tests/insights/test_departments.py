from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.insights.departments import (
    Distance,
    Reach,
    average_distance,
    company_ei,
    count_reach,
    ei_index,
    gather_between,
    reach_by_sitting,
    split_ties,
)
from scheduler.insights.history import find_held
from scheduler.insights.ties import count_ties
from tests.insights.histories import stories, tell, told_pairs


def all_ties(story):
    return {frozenset(pair) for pair in story[3]} | {
        pair for _, pair, kind in told_pairs(story) if kind == "new"
    }


@given(stories())
def test_between_counts_each_tie_once(story):
    history = tell(story)
    ties = count_ties(history, find_held(history))
    department = {person.id: person.department for person in story[0]}

    between = gather_between(history, ties, np.ones(history.sittings, np.bool_))

    for a, b in combinations(range(len(history.departments)), 2):
        names = {history.departments[a], history.departments[b]}
        expected = sum({department[p] for p in pair} == names for pair in all_ties(story))
        assert between.count[a, b] == between.count[b, a] == expected
    for a, name in enumerate(history.departments):
        inside = sum({department[p] for p in pair} == {name} for pair in all_ties(story))
        assert between.count[a, a] == inside
    outside = {
        person
        for pair in all_ties(story)
        for person in pair
        if len({department[p] for p in pair}) == 2
    }
    assert {story[0][n].id for n in np.flatnonzero(between.outside)} == outside


@given(stories())
def test_reach_grows_by_the_first_ties_of_each_sitting(story):
    history = tell(story)
    ties = count_ties(history, find_held(history))

    new = reach_by_sitting(history, ties)

    def reached(sittings):
        chosen = np.zeros(history.sittings, np.bool_)
        chosen[:sittings] = True
        return count_reach(gather_between(history, ties, chosen).count).reached

    assert new[-1] == reached(0)
    assert new[-1] + np.cumsum(new[:-1]).tolist() == pytest.approx(
        [reached(n + 1) for n in range(history.sittings)]
    )


@given(st.integers(1, 9).flatmap(lambda n: st.tuples(st.just(n), st.sets(
    st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] < e[1])
))))  # fmt: skip
def test_distance_is_that_of_floyd_and_warshall(network):
    size, edges = network
    count = np.zeros((size, size), np.int64)
    for a, b in edges:
        count[a, b] = count[b, a] = 2

    distance = average_distance(count)

    step = {(a, b): 1.0 if count[a, b] else float("inf") for a in range(size) for b in range(size)}
    for via in range(size):
        for a in range(size):
            for b in range(size):
                step[a, b] = min(step[a, b], step[a, via] + step[via, b])
    steps = [step[pair] for pair in combinations(range(size), 2) if step[pair] < float("inf")]
    mean = sum(steps) / len(steps) if steps else None
    possible = size * (size - 1) // 2
    assert distance == Distance(pytest.approx(mean) if steps else None, len(steps), possible)


def test_reach_of_no_department_is_nothing():
    assert count_reach(np.zeros((0, 0), np.int64)) == Reach(0, 0)


def test_ei_index_runs_from_inside_to_outside():
    assert [ei_index(0, 7), ei_index(7, 0), ei_index(3, 1), ei_index(0, 0)] == [-1, 1, 0.5, None]


def test_company_ei_counts_a_tie_across_once():
    # Two departments: 3 ties inside the first, 1 inside the second, 4 between them.
    count = np.array([[3, 4], [4, 1]])

    assert company_ei(count) == (4 - 4) / (4 + 4)
    assert [part.tolist() for part in split_ties(count)] == [[4, 4], [3, 1]]
