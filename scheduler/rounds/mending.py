"""The smallest change to a round's plan, as the company and its calendars are today."""

from __future__ import annotations

from scheduler.booking.recheck import NoLongerFree
from scheduler.grouping.editing import TAKEN_OUT
from scheduler.grouping.mending import Upset, mend_plan
from scheduler.grouping.plan import Plan
from scheduler.rounds.arranging import arrange_groups
from scheduler.rounds.context import Context
from scheduler.rounds.planning import find_programme, look_ahead
from scheduler.store.answers import read_answers
from scheduler.store.rounds import split_round_id
from scheduler.store.seats import read_seats


async def mend(context: Context, plan: Plan, upset: Upset) -> Plan:
    """The plan with the smallest change that lets everybody else meet; nothing is sent."""
    name, start = split_round_id(plan.round_id)
    programme = find_programme(context, name)
    prospect = await look_ahead(context, programme, start)
    refused = {
        answer.who
        for answer in read_answers(context.store, plan.round_id)
        if answer.response == "declined"
    }
    refused |= {p for (_, p), s in read_seats(context.store, plan.round_id).items() if not s.coming}
    refused |= {one.person_id for one in plan.left_out if one.kind == TAKEN_OUT}
    everybody = Upset(
        dropped=upset.dropped | refused,
        without_room=upset.without_room,
        proposals=upset.proposals,
    )
    mended = mend_plan(plan, prospect.frame, everybody, now=context.moment())
    return arrange_groups(context, programme, mended, prospect.people, prospect.frame.contacts)


async def mend_before_booking(context: Context, plan: Plan, busy: tuple[NoLongerFree, ...]) -> Plan:
    """A plan without those whose calendar has filled since it was made."""
    return await mend(
        context,
        plan,
        Upset(
            dropped=frozenset(p for one in busy for p in one.person_ids),
            without_room=frozenset(one.group_number for one in busy if one.place_taken),
        ),
    )
