"""Slots on weekdays on which a person does not work, or is not in the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from scheduler.calendars.slots import Slot


def find_days_away(
    weekdays: Mapping[str, frozenset[int]], slots: Sequence[Slot], zones: Mapping[str, str]
) -> dict[str, npt.NDArray[np.bool_]]:
    """Slots that a person must not be given, because their day is none of the person's.

    Args:
        weekdays: on which each person can meet (Monday = 0), by person id.
        slots: as in the availability that is being found.
        zones: each person's IANA zone, by person id.

    Returns:
        For each person of ``weekdays``: True where a slot is not allowed, ``(slots,)``.
    """
    day_of: dict[str, npt.NDArray[np.int64]] = {}
    away = {}
    for person_id, days in weekdays.items():
        zone = zones[person_id]
        if zone not in day_of:
            info = ZoneInfo(zone)
            day_of[zone] = np.array([s.start.astimezone(info).weekday() for s in slots], np.int64)
        away[person_id] = ~np.isin(day_of[zone], sorted(days))
    return away
