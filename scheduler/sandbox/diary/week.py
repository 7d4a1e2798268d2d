"""One week of one calendar."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from scheduler.sandbox.diary.habits import Habits, find_habits
from scheduler.sandbox.diary.meetings import Shared, plan_department_week, plan_team_week
from scheduler.sandbox.dice import chance, pick, throw
from scheduler.sandbox.organisation.member import Member, Organisation
from scheduler.sandbox.organisation.rooms import BUSY_SHARE
from scheduler.sandbox.zones import day_offset_minutes, wall_minute

CELL = 15
"""Minutes of a cell; meetings begin and end on cells."""
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
_LUNCH = (12 * 60, 14 * 60)
_LUNCH_ACCEPT = 0.4
_TEAM_LOAD = 0.25


class Item(NamedTuple):
    """An entry: UTC minutes, ``freeBusyStatus``, and what a visitor may or may not see."""

    start: int
    end: int
    status: str
    subject: str
    place: str
    private: bool
    all_day: bool


class _Page:
    """A day of one calendar while it fills; ``taken`` marks the cells within working hours."""

    def __init__(self, opening: int, habits: Habits, rng: Random) -> None:
        self.opening, self._habits, self._rng = opening, habits, rng
        self.taken = bytearray((habits.end - habits.start) // CELL)
        self.closing = opening + len(self.taken) * CELL
        self.items: list[Item] = []

    def add(self, start: int, length: int, subject: str, status: str, *, private: bool) -> None:
        """Put in an entry; ``start`` is a UTC minute, ``length`` minutes."""
        hidden = private or self._rng.random() < 0.6
        place = "" if hidden else f"Room {int(self._rng.random() * 40) + 1}"
        self.items.append(Item(start, start + length, status, subject, place, private, False))
        if status != "free":
            first = (start - self.opening) // CELL
            last = min(len(self.taken), first - (-length // CELL))
            for cell in range(max(0, first), last):
                self.taken[cell] = 1

    def try_meeting(self, missing: float) -> None:
        """Put in a meeting of one's own if the dice find room for it."""
        place = self._find_place(missing)
        if place is None:
            return
        first, length = place
        mark = self._rng.random()
        status = "tentative" if mark < 0.07 else "free" if mark > 0.98 else "busy"
        if mark < 0.01:
            status = "workingElsewhere"
        start = self.opening + first * CELL
        subject, private = pick(self._rng, _SUBJECTS), self._rng.random() < 0.06
        self.add(start, length * CELL, subject, status, private=private)

    def _find_place(self, missing: float) -> tuple[int, int] | None:
        """Return first cell and length of a new meeting, or None when this try found no room.

        More than half of the meetings follow another one; at lunch time six in ten are refused.
        """
        taken, rng = self.taken, self._rng
        cells = len(taken)
        length = min(pick(rng, (2, 2, 4, 4, 6, 3)), max(1, round(missing)))
        if rng.random() < 0.55:
            ends = [c for c in range(1, cells) if taken[c - 1] and not taken[c]]
            first = pick(rng, ends) if ends else 0
        else:
            first = int(rng.random() * (cells // 2)) * 2
        if first + length > cells or any(taken[first : first + length]):
            return None
        begin = self._habits.start + first * CELL
        at_lunch = begin < _LUNCH[1] and begin + length * CELL > _LUNCH[0]
        if at_lunch and rng.random() > _LUNCH_ACCEPT:
            return None
        return first, length


class Diary:
    """The calendars of an organisation, made week by week when they are asked for."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._seed = organisation.seed
        self._weeks: dict[tuple[str, int], tuple[Item, ...]] = {}
        self._habits: dict[str, Habits] = {}
        # Each team's and department's week is asked for by each of its members.
        self._team_week: Callable[[str, int], list[Shared]] = functools.lru_cache(maxsize=8192)(
            lambda team, monday: plan_team_week(
                self._seed, team, organisation.teams.get(team, "UTC"), monday
            )
        )
        self._department_week: Callable[[str, int], list[Shared]] = functools.lru_cache(
            maxsize=8192
        )(lambda department, monday: plan_department_week(self._seed, department, monday))

    def habits_of(self, member: Member) -> Habits:
        """Return how somebody works."""
        if member.id not in self._habits:
            self._habits[member.id] = find_habits(self._seed, member)
        return self._habits[member.id]

    def week(self, member: Member, monday: int) -> tuple[Item, ...]:
        """Return the entries of the week that begins on ``monday`` (ordinal), by start."""
        key = (member.id, monday)
        if key not in self._weeks:
            self._weeks[key] = self._make_week(member, monday)
        return self._weeks[key]

    def between(self, member: Member, start: int, end: int) -> list[Item]:
        """Return the entries that overlap [start, end) in UTC minutes, by start."""
        monday = self._local_monday(member, start)
        last = self._local_monday(member, end - 1)
        found: list[Item] = []
        while monday <= last:
            found += [i for i in self.week(member, monday) if i.start < end and i.end > start]
            monday += 7
        return found

    @staticmethod
    def _local_monday(member: Member, minute: int) -> int:
        """Return the Monday (ordinal) of the week in which a UTC minute falls for somebody."""
        east, _ = day_offset_minutes(member.zone, minute // 1440 + _EPOCH_DAY)
        day = (minute + east) // 1440 + _EPOCH_DAY
        return day - (day - 1) % 7

    def _make_week(self, member: Member, monday: int) -> tuple[Item, ...]:
        if member.kind == "room":
            return tuple(self._book_room(member, monday))
        if member.kind != "person":
            return ()
        habits = self.habits_of(member)
        rng = throw(self._seed, "week", member.key, monday)
        items = self._all_day(member, habits, monday, rng)
        away = {
            day
            for item in items
            if item.status == "oof"
            for day in range(monday, monday + 5)
            if item.start <= wall_minute(member.zone, day, 0) < item.end
        }
        shared = self._shared(member, monday)
        for weekday in range(5):
            day = monday + weekday
            works = weekday in habits.days and day not in away
            items += self._fill_day(member, habits, day, shared, works=works, rng=rng)
        return tuple(sorted(items))

    def _shared(self, member: Member, monday: int) -> list[Shared]:
        """Return the meetings of team and department to which this person goes."""
        meetings = [
            *self._team_week(member.team or "", monday),
            *self._department_week(member.department or "", monday),
        ]
        return [
            meeting
            for meeting in meetings
            if chance(self._seed, member.key, meeting.start, meeting.subject) < meeting.share
        ]

    def _all_day(self, member: Member, habits: Habits, monday: int, rng: Random) -> list[Item]:
        """Return leave, days off, hybrid days and other entries without a time of day."""
        zone, items = member.zone, []

        def add(first: int, days: int, status: str, subject: str, *, private: bool = False) -> None:
            start, end = wall_minute(zone, first, 0), wall_minute(zone, first + days, 0)
            items.append(Item(start, end, status, subject, "", private, True))

        for first, last in self._leave(member, monday):
            add(first, last - first + 1, "oof", "Leave")
        for weekday in range(5):
            if weekday not in habits.days:
                add(monday + weekday, 1, "oof", "Not working")
            elif weekday in habits.elsewhere and rng.random() < 0.9:
                add(monday + weekday, 1, "workingElsewhere", "Working from home")
        if rng.random() < 0.06:
            add(monday + int(rng.random() * 5), 1, "free", pick(rng, ("Birthday", "Pay day")))
        if rng.random() < 0.015:
            add(monday + int(rng.random() * 5), 1, "oof", "Training day")
        if rng.random() < 0.01:
            add(monday + int(rng.random() * 5), 1, "tentative", "Perhaps away", private=True)
        return items

    def _leave(self, member: Member, monday: int) -> list[tuple[int, int]]:
        """Return the leave within the week as (first, last) days; about 25 days a year."""
        spans = []
        for year in {dt.date.fromordinal(monday - 21).year, dt.date.fromordinal(monday + 6).year}:
            rng = throw(self._seed, "leave", member.key, year)
            start = dt.date(year, 1, 1).toordinal()
            for _ in range(5):
                first = start + int(rng.random() * 365)
                first -= max(0, (first - 1) % 7 - 4)  # leave begins on a working day
                last = first + pick(rng, (0, 1, 4, 4, 11))
                if first <= monday + 4 and last >= monday:
                    spans.append((max(first, monday), min(last, monday + 6)))
            christmas = dt.date(year, 12, 24).toordinal()
            if rng.random() < 0.5 and christmas <= monday + 4 and christmas + 8 >= monday:
                spans.append((max(christmas, monday), min(christmas + 8, monday + 6)))
        spans.sort()
        merged: list[tuple[int, int]] = []
        for first, last in spans:
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return merged

    def _fill_day(
        self, member: Member, habits: Habits, day: int, shared: list[Shared], *, works: bool,
        rng: Random,
    ) -> list[Item]:  # fmt: skip
        """Return the timed entries of a day: shared meetings first, then own ones in clusters."""
        page = _Page(wall_minute(member.zone, day, habits.start), habits, rng)
        for meeting in shared:
            inside = page.opening - 30 <= meeting.start < page.closing
            if inside and (works or rng.random() < 0.5):
                status = "tentative" if rng.random() < 0.05 else "busy"
                length = meeting.end - meeting.start
                page.add(meeting.start, length, meeting.subject, status, private=False)
        if not works:
            return page.items
        # A quarter of a day's load is common to the team: busy days are busy for all of it.
        common = chance(self._seed, "load", member.team, day) + rng.random() - 1
        wanted = habits.busy * (1 + 2 * _TEAM_LOAD * common) * len(page.taken)
        for _ in range(60):
            missing = wanted - sum(page.taken)
            if missing < 1:
                break
            page.try_meeting(missing)
        if rng.random() < 0.04:  # a dinner, a call with the other side of the world
            subject = pick(rng, ("Dinner", "Late call"))
            page.add(page.closing + 60, 60, subject, "busy", private=False)
        return page.items

    def _book_room(self, room: Member, monday: int) -> list[Item]:
        """Return other people's bookings of a room: one hour in five."""
        rng = throw(self._seed, "week", room.key, monday)
        items = []
        for day in range(monday, monday + 5):
            for hour in range(8, 18):
                if rng.random() < BUSY_SHARE:
                    start = wall_minute(room.zone, day, hour * 60)
                    items.append(Item(start, start + 60, "busy", "Booked", "", False, False))
        return items


_SUBJECTS = (
    "1:1", "Focus time", "Project sync", "Customer call", "Interview", "Review", "Workshop",
    "Prep", "Vendor call", "Budget", "Reporting", "Mentoring", "Demo", "Board paper", "Writing",
)  # fmt: skip
