"""A day out from the first name on the list to the last repair, in an embedded tenant.

Who must have a seat is said by a witness that reads the trail in the database by itself.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from scheduler.rounds.approval import approve_round
from scheduler.rounds.choosing import keep_choice
from scheduler.rounds.deeds import leave_programme
from scheduler.rounds.life import run_due
from scheduler.rounds.outcome import carry_out_round
from scheduler.rounds.planning import plan_round
from scheduler.rounds.repairing import repair_round
from scheduler.rounds.sign_up import ListOpenError
from scheduler.rounds.simulating import simulate
from scheduler.store.choices import save_choice
from scheduler.store.plans import read_plan
from scheduler.store.rounds import list_rounds
from scheduler.store.seats import save_seat
from tests.witness.directory import read_directory, read_token
from tests.witness.names import find_name_faults

ROOT = Path(__file__).parents[2]
EVENT = dt.date(2027, 5, 21)
OUTING = f"outing/{EVENT}"
CAPACITY = 6
OPEN, CLOSED = dt.date(2027, 5, 10), dt.date(2027, 5, 16)
BEGAN = dt.datetime(2027, 4, 1, 9, tzinfo=dt.UTC)
LATE = dt.datetime(2027, 5, 14, 23, tzinfo=dt.UTC)  # midnight in London, in summer
DECLINED = dt.datetime(2027, 5, 16, 12, tzinfo=dt.UTC)


@pytest.fixture
def how_many():
    return 120


@pytest.fixture
def config(tmp_path):
    """The shipped company with a day out of its London office as the only programme."""
    folder = tmp_path / "config"
    (folder / "programmes").mkdir(parents=True)
    text = (ROOT / "config" / "organisation.yaml").read_text("utf-8")
    (folder / "organisation.yaml").write_text(text, "utf-8")
    example = ROOT / "scheduler" / "programmes" / "examples" / "outing.yaml"
    text = example.read_text("utf-8").replace("capacity: 24", f"capacity: {CAPACITY}")
    (folder / "programmes" / "outing.yaml").write_text(text, "utf-8")
    return folder


@pytest.fixture
def london(tenant):
    """The people of the London office, in no particular order; everybody accepts invitations."""
    url = f"{tenant['SCHEDULER_SANDBOX_HTTP_URL']}/sandbox/answers"
    httpx.post(url, json={"shares": {"accepted": 1.0}}, timeout=30).raise_for_status()
    people = read_directory(tenant)
    return sorted(
        (i for i, p in people.items() if p["office"] == "London" and p["mail"]),
        key=lambda i: people[i]["mail"],
    )


@pytest.fixture
def watch(tenant, tmp_path, config):
    """What the witness finds wrong with a plan."""
    offices = {i: person["office"] for i, person in read_directory(tenant).items()}

    def watched(plan, **more) -> list[str]:
        return find_name_faults(
            plan, tmp_path / "scheduler.db", "outing", offices=offices,
            zones={"London": "Europe/London"}, day=EVENT, closes_days_before=7, capacity=CAPACITY,
            **more,
        )  # fmt: skip

    return watched


def on(context, day):
    return replace(context, today=day)


def put_down(context, people, *, at=BEGAN) -> None:
    for minute, person in enumerate(people):
        moment = at + dt.timedelta(minutes=minute)
        save_choice(context.store, person, "join", "outing", about="outing", at=moment, by=person)


def seats(plan) -> set[str]:
    return {person for group in plan.groups for person in group.member_ids}


def kinds(plan) -> dict[str, str]:
    return {one.person_id: one.kind for one in plan.left_out if one.kind != "not joined"}


def is_invited(ask, mail: str) -> bool:
    events = ask(f"mailboxes/{mail}")["events"]
    return any(
        event["start"]["dateTime"].startswith(EVENT.isoformat()) and not event.get("isCancelled")
        for event in events
    )


def test_day_out_goes_to_those_who_came_first_and_then_to_the_waiting_list(
    open_context, config, london, watch, ask, tenant
) -> None:
    early, late = london[10:0:-1], london[11:13]  # not in the order of anything
    people = read_directory(tenant)

    def decline_in_outlook(mail: str) -> None:
        base = tenant["SCHEDULER_SANDBOX_HTTP_URL"]
        [copy] = [one for one in ask(f"mailboxes/{mail}")["events"]
                  if one["start"]["dateTime"].startswith(EVENT.isoformat())]  # fmt: skip
        httpx.post(
            f"{base}/v1.0/users/{mail}/events/{copy['id']}/decline", json={"sendResponse": True},
            headers={"Authorization": f"Bearer {read_token(tenant)}"},
        ).raise_for_status()  # fmt: skip

    async def work():
        async with open_context(config) as context:
            put_down(context, early)
            put_down(context, late, at=LATE)
            with pytest.raises(ListOpenError):
                await plan_round(on(context, OPEN), "outing")
            after = on(context, CLOSED)
            plan = (await plan_round(after, "outing")).plan

            assert plan.groups[0].slot.start.date() == EVENT
            assert seats(plan) == set(early[:CAPACITY])
            assert kinds(plan) == dict.fromkeys(early[CAPACITY:], "waiting list") | dict.fromkeys(
                late, "list closed"
            )
            assert watch(plan) == []

            # Approved, and not booked yet: somebody withdraws, and is not invited.
            approve_round(context.store, OUTING, by="hr")
            assert leave_programme(after, early[1], "outing")
            assert (await carry_out_round(after, OUTING)).exit_code == 0
            booked = read_plan(context.store, OUTING)
            assert seats(booked) == {early[0], *early[2 : CAPACITY + 1]}
            assert watch(booked) == []

            # Two decline, one on the card and one in Outlook; and one withdraws.
            save_seat(context.store, OUTING, 1, early[0], coming=False, at=DECLINED)
            await asyncio.to_thread(decline_in_outlook, people[early[2]]["mail"])
            report = await repair_round(after, OUTING)
            mended = read_plan(context.store, OUTING)
            refused = {early[0], early[2]}
            assert {one for one, kind in kinds(mended).items() if kind == "cannot come"} == {
                *refused, early[1],
            }  # fmt: skip
            assert (report.joined, report.outcome.exit_code) == (2, 0)
            assert watch(mended, refused=refused) == []

            assert leave_programme(after, early[3], "outing")
            assert (await repair_round(after, OUTING)).joined == 1
            last = read_plan(context.store, OUTING)
            assert early[3] not in seats(last)
            assert watch(last, refused=refused) == []
            assert not seats(last) & set(late)
            # Nothing is left to do.
            assert (await repair_round(after, OUTING)).outcome is None
            return last

    last = asyncio.run(work())

    invited = {one for one in (*early, *late) if is_invited(ask, people[one]["mail"])}
    assert invited == seats(last)
    assert len(invited) == CAPACITY
    assert ask("report")["duplicates"] == 0


def test_full_day_out_without_a_waiting_list_replaces_nobody(
    open_context, config, london, watch, ask
) -> None:
    file = config / "programmes" / "outing.yaml"
    text = file.read_text("utf-8").replace(f"capacity: {CAPACITY}",
                                           f"capacity: {CAPACITY}, waiting_list: no")  # fmt: skip
    file.write_text(text, "utf-8")
    early = london[9:0:-1]

    async def work():
        async with open_context(config) as context:
            put_down(context, early)
            after = on(context, CLOSED)
            plan = (await plan_round(after, "outing")).plan
            assert kinds(plan) == dict.fromkeys(early[CAPACITY:], "list full")
            assert watch(plan) == []
            approve_round(context.store, OUTING, by="hr")
            await carry_out_round(after, OUTING)
            save_seat(context.store, OUTING, 1, early[0], coming=False, at=DECLINED)
            report = await repair_round(after, OUTING)
            mended = read_plan(context.store, OUTING)
            assert (report.joined, report.changed) == (0, (1,))
            first = seats(plan)
            assert watch(mended, refused={early[0]}, refilled=False, first=first) == []
            assert seats(mended) == set(early[1:CAPACITY])

    asyncio.run(work())
    assert ask("report")["duplicates"] == 0


def test_job_waits_for_the_list_and_plans_once_it_has_closed(open_context, config, london) -> None:
    async def work():
        seen = []
        async with open_context(config) as context:
            put_down(context, london[:8])
            for day in (OPEN, CLOSED):
                await run_due(on(context, day))
                seen.append({one.id: one.state for one in list_rounds(context.store)})
            return seen

    assert asyncio.run(work()) == [{}, {OUTING: "planned"}]


def test_choice_that_hr_enters_says_what_the_person_is_to_be_told(
    open_context, config, london, tenant
) -> None:
    people = read_directory(tenant)
    one, two, other = (people[i]["mail"] for i in london[:3])
    abroad = next(p["mail"] for p in people.values() if p["office"] == "Berlin" and p["mail"])

    async def work():
        async with open_context(config) as context:
            before, after = on(context, OPEN), on(context, CLOSED)
            return [
                (await keep_choice(before, one, "join", ["outing"])).in_words(),
                (await keep_choice(before, two, "join", ["all"])).in_words(),
                (await keep_choice(after, other, "join", ["outing"])).in_words(),
                (await keep_choice(after, one, "leave", ["outing"])).in_words(),
                (await keep_choice(before, abroad, "join", ["outing"])).in_words(),
            ]

    said = asyncio.run(work())

    day = "A day in the food bank on Friday, 21 May 2027"
    to = [f"To {people[i]['name']}:" for i in london[:3]]
    seats = "and there are 6 seats. The list closes at the end of Friday, 14 May 2027"
    outlook = "then the invitation comes by Outlook."
    assert "\n".join(said).splitlines() == [
        "Kept: join outing.",
        f"{to[0]} Your name is on the list for {day}. You are number 1, {seats}; {outlook}",
        "Kept: join every programme.",
        f"{to[1]} Your name is on the list for {day}. You are number 2, {seats}; {outlook}",
        "Kept: join outing.",
        (
            f"{to[2]} The list for {day} closed at the end of Friday, 14 May 2027. You are down "
            "for the next one; its day is not known yet."
        ),
        "Kept: leave outing.",
        "Kept: join outing.",  # in Berlin nobody is asked
    ]


def test_day_out_can_be_tried_out_while_its_list_is_open(open_context, config, london) -> None:
    async def work():
        async with open_context(config) as context:
            put_down(context, london[:9])
            return await simulate(
                on(context, OPEN), "outing", rounds=1, changes=["sign_up.capacity=4"]
            )

    as_it_is, changed = asyncio.run(work())
    assert (as_it_is.seats, changed.seats) == (CAPACITY, 4)
