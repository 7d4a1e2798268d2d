"""Free/busy: when a calendar is taken, and nothing about by what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

FREE, TENTATIVE, BUSY, OUT_OF_OFFICE, WORKING_ELSEWHERE, UNKNOWN = range(6)
"""Codes of ``FreeBusy.status``; the order is Graph's ``freeBusyStatus``."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """One span of wall-clock time on some weekdays (Monday = 0) in an IANA zone."""

    days: frozenset[int]
    start: dt.time
    end: dt.time
    zone: str


def _no_minutes() -> npt.NDArray[np.int64]:
    return np.zeros(0, np.int64)


def _no_status() -> npt.NDArray[np.int8]:
    return np.zeros(0, np.int8)


@dataclass(frozen=True, slots=True, eq=False)
class FreeBusy:
    """The taken spans of one calendar.

    ``start`` and ``end`` are minutes since 1970-01-01T00:00Z, shape ``(spans,)``, ends
    exclusive; ``status`` holds the codes above. ``problem`` is set when the calendar could
    not be read: then nothing is known, and unknown is never free.
    """

    start: npt.NDArray[np.int64] = field(default_factory=_no_minutes)
    end: npt.NDArray[np.int64] = field(default_factory=_no_minutes)
    status: npt.NDArray[np.int8] = field(default_factory=_no_status)
    hours: WorkingHours | None = None
    problem: str | None = None
