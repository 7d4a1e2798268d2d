"""For each person of the roster, which slots they are free in, and what stands in the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from scheduler.calendars.freebusy import (
    BUSY,
    OUT_OF_OFFICE,
    TENTATIVE,
    UNKNOWN,
    WORKING_ELSEWHERE,
    FreeBusy,
    WorkingHours,
)
from scheduler.calendars.slots import Slot
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut
from scheduler.programmes.load import ProtectedLunch
from scheduler.programmes.programme import WEEKDAYS, Window

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Availability:
    """``free[p, s]``: person ``p`` (an id of ``person_ids``) can meet in ``slots[s]``.

    ``hours[p]`` are the working hours that were counted with. ``left_out`` names everybody who
    is free in no slot, with the reason; they keep their row, which is all False.
    """

    person_ids: tuple[str, ...]
    slots: tuple[Slot, ...]
    free: Bools
    hours: tuple[WorkingHours, ...]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Habits:
    """What holds for an office (``None``: for everybody without one) when a calendar is silent.

    ``hours`` where the mailbox gives no sound working hours; ``closed``: public holidays and
    days off.
    """

    hours: WorkingHours
    closed: frozenset[dt.date] = frozenset()


def minute_stamps(slots: Sequence[Slot]) -> Ints:
    """Slot starts in minutes since 1970-01-01T00:00Z, shape ``(slots,)``."""
    return np.array([int(slot.start.timestamp()) // 60 for slot in slots], np.int64)


def taken_slots(calendar: FreeBusy, slots: Sequence[Slot], blocking: Sequence[int]) -> Bools:
    """Which slots overlap an entry whose status is among ``blocking``, shape ``(slots,)``."""
    starts = minute_stamps(slots)
    return _overlaps(calendar, starts, starts + (slots[0].minutes if slots else 0), blocking)


def _overlaps(calendar: FreeBusy, starts: Ints, ends: Ints, blocking: Sequence[int]) -> Bools:
    """Entries that began before a slot's end, less those that ended by its start."""
    chosen = np.isin(calendar.status, blocking)
    begun = np.searchsorted(np.sort(calendar.start[chosen]), ends, side="left")
    over = np.searchsorted(np.sort(calendar.end[chosen]), starts, side="right")
    taken: Bools = begun > over
    return taken


def find_availability(
    people: Sequence[Person],
    calendars: Mapping[str, FreeBusy],
    slots: Sequence[Slot],
    window: Window,
    habits: Mapping[str | None, Habits],
    *,
    in_person: bool,
    tentative_blocks: bool = True,
    breathing_minutes: int = 0,
    lunch: ProtectedLunch | None = None,
    blocked: Mapping[str, Bools] | None = None,
) -> Availability:
    """Find in which slots each person can meet.

    Args:
        people: in the order of the result's rows.
        calendars: free/busy by person id; who is missing counts as unreadable.
        slots: ascending, all of one length.
        window: when the programme meets, on each person's own wall clock.
        habits: by office name; ``None`` is required and serves everybody else.
        in_person: the person must be at the office: working elsewhere blocks, and the wall
            clock is the office's.
        tentative_blocks: whether a tentative entry counts as taken.
        breathing_minutes: time before and after the meeting that must be free as well.
        lunch: time that must stay free in one piece on the day of the meeting; ``None`` also
            where the meeting is the lunch.
        blocked: further slots that a person must not be given (shape ``(slots,)`` each), such
            as weeks in which they already have enough social meetings.
    """
    starts = minute_stamps(slots)
    ends = starts + (slots[0].minutes if slots else 0)
    blocking = [BUSY, OUT_OF_OFFICE, UNKNOWN]
    blocking += [TENTATIVE] if tentative_blocks else []
    blocking += [WORKING_ELSEWHERE] if in_person else []
    free = np.zeros((len(people), len(slots)), np.bool_)
    hours_used: list[WorkingHours] = []
    left_out: list[LeftOut] = []
    local = _LocalClock(tuple(slots), window)
    for row, person in enumerate(people):
        habit = habits.get(person.office, habits[None])
        calendar = calendars.get(person.id, FreeBusy(problem="no answer"))
        zone = find_zone(person, calendar, habit, in_person=in_person)
        hours = calendar.hours or WorkingHours(
            habit.hours.days, habit.hours.start, habit.hours.end, zone
        )
        hours_used.append(hours)
        open_ = local.inside_window(zone) & ~local.on_days(zone, habit.closed)
        worked = open_ if window.outside_hours else open_ & local.inside_hours(hours)
        if calendar.problem is None:
            free[row] = worked & ~_overlaps(
                calendar, starts - breathing_minutes, ends + breathing_minutes, blocking
            )
            if lunch is not None:
                free[row] &= _keeps_lunch(
                    calendar, starts, ends, blocking, local.lunch(zone, lunch)
                )
            if blocked is not None and person.id in blocked:
                free[row] &= ~blocked[person.id]
        if not free[row].any():
            left_out.append(
                _explain(
                    person,
                    calendar,
                    open_=open_,
                    worked=worked,
                    taken=partial(
                        _overlaps, calendar, starts - breathing_minutes, ends + breathing_minutes
                    ),
                    blocking=blocking,
                )
            )
    return Availability(
        tuple(p.id for p in people), tuple(slots), free, tuple(hours_used), tuple(left_out)
    )


def _keeps_lunch(
    calendar: FreeBusy, starts: Ints, ends: Ints, blocking: Sequence[int], span: _LunchSpan
) -> Bools:
    """Whether, with a meeting in the slot, enough of that day's lunch is left in one piece.

    A day without a lunch to keep (meetings have eaten it already) loses nothing more by a
    meeting; it loses its slots within the span all the same, for they would be lunch.
    """
    keeps = np.ones(len(starts), np.bool_)
    busy = np.isin(calendar.status, blocking)
    taken = sorted(zip(calendar.start[busy].tolist(), calendar.end[busy].tolist(), strict=True))
    for index in np.flatnonzero((starts < span.latest) & (ends > span.earliest)):
        meeting = (int(starts[index]), int(ends[index]))
        first, last = int(span.earliest[index]), int(span.latest[index])
        reached, longest = first, 0
        for begin, end in sorted([*taken, meeting]):
            if begin >= last:
                break
            longest = max(longest, begin - reached)
            reached = max(reached, end)
        keeps[index] = max(longest, last - reached) >= span.minutes
    return keeps


@dataclass(frozen=True, slots=True, eq=False)
class _LunchSpan:
    """For each slot, when lunch may be taken on its day, in minutes since 1970."""

    earliest: Ints
    latest: Ints
    minutes: int


def find_zone(person: Person, calendar: FreeBusy, habit: Habits, *, in_person: bool) -> str:
    """The IANA zone of the wall clock that counts: the office's in person, else one's own."""
    if in_person:
        return habit.hours.zone
    return calendar.hours.zone if calendar.hours else person.zone or habit.hours.zone


class _LocalClock:
    """Which slots lie inside a window, in working hours, on given days: once per zone."""

    def __init__(self, slots: tuple[Slot, ...], window: Window) -> None:
        self._slots = slots
        self._window = window
        self.inside_window = cache(self._inside_window)
        self.inside_hours = cache(self._inside_hours)
        self.on_days = cache(self._on_days)
        self.lunch = cache(self._lunch)
        self._wall = cache(self._wall_clock)

    def _lunch(self, zone: str, lunch: ProtectedLunch) -> _LunchSpan:
        def stamps(time: dt.time) -> Ints:
            moments = [
                start.replace(hour=time.hour, minute=time.minute) for start, _ in self._wall(zone)
            ]
            return np.array([int(m.timestamp()) // 60 for m in moments], np.int64)

        return _LunchSpan(stamps(lunch.earliest), stamps(lunch.latest), lunch.minutes)

    def _wall_clock(self, zone: str) -> list[tuple[dt.datetime, dt.datetime]]:
        info = ZoneInfo(zone)
        return [(slot.start.astimezone(info), slot.end.astimezone(info)) for slot in self._slots]

    def _inside_window(self, zone: str) -> Bools:
        days = {WEEKDAYS.index(day) for day in self._window.days}
        return self._inside(zone, days, self._window.earliest, self._window.latest)

    def _inside_hours(self, hours: WorkingHours) -> Bools:
        return self._inside(hours.zone, hours.days, hours.start, hours.end)

    def _inside(
        self, zone: str, days: frozenset[int] | set[int], earliest: dt.time, latest: dt.time
    ) -> Bools:
        """A span that ends at midnight is written 00:00 and ends the day."""
        return np.array(
            [
                start.weekday() in days
                and earliest <= start.time()
                and (
                    (end.date() == start.date() and end.time() <= latest)
                    if latest != dt.time(0)
                    else end - start.replace(hour=0, minute=0) <= dt.timedelta(days=1)
                )
                for start, end in self._wall(zone)
            ],
            np.bool_,
        )

    def _on_days(self, zone: str, days: frozenset[dt.date]) -> Bools:
        return np.array([start.date() in days for start, _ in self._wall(zone)], np.bool_)


def _explain(
    person: Person,
    calendar: FreeBusy,
    *,
    open_: Bools,
    worked: Bools,
    taken: Callable[[Sequence[int]], Bools],
    blocking: Sequence[int],
) -> LeftOut:
    """The first thing, from the widest to the narrowest, that leaves no slot."""

    def covers(*status: int) -> bool:
        return bool(taken(status)[worked].all())

    elsewhere = WORKING_ELSEWHERE in blocking and covers(WORKING_ELSEWHERE, OUT_OF_OFFICE)
    reasons = (
        (
            calendar.problem is not None,
            "calendar unreadable",
            f"Their calendar could not be read: {calendar.problem}.",
        ),
        (
            not open_.any(),
            "closed",
            "Every day of this round is a holiday or day off at their office.",
        ),
        (
            not worked.any(),
            "outside hours",
            "Their working hours do not reach into the meeting times.",
        ),
        (
            covers(OUT_OF_OFFICE),
            "away",
            "They are out of office during the whole round, which is a pause by itself.",
        ),
        (elsewhere, "elsewhere", "They work away from their office during the whole round."),
        (
            covers(*blocking),
            "no free time",
            "They are free at none of this round's meeting times.",
        ),
        (
            True,
            "enough meetings",
            "They already have as many networking meetings in these weeks as the company allows.",
        ),
    )
    kind, text = next((kind, text) for holds, kind, text in reasons if holds)
    return LeftOut(person.id, kind, text)
