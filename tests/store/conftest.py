"""A store on each database that we support, and a plan to keep in it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from scheduler.calendars.slots import Slot
from scheduler.grouping.plan import Group, Place, Plan
from scheduler.people.roster import LeftOut
from scheduler.store.engine import open_store
from scheduler.store.schema import metadata

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
