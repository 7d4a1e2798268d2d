from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from scheduler.programmes.cadence import due_round, next_round_start, round_days
from scheduler.programmes.programme import (
    AgendaItem,
    AgendaPlan,
    Audience,
    Cadence,
    Programme,
    SignUp,
    Size,
    VenueWish,
    Window,
)

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


def programme(cadence: Cadence, *, closes_days_before: int | None = None) -> Programme:
    listed = closes_days_before is not None
    return Programme(
        name="outing",
        title="A day out",
        audience=Audience(),
        size=Size(at_least=2, ideal=20, at_most=40),
        window=Window(earliest=dt.time(9), latest=dt.time(17), minutes=480),
        cadence=cadence,
        venue=VenueWish(kind="elsewhere", place="Victoria Park"),
        agenda=AgendaPlan(purpose="A day out.", items=[AgendaItem(minutes=30, title="Meet")]),
        whole="everybody",
        sign_up=SignUp(capacity=20, closes_days_before=closes_days_before) if listed else None,
    )


def test_round_is_due_from_the_day_of_planning_until_it_begins():
    one = programme(Cadence(first=MONDAY, every_weeks=4, plan_days_ahead=10))
    due = [due_round(one, MONDAY - dt.timedelta(days=n)) for n in (11, 10, 1)]
    assert due == [None, MONDAY, MONDAY]


def test_round_that_has_its_plan_is_not_due_again():
    one = programme(Cadence(first=MONDAY, every_weeks=4, plan_days_ahead=10))
    assert due_round(one, MONDAY - dt.timedelta(days=1), last_start=MONDAY) is None
    next_start = MONDAY + dt.timedelta(weeks=4)
    assert due_round(one, MONDAY + dt.timedelta(days=18), last_start=MONDAY) == next_start


def test_round_with_a_list_is_due_the_day_after_it_has_closed_or_later():
    cadence = Cadence(on=(MONDAY,), plan_days_ahead=10)

    def due(closes: int) -> list[int]:
        one = programme(cadence, closes_days_before=closes)
        return [n for n in range(20) if due_round(one, MONDAY - dt.timedelta(days=n))]

    assert due(2) == [1]
    assert due(7) == [1, 2, 3, 4, 5, 6]
    assert due(30) == list(range(1, 11))
