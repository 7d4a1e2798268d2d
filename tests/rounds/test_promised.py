import asyncio
import datetime as dt
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from scheduler.calendars.slots import Slot
from scheduler.people.person import Person
from scheduler.rounds.context import Context
from scheduler.rounds.other_rounds import OtherRounds
from scheduler.rounds.planning import plan_round
from scheduler.rounds.promised import Promise, block_promised, read_promised
from scheduler.rounds.simulating import simulate
from scheduler.settings.loader import load_settings
from scheduler.store.bookings import Intention, confirm_booking, intend_bookings
from scheduler.store.engine import open_store

ROOT = Path(__file__).parents[2]
LUNCH, COFFEE = "cross-team-lunch", "virtual-coffee"


@pytest.fixture
def strict(tmp_path):
    """The shipped configuration, with at most one meeting a week and a month."""
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    file = config / "organisation.yaml"
    text = file.read_text("utf-8")
    file.write_text(
        text.replace("per_week: 2", "per_week: 1").replace("per_month: 4", "per_month: 1")
    )
    return config


def book(store, round_id, group):
    intended = Intention(
        round_id=round_id, group_number=group.number, attempt=1, transaction_id="t",
        fingerprint="f", organiser="o@x.example",
    )  # fmt: skip
    intend_bookings(store, [intended], at=at(1, 9))
    confirm_booking(
        store, round_id, group, event_id="e", ical_uid=None, join_url=None, web_link=None,
        agenda_attached=True, at=at(1, 9),
    )  # fmt: skip


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 12, day, hour, minute, tzinfo=dt.UTC)


def test_seat_in_another_plan_blocks_what_overlaps_it_and_nothing_else():
    slots = [Slot(at(7, 11), 60), Slot(at(7, 11, 30), 60), Slot(at(7, 12), 60)]
    blocked = {"ann": np.array([False, False, True])}

    block_promised(
        blocked, [Promise("ann", Slot(at(7, 10), 61)), Promise("bob", Slot(at(7, 12), 30))], slots
    )

    assert {who: taken.tolist() for who, taken in blocked.items()} == {
        "ann": [True, False, True], "bob": [False, True, True],
    }  # fmt: skip


def test_two_plans_that_wait_give_nobody_more_than_the_company_allows(open_context, strict):
    async def work():
        async with open_context(strict) as context:
            lunch = (await plan_round(context, LUNCH)).plan
            promised = read_promised(context, without_round="")
            assert read_promised(context, without_round=lunch.round_id) == ()
            coffee = (await plan_round(context, COFFEE)).plan
            first = lunch.groups[0]
            book(context.store, lunch.round_id, first)
            left = {one.person_id for one in read_promised(context, without_round=coffee.round_id)}
            return lunch, promised, coffee, left

    lunch, promised, coffee, left = asyncio.run(work())

    at_lunch = {member for group in lunch.groups for member in group.member_ids}
    at_coffee = {member for group in coffee.groups for member in group.member_ids}
    assert {promise.person_id for promise in promised} == at_lunch
    assert at_lunch & at_coffee == set()
    assert left == at_lunch - set(lunch.groups[0].member_ids)  # a booked group is a meeting
    limited = {one.person_id for one in coffee.left_out if "as many" in one.text}
    assert limited & at_lunch


def test_simulation_counts_the_meetings_of_its_own_rounds(open_context, strict):
    async def work():
        async with open_context(strict) as context:
            (strictly, _), (freely, _) = [
                await simulate(one, LUNCH, rounds=2)
                for one in (context, Context(
                    settings=load_settings(ROOT / "config"), store=context.store,
                    graph=context.graph, today=context.today, by="test", effort=0.1,
                ))
            ]  # fmt: skip
            return strictly.rounds, freely.rounds

    strictly, freely = asyncio.run(work())

    # Both rounds begin in December, and who sat down in the first has had their meeting.
    assert freely[1].placed > 0.8 * freely[0].placed
    assert strictly[1].placed < 0.3 * freely[1].placed


def test_rounds_of_others_come_first_where_they_are_planned_first(tmp_path):
    settings = load_settings(ROOT / "config")
    lunch, coffee = settings.programmes[LUNCH], settings.programmes[COFFEE]
    people = [Person(id=i, name=i, mail=f"{i}@x.example", zone="Europe/Paris") for i in "ab"]
    start = dt.date(2027, 1, 4)
    with open_store(tmp_path / "scheduler.db") as store:
        context = Context(settings=settings, store=store, graph=None,
                          today=dt.date(2026, 11, 25), by="test")  # fmt: skip
        others = OtherRounds(context, lunch, people, {}, {})
        later = dt.date(2027, 12, 31)
        listed = list(others.list_meetings(start, later, planned_before=later))
        early = list(others.list_meetings(start, later, planned_before=start))

    rounds = {meeting.round_id for meeting in listed}
    starts = sorted(dt.date.fromisoformat(one.split("/")[1]) for one in rounds)
    steps = {(b - a).days for a, b in pairwise(starts)}
    assert steps == {7 * coffee.cadence.every_weeks}
    assert len(listed) == 2 * len(rounds)
    for meeting in listed:
        wall = meeting.start.astimezone(dt.timezone(dt.timedelta(hours=1)))
        first = dt.date.fromisoformat(meeting.round_id.split("/")[1])
        assert first <= wall.date() < first + dt.timedelta(weeks=coffee.cadence.spans_weeks)
    ahead = dt.timedelta(days=coffee.cadence.plan_days_ahead - lunch.cadence.plan_days_ahead)
    assert all(meeting.start.date() < start + ahead + dt.timedelta(weeks=4) for meeting in early)
    assert len(early) < len(listed)
