"""HR changes a plan by hand: tried first, then kept, and carried into Outlook where that is due."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Mapping

from scheduler.errors import ScheduleError
from scheduler.grouping.again import solve_rest
from scheduler.grouping.board import EditError
from scheduler.grouping.editing import (
    Drop,
    Edit,
    Move,
    Seat,
    Swap,
    Trial,
    fix_group,
    list_seats,
    try_edit,
)
from scheduler.grouping.plan import Plan
from scheduler.rounds.arranging import arrange_groups
from scheduler.rounds.context import Context
from scheduler.rounds.planning import Prospect, find_programme, look_ahead
from scheduler.store.audit import write_audit
from scheduler.store.engine import now
from scheduler.store.revisions import revise_plan
from scheduler.store.rounds import Round, State, split_round_id

__all__ = [
    "EDITABLE", "PLANNED", "Drop", "Edit", "EditError", "EditRefusedError", "Move", "Seat", "Swap",
    "Trial", "check_editable", "find_seats", "keep_fixed", "keep_trial", "look_at_round",
    "solve_again", "try_change",
]  # fmt: skip

PLANNED: frozenset[State] = frozenset({"planned"})
EDITABLE: frozenset[State] = frozenset({"planned", "booked"})
"""Booked groups can be changed too: the change goes into their events, and only they hear of it."""

_NOT_NOW: Mapping[State, str] = {
    "approved": "This plan is approved. Send it back first; nobody has been invited yet.",
    "booking": "Invitations are being sent now. Wait until they are out, then change the plan.",
    "held": "The meetings of this round have taken place; its plan stays as it was.",
    "closed": "The meetings of this round have taken place; its plan stays as it was.",
    "cancelling": "This round is being cancelled; its plan stays as it was.",
    "cancelled": "This round was cancelled; its plan stays as it was.",
}
_SOLVED = "solved again by hand"


class EditRefusedError(ScheduleError):
    """The plan cannot be changed in the state that its round is in; the text says what to do."""


def check_editable(context: Context, found: Round, *, states: frozenset[State] = EDITABLE) -> None:
    """Refuse where a plan cannot be changed by hand.

    Raises:
        EditRefusedError: The round's state, or its programme, does not allow it.
        UnknownProgrammeError: The programme's file is gone.
    """
    programme = find_programme(context, found.programme)
    if found.state not in states:
        raise EditRefusedError(
            _NOT_NOW.get(
                found.state,
                "People are invited already. Single groups can be changed; solving everything "
                "again would move everybody. Cancel the round to begin anew.",
            )
        )
    if programme.whole is not None:
        raise EditRefusedError(
            "The groups of this programme are whole teams, offices or everybody, so nobody is "
            "moved by hand. Change who takes part in the programme's file, and plan again."
        )


async def look_at_round(context: Context, round_id: str) -> Prospect:
    """The round as it is today: people, calendars, places. Read once, it serves many trials.

    Raises:
        GraphError: The directory or all calendars cannot be read.
    """
    name, start = split_round_id(round_id)
    return await look_ahead(context, find_programme(context, name), start)


def try_change(context: Context, found: Round, plan: Plan, prospect: Prospect, edit: Edit) -> Trial:
    """What a change would break and cost; nothing is kept. Takes the time of a few groups.

    Raises:
        EditError: The change names what is not there.
        EditRefusedError: See :func:`check_editable`.
    """
    check_editable(context, found)
    trial = try_edit(plan, prospect.frame, edit, booked=found.state == "booked")
    begun = [
        group.number
        for group in plan.groups
        if group.number in trial.changed and group.slot.start <= context.moment()
    ]
    if begun:
        raise EditError(f"Group {begun[0]} has met already, so it stays as it is.")
    return dataclasses.replace(trial, plan=_arrange(context, found, trial.plan, prospect))


def find_seats(
    context: Context, found: Round, plan: Plan, prospect: Prospect, person_id: str
) -> tuple[Seat, ...]:
    """Groups that somebody could join, the best first.

    Raises:
        EditError: They do not take part in this round.
        EditRefusedError: See :func:`check_editable`.
    """
    check_editable(context, found)
    begun = {group.number for group in plan.groups if group.slot.start <= context.moment()}
    seats = list_seats(plan, prospect.frame, person_id, booked=found.state == "booked")
    return tuple(seat for seat in seats if seat.number not in begun)


def keep_trial(
    context: Context, found: Round, trial: Trial, *, what: str, agreed: bool = False
) -> int:
    """Let a tried change count; the new revision. Where people are invited, book the round again.

    Args:
        context: On whose behalf.
        found: The round as it was when the change was tried.
        trial: What was tried.
        what: The change in a few words without names, for the list of plans.
        agreed: HR has seen which rules it breaks.

    Raises:
        EditRefusedError: It cannot be kept, or breaks rules and that was not agreed to.
        PlanChangedError: Another plan counts by now.
        RoundStateError: The round went on meanwhile.
    """
    if not trial.possible:
        raise EditRefusedError("This change cannot be kept: somebody would sit where they cannot.")
    if trial.breaches and not agreed:
        raise EditRefusedError("This change breaks a rule. Say that you mean it, and keep it then.")
    return _keep(context, found, trial.plan, what, groups=trial.changed)


def keep_fixed(context: Context, found: Round, plan: Plan, number: int, *, fixed: bool) -> int:
    """Fix a group, or let it be changed again; the new revision.

    Raises:
        EditError: There is no such group.
        EditRefusedError: See :func:`check_editable`.
        PlanChangedError: Another plan counts by now.
    """
    check_editable(context, found, states=PLANNED)
    what = f"group {number} fixed" if fixed else f"group {number} not fixed any more"
    return _keep(context, found, fix_group(plan, number, fixed=fixed), what, groups=(number,))


async def solve_again(context: Context, found: Round, plan: Plan) -> Plan:
    """Solve everything that is not fixed again, on the calendars of today, and keep that.

    Raises:
        EditError: A fixed group cannot be as it is any more.
        EditRefusedError: The round is not planned (any more).
        PlanChangedError: Another plan counts by now.
        GraphError: The directory or all calendars cannot be read.
    """
    check_editable(context, found, states=PLANNED)
    prospect = await look_at_round(context, found.id)
    with context.progress.step("Grouping people") as report:
        solved = await asyncio.to_thread(
            solve_rest,
            plan,
            prospect.frame,
            left_out=prospect.roster.left_out,
            seed=plan.seed,
            effort=context.effort,
            progress=lambda p: report(round(100 * p.share_done), 100),
        )
    solved = _arrange(context, found, solved, prospect)
    _keep(context, found, solved, _SOLVED, states=PLANNED)
    return solved


def _arrange(context: Context, found: Round, plan: Plan, prospect: Prospect) -> Plan:
    programme = find_programme(context, found.programme)
    return arrange_groups(context, programme, plan, prospect.people, prospect.frame.contacts)


def _keep(
    context: Context,
    found: Round,
    plan: Plan,
    what: str,
    *,
    groups: tuple[int, ...] = (),
    states: frozenset[State] | None = None,
) -> int:
    revision = revise_plan(
        context.store,
        plan,
        revision=found.revision,
        states=states or frozenset({found.state}) & EDITABLE,
        reason=what,
        at=now(),
        by=context.by,
    )
    write_audit(
        context.store,
        "plan changed by hand",
        at=now(),
        by=context.by,
        round_id=found.id,
        details={"what": what, "revision": revision, "groups": list(groups)},
    )
    return revision
