"""What each hard rule costs: how many more people, or points, there would be without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from scheduler.grouping.problem import Ints, Problem
from scheduler.grouping.rules import Together
from scheduler.grouping.solution import Solution

__all__ = ["RulePrice", "price_of_rules"]


@dataclass(frozen=True, slots=True)
class RulePrice:
    """Without the rule ``name``, so many more people would be placed; ``value`` is the change.

    ``placed_at``: by ``Problem.place``, how many more; where others moved it may be fewer.
    """

    name: str
    placed: int
    value: int
    placed_at: Mapping[int, int] = field(default_factory=dict, compare=False)


def price_of_rules(
    problem: Problem,
    solution: Solution,
    *,
    seed: int = 0,
    effort: float = 0.3,
    workers: int | None = None,
    without: frozenset[str] = frozenset(),
) -> tuple[RulePrice, ...]:
    """Solve again without each hard rule, from the plan that stands.

    Args:
        problem: The round.
        solution: Its plan.
        seed: As in :func:`scheduler.grouping.engine.solve`.
        effort: Work for each rule.
        workers: As in ``solve``.
        without: Rules whose price is not asked for.

    Returns:
        A price for each name among the hard rules; 0 and 0 where nothing better was found.
    """
    from scheduler.grouping.engine import solve  # noqa: PLC0415 -- slow import

    names = dict.fromkeys(
        rule.name
        for rule in problem.rules
        if rule.name not in without and (isinstance(rule, Together) or rule.weight is None)
    )
    prices = []
    for name in names:
        rules = tuple(rule for rule in problem.rules if rule.name != name)
        freed = solve(
            replace(problem, rules=rules),
            seed=seed,
            effort=effort,
            workers=workers,
            start=solution.groups,
        )
        more = (freed.placed - solution.placed, freed.value - solution.value)
        better = max(more, (0, 0))
        change = _count_places(problem, freed) - _count_places(problem, solution)
        places = {place: int(n) for place, n in enumerate(change.tolist(), -1) if n}
        prices.append(RulePrice(name, *better, places if better[0] else {}))
    return tuple(prices)


def _count_places(problem: Problem, solution: Solution) -> Ints:
    """How many are placed in each place; the first number is of those without one."""
    seated = [person for group in solution.groups for person in group.members]
    count = int(problem.place.max(initial=-1)) + 2
    return np.bincount(problem.place[seated] + 1, minlength=count)
