import asyncio
import datetime as dt
from dataclasses import replace
from itertools import combinations

import httpx

from scheduler.grouping.editing import fix_group
from scheduler.rounds import repairing
from scheduler.rounds.approval import approve_round
from scheduler.rounds.booking import book_round
from scheduler.rounds.mending import mend
from scheduler.rounds.outcome import carry_out_round
from scheduler.rounds.planning import plan_round
from scheduler.rounds.repairing import repair_round
from scheduler.store.plans import read_plan, replace_plan
from scheduler.store.revisions import revise_plan
from scheduler.store.seats import save_seat

MOMENT = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)


def accept(tenant):
    """Let everybody accept."""
    httpx.post(
        f"{tenant['SCHEDULER_SANDBOX_HTTP_URL']}/sandbox/answers",
        json={"shares": {"accepted": 1.0}},
        timeout=30,
    )


async def book(context):
    planned = await plan_round(context, "cross-team-lunch")
    approve_round(context.store, planned.plan.round_id, by="hr")
    outcome = await carry_out_round(context, planned.plan.round_id)
    assert outcome.exit_code == 0
    return planned


def test_repair_round_after_declines_changes_only_groups_that_must_change(
    open_context, ask, tenant
) -> None:
    """Whoever declines by themselves in the tenant is gone; everybody else has one meeting."""

    async def work():
        async with open_context() as context:
            planned = await book(context)
            report = await repair_round(context, planned.plan.round_id)
            return planned, report, read_plan(context.store, planned.plan.round_id)

    planned, report, after = asyncio.run(work())
    seen = ask("report")

    assert report.outcome is not None
    assert report.outcome.exit_code == 0
    before = {g.number: g for g in planned.plan.groups}
    unchanged = [g for g in after.groups if g.number not in report.changed]
    assert all(
        (set(g.member_ids), g.slot, g.place)
        == (set(before[g.number].member_ids), before[g.number].slot, before[g.number].place)
        for g in unchanged
    )
    departments = {p.id: p.department for p in planned.people.values()}
    for group in after.groups:
        assert 3 <= len(group.member_ids) <= 5
        assert all(departments[a] != departments[b] for a, b in combinations(group.member_ids, 2))
    assert seen["events"] == len(after.groups)
    assert seen["duplicates"] == 0
    assert report.changed
    assert unchanged


def test_repair_round_after_a_seat_is_given_away_on_a_card(open_context, ask) -> None:
    async def work():
        async with open_context() as context:
            planned = await book(context)
            round_id = planned.plan.round_id
            await repair_round(context, round_id)
            plan = read_plan(context.store, round_id)
            group = plan.groups[0]
            gone = group.member_ids[0]
            save_seat(context.store, round_id, group.number, gone, coming=False, at=MOMENT)
            report = await repair_round(context, round_id)
            return gone, group, report, read_plan(context.store, round_id)

    gone, group, report, after = asyncio.run(work())

    assert group.number in report.changed
    assert gone not in {p for g in after.groups for p in g.member_ids}
    assert [r.kind for r in after.left_out if r.person_id == gone] == ["cannot come"]
    assert ask("report")["duplicates"] == 0


def test_repair_round_carries_out_a_plan_that_a_kill_left_behind(open_context, tenant, ask) -> None:
    accept(tenant)

    async def work():
        async with open_context() as context:
            planned = await book(context)
            plan = planned.plan
            group = max(plan.groups, key=lambda g: len(g.member_ids))
            smaller = replace(group, member_ids=group.member_ids[1:])
            groups = tuple(smaller if g is group else g for g in plan.groups)
            replace_plan(context.store, replace(plan, groups=groups), reason="test", at=MOMENT)
            first = await repair_round(context, plan.round_id)
            return planned, group, first, await repair_round(context, plan.round_id)

    planned, group, first, second = asyncio.run(work())

    gone = planned.people[group.member_ids[0]].mail
    (copy,) = ask(f"mailboxes/{gone}")["events"]
    assert first.outcome.booking.changed == 1
    assert copy["isCancelled"] is True
    assert second.outcome is None


def test_repair_round_tells_those_whom_a_kill_left_untold(open_context, tenant, ask) -> None:
    accept(tenant)

    async def work():
        async with open_context() as context:
            planned = await plan_round(context, "cross-team-lunch")
            approve_round(context.store, planned.plan.round_id, by="hr")
            await book_round(context, planned.plan.round_id)
            before = ask("report")["people_with_cards"]
            report = await repair_round(context, planned.plan.round_id)
            return planned.plan, before, report

    plan, before, report = asyncio.run(work())

    assert (before, report.outcome.exit_code) == (0, 0)
    assert ask("report")["people_with_cards"] == plan.placed


def test_repair_round_without_answers_changes_nothing(open_context, tenant) -> None:
    accept(tenant)

    async def work():
        async with open_context() as context:
            planned = await book(context)
            return (
                planned,
                await repair_round(context, planned.plan.round_id),
                read_plan(context.store, planned.plan.round_id),
            )

    planned, report, after = asyncio.run(work())

    assert (report.changed, report.outcome) == ((), None)
    assert after == planned.plan


def test_repair_does_not_undo_what_hr_changed_while_it_was_made(open_context, monkeypatch) -> None:
    """HR's change comes between reading the plan and keeping the mended one: HR's counts."""

    async def work():
        async with open_context() as context:
            planned = await book(context)
            round_id = planned.plan.round_id
            group = planned.plan.groups[0]
            save_seat(
                context.store, round_id, group.number, group.member_ids[0], coming=False, at=MOMENT
            )
            by_hand = fix_group(planned.plan, planned.plan.groups[-1].number, fixed=True)

            async def mend_slowly(*args):
                mended = await mend(*args)
                revise_plan(
                    context.store, by_hand, revision=1, states=frozenset({"booked"}),
                    reason="by hand", at=MOMENT, by="hr",
                )  # fmt: skip
                return mended

            monkeypatch.setattr(repairing, "mend", mend_slowly)
            first = await repair_round(context, round_id)
            monkeypatch.setattr(repairing, "mend", mend)
            standing = read_plan(context.store, round_id)
            second = await repair_round(context, round_id)
            return (
                by_hand,
                group.number,
                first,
                standing,
                second,
                read_plan(context.store, round_id),
            )

    by_hand, number, first, standing, second, after = asyncio.run(work())

    assert (standing, first.outcome) == (by_hand, None)
    assert number in second.changed
    assert after.groups[-1].fixed
