"""Slots: the instants at which a group may meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from scheduler.programmes.programme import WEEKDAYS, Window


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A start (UTC) and a length in minutes."""

    start: dt.datetime
    minutes: int

    @property
    def end(self) -> dt.datetime:
        """The first instant after the slot."""
        return self.start + dt.timedelta(minutes=self.minutes)


def make_slots(window: Window, days: Sequence[dt.date], zones: Iterable[str]) -> tuple[Slot, ...]:
    """All instants at which somebody of ``zones`` could begin a meeting of this window.

    Ascending and each once, however many zones share it. A wall-clock time that a clock change
    skips is no slot; one that it repeats is its first occurrence.
    """
    starts = {
        start for zone in set(zones) for day in days for start in _starts_of_day(window, day, zone)
    }
    return tuple(Slot(start, window.minutes) for start in sorted(starts))


def _starts_of_day(window: Window, day: dt.date, zone: str) -> Iterator[dt.datetime]:
    if WEEKDAYS[day.weekday()] not in window.days:
        return
    first = _minute_of_day(window.earliest)
    last = _minute_of_day(window.latest) - window.minutes
    for minute in range(first, last + 1, window.starts_every):
        start = wall_clock_instant(day, dt.time(*divmod(minute, 60)), zone)
        if start is not None:
            yield start


def wall_clock_instant(day: dt.date, time: dt.time, zone: str) -> dt.datetime | None:
    """The instant (UTC) of a wall-clock time, or None where a clock change skips it."""
    local = dt.datetime.combine(day, time, ZoneInfo(zone))
    instant = local.astimezone(dt.UTC)
    exists = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local.replace(tzinfo=None)
    return instant if exists else None


def _minute_of_day(time: dt.time) -> int:
    return time.hour * 60 + time.minute
