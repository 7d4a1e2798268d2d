"""Erasing in other moments of a round's life than the one that the long story tells."""

import asyncio
import datetime as dt
from dataclasses import replace

import pytest

from scheduler.booking.keys import fingerprint
from scheduler.rounds.approval import approve_round
from scheduler.rounds.booking import book_round
from scheduler.rounds.erasing import UnknownPersonError, erase, find_whom
from scheduler.rounds.planning import plan_round
from scheduler.store.deliveries import read_deliveries, record_delivery
from scheduler.store.meetings import read_members
from scheduler.store.persons import is_known
from scheduler.store.plans import read_plan

AFTERWARDS = dt.datetime(2027, 1, 15, tzinfo=dt.UTC)


def test_erase_before_anybody_is_invited_takes_them_out_of_the_plan(open_context, ask) -> None:
    async def work():
        async with open_context() as context:
            plan = (await plan_round(context, "cross-team-lunch")).plan
            group = plan.groups[0]
            done = await erase(context, group.member_ids[0])
            known = is_known(context.store, group.member_ids[0])
            return group, done, known, read_plan(context.store, plan.round_id)

    group, done, known, after = asyncio.run(work())

    assert (done.rounds, done.erased.seats, known) == (1, 0, False)
    assert not any(group.member_ids[0] in g.member_ids for g in after.groups)
    seated = {p for g in after.groups for p in g.member_ids}
    assert set(group.member_ids[1:]) <= seated
    assert ask("report")["events"] == 0


def test_erase_after_a_meeting_keeps_its_seats_and_its_event(open_context, ask) -> None:
    async def work():
        async with open_context() as context:
            plan = (await plan_round(context, "cross-team-lunch")).plan
            approve_round(context.store, plan.round_id, by="hr")
            await book_round(context, plan.round_id)
            group = plan.groups[0]
            record_delivery(
                context.store, plan.round_id, group.number, group.member_ids[1], "group card",
                at=AFTERWARDS, reference="a:1 2", shown=fingerprint(group),
            )  # fmt: skip
            later = replace(context, today=AFTERWARDS.date())
            done = await erase(later, group.member_ids[0])
            members = read_members(context.store, plan.round_id, group.number)
            again = await book_round(later, plan.round_id, again=True)
            (card,) = read_deliveries(context.store, plan.round_id)
            return group, done, members, again, card

    group, done, members, again, card = asyncio.run(work())

    assert card.shown is None  # a digest of who was in the group

    assert (done.rounds, done.erased.seats) == (0, 1)
    assert sorted(members) == sorted(("erased-1", *group.member_ids[1:]))
    assert (again.booked, again.created, again.changed, again.cancelled) == (again.planned, 0, 0, 0)
    assert ask("report")["duplicates"] == 0


def test_erase_somebody_unknown_says_what_to_give(open_context) -> None:
    async def work():
        async with open_context() as context:
            await find_whom(context, "nobody@lindenhof.example")

    with pytest.raises(UnknownPersonError, match="give the id"):
        asyncio.run(work())
