from __future__ import annotations

import datetime as dt

from scheduler.calendars.slots import Slot
from scheduler.calendars.weekdays import find_days_away


def test_days_away_are_on_each_persons_own_calendar() -> None:
    # Sunday 22:00 UTC is Monday in Sydney and still Sunday in New York.
    slots = [Slot(dt.datetime(2026, 12, 6, 22, tzinfo=dt.UTC), 30)]
    away = find_days_away(
        {"ana": frozenset({0}), "ben": frozenset({0})},
        slots,
        {"ana": "Australia/Sydney", "ben": "America/New_York"},
    )
    assert {name: mask.tolist() for name, mask in away.items()} == {"ana": [False], "ben": [True]}
