"""People decline, rooms decline, times are proposed: the smallest change, and only those hear."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from scheduler.booking.answers import GroupAnswers, read_round_answers
from scheduler.booking.book import is_carried_out
from scheduler.grouping.mending import Upset, find_changed_groups, find_joined
from scheduler.grouping.plan import Plan
from scheduler.rounds.announcing import is_somebody_to_be_told
from scheduler.rounds.booking import read_settled_people
from scheduler.rounds.context import Context
from scheduler.rounds.mending import mend
from scheduler.rounds.outcome import Outcome, carry_out_round
from scheduler.rounds.sign_up import find_withdrawn
from scheduler.rounds.watching import watched
from scheduler.store.engine import now
from scheduler.store.errors import PlanChangedError
from scheduler.store.plans import read_plan
from scheduler.store.revisions import revise_plan
from scheduler.store.rounds import State, read_round, split_round_id
from scheduler.store.seats import read_seats

log = structlog.get_logger(__name__)

REPAIRED: frozenset[State] = frozenset({"booking", "booked"})
"""In these states people are invited; a repair that was stopped is found in the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairReport:
    """What a repair did: groups changed or closed, people who stepped in, and what became of it.

    ``outcome`` is None when there was nothing to repair.
    """

    round_id: str
    changed: tuple[int, ...] = ()
    joined: int = 0
    outcome: Outcome | None = None


@watched("repair")
async def repair_round(context: Context, round_id: str) -> RepairReport:
    """Read the answers of a booked round and mend what they break.

    Raises:
        RoundHeldError: another process is at it.
        RoundStateError: the round is not booked.
        UnknownRoundError: there is no such round.
        GraphError: Graph cannot be reached; the next start goes on.
    """
    people = await read_settled_people(context)
    answers = await read_round_answers(context.graph, context.store, round_id, people)
    revision = read_round(context.store, round_id).revision
    before = read_plan(context.store, round_id, revision)
    upset = find_upset(context, before, answers)
    after = before
    if upset.dropped or upset.without_room or upset.proposals:
        after = await mend(context, before, upset)
    changed = find_changed_groups(before, after)
    as_planned = not changed and _is_as_planned(context, before)
    if changed:
        try:
            revise_plan(
                context.store, after, revision=revision, states=REPAIRED,
                reason="repaired after answers", at=now(), by=context.by,
            )  # fmt: skip
        except PlanChangedError:
            log.info("repair-put-off", round=round_id, reason="the plan was changed meanwhile")
            return RepairReport(round_id=round_id)
        log.info(
            "round-repaired", round=round_id, dropped=len(upset.dropped), changed=len(changed),
            joined=len(find_joined(before, after)),
        )  # fmt: skip
    elif as_planned and not is_somebody_to_be_told(context, round_id, people, at=now()):
        return RepairReport(round_id=round_id)
    outcome = await carry_out_round(context, round_id, again=not as_planned)
    # Booking reads calendars once more and may have had to mend a little further.
    standing = read_plan(context.store, round_id)
    return RepairReport(
        round_id=round_id,
        changed=find_changed_groups(before, standing),
        joined=len(find_joined(before, standing)),
        outcome=outcome,
    )


def _is_as_planned(context: Context, plan: Plan) -> bool:
    """Whether a repair that was stopped on its way has left nothing to do."""
    if read_round(context.store, plan.round_id).state == "booking":
        return False
    return is_carried_out(context.store, plan)


def find_upset(context: Context, plan: Plan, answers: tuple[GroupAnswers, ...]) -> Upset:
    """What members said in Outlook and on their cards; the last word of a card counts.

    Who takes their name off the list of a programme before the day gives their seat away by that.
    Tentative is coming: most people who say so do come, and a seat that is kept harms nobody.
    """
    members = {(g.number, p) for g in plan.groups for p in g.member_ids}
    said_no = {(a.group_number, p) for a in answers for p in a.declined} & members
    for key, seat in read_seats(context.store, plan.round_id).items():
        if key in members:
            said_no = said_no - {key} if seat.coming else said_no | {key}
    dropped = {person for _, person in said_no}
    programme = context.settings.programmes.get(split_round_id(plan.round_id)[0])
    if programme is not None:
        ahead = [group for group in plan.groups if group.slot.start > context.moment()]
        seated = {person for group in ahead for person in group.member_ids}
        dropped |= find_withdrawn(context, programme, seated)
    return Upset(
        dropped=frozenset(dropped),
        without_room=frozenset(a.group_number for a in answers if a.room == "declined"),
        proposals={
            a.group_number: [start for person, start in a.proposals if person not in dropped]
            for a in answers
            if any(person not in dropped for person, _ in a.proposals)
        },
    )
