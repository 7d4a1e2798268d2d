"""People who can sit only with few others, all of them at once."""

from __future__ import annotations

import numpy as np

from scheduler.grouping.checker import find_faults
from scheduler.grouping.cohort_search import fill_table
from scheduler.grouping.encoding import Cohort, make_board, make_worth
from scheduler.grouping.engine import solve
from scheduler.grouping.needles import find_needles, plant_needles
from scheduler.grouping.problem import Seating
from scheduler.grouping.reasons import Explainer
from scheduler.grouping.rules import AtLeast
from scheduler.grouping.search import make_table
from tests.grouping.problems import make_problem, make_venues

PEOPLE, SLOTS, SCARCE = 160, 60, 17
ASKER, RECRUITER, COLLEAGUE = 40, 90, 130


def mask(*people: int) -> np.ndarray:
    chosen = np.zeros(PEOPLE, bool)
    chosen[list(people)] = True
    return chosen


def make_needle_problem():
    """Three people ask for somebody of ten; one of them for a recruiter too, of whom there is one.

    These three are free together in one slot of sixty, of which everybody is free in half.
    """
    rng = np.random.default_rng(5)
    available = rng.random((PEOPLE, SLOTS)) < 0.5
    available[:, SCARCE] = True
    available[RECRUITER] = False
    available[RECRUITER, [SCARCE, 30, 31]] = True
    available[ASKER, [30, 31]] = False
    askers, area = mask(ASKER, 41, 42), mask(COLLEAGUE, *range(100, 109))
    return make_problem(
        PEOPLE, SLOTS, available=available, size_least=2,
        rules=(
            AtLeast("somebody who asked", askers, 1),
            AtLeast("what people asked for", area, 1, askers),
            AtLeast("what people asked for", mask(RECRUITER), 1, mask(ASKER)),
        ),
    )  # fmt: skip


def test_search_places_people_who_can_sit_with_few_others_alone():
    problem = make_needle_problem()

    solution = solve(problem, seed=3, effort=0.05)

    assert (solution.placed, solution.placed_bound) == (12, 12)
    (group,) = [group for group in solution.groups if ASKER in group.members]
    assert RECRUITER in group.members
    assert group.slot == SCARCE


def lay_out(problem, groups=()):
    """The board of everybody, no table taken, and a table with these groups."""
    people, slots = problem.available.shape
    everybody = Cohort(np.arange(people), np.arange(slots), np.arange(len(problem.venues.seats)))
    board = make_board(problem, everybody, [], make_worth(problem))
    load = np.zeros(problem.venues.free.shape, np.int64)
    table = make_table(board, load, 0)
    width = 2 + problem.size_most
    rows = [[g.slot, g.venue, *g.members] + [-1] * (width - 2 - len(g.members)) for g in groups]
    fill_table(board, table, np.array(rows, np.int64).reshape(-1, width), tries=0)
    return board, load, table


def read(rows):
    return [Seating(tuple(sorted(u for u in row[2:] if u >= 0)), *row[:2]) for row in rows.tolist()]


def test_needle_is_a_group_that_breaks_no_rule_and_no_two_share_anybody():
    problem = make_needle_problem()

    needles = read(find_needles(*lay_out(problem)))

    assert len(needles) == 3
    assert find_faults(problem, needles) == []
    members = [person for needle in needles for person in needle.members]
    assert len(set(members)) == len(members)
    assert {ASKER, 41, 42} <= set(members)


def test_round_without_such_people_gets_no_needle():
    problem = make_problem(9, 2, venues=make_venues([(9, 1, -1)], 2))

    assert len(plant_needles(*lay_out(problem))) == 0


def test_planted_needle_takes_its_people_out_of_other_groups():
    problem = make_needle_problem()
    groups = [Seating((41, 100, 101), 0, 0), Seating((42, 102), 1, 0), Seating((9, 103), 2, 0)]
    groups.append(Seating((RECRUITER, 104), SCARCE, 0))

    rows = read(plant_needles(*lay_out(problem, groups)))

    (needle,) = [group for group in rows if ASKER in group.members]
    assert RECRUITER in needle.members
    assert rows[0] == needle
    members = [person for group in rows for person in group.members]
    assert len(set(members)) == len(members)
    assert groups[1] in rows


def test_nobody_is_told_that_they_can_meet_nobody_where_few_could_meet_them():
    problem = make_needle_problem()

    reason = Explainer(problem, []).explain(ASKER)

    assert reason.kind == "left_over"
