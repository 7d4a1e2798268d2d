from __future__ import annotations

from itertools import combinations

import pytest

from scheduler.grouping.designs import make_schedule


def count_meetings(schedule):
    pairs = [
        frozenset(pair)
        for tables in schedule.tolist()
        for members in tables
        for pair in combinations(members, 2)
    ]
    return len(pairs), len(set(pairs))


@pytest.mark.parametrize(
    ("tables", "size", "turns"),
    [
        (5, 3, 7),  # Kirkman's fifteen schoolgirls
        (6, 5, 4), (6, 5, 6), (8, 4, 9), (7, 4, 9), (8, 3, 11), (20, 5, 6), (40, 6, 8), (7, 7, 7),
    ],
)  # fmt: skip
def test_schedule_seats_everybody_in_each_turn_and_nobody_meets_twice(tables, size, turns):
    schedule = make_schedule(tables, size, turns, seed=0)

    assert schedule.shape == (turns, tables, size)
    for turn in schedule:
        assert sorted(turn.ravel().tolist()) == list(range(tables * size))
    meetings, distinct = count_meetings(schedule)
    assert meetings == distinct == turns * tables * size * (size - 1) // 2


@pytest.mark.parametrize(("tables", "size", "turns"), [(8, 4, 11), (2, 3, 2), (5, 3, 8)])
def test_schedule_that_counting_forbids_is_not_looked_for(tables, size, turns):
    assert make_schedule(tables, size, turns, seed=0) is None
