from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.grouping.turns import plan_turns


@given(
    department=st.lists(st.integers(0, 9), min_size=2, max_size=60),
    table=st.integers(2, 8),
    turns=st.integers(2, 6),
)
def test_nobody_sits_with_the_same_person_twice_and_nobody_sits_alone(department, table, turns):
    planned = plan_turns(np.array(department), table=table, turns=turns)
    met: set[tuple[int, int]] = set()
    for turn in planned:
        assert sorted(itertools.chain(*turn)) == list(range(len(department)))
        for seats in turn:
            assert 2 <= len(seats) <= max(table, 3)
            pairs = set(itertools.combinations(seats, 2))
            assert not pairs & met
            met |= pairs


@pytest.mark.parametrize("people", range(16, 61))
def test_an_hour_of_four_turns_is_kept_from_sixteen_people_on(people):
    planned = plan_turns(np.zeros(people, np.int64), table=4, turns=4)
    assert len(planned) == 4
    assert min(len(seats) for turn in planned for seats in turn) >= 2


@pytest.mark.parametrize("people", [20, 28, 32, 40, 60])
def test_tables_of_four_stay_tables_of_four(people):
    planned = plan_turns(np.zeros(people, np.int64), table=4, turns=4)
    assert {len(seats) for turn in planned for seats in turn} == {4}


def test_colleagues_of_one_department_hardly_share_a_table():
    department = np.repeat(np.arange(4), 8)  # 32 people, eight a department, eight tables
    planned = plan_turns(department, table=4, turns=4)
    assert all(len({department[p] for p in seats}) == 4 for turn in planned for seats in turn)
