import asyncio
import dataclasses
import datetime as dt

import pytest

from scheduler.rounds.approval import approve_round
from scheduler.rounds.outcome import carry_out_round
from scheduler.rounds.planning import UnknownProgrammeError, plan_round
from scheduler.store.errors import RoundStateError
from scheduler.store.plans import read_plan
from tests.witness.calendars import read_calendars
from tests.witness.plans import find_faults

START = dt.datetime(2026, 12, 6, tzinfo=dt.UTC)
END = dt.datetime(2026, 12, 23, tzinfo=dt.UTC)


@pytest.fixture
def check(tenant, ask):
    """The faults that a witness finds in a plan, as the calendars are now."""

    def checked(planned, calendars, **terms):
        people = {p["id"]: p for p in ask("people")}
        managers = {p.id: p.manager for p in planned.people.values()}
        return find_faults(planned.plan, people, calendars, managers=managers, **terms)

    def look(planned):
        people = {p["id"]: p for p in ask("people")}
        mails = sorted(
            {p["mail"] for p in people.values()}
            | {g.place.mail for g in planned.plan.groups if g.place.mail}
        )
        return read_calendars(tenant, mails, START, END)

    checked.look = look
    return checked


def test_plan_round_of_lunches_keeps_every_promise(open_context, check) -> None:
    async def work():
        async with open_context() as context:
            return await plan_round(context, "cross-team-lunch")

    planned = asyncio.run(work())

    assert check(planned, check.look(planned), sizes=range(3, 6), in_person=True) == []
    assert planned.plan.placed >= 0.97 * planned.plan.placed_bound
    seated = sum(len(group.member_ids) for group in planned.plan.groups)
    assert seated == planned.plan.placed <= planned.plan.placed_bound <= planned.plan.roster_size


def test_plan_round_gives_everybody_of_the_audience_a_seat_or_a_reason(open_context, ask) -> None:
    async def work():
        async with open_context() as context:
            return await plan_round(context, "cross-team-lunch")

    planned = asyncio.run(work())

    seated = {member for group in planned.plan.groups for member in group.member_ids}
    left_out = {one.person_id for one in planned.plan.left_out}
    audience = {
        p.id
        for p in planned.people.values()
        if p.office != "Remote" and (p.employee_type or "").lower() != "contractor"
    }
    assert seated | left_out == audience
    assert all(one.text.endswith(".") for one in planned.plan.left_out)


def test_plan_round_of_coffees_keeps_every_promise_after_a_round_of_lunches(
    open_context, check
) -> None:
    """The second programme sees the first one's meetings, and nobody meets the same person."""

    async def work():
        async with open_context() as context:
            lunch = await plan_round(context, "cross-team-lunch")
            approve_round(context.store, lunch.plan.round_id, by="hr")
            await carry_out_round(context, lunch.plan.round_id)
            return lunch, await plan_round(context, "virtual-coffee")

    lunch, coffee = asyncio.run(work())

    met = {
        frozenset((one, other))
        for group in lunch.plan.groups
        for one in group.member_ids
        for other in group.member_ids
        if one != other
    }
    calendars = check.look(coffee)
    faults = check(coffee, calendars, sizes=range(2, 4), in_person=False, tied=frozenset(met))
    assert faults == []
    offices = [{coffee.people[m].office for m in group.member_ids} for group in coffee.plan.groups]
    assert all(
        len(o) == len(g.member_ids) for o, g in zip(offices, coffee.plan.groups, strict=True)
    )


def test_plan_round_with_the_same_input_is_the_same_plan(open_context) -> None:
    async def work():
        async with open_context() as context:
            first = await plan_round(context, "cross-team-lunch")
            second = await plan_round(context, "cross-team-lunch")
            return first.plan, second.plan, read_plan(context.store, first.plan.round_id)

    first, second, stored = asyncio.run(work())

    assert first == second == stored


def test_plan_round_of_an_approved_round_is_refused(open_context) -> None:
    async def work():
        async with open_context() as context:
            planned = await plan_round(context, "cross-team-lunch")
            approve_round(context.store, planned.plan.round_id, by="hr")
            await plan_round(context, "cross-team-lunch", first_day=dt.date(2026, 12, 9))

    with pytest.raises(RoundStateError, match="cross-team-lunch/2026-12-07 is approved"):
        asyncio.run(work())


def test_plan_round_of_an_unknown_programme_names_those_that_exist(open_context) -> None:
    async def work():
        async with open_context() as context:
            await plan_round(context, "lunch")

    with pytest.raises(UnknownProgrammeError, match="cross-team-lunch, virtual-coffee"):
        asyncio.run(work())


def test_find_faults_finds_each_kind(open_context, check) -> None:
    """The witness is no good if it cannot see: every kind of fault is made once."""

    async def work():
        async with open_context() as context:
            return await plan_round(context, "cross-team-lunch")

    planned = asyncio.run(work())
    calendars = check.look(planned)
    first, second = planned.plan.groups[:2]
    broken = {
        "twice": dataclasses.replace(
            second, member_ids=(*second.member_ids[:-1], first.member_ids[0])
        ),
        "night": dataclasses.replace(
            first,
            slot=dataclasses.replace(first.slot, start=first.slot.start + dt.timedelta(hours=9)),
        ),
        "elsewhere": dataclasses.replace(
            first, place=dataclasses.replace(first.place, office="Nowhere", seats=1)
        ),
    }

    found = {
        name: check(
            dataclasses.replace(
                planned,
                plan=dataclasses.replace(
                    planned.plan,
                    groups=tuple(
                        group if g.number == group.number else g for g in planned.plan.groups
                    ),
                ),
            ),
            calendars,
            sizes=range(3, 6),
            in_person=True,
        )
        for name, group in broken.items()
    }

    assert any("sits 2 times" in fault for fault in found["twice"])
    assert any("does not work" in fault for fault in found["night"])
    assert any("meets in Nowhere" in fault for fault in found["elsewhere"])
    assert any("seats" in fault for fault in found["elsewhere"])
