from __future__ import annotations

import datetime as dt

import pytest

from scheduler.people.holidays import check_region, list_days_off
from scheduler.people.offices import DayOff, Office

MUNICH = Office(name="Munich", zone="Europe/Berlin", country="DE", region="BY")
BERLIN = Office(name="Berlin", zone="Europe/Berlin", country="DE", region="BE")
EPIPHANY = dt.date(2027, 1, 6)
WEEK = [dt.date(2027, 1, 4) + dt.timedelta(days=n) for n in range(7)]


def test_holiday_of_a_region_is_off_there_alone():
    assert list_days_off(MUNICH, WEEK) == {EPIPHANY: "Epiphany"}
    assert list_days_off(BERLIN, WEEK) == {}


def test_public_holidays_can_be_switched_off():
    assert list_days_off(MUNICH, WEEK, public=False) == {}


def test_company_days_off_hold_for_their_offices():
    own = (
        DayOff(
            date=dt.date(2027, 1, 5), until=dt.date(2027, 1, 6), name="Retreat", offices=("Munich",)
        ),
        DayOff(date=dt.date(2027, 1, 8), name="Moving"),
    )
    assert list_days_off(MUNICH, WEEK, own) == {
        dt.date(2027, 1, 5): "Retreat", EPIPHANY: "Retreat", dt.date(2027, 1, 8): "Moving",
    }  # fmt: skip
    assert list_days_off(None, WEEK, own) == {dt.date(2027, 1, 8): "Moving"}


def test_holidays_of_two_years_are_looked_up():
    days = [dt.date(2026, 12, 25), dt.date(2027, 1, 1)]
    assert list(list_days_off(BERLIN, days)) == days


@pytest.mark.parametrize(
    ("country", "region", "suggestion"),
    [("DE", "BAYERN", "BY"), ("GB", "EN", "ENG"), ("QQ", None, None)],
)
def test_region_that_is_not_known_is_guessed(country, region, suggestion):
    assert check_region(country, region)[1] == suggestion


def test_region_that_is_known_is_right():
    assert check_region("IN", "KA") is None
    assert check_region("DE", None) is None
