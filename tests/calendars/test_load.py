import datetime as dt

from scheduler.calendars.load import find_blocked_slots
from scheduler.calendars.slots import Slot
from scheduler.programmes.load import LoadLimit


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


SLOTS = [Slot(at(f"2026-{day}T11:00"), 60) for day in ("11-30", "12-04", "12-07", "12-14", "12-31")]


def blocked(starts: list[str], *, per_week: int, per_month: int) -> list[bool]:
    found = find_blocked_slots(
        {"ada": [at(start) for start in starts]},
        SLOTS,
        LoadLimit(per_week=per_week, per_month=per_month),
        {"ada": "Europe/Berlin"},
    )
    return found["ada"].tolist()


def test_find_blocked_slots_of_a_full_week_begins_on_monday() -> None:
    assert blocked(["2026-12-02T11:00"], per_week=1, per_month=9) == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_find_blocked_slots_of_a_full_month() -> None:
    """Monday 30 November shares the week of the December meeting, not its month."""
    meetings = ["2026-12-08T11:00", "2026-12-15T11:00"]

    assert blocked(meetings, per_week=9, per_month=2) == [False, True, True, True, True]


def test_find_blocked_slots_below_the_limit_are_none() -> None:
    assert blocked(["2026-12-02T11:00"], per_week=2, per_month=2) == [False] * 5


def test_find_blocked_slots_go_by_the_persons_own_calendar_day() -> None:
    """Sunday 23:30 in London is Monday in Sydney, so the meeting counts to the next week there."""
    meetings = {"ada": [at("2026-12-06T23:30")]}
    limit = LoadLimit(per_week=1, per_month=9)

    london = find_blocked_slots(meetings, SLOTS, limit, {"ada": "Europe/London"})["ada"].tolist()
    sydney = find_blocked_slots(meetings, SLOTS, limit, {"ada": "Australia/Sydney"})["ada"].tolist()

    assert (london, sydney) == (
        [True, True, False, False, False],
        [False, False, True, False, False],
    )
