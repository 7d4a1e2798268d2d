"""A small plan with everything in it that a page has to show."""

from __future__ import annotations

import datetime as dt

import pytest

from scheduler.calendars.slots import Slot
from scheduler.grouping.plan import Group, Place, Plan
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut

BERLIN = "Europe/Berlin"
CAFE = Place("Café Linde", "table", seats=6, tables=8, office="Berlin")
ONLINE = Place("Online", "online", seats=99)
DEPARTMENTS = ("Sales", "Legal", "Research", "14")


@pytest.fixture
def people() -> dict[str, Person]:
    return {
        str(number): Person(
            id=str(number),
            name=f"Person {number}",
            mail=f"{number}@example.com",
            department=DEPARTMENTS[number % 4],
            office="Berlin" if number < 8 else "Pune",
            zone="Europe/Berlin" if number < 10 else "Asia/Kolkata",
        )
        for number in range(14)
    }


@pytest.fixture
def plan() -> Plan:
    monday, tuesday = (dt.datetime(2026, 12, day, 11, tzinfo=dt.UTC) for day in (7, 15))
    return Plan(
        round_id="cross-team-lunch/2026-12-07",
        groups=(
            Group(
                1,
                ("0", "1", "2", "3"),
                Slot(monday, 60),
                CAFE,
                6,
                ("You are from afar.",),
                (BERLIN,) * 4,
            ),
            Group(2, ("4", "5", "6"), Slot(monday, 60), CAFE, 1, (), (BERLIN,) * 3),
            Group(
                3,
                ("8", "9", "10"),
                Slot(tuesday, 30),
                ONLINE,
                0,
                (),
                (BERLIN, BERLIN, "Asia/Kolkata"),
            ),
        ),
        left_out=(
            LeftOut("11", "no_slot", "They are free at none of this round's meeting times."),
            LeftOut("12", "no_slot", "They are free at none of this round's meeting times."),
            LeftOut("13", "on_leave", "They are on leave until 4 January."),
        ),
        roster_size=13,
        placed=10,
        placed_bound=11,
        value=970,
        value_bound=1000,
        bound_by="relaxation",
        new_ties=7,
        cross_department_ties=7,
        repeats=0,
        seed=5,
        complete=True,
    )
