from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scheduler.grouping import rules
from scheduler.grouping.checker import find_faults
from scheduler.grouping.problem import Problem, Ties, Venues
from scheduler.grouping.whole import solve_whole


def problem(available, *, seats=(9,), tables=(9,), place=None, venue_place=None, **more) -> Problem:
    available = np.array(available, np.bool_)
    people, slots = available.shape
    return Problem(
        available=available,
        start=np.arange(slots, dtype=np.int64) * 60,
        minutes=60,
        venues=Venues(
            seats=np.array(seats, np.int64),
            tables=np.array(tables, np.int64),
            place=np.array(venue_place or [-1] * len(seats), np.int64),
            free=np.ones((len(seats), slots), np.bool_),
        ),
        place=np.array(place or [-1] * people, np.int64),
        waited=np.array(more.pop("waited", [0] * people), np.int64),
        pleasant=np.zeros(slots, np.int64),
        size_least=more.pop("size_least", 2),
        size_ideal=4,
        size_most=more.pop("size_most", 9),
        ties=Ties(
            department=np.zeros(people, np.int64),
            between=np.full((1, 1), 10, np.int64),
            pairs=np.zeros((0, 3), np.int64),
            met=np.zeros((0, 3), np.int64),
        ),
        **more,
    )


def members(solution) -> list[tuple[int, ...]]:
    return [group.members for group in solution.groups]


def test_group_meets_when_most_can():
    one = problem([[1, 1], [0, 1], [1, 1], [1, 0]])
    solution = solve_whole(one, np.array([0, 0, 0, 1]))
    assert [(g.members, g.slot) for g in solution.groups] == [((0, 1, 2), 1)]
    assert [(u.person, u.kind) for u in solution.unplaced] == [(3, "too_few")]
    assert (solution.placed, solution.placed_bound, solution.proven) == (3, 3, True)


def test_group_that_meets_without_somebody_says_that_the_time_does_not_suit():
    solution = solve_whole(problem([[1, 0], [1, 0], [0, 1], [0, 0]]), np.zeros(4, np.int64))
    assert members(solution) == [(0, 1)]
    assert [(u.person, u.kind) for u in solution.unplaced] == [
        (2, "does_not_suit"),
        (3, "no_slot"),
    ]


def test_two_groups_do_not_share_one_table():
    one = problem([[1, 1]] * 4, seats=(4,), tables=(1,))
    solution = solve_whole(one, np.array([0, 0, 1, 1]))
    assert sorted((g.slot, g.members) for g in solution.groups) == [(0, (0, 1)), (1, (2, 3))]
    full = problem([[1]] * 4, seats=(4,), tables=(1,))
    solution = solve_whole(full, np.array([0, 0, 1, 1]))
    assert [(u.person, u.kind) for u in solution.unplaced] == [(2, "full"), (3, "full")]
    assert (solution.placed, solution.placed_bound) == (2, 4)


def test_first_come_first_served_where_seats_are_short():
    one = problem([[1]] * 4, size_most=2)
    for short in ("full", "waiting_list", "list_full"):
        order = np.array([3, 1, 2, 0])
        solution = solve_whole(one, np.zeros(4, np.int64), order, short=short)
        assert members(solution) == [(1, 3)]
        assert [(u.person, u.kind) for u in solution.unplaced] == [(0, short), (2, short)]
    waiting = problem([[1]] * 4, size_most=2, waited=[0, 1, 0, 2])
    assert members(solve_whole(waiting, np.zeros(4, np.int64))) == [(1, 3)]


def test_group_meets_in_the_office_of_most():
    one = problem([[1]] * 5, seats=(9, 9), tables=(1, 1), place=[0, 0, 1, 1, 1], venue_place=[0, 1])
    assert members(solve_whole(one, np.zeros(5, np.int64))) == [(2, 3, 4)]


def test_people_kept_apart_are_not_seated_together():
    apart = rules.Apart("kept apart", np.array([[0, 1]], np.int64))
    solution = solve_whole(problem([[1]] * 4, rules=(apart,)), np.zeros(4, np.int64))
    assert members(solution) == [(0, 2, 3)]
    # Told like somebody who has no time: a private choice may be what keeps them apart.
    assert [(u.person, u.kind) for u in solution.unplaced] == [(1, "does_not_suit")]


def test_group_that_breaks_a_hard_rule_is_not_formed():
    few = rules.AtMost("at most 1 where guest", np.array([True, True, True]), 1)
    solution = solve_whole(problem([[1]] * 3, rules=(few,)), np.zeros(3, np.int64))
    assert solution.groups == ()
    assert {(u.kind, u.rules) for u in solution.unplaced} == {("rules", ("at most 1 where guest",))}


@given(data=st.data())
def test_groups_are_a_plan_without_faults_and_everybody_is_accounted_for(data):
    people, slots = data.draw(st.integers(2, 8)), data.draw(st.integers(1, 4))
    rows = st.lists(st.booleans(), min_size=slots, max_size=slots)
    one = problem(
        data.draw(st.lists(rows, min_size=people, max_size=people)),
        seats=(3, 8),
        tables=(1, 1),
        place=data.draw(st.lists(st.integers(-1, 1), min_size=people, max_size=people)),
        venue_place=[0, -1],
        size_most=data.draw(st.integers(2, 9)),
    )
    code = np.array(data.draw(st.lists(st.integers(-1, 3), min_size=people, max_size=people)))
    solution = solve_whole(one, code)
    assert find_faults(one, solution.groups) == []
    seated = [person for group in solution.groups for person in group.members]
    assert sorted(seated + [u.person for u in solution.unplaced]) == list(range(people))
    assert all(len({int(code[p]) for p in group.members}) == 1 for group in solution.groups)
    assert solution.placed == len(seated) <= solution.placed_bound
    assert solution.value <= solution.value_bound
