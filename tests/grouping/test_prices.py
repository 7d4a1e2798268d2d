from __future__ import annotations

import numpy as np

from scheduler.grouping.engine import solve
from scheduler.grouping.prices import RulePrice, price_of_rules
from scheduler.grouping.rules import Apart, AtMost, AtMostOfOne
from tests.grouping.problems import make_problem


def test_each_hard_rule_has_its_price():
    rules = (
        AtMostOfOne("team", np.array([0, 0, 0, 0, 1])),
        Apart("never", np.zeros((0, 2), np.int64)),
        AtMost("newcomers", np.ones(5, bool), 1, weight=1),
    )
    problem = make_problem(5, 1, rules=rules)
    solution = solve(problem, effort=0.1)

    prices = price_of_rules(problem, solution, effort=0.1)

    # One pair can meet; without "team" all five can, in a pair and a group of three.
    assert solution.placed == 2
    assert prices == (RulePrice("team", 3, 1), RulePrice("never", 0, 0))
