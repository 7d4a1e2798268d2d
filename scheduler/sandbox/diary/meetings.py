"""Meetings of teams and departments: why colleagues' calendars look alike."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from scheduler.sandbox.dice import pick, throw
from scheduler.sandbox.zones import wall_minute


class Shared(NamedTuple):
    """A meeting of many: UTC minutes, subject, and the share of those invited who come."""

    start: int
    end: int
    subject: str
    share: float


def plan_team_week(seed: int, team: str, zone: str, monday: int) -> list[Shared]:
    """Return the meetings of a team in a week: stand-up, weekly, planning, and a few others."""
    fixed = throw(seed, "team", team)
    rng = throw(seed, "team", team, monday)
    standup = int(fixed.random() * 6) * 15 + 9 * 60 if fixed.random() < 0.6 else None
    weekly_day, weekly_at = int(fixed.random() * 5), pick(fixed, (600, 660, 840, 900, 960))
    planning = (int(fixed.random() * 5), pick(fixed, (570, 840, 870)), int(fixed.random() * 2))
    meetings = [
        _place(zone, monday + day, standup, 15, "Stand-up", 0.85)
        for day in range(5)
        if standup is not None
    ]
    meetings.append(_place(zone, monday + weekly_day, weekly_at, 60, f"{team}: weekly", 0.9))
    if monday // 7 % 2 == planning[2]:
        meetings.append(
            _place(zone, monday + planning[0], planning[1], 90, f"{team}: planning", 0.85)
        )
    for _ in range(2 + int(rng.random() * 5)):
        start = _daytime(rng)
        length = pick(rng, (30, 60, 60))
        day = monday + int(rng.random() * 5)
        meetings.append(_place(zone, day, start, length, pick(rng, _TOPICS), 0.7))
    return meetings


def plan_department_week(seed: int, department: str, monday: int) -> list[Shared]:
    """Return the meetings of a department: all hands every fourth week, at 14:00 UTC."""
    fixed = throw(seed, "department", department)
    day, turn = int(fixed.random() * 5), int(fixed.random() * 4)
    if monday // 7 % 4 != turn:
        return []
    return [_place("UTC", monday + day, 14 * 60, 60, f"{department}: all hands", 0.7)]


def _daytime(rng: Random) -> int:
    """A half hour between 9:00 and 17:00, at lunch time half as often."""
    while True:
        start = 540 + int(rng.random() * 16) * 30
        if not 690 <= start < 840 or rng.random() < 0.5:
            return start


def _place(zone: str, day: int, minute: int, length: int, subject: str, share: float) -> Shared:
    start = wall_minute(zone, day, minute)
    return Shared(start, start + length, subject, share)


_TOPICS = (
    "Roadmap", "Retrospective", "Incident review", "Customer call", "Hiring panel", "Budget",
    "Design review", "Release check", "Supplier meeting", "Training", "Quarterly targets",
)  # fmt: skip
