"""The figures of a round, as people and programs read them."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass

from scheduler.grouping.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFigures:
    """What a plan comes to.

    ``roster``: people who take part; ``placed_bound``: how many of them could be placed at
    most; ``gap``: how far the plan's value may be from the best, as a share of its bound;
    ``left_out``: how many of the audience have no seat, by reason.
    """

    round: str
    roster: int
    placed: int
    placed_bound: int
    groups: int
    new_ties: int
    cross_department_ties: int
    repeats: int
    value: int
    value_bound: int
    gap: float
    left_out: dict[str, int]
    seed: int
    complete: bool

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def count_plan(plan: Plan) -> PlanFigures:
    """The figures of one plan."""
    kinds = Counter(left_out.kind for left_out in plan.left_out)
    return PlanFigures(
        round=plan.round_id,
        roster=plan.roster_size,
        placed=plan.placed,
        placed_bound=plan.placed_bound,
        groups=len(plan.groups),
        new_ties=plan.new_ties,
        cross_department_ties=plan.cross_department_ties,
        repeats=plan.repeats,
        value=plan.value,
        value_bound=plan.value_bound,
        gap=round((plan.value_bound - plan.value) / max(1, abs(plan.value_bound)), 4),
        left_out=dict(sorted(kinds.items(), key=lambda item: (-item[1], item[0]))),
        seed=plan.seed,
        complete=plan.complete,
    )
