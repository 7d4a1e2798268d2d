"""How a person works: hours, days, how full the calendar is, what others may see of it."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.sandbox.dice import pick, throw
from scheduler.sandbox.organisation.member import Member
from scheduler.sandbox.organisation.offices import FAR_HOMES, OFFICES

PART_TIME_SHARE = 0.08
HYBRID_SHARE = 0.45
HOURS_MISSING_SHARE = 0.02
CUSTOM_ZONE_SHARE = 0.02
SHARED_DETAIL_SHARE = 0.2
BUSY_RANGE = (0.36, 0.58)


@dataclass(frozen=True, slots=True)
class Habits:
    """Habits of one person.

    ``days`` are the working days (Monday = 0); ``start`` and ``end`` minutes after midnight on
    the person's clock; ``busy`` the share of the working hours that is taken over the long run;
    ``elsewhere`` the days spent away from the office; ``hours`` is ``windows`` (working hours
    with a Windows zone), ``custom`` (with a customTimeZone) or ``missing``; ``shares_detail``
    says whether subject and place are shown to others.
    """

    days: tuple[int, ...]
    start: int
    end: int
    busy: float
    elsewhere: frozenset[int]
    hours: str
    shares_detail: bool


def find_habits(seed: int, member: Member) -> Habits:
    """Return the habits of a person; the same for the same seed."""
    rng = throw(seed, "habits", member.key)
    office = next((o for o in OFFICES + FAR_HOMES if o.zone == member.zone), OFFICES[0])
    start, end = pick(rng, office.hours)
    days = [0, 1, 2, 3, 4]
    if rng.random() < PART_TIME_SHARE:
        for _ in range(1 + (rng.random() < 0.5)):
            days.remove(pick(rng, days))
    low, high = BUSY_RANGE
    busy = low + (high - low) * rng.random()
    elsewhere: set[int] = set()
    if rng.random() < HYBRID_SHARE and member.office != "Remote":
        elsewhere = {pick(rng, days) for _ in range(1 + (rng.random() < 0.5))}
    mark = rng.random()
    hours = "windows"
    if mark < HOURS_MISSING_SHARE:
        hours = "missing"
    elif (mark < HOURS_MISSING_SHARE + CUSTOM_ZONE_SHARE and member.zone == "Europe/Berlin") or (
        mark > 1 - CUSTOM_ZONE_SHARE and member.zone == "Europe/London"
    ):
        hours = "custom"
    return Habits(
        tuple(days), round(start * 60), round(end * 60), busy, frozenset(elsewhere), hours,
        rng.random() < SHARED_DETAIL_SHARE,
    )  # fmt: skip
