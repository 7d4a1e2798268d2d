"""What a group needs beside people, time and place: tables that change, and who leads."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

from scheduler.agendas.agenda import Seating
from scheduler.agendas.facilitator import choose_facilitator
from scheduler.grouping.plan import Group, Plan
from scheduler.people.contacts import Contacts
from scheduler.people.person import Person
from scheduler.programmes.programme import Programme
from scheduler.rounds.context import Context
from scheduler.rounds.past import ROUNDS_LOOKED_BACK
from scheduler.store.plans import read_plan
from scheduler.store.rounds import list_rounds, split_round_id

SEATING_EFFORT = 0.05
"""Of the usual work: enough for four turns of 8 to 60 people without any pair meeting twice."""


def arrange_groups(
    context: Context,
    programme: Programme,
    plan: Plan,
    people: Mapping[str, Person],
    contacts: Contacts,
) -> Plan:
    """The plan with the tables of each turn and a facilitator, where the programme asks for them.

    A group that is arranged already, with the members that it has, is left as it is: so a mended
    plan changes for nobody but those whom it concerns.
    """
    from scheduler.grouping.turns import seat_turns  # noqa: PLC0415 -- slow import

    by_turn = programme.agenda.facilitator == "by-turn"
    last_led = read_last_led(context, plan.round_id) if by_turn else {}
    groups = []
    for group in plan.groups:
        changed = group
        if not all(member in people for member in group.member_ids):
            groups.append(group)  # booking sets aside whoever is gone, and this is done again
            continue
        if programme.rotation is not None and not _is_seated(group):
            changed = seat_turns(
                group, programme.rotation, people, contacts,
                seed=plan.seed, effort=SEATING_EFFORT * context.effort,
            )  # fmt: skip
        if by_turn and group.facilitator not in group.member_ids:
            leads = choose_facilitator(
                [people[member] for member in group.member_ids],
                last_led,
                day=group.slot.start.date(),
                seed=f"{plan.round_id}/{group.number}",
            )
            changed = dataclasses.replace(changed, facilitator=leads)
        groups.append(changed)
    return dataclasses.replace(plan, groups=tuple(groups))


def read_last_led(context: Context, round_id: str) -> dict[str, dt.date]:
    """The round in which each person last led in this programme, before the round named."""
    programme, day = split_round_id(round_id)
    rounds = [
        r
        for r in list_rounds(context.store, programme=programme)
        if r.date < day and r.state not in {"cancelling", "cancelled"}
    ]
    plans = ((r.date, read_plan(context.store, r.id)) for r in rounds[-ROUNDS_LOOKED_BACK:])
    return gather_last_led(plans)


def gather_last_led(plans: Iterable[tuple[dt.date, Plan]]) -> dict[str, dt.date]:
    """The last day on which each person led; ``plans`` oldest first."""
    return {
        group.facilitator: day
        for day, plan in plans
        for group in plan.groups
        if group.facilitator is not None
    }


def find_seating(programme: Programme, group: Group) -> Seating | None:
    """Who sits where in each turn, as an agenda prints it; None where tables do not change."""
    if programme.rotation is None or not _is_seated(group):
        return None
    return Seating(programme.rotation.minutes, group.turns, rooms=group.place.kind == "online")


def _is_seated(group: Group) -> bool:
    members = sorted(group.member_ids)
    return bool(group.turns) and all(
        sorted(member for table in tables for member in table) == members for tables in group.turns
    )
