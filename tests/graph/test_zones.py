from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON
from tzlocal.windows_tz import tz_win

from scheduler.graph.zones import read_zone, to_iana, to_utc, to_wall_clock, to_windows

UTC = dt.UTC
SYDNEY, SAO_PAULO = "AUS Eastern Standard Time", "E. South America Standard Time"
WINTER, SUMMER = dt.datetime(2026, 12, 7, tzinfo=UTC), dt.datetime(2026, 7, 6, tzinfo=UTC)
BERLIN_RULES = {
    "daylightOffset": {
        "daylightBias": -60, "time": "02:00:00.0000000", "dayOccurrence": 5,
        "dayOfWeek": "sunday", "month": 3, "year": 0,
    },
    "standardOffset": {
        "time": "03:00:00.0000000", "dayOccurrence": 5, "dayOfWeek": "sunday", "month": 10,
        "year": 0,
    },
}  # fmt: skip


def custom(bias, **rules):
    return {
        "@odata.type": "#microsoft.graph.customTimeZone",
        "name": "Customized Time Zone",
        "bias": bias,
        **rules,
    }


def test_windows_names_mean_what_an_independent_table_says():
    known = {name: iana for name, iana in WINDOWS_TO_OLSON.items() if to_iana(name) is not None}
    noon = dt.datetime(2026, 12, 7, 12, tzinfo=UTC)

    assert len(known) > 130
    for name, iana in known.items():
        ours = noon.replace(tzinfo=ZoneInfo(to_iana(name))).utcoffset()
        assert ours == noon.replace(tzinfo=ZoneInfo(iana)).utcoffset(), name


@pytest.mark.parametrize(
    ("name", "iana"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("w. europe standard time", "Europe/Berlin"),
        ("Nepal Standard Time", "Asia/Kathmandu"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("tzone://Microsoft/Custom", None),
        ("Customized Time Zone", None),
        ("", None),
    ],
)
def test_zone_name_is_translated(name, iana):
    assert (
        to_iana(name) in {iana, "Asia/Katmandu"}
        if iana == "Asia/Kathmandu"
        else (to_iana(name) == iana)
    )


@pytest.mark.parametrize("iana", ["Asia/Kathmandu", "America/Sao_Paulo", "Pacific/Honolulu"])
def test_windows_name_of_a_zone_leads_back_to_its_clock(iana):
    back = to_iana(to_windows(iana))

    for moment in (WINTER, SUMMER):
        here = moment.astimezone(ZoneInfo(iana)).utcoffset()
        assert moment.astimezone(ZoneInfo(back)).utcoffset() == here


@given(
    st.integers(0, 6 * 365 * 24 * 60),
    st.sampled_from(sorted(available_timezones() & set(tz_win))),
)
def test_wall_clock_leads_back_to_its_instant(minute, iana):
    instant = dt.datetime(2024, 1, 1, tzinfo=UTC) + dt.timedelta(minutes=minute)

    written = to_wall_clock(instant, iana)

    assert to_utc(written["dateTime"], written["timeZone"]) == instant


@pytest.mark.parametrize(
    ("instant", "iana", "written"),
    [
        # The week before and after Europe's change of 25 October 2026: noon stays noon.
        ("2026-10-21T10:00", "Europe/Berlin", ("2026-10-21T12:00:00", "W. Europe Standard Time")),
        ("2026-10-28T11:00", "Europe/Berlin", ("2026-10-28T12:00:00", "W. Europe Standard Time")),
        # America changes a week later.
        ("2026-10-28T16:00", "America/New_York", ("2026-10-28T12:00:00", "Eastern Standard Time")),
        ("2026-11-04T17:00", "America/New_York", ("2026-11-04T12:00:00", "Eastern Standard Time")),
        # Sydney goes the other way, on 4 October.
        ("2026-09-30T02:00", "Australia/Sydney", ("2026-09-30T12:00:00", SYDNEY)),
        ("2026-10-07T01:00", "Australia/Sydney", ("2026-10-07T12:00:00", SYDNEY)),
        ("2026-12-07T06:15", "Asia/Kathmandu", ("2026-12-07T12:00:00", "Nepal Standard Time")),
        ("2026-12-07T15:00", "America/Sao_Paulo", ("2026-12-07T12:00:00", SAO_PAULO)),
        ("2026-12-07T22:00", "Pacific/Honolulu", ("2026-12-07T12:00:00", "Hawaiian Standard Time")),
        # 02:30 happens twice on the night of the change, so a wall clock cannot say which.
        ("2026-10-25T00:30", "Europe/Berlin", ("2026-10-25T00:30:00", "UTC")),
        ("2026-10-25T01:30", "Europe/Berlin", ("2026-10-25T01:30:00", "UTC")),
        ("2026-12-07T11:00", None, ("2026-12-07T11:00:00", "UTC")),
        ("2026-12-07T11:00", "Antarctica/Troll", ("2026-12-07T11:00:00", "UTC")),
    ],
)  # fmt: skip
def test_event_is_written_on_the_attendees_clock(instant, iana, written):
    moment = dt.datetime.fromisoformat(instant).replace(tzinfo=UTC)

    assert tuple(to_wall_clock(moment, iana).values()) == written


def test_custom_zone_takes_the_name_of_a_zone_that_agrees():
    zone = read_zone(custom(-60, **BERLIN_RULES), [WINTER, SUMMER])

    assert [m.astimezone(ZoneInfo(zone)).utcoffset() for m in (WINTER, SUMMER)] == [
        dt.timedelta(hours=1),
        dt.timedelta(hours=2),
    ]


def test_custom_zone_that_agrees_with_the_office_is_the_office():
    assert read_zone(custom(-60, **BERLIN_RULES), [WINTER, SUMMER], "Europe/Madrid") == (
        "Europe/Madrid"
    )


@pytest.mark.parametrize(
    ("bias", "rules"),
    [(60, BERLIN_RULES), (-60, {}), (60, {})],
    ids=["reversed", "without summer time", "both"],
)
def test_custom_zone_that_is_a_known_mistake_is_the_office(bias, rules):
    assert read_zone(custom(bias, **rules), [SUMMER], "Europe/Berlin") == "Europe/Berlin"


def test_custom_zone_somewhere_else_is_not_the_office():
    zone = read_zone(custom(-345), [WINTER, SUMMER], "Europe/Berlin")

    assert WINTER.astimezone(ZoneInfo(zone)).utcoffset() == dt.timedelta(hours=5, minutes=45)


def test_custom_zone_that_nobody_keeps_is_unsound():
    assert read_zone(custom(7), [WINTER]) is None


@pytest.mark.parametrize(
    "text", ["2026-12-07T11:00:00.0000000", "2026-12-07T11:00:00", "2026-12-07T11:00:00Z"]
)
def test_times_of_any_length_are_read(text):
    assert to_utc(text, "UTC") == dt.datetime(2026, 12, 7, 11, tzinfo=UTC)


def test_time_that_is_none_is_none():
    assert to_utc("yesterday", "UTC") is None
