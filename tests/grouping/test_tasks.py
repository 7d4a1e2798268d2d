"""Cohorts that are solved elsewhere make the same plan."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from scheduler.calendars.parcels import read_arrays
from scheduler.grouping.engine import solve
from scheduler.grouping.parcels import read_answers, read_tasks, write_answers, write_tasks
from scheduler.grouping.problem import Seating
from scheduler.grouping.solving import solve_task
from scheduler.grouping.tasks import CohortAnswer
from tests.grouping.offices import make_office
from tests.grouping.problems import small_problems


def solve_elsewhere(tasks):
    """In one parcel there and back, the last one first."""
    there = read_tasks(write_tasks(tasks))
    back = [solve_task(task, lambda *_: False) for task in reversed(there)]
    return read_answers(write_answers(back))[::-1]


@given(small_problems())
def test_small_plan_is_the_same_when_its_cohorts_are_solved_elsewhere(problem):
    here = solve(problem, effort=0.1)

    assert solve(problem, effort=0.1, share=solve_elsewhere) == here


def test_plan_of_an_office_is_the_same_and_starts_from_the_same_groups():
    problem = make_office(60, seed=5)
    first = solve(problem, effort=0.05, seed=1)
    start = [Seating(g.members, g.slot, g.venue) for g in first.groups[:3]]

    here = solve(problem, effort=0.05, seed=2, start=start)

    assert solve(problem, effort=0.05, seed=2, start=start, share=solve_elsewhere) == here


@given(st.integers(0, 3), st.text("abcé ", max_size=9), st.booleans())
def test_answers_come_back_as_they_were(groups, by, done):
    answer = CohortAnswer(
        [(list(range(n, n + 3)), n, 7) for n in range(groups)],
        3,
        2**40,
        -(2**50),
        by,
        done,
        not done,
    )
    # NumPy's words lose NUL at their end alone, which no bound's name has.
    assert read_answers(write_answers([answer, answer])) == [answer, answer]


def test_bytes_that_hold_objects_are_refused():
    import io  # noqa: PLC0415

    with io.BytesIO() as file:
        np.savez(file, harm=np.array([print], dtype=object))
        data = file.getvalue()

    with pytest.raises(ValueError, match="pickle"):
        read_arrays(data)
