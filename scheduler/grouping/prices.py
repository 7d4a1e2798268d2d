"""What each hard rule costs: how many more people, or points, there would be without it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scheduler.grouping.engine import solve
from scheduler.grouping.problem import Problem
from scheduler.grouping.rules import Together
from scheduler.grouping.solution import Solution

__all__ = ["RulePrice", "price_of_rules"]


@dataclass(frozen=True, slots=True)
class RulePrice:
    """Without the rule ``name``, so many more people would be placed; ``value`` is the change."""

    name: str
    placed: int
    value: int


def price_of_rules(
    problem: Problem,
    solution: Solution,
    *,
    seed: int = 0,
    effort: float = 0.3,
    workers: int | None = None,
) -> tuple[RulePrice, ...]:
    """Solve again without each hard rule, from the plan that stands.

    Args:
        problem: The round.
        solution: Its plan.
        seed: As in :func:`scheduler.grouping.engine.solve`.
        effort: Work for each rule.
        workers: As in ``solve``.

    Returns:
        A price for each name among the hard rules; 0 and 0 where nothing better was found.
    """
    names = dict.fromkeys(
        rule.name for rule in problem.rules if isinstance(rule, Together) or rule.weight is None
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
        prices.append(RulePrice(name, *max(more, (0, 0))))
    return tuple(prices)
