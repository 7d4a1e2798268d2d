"""A plan of ten thousand people, made up: HR's pages neither know nor care how it came about."""

from __future__ import annotations

import datetime as dt
import random

from scheduler.calendars.slots import Slot
from scheduler.grouping.plan import Group, Place, Plan
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut

OFFICES = tuple(f"Office {number}" for number in range(24))
DEPARTMENTS = tuple(f"Department of affairs number {number}" for number in range(120))
ZONE = "Europe/Berlin"
MONDAY = dt.datetime(2026, 12, 7, 10, 30, tzinfo=dt.UTC)
WHY = (
    "You come from Research, Sales, Legal and Customer Support.",
    "No two of you have met through this programme or are known to work together.",
)


def make_people(count: int = 10_000) -> dict[str, Person]:
    """People with long names, by id."""
    dice = random.Random(7)
    return {
        f"00000000-0000-4000-8000-{number:012}": Person(
            id=f"00000000-0000-4000-8000-{number:012}",
            name=f"Maximiliane Friederike {number} von Hohenstein",
            mail=f"maximiliane.friederike.{number}@example.com",
            department=dice.choice(DEPARTMENTS),
            office=OFFICES[number % len(OFFICES)],
            zone=ZONE,
        )
        for number in range(count)
    }


def make_plan(people: dict[str, Person], round_id: str = "cross-team-lunch/2026-12-07") -> Plan:
    """Groups of four over two weeks; one person in ten is left out, each with a sentence."""
    dice = random.Random(8)
    ids = list(people)
    left, seated = ids[: len(ids) // 10], ids[len(ids) // 10 :]
    slots = [
        Slot(MONDAY + dt.timedelta(days=day + 2 * (day // 5), minutes=30 * half), 60)
        for day in range(10)
        for half in range(4)
    ]
    groups = tuple(
        Group(
            number,
            tuple(seated[4 * number - 4 : 4 * number]),
            dice.choice(slots),
            Place(f"Canteen, table {number % 40}", "table", 6, 9, OFFICES[number % len(OFFICES)]),
            6,
            WHY,
            (ZONE,) * 4,
        )
        for number in range(1, 1 + len(seated) // 4)
    )
    return Plan(
        round_id=round_id,
        groups=groups,
        left_out=tuple(
            LeftOut(one, "no_slot", "They are free at none of this round's meeting times.")
            for one in left
        ),
        roster_size=len(people),
        placed=4 * len(groups),
        placed_bound=4 * len(groups) + 12,
        value=98_000,
        value_bound=100_000,
        bound_by="relaxation",
        new_ties=6 * len(groups),
        cross_department_ties=5 * len(groups),
        repeats=3,
        seed=7,
        complete=True,
    )
