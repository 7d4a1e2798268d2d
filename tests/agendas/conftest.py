"""One mixed group, with everything that can go wrong in a name."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from scheduler.people.person import Person
from scheduler.programmes.programme import AgendaItem, AgendaPlan

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def plan() -> AgendaPlan:
    return AgendaPlan(
        purpose="Meet people from other teams over lunch.",
        items=(
            AgendaItem(minutes=10, title="Arrive and order"),
            AgendaItem(minutes=25, title="Who we are", text="What are you proud of?"),
            AgendaItem(minutes=20, title="Where our work touches"),
        ),
    )


@pytest.fixture
def members() -> list[Person]:
    return [
        Person(
            id="1",
            name="Zoë Łukasiewicz",
            mail="zoe@example.com",
            department="Customer Service",
            office="Berlin",
            title="Team lead",
            level=3,
            hired=dt.date(2009, 4, 1),
            zone="Europe/Berlin",
            languages=("de", "en"),
        ),
        Person(
            id="2",
            name="Наталья Щербакова",
            mail="natalya@example.com",
            department="Legal",
            office="Berlin",
            title="Analyst",
            level=5,
            hired=dt.date(2026, 9, 1),
            zone="Europe/Berlin",
        ),
        Person(
            id="3",
            name="Ελένη Παπαδοπούλου",
            mail="eleni@example.com",
            department="Research",
            office="London",
            title="Analyst",
            level=4,
            hired=dt.date(2019, 9, 1),
            zone="Europe/London",
        ),
        Person(
            id="4",
            name="José <b>O'Neil</b> #let x = 1; $y$ _z_ *w* \\n @ref `raw`",
            mail="jose@example.com",
            department="14",
            hired=dt.date(2019, 2, 1),
        ),
    ]


@pytest.fixture
def lunch(members: list[Person]) -> dict[str, object]:
    """What ``write_agenda`` is called with, besides the plan."""
    return {
        "title": "Cross-team lunch",
        "members": members,
        "starts": dt.datetime(2026, 12, 7, 12, tzinfo=BERLIN),
        "minutes": 60,
        "place": "Café Linde, table 4",
        "why": ("None of you has met before.",),
    }
