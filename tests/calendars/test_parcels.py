"""Calendars that go to another process come back as they were."""

from __future__ import annotations

import datetime as dt

import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from scheduler.calendars.freebusy import FreeBusy, WorkingHours
from scheduler.calendars.parcels import read_calendars, write_calendars

TIMES = st.times().map(lambda t: t.replace(microsecond=0))
HOURS = st.builds(
    WorkingHours,
    st.frozensets(st.integers(0, 6)),
    TIMES,
    TIMES,
    st.sampled_from(["Europe/Berlin", "Asia/Kolkata"]),
)


@st.composite
def calendars(draw):
    spans = draw(
        st.lists(st.tuples(st.integers(-(2**40), 2**40), st.integers(0, 9), st.integers(0, 5)))
    )
    start = np.array([s for s, _, _ in spans], np.int64)
    end = start + np.array([n for _, n, _ in spans], np.int64)
    status = np.array([code for _, _, code in spans], np.int8)
    problem = draw(st.none() | st.just("calendar not readable (é)"))
    return FreeBusy(start, end, status, draw(st.none() | HOURS), problem)


def as_values(calendar):
    return (
        calendar.start.tolist(),
        calendar.end.tolist(),
        calendar.status.tolist(),
        calendar.hours,
        calendar.problem,
    )


@given(st.dictionaries(st.emails(), calendars(), max_size=5))
def test_calendars_come_back_as_they_were(known):
    back = read_calendars(write_calendars(known))

    assert list(back) == list(known)
    for mail, calendar in known.items():
        assert as_values(back[mail]) == as_values(calendar)
        assert back[mail].status.dtype == np.int8


def test_an_hour_of_the_day_keeps_its_seconds():
    hours = WorkingHours(frozenset({0}), dt.time(8, 30, 15), dt.time(17), "Europe/London")

    back = read_calendars(write_calendars({"a@b.example": FreeBusy(hours=hours)}))

    assert back["a@b.example"].hours == hours
