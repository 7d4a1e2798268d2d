from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from scheduler.programmes.cadence import due_round, next_round_start, round_days
from scheduler.programmes.programme import Cadence

MONDAY = dt.date(2026, 12, 7)
days = st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31))


@given(first=days, earliest=days, weeks=st.integers(1, 9))
def test_rounds_lie_at_whole_cadences_from_the_first(first, earliest, weeks):
    cadence = Cadence(first=first, every_weeks=weeks)
    first_monday = first - dt.timedelta(days=first.weekday())
    slow = first_monday
    while slow < earliest:
        slow += dt.timedelta(weeks=weeks)
    assert next_round_start(cadence, earliest) == slow


@given(earliest=days, last=days, weeks=st.integers(1, 9))
def test_next_round_keeps_its_distance_from_the_last(earliest, last, weeks):
    start = next_round_start(Cadence(every_weeks=weeks), earliest, last_start=last)
    last_monday = last - dt.timedelta(days=last.weekday())
    assert start.weekday() == 0
    assert start >= earliest
    assert start - last_monday >= dt.timedelta(weeks=weeks)
    assert start - dt.timedelta(weeks=1) < max(earliest, last_monday + dt.timedelta(weeks=weeks))


def test_no_round_begins_after_the_last_day():
    cadence = Cadence(last=dt.date(2026, 12, 6))
    assert next_round_start(cadence, dt.date(2026, 12, 1)) is None


def test_rounds_on_named_days_are_those_days():
    cadence = Cadence(on=(dt.date(2027, 5, 21), dt.date(2026, 12, 3)))
    assert next_round_start(cadence, dt.date(2026, 11, 25)) == dt.date(2026, 12, 3)
    assert next_round_start(cadence, dt.date(2026, 12, 4)) == dt.date(2027, 5, 21)
    assert next_round_start(cadence, dt.date(2027, 5, 22)) is None
    assert round_days(cadence, dt.date(2026, 12, 3)) == (dt.date(2026, 12, 3), dt.date(2026, 12, 3))


def test_round_spans_its_weeks():
    assert round_days(Cadence(spans_weeks=2), MONDAY) == (MONDAY, dt.date(2026, 12, 20))


def test_round_is_due_from_the_day_of_planning_until_it_begins():
    cadence = Cadence(first=MONDAY, every_weeks=4, plan_days_ahead=10)
    due = [due_round(cadence, MONDAY - dt.timedelta(days=n)) for n in (11, 10, 1)]
    assert due == [None, MONDAY, MONDAY]


def test_round_that_has_its_plan_is_not_due_again():
    cadence = Cadence(first=MONDAY, every_weeks=4, plan_days_ahead=10)
    assert due_round(cadence, MONDAY - dt.timedelta(days=1), last_start=MONDAY) is None
    next_start = MONDAY + dt.timedelta(weeks=4)
    assert due_round(cadence, MONDAY + dt.timedelta(days=18), last_start=MONDAY) == next_start
