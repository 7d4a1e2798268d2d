"""Solving a round again around what HR decided."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from itertools import count

from scheduler.grouping.board import lay_out
from scheduler.grouping.editing import TAKEN_OUT
from scheduler.grouping.framing import Frame
from scheduler.grouping.naming import name_plan
from scheduler.grouping.plan import Group, Plan
from scheduler.grouping.solution import Progress
from scheduler.people.roster import LeftOut


def solve_rest(
    plan: Plan,
    frame: Frame,
    *,
    left_out: Sequence[LeftOut] = (),
    seed: int,
    effort: float = 1.0,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Solve the round again from the plan that stands; fixed groups stay as they are.

    Groups that come out as they were keep their numbers, tables and who leads.

    Args:
        plan: The one that counts.
        frame: The round as it is today.
        left_out: People of the audience who are not on the roster, with reasons.
        seed: Decides everything that is random.
        effort: The amount of work, 1 being usual.
        progress: Told now and then how far the search is.

    Raises:
        EditError: A fixed group cannot be as it is any more.
    """
    from scheduler.grouping.engine import solve  # noqa: PLC0415 -- slow import, none to show plans

    board = lay_out(plan, frame, booked=False)
    fixed = tuple(board.find(group.number) for group in plan.groups if group.fixed)
    out = {one.person_id: one for one in plan.left_out if one.kind == TAKEN_OUT}
    available = board.problem.available.copy()
    available[[board.row[person] for person in out if person in board.row]] = False
    solution = solve(
        dataclasses.replace(board.problem, available=available, fixed=fixed),
        seed=seed,
        effort=effort,
        start=[s for s in board.seatings.values() if s not in fixed],
        progress=progress,
    )
    made = name_plan(frame, solution, round_id=plan.round_id, seed=seed)
    told = [out.get(one.person_id, one) for one in made.left_out]
    return dataclasses.replace(made, groups=_keep_numbers(plan, made), left_out=(*left_out, *told))


def _keep_numbers(before: Plan, after: Plan) -> tuple[Group, ...]:
    """Groups that are as they were keep their number; the others get those that are free."""

    def key(group: Group) -> tuple[object, ...]:
        return (frozenset(group.member_ids), group.slot, group.place)

    old = {key(group): group for group in before.groups}
    same = {key(group) for group in after.groups} & set(old)
    taken = {old[each].number for each in same}
    free = (number for number in count(1) if number not in taken)
    groups = [
        old[key(group)] if key(group) in same else dataclasses.replace(group, number=next(free))
        for group in after.groups
    ]
    return tuple(sorted(groups, key=lambda group: group.number))
