from __future__ import annotations

import numpy as np

from scheduler.grouping.bridges import choose_bridges
from tests.grouping.problems import make_problem, make_ties


def all_of(pairs, count):
    wanted = np.zeros((count, count), bool)
    for one, other in pairs:
        wanted[one, other] = wanted[other, one] = True
    return wanted


def test_four_strange_departments_are_bridged_at_one_table():
    problem = make_problem(4, 1, size_ideal=4)
    wanted = all_of([(a, b) for a in range(4) for b in range(a)], 4)

    rows = choose_bridges(problem, wanted, 50)

    assert {tuple(sorted(pair)) for pair in rows[:, :2].tolist()} == {
        (0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3),
    }  # fmt: skip
    assert set(rows[:, 2].tolist()) == {50}


def test_bridge_goes_to_people_who_can_meet_and_have_not():
    available = np.array([[1, 1], [0, 1], [1, 0], [1, 1]], bool)
    ties = make_ties(4, department=[0, 1, 1, 1], met=[(0, 3, 5), (0, 1, 5)])
    problem = make_problem(4, 2, available=available, ties=ties)

    assert choose_bridges(problem, all_of([(0, 1)], 2), 7).tolist() == [[2, 0, 7]]


def test_nothing_wanted_gives_no_couples():
    assert choose_bridges(make_problem(4, 1), all_of([], 4), 7).shape == (0, 3)
