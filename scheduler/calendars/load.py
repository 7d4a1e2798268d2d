"""No more social meetings than the company allows, over all programmes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from scheduler.calendars.slots import Slot
from scheduler.programmes.load import LoadLimit


def find_blocked_slots(
    meetings: Mapping[str, Sequence[dt.datetime]],
    slots: Sequence[Slot],
    limit: LoadLimit,
    zones: Mapping[str, str],
) -> dict[str, npt.NDArray[np.bool_]]:
    """Slots of weeks and months in which a person has had enough.

    Args:
        meetings: starts (aware) of the social meetings each person has already, by person id;
            those before and after the slots' weeks count too, where they share a week or month.
        slots: as in the availability that is being found.
        limit: of the company.
        zones: each person's IANA zone, by person id.

    Returns:
        For each person who has any meeting: True where a slot is not allowed, ``(slots,)``.
    """
    periods: dict[str, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {}
    blocked = {}
    for person_id, starts in meetings.items():
        zone = zones[person_id]
        if zone not in periods:
            walls = [slot.start.astimezone(ZoneInfo(zone)).date() for slot in slots]
            periods[zone] = ([_week(day) for day in walls], [_month(day) for day in walls])
        days = [start.astimezone(ZoneInfo(zone)).date() for start in starts]
        in_week = Counter(_week(day) for day in days)
        in_month = Counter(_month(day) for day in days)
        weeks, months = periods[zone]
        blocked[person_id] = np.array(
            [
                in_week[week] >= limit.per_week or in_month[month] >= limit.per_month
                for week, month in zip(weeks, months, strict=True)
            ],
            np.bool_,
        )
    return blocked


def _week(day: dt.date) -> tuple[int, int]:
    year, week, _ = day.isocalendar()
    return year, week


def _month(day: dt.date) -> tuple[int, int]:
    return day.year, day.month
