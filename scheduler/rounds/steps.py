"""The steps of a round's life, each safe to repeat: what is done already is left alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Literal

import structlog

from scheduler.errors import ScheduleError
from scheduler.graph.errors import GraphError
from scheduler.programmes.cadence import due_round
from scheduler.rounds.approval import approve_round
from scheduler.rounds.cancelling import cancel_round
from scheduler.rounds.context import Context
from scheduler.rounds.outcome import carry_out_round
from scheduler.rounds.planning import find_programme, plan_round, round_id_of
from scheduler.rounds.pricing import price_new_plan
from scheduler.rounds.repairing import repair_round
from scheduler.rounds.sign_up import ListOpenError, is_open
from scheduler.rounds.watching import about_round
from scheduler.store.audit import write_audit
from scheduler.store.engine import now
from scheduler.store.errors import RoundHeldError
from scheduler.store.plans import read_plan
from scheduler.store.rounds import State, find_round, list_rounds, move_round, split_round_id

log = structlog.get_logger(__name__)

Result = Literal["done", "later", "failed", "ended"]
"""``later``: something outside was in the way, try again; ``failed``: a mistake in the files or a
defect of ours, which somebody has to look at before another try helps; ``ended``: the round goes no
further."""

UNDER_WAY: frozenset[State] = frozenset({"planned", "approved", "booking", "booked", "held"})
OVER: frozenset[State] = frozenset({"closed", "cancelling", "cancelled"})
CLOSES_AFTER = dt.timedelta(days=21)
"""A round is closed three weeks after its last meeting: the follow-up goes out after two."""
NOT_APPROVED = "This round was not approved in time."


def find_due_rounds(context: Context) -> tuple[str, ...]:
    """Ids of rounds that are to be planned now, and of all that are under way."""
    under_way = [r.id for r in list_rounds(context.store, states=UNDER_WAY)]
    due = []
    for name, programme in sorted(context.settings.programmes.items()):
        rounds = [r for r in list_rounds(context.store, programme=name) if r.state != "cancelled"]
        last = max((r.date for r in rounds), default=None)
        start = due_round(programme, context.today, last_start=last)
        if start is not None and not is_open(context, programme, start):
            due.append(round_id_of(programme, start))
    return tuple(dict.fromkeys([*under_way, *due]))


async def plan_step(context: Context, round_id: str) -> Result:
    """Plan the round and say what its rules cost, unless it has a plan.

    ``later``, too, while its list is open: HR may have let it close later meanwhile.
    """
    found = find_round(context.store, round_id)
    if found is None:
        name, start = split_round_id(round_id)
        try:
            planned = await plan_round(context, name, first_day=start)
        except ListOpenError as error:
            log.info("plan-put-off", round=round_id, closes=error.closes.isoformat())
            return "later"
        price_new_plan(context, planned.plan, planned.frame)
    elif found.state in OVER:
        return "ended"
    return "done"


async def approval_step(context: Context, round_id: str) -> Result:
    """Whether the round may be booked: ``later`` while it waits for HR."""
    found = find_round(context.store, round_id)
    if found is None or found.state in OVER:
        return "ended"
    if found.state != "planned":
        return "done"
    programme = find_programme(context, found.programme)
    if programme.approval == "automatic":
        approve_round(context.store, round_id, by="the programme's setting")
        return "done"
    if context.today >= found.date:
        await cancel_round(context, round_id, NOT_APPROVED)
        write_audit(context.store, "round expired", at=now(), by=context.by, round_id=round_id)
        return "ended"
    return "later"


async def booking_step(context: Context, round_id: str) -> Result:
    """Book the round and tell everybody; ``later`` where planned, booked and announced differ."""
    found = find_round(context.store, round_id)
    if found is None or found.state in OVER:
        return "ended"
    if found.state == "held":
        return "done"
    if found.state != "approved" and seconds_until_over(context, round_id) <= 0:
        return "done"  # what is not booked by now is not booked any more
    outcome = await carry_out_round(context, round_id)
    return "later" if outcome.exit_code else "done"


async def tending_step(context: Context, round_id: str) -> Result:
    """Read answers and repair, as long as there are meetings ahead.

    One that is found booking was stopped in the middle of a repair, which goes on here.
    """
    found = find_round(context.store, round_id)
    if found is None or found.state not in {"booking", "booked"}:
        return "ended"
    if seconds_until_over(context, round_id) > 0:
        report = await repair_round(context, round_id)
        return "later" if report.outcome is not None and report.outcome.exit_code else "done"
    move_round(context.store, round_id, "held", at=now(), by=context.by)
    return "done"


async def cancelling_step(context: Context, round_id: str) -> Result:
    """Go on cancelling a round, where somebody's cancelling was stopped on its way."""
    found = find_round(context.store, round_id)
    if found is None or found.state != "cancelling":
        return "ended"
    report = await cancel_round(context, round_id, found.cancel_message or "")
    return "done" if report.complete else "later"


async def closing_step(context: Context, round_id: str) -> Result:
    """Close a round that was held and has been followed up."""
    found = find_round(context.store, round_id)
    if found is None or found.state in OVER:
        return "ended"
    if found.state in {"booking", "booked"}:
        move_round(context.store, round_id, "held", at=now(), by=context.by)
    move_round(context.store, round_id, "closed", at=now(), by=context.by)
    return "done"


def seconds_until_over(context: Context, round_id: str) -> float:
    """Until the end of the round's last meeting; not positive once it is over."""
    ends = [group.slot.end for group in read_plan(context.store, round_id).groups]
    return (max(ends) - context.moment()).total_seconds() if ends else 0.0


STEPS: dict[str, Callable[[Context, str], Awaitable[Result]]] = {
    "plan": plan_step,
    "approval": approval_step,
    "book": booking_step,
    "tend": tending_step,
    "cancel": cancelling_step,
    "close": closing_step,
}


async def take_step(context: Context, step: str, round_id: str) -> Result:
    """Take one step; what is in its way is said in the log, and the round is not given up."""
    with about_round(round_id):
        try:
            return await STEPS[step](context, round_id)
        except (GraphError, RoundHeldError) as error:
            log.warning("step-put-off", step=step, reason=str(error))
            return "later"
        except ScheduleError as error:
            log.error("step-failed", step=step, reason=str(error))  # noqa: TRY400 -- not our defect
            return "failed"
        except Exception:
            log.exception("step-failed", step=step)
            return "failed"
