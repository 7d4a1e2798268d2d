"""A store on each database that we support, and a plan to keep in it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from scheduler.calendars.slots import Slot
from scheduler.grouping.plan import Group, Place, Plan
from scheduler.people.roster import LeftOut
from scheduler.store.answers import Answer, save_answers
from scheduler.store.bookings import confirm_booking
from scheduler.store.deliveries import begin_delivery
from scheduler.store.engine import open_store
from scheduler.store.feedback import Feedback, save_feedback
from scheduler.store.rounds import save_plan
from scheduler.store.schema import metadata
from scheduler.store.sealing import VARIABLE, new_key
from scheduler.store.seats import save_seat

AT = dt.datetime(2026, 12, 1, 9, 30, tzinfo=dt.UTC)
ROUND = "cross-team-lunch/2026-12-07"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """Where an empty database is."""
    if request.param == "sqlite":
        return str(tmp_path / "store" / "scheduler.db")
    url = request.getfixturevalue("postgres_url")
    with open_store(url) as store, store.write() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY"))
    return url


@pytest.fixture
def store(database):
    with open_store(database) as store:
        yield store


@pytest.fixture
def plan():
    def slot(hour):
        return Slot(dt.datetime(2026, 12, 7, hour, tzinfo=dt.UTC), 60)

    return Plan(
        round_id=ROUND,
        groups=(
            Group(1, ("ann", "bob", "cy"), slot(11), Place("Oak", "room", 4, 1, "London", "o@x"), 3,
                  ("None of you has met.",)),
            Group(2, ("dan", "eve"), slot(12), Place("Online", "online", 9, 99), 1,
                  turns=((("dan", "eve"),), (("dan",), ("eve",))), facilitator="eve"),
        ),
        left_out=(LeftOut("fay", "no slot", "Free in no lunch window."),),
        roster_size=6,
        placed=5,
        placed_bound=6,
        value=40,
        value_bound=44,
        bound_by="matching",
        new_ties=4,
        cross_department_ties=4,
        repeats=0,
        seed=7,
        complete=True,
    )  # fmt: skip


@pytest.fixture
def full_round(store, plan, monkeypatch):
    """A round with rows in every table that can refer to it."""
    monkeypatch.setenv(VARIABLE, new_key())
    save_plan(store, plan, at=AT, by="hr")
    for group in plan.groups:
        confirm_booking(
            store, ROUND, group, event_id="e", ical_uid=None, join_url=None, web_link=None,
            agenda_attached=True, at=AT,
        )  # fmt: skip
    begin_delivery(store, ROUND, 1, "ann", "card", at=AT)
    save_seat(store, ROUND, 1, "ann", coming=True, at=AT)
    answer = Answer(
        round_id=ROUND, group_number=1, who="ann", response="accepted", answered_at=AT,
        proposed_start=None, read_at=AT,
    )  # fmt: skip
    save_answers(store, [answer], at=AT)
    given = Feedback(
        round_id=ROUND, group_number=1, person_id="ann", met="yes", again="yes", said_at=AT
    )
    save_feedback(store, given, note="good", thank=["bob"], words="thanks")
