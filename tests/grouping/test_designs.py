from __future__ import annotations

from itertools import combinations, islice

import pytest

from scheduler.grouping.base_blocks import KNOWN, KnownSchedule, expand
from scheduler.grouping.designs import find_schedules, make_schedule
from tests.benchmarks.grouping.golfers import list_known
from tests.grouping.base_blocks import find_blocks


def check(schedule, tables, size, turns):
    """Everybody has a seat in each turn, and all pairs are different."""
    assert schedule.shape == (turns, tables, size)
    for turn in schedule:
        assert sorted(turn.ravel().tolist()) == list(range(tables * size))
    pairs = [
        frozenset(pair)
        for tables in schedule.tolist()
        for members in tables
        for pair in combinations(members, 2)
    ]
    assert len(set(pairs)) == len(pairs) == turns * tables * size * (size - 1) // 2


@pytest.mark.parametrize(("tables", "size", "turns"), list_known())
def test_as_many_turns_as_are_known_to_be_possible(tables, size, turns):
    check(make_schedule(tables, size, turns, seed=0), tables, size, turns)


@pytest.mark.parametrize(
    ("tables", "size", "turns"),
    [
        (20, 5, 6), (40, 6, 8), (7, 7, 7), (8, 4, 3), (1, 5, 1), (3, 5, 1),
        (50, 2, 99),  # a tournament
        (16, 4, 21), (13, 4, 17),  # everybody meets everybody
        (12, 3, 12), (20, 4, 20), (20, 20, 4),  # lines where tables are no power of a prime
        (100, 10, 20), (200, 4, 10),
    ],
)  # fmt: skip
def test_schedule_seats_everybody_in_each_turn_and_nobody_meets_twice(tables, size, turns):
    check(make_schedule(tables, size, turns, seed=0), tables, size, turns)


@pytest.mark.parametrize(("tables", "size", "turns"), [(8, 4, 11), (2, 3, 2), (5, 3, 8)])
def test_schedule_that_counting_forbids_is_not_looked_for(tables, size, turns):
    assert make_schedule(tables, size, turns, seed=0) is None


def test_each_construction_gives_a_schedule_of_its_own():
    for schedule in islice(find_schedules(8, 4, 7, seed=0), 8):
        check(schedule, 8, 4, 7)


def test_same_seed_gives_the_same_schedule():
    one, other = (make_schedule(10, 4, 13, seed=3) for _ in range(2))

    assert (one == other).all()


def test_known_base_blocks_are_an_exact_cover_that_can_be_found_again():
    for (tables, size), known in KNOWN.items():
        kinds = [keep for keep, _ in known.turns]
        found = find_blocks(tables * size, size, known.moduli, kinds)

        again = expand(KnownSchedule(known.moduli, tuple(found)))
        check(again, tables, size, len(expand(known)))
