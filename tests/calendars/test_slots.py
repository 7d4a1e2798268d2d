import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendars.slots import make_slots, wall_clock_instant
from scheduler.programmes.programme import Window

LUNCH = Window(earliest=dt.time(11, 30), latest=dt.time(14), minutes=60)
ZONES = [
    "Europe/London", "America/New_York", "Australia/Sydney", "Asia/Kathmandu",
    "America/Sao_Paulo", "Pacific/Honolulu", "Australia/Lord_Howe", "Africa/Casablanca",
]  # fmt: skip


def list_days(first: dt.date, count: int) -> list[dt.date]:
    return [first + dt.timedelta(days=number) for number in range(count)]


def test_make_slots_of_one_zone_are_four_lunches_on_each_working_day() -> None:
    slots = make_slots(LUNCH, list_days(dt.date(2026, 12, 7), 7), ["Europe/London"])

    assert [s.start.strftime("%a %H:%M") for s in slots[:5]] == [
        "Mon 11:30", "Mon 12:00", "Mon 12:30", "Mon 13:00", "Tue 11:30",
    ]  # fmt: skip
    assert len(slots) == 20


def test_make_slots_shared_by_two_zones_are_listed_once() -> None:
    one = make_slots(LUNCH, [dt.date(2026, 12, 7)], ["Europe/Berlin"])
    two = make_slots(LUNCH, [dt.date(2026, 12, 7)], ["Europe/Berlin", "Europe/Paris"])

    assert one == two


@pytest.mark.parametrize(
    ("zone", "sunday", "before", "after"),
    [
        ("Europe/Berlin", dt.date(2026, 3, 29), "11:00", "10:00"),
        ("Europe/Berlin", dt.date(2026, 10, 25), "10:00", "11:00"),
        ("America/New_York", dt.date(2026, 3, 8), "17:00", "16:00"),
        ("America/New_York", dt.date(2026, 11, 1), "16:00", "17:00"),
        ("Australia/Sydney", dt.date(2026, 4, 5), "01:00", "02:00"),
    ],
)
def test_make_slots_keep_the_wall_clock_over_a_clock_change(
    zone: str, sunday: dt.date, before: str, after: str
) -> None:
    noon = Window(earliest=dt.time(12), latest=dt.time(13), minutes=60)
    days = [sunday - dt.timedelta(days=2), sunday + dt.timedelta(days=1)]

    assert [s.start.strftime("%H:%M") for s in make_slots(noon, days, [zone])] == [before, after]


def test_wall_clock_instant_that_the_clock_skips_is_none() -> None:
    assert wall_clock_instant(dt.date(2026, 3, 29), dt.time(2, 30), "Europe/Berlin") is None


def test_wall_clock_instant_that_the_clock_repeats_is_its_first_occurrence() -> None:
    instant = wall_clock_instant(dt.date(2026, 10, 25), dt.time(2, 30), "Europe/Berlin")

    assert instant == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


@given(
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=4),
    day=st.dates(dt.date(2025, 1, 1), dt.date(2028, 12, 31)),
)
def test_make_slots_lie_inside_the_window_of_some_zone(zones: list[str], day: dt.date) -> None:
    for slot in make_slots(LUNCH, list_days(day, 7), zones):
        walls = [
            (slot.start.astimezone(ZoneInfo(z)), slot.end.astimezone(ZoneInfo(z))) for z in zones
        ]
        assert any(
            start.weekday() < 5 and dt.time(11, 30) <= start.time() and end.time() <= dt.time(14)
            for start, end in walls
        )
