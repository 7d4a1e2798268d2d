"""Arrays and calendars as bytes, for the way to another process and back.

NumPy's own archive (``.npz``) without pickled objects: what is read can run nothing.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from scheduler.calendars.freebusy import FreeBusy, WorkingHours

Arrays = Mapping[str, npt.NDArray[Any]]


def write_arrays(arrays: Arrays) -> bytes:
    """Arrays of numbers, words or records by name, compressed."""
    with io.BytesIO() as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
        return file.getvalue()


def read_arrays(data: bytes) -> dict[str, npt.NDArray[Any]]:
    """What :func:`write_arrays` was given.

    Raises:
        ValueError: These are no such bytes.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def write_calendars(calendars: Mapping[str, FreeBusy]) -> bytes:
    """Calendars by address in one parcel."""
    some = list(calendars.values())
    empty = [np.zeros(0, np.int64)]
    about = [[mail, one.problem, _hours(one.hours)] for mail, one in calendars.items()]
    return write_arrays(
        {
            "about": np.frombuffer(json.dumps(about).encode(), np.uint8),
            "spans": np.array([len(one.start) for one in some], np.int64),
            "start": np.concatenate([*empty, *(one.start for one in some)]),
            "length": np.concatenate([*empty, *(one.end - one.start for one in some)]),
            "status": np.concatenate([*empty, *(one.status for one in some)]).astype(np.int8),
        }
    )


def read_calendars(data: bytes) -> dict[str, FreeBusy]:
    """What :func:`write_calendars` was given."""
    arrays = read_arrays(data)
    cuts = np.cumsum(arrays["spans"])[:-1]
    start = np.split(arrays["start"], cuts)
    end = np.split(arrays["start"] + arrays["length"], cuts)
    status = np.split(arrays["status"], cuts)
    about = json.loads(arrays["about"].tobytes())
    return {
        mail: FreeBusy(
            start[n], end[n], status[n], None if hours is None else _read(hours), problem
        )
        for n, (mail, problem, hours) in enumerate(about)
    }


def _hours(hours: WorkingHours | None) -> list[Any] | None:
    if hours is None:
        return None
    return [sorted(hours.days), hours.start.isoformat(), hours.end.isoformat(), hours.zone]


def _read(hours: list[Any]) -> WorkingHours:
    days, start, end, zone = hours
    return WorkingHours(
        frozenset(days), dt.time.fromisoformat(start), dt.time.fromisoformat(end), zone
    )
