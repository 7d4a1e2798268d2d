"""When the rounds of a programme take place, and which of them is due."""

from __future__ import annotations

import datetime as dt

from scheduler.programmes.programme import Cadence, Programme

WEEK = dt.timedelta(weeks=1)


def monday_of(day: dt.date) -> dt.date:
    """The Monday of the day's week."""
    return day - dt.timedelta(days=day.weekday())


def next_round_start(
    cadence: Cadence, earliest: dt.date, *, last_start: dt.date | None = None
) -> dt.date | None:
    """The first day of the next round that begins on ``earliest`` or later; None: there is none.

    Rounds begin on Mondays, at whole cadences from the week of ``first`` where that is given,
    else ``every_weeks`` after ``last_start`` (the round before), else on any Monday. With ``on``,
    a round is one of those days.
    """
    if cadence.on:
        start = min((day for day in cadence.on if day >= earliest), default=None)
    else:
        start = _next_monday(cadence, earliest, last_start)
    if start is None or (cadence.last is not None and start > cadence.last):
        return None
    return start


def _next_monday(cadence: Cadence, earliest: dt.date, last_start: dt.date | None) -> dt.date:
    monday = monday_of(earliest + dt.timedelta(days=6))
    step = cadence.every_weeks * WEEK
    if cadence.first is not None:
        first = monday_of(cadence.first)
        return first if first >= monday else first + -((first - monday) // step) * step
    if last_start is not None:
        return max(monday, monday_of(last_start) + step)
    return monday


def round_days(cadence: Cadence, start: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of the round that begins on ``start``."""
    if cadence.on:
        return start, start
    return start, monday_of(start) + cadence.spans_weeks * WEEK - dt.timedelta(days=1)


def days_planned_ahead(programme: Programme) -> int:
    """How many days before a round its plan is made.

    Where people put their names down, not before the day after the list has closed.
    """
    ahead = programme.cadence.plan_days_ahead
    if programme.sign_up is None:
        return ahead
    return min(ahead, programme.sign_up.closes_days_before - 1)


def due_round(
    programme: Programme, today: dt.date, *, last_start: dt.date | None = None
) -> dt.date | None:
    """The start of the round whose plan is to be made today or should have been; None: none.

    A plan is made from :func:`days_planned_ahead` days before the round until the round begins.
    The round ``last_start`` has its plan already.
    """
    after = today + dt.timedelta(days=1)
    if last_start is not None:
        after = max(after, last_start + dt.timedelta(days=1))
    start = next_round_start(programme.cadence, after, last_start=last_start)
    if start is None or start - dt.timedelta(days=days_planned_ahead(programme)) > today:
        return None
    return start
