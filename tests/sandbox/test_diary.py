from __future__ import annotations

import datetime as dt
import random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from scheduler.sandbox.diary import Diary
from scheduler.sandbox.organisation import build_organisation
from scheduler.sandbox.zones import from_minute, to_minute
from tests.sandbox.conftest import TODAY

MONDAY = dt.date(2026, 11, 30)
BUSY = ("busy", "tentative", "oof")


@pytest.fixture(scope="module")
def organisation():
    return build_organisation(people=500, seed=7, today=TODAY)


@pytest.fixture(scope="module")
def diary(organisation):
    return Diary(organisation)


def minute(person, day, clock):
    return to_minute(dt.datetime.combine(day, clock, ZoneInfo(person.zone)))


def days_of(diary, person, weeks=4):
    """For each day at work: whether each quarter of an hour of the working hours is taken."""
    habits = diary.habits_of(person)
    start = dt.time(habits.start // 60, habits.start % 60)
    found = []
    for number in range(7 * weeks):
        day = MONDAY + dt.timedelta(days=number)
        if day.weekday() not in habits.days:
            continue
        opening = minute(person, day, start)
        cells = np.zeros((habits.end - habits.start) // 15, bool)
        items = diary.between(person, opening, opening + len(cells) * 15)
        if any(i.status == "oof" and i.all_day for i in items):
            continue
        for item in items:
            if item.status in BUSY:
                first = max(0, (item.start - opening) // 15)
                cells[first : max(0, -(-(item.end - opening) // 15))] = True
        found.append((day, cells))
    return found


@pytest.fixture(scope="module")
def taken(diary, organisation):
    return {person: days_of(diary, person) for person in organisation.people}


def test_calendars_are_35_to_60_per_cent_busy(taken):
    shares = [np.concatenate([c for _, c in days]).mean() for days in taken.values() if days]

    inside = [0.35 <= share <= 0.60 for share in shares]
    assert 0.42 < np.mean(shares) < 0.52
    assert np.mean(inside) > 0.9
    assert min(shares) > 0.25
    assert max(shares) < 0.70


def test_lunch_time_is_lighter(diary, taken):
    lunch, rest = [], []
    for person, days in taken.items():
        noon = (12 * 60 - diary.habits_of(person).start) // 15
        for _, cells in days:
            lunch += list(cells[noon : noon + 8])
            rest += [*cells[:noon], *cells[noon + 8 :]]

    assert np.mean(lunch) < 0.7 * np.mean(rest)


def test_almost_everybody_is_free_for_some_lunch_of_a_fortnight(diary, taken):
    free = []
    for person, days in taken.items():
        noon = (12 * 60 - diary.habits_of(person).start) // 15
        fortnight = [c for day, c in days if (day - MONDAY).days < 14]
        free.append(sum(not c[noon + k : noon + k + 4].any() for c in fortnight for k in (0, 4)))

    assert np.mean([count == 0 for count in free]) < 0.03
    assert np.median(free) >= 8


def test_colleagues_of_a_team_are_busy_together(organisation, taken):
    """Two of a team agree more than two of different teams with the same clock and hours."""
    rng = random.Random(1)
    people = [p for p in organisation.people if p.zone == "Europe/London" and len(taken[p]) == 20]

    def agreement(a, b):
        pairs = [
            (x, y)
            for (day, x), (other, y) in zip(taken[a], taken[b], strict=True)
            if day == other and len(x) == len(y)
        ]
        if not pairs:
            return None
        x, y = (np.concatenate(part) for part in zip(*pairs, strict=True))
        return np.corrcoef(x, y)[0, 1]

    same, other = [], []
    for _ in range(4000):
        a, b = rng.sample(people, 2)
        value = agreement(a, b)
        if value is not None:
            (same if a.team == b.team else other).append(value)

    assert len(same) > 30
    assert np.mean(same) > np.mean(other) + 0.1


def test_all_statuses_and_private_entries_occur(diary, organisation):
    start = to_minute(dt.datetime(2026, 11, 30, tzinfo=dt.UTC))
    items = [i for p in organisation.people for i in diary.between(p, start, start + 14 * 1440)]

    assert {i.status for i in items} == {"free", "tentative", "busy", "oof", "workingElsewhere"}
    assert 0.02 < np.mean([i.private for i in items]) < 0.1
    assert 0.01 < np.mean([i.status == "tentative" for i in items]) < 0.12


def test_leave_is_about_25_days_a_year(diary, organisation):
    start = to_minute(dt.datetime(2026, 1, 5, tzinfo=dt.UTC))
    people = organisation.people[:80]
    days = [
        sum(
            (item.end - item.start) // 1440
            for item in diary.between(person, start, start + 51 * 7 * 1440)
            if item.subject == "Leave"
        )
        for person in people
    ]

    assert 15 < np.mean(days) < 40


def test_all_day_entries_run_from_midnight_to_midnight_of_the_owner(diary, organisation):
    start = to_minute(
        dt.datetime(2026, 10, 19, tzinfo=dt.UTC)
    )  # Europe's clocks change on the 25th
    ends = [
        from_minute(edge, ZoneInfo(person.zone)).time()
        for person in organisation.people
        for item in diary.between(person, start, start + 21 * 1440)
        if item.all_day
        for edge in (item.start, item.end)
    ]

    assert set(ends) == {dt.time(0)}


def test_recurring_meetings_keep_the_wall_clock_over_a_change(diary, organisation):
    """Stand-ups of a London team before and after 25 October 2026."""
    team = next(
        p.team
        for p in organisation.people
        if organisation.teams[p.team] == "Europe/London"
        and any(i.subject == "Stand-up" for i in diary.week(p, MONDAY.toordinal()))
    )
    zone, clocks = ZoneInfo("Europe/London"), set()
    for person in (p for p in organisation.people if p.team == team):
        for monday in (dt.date(2026, 10, 19), dt.date(2026, 10, 26)):
            week = diary.week(person, monday.toordinal())
            clocks |= {from_minute(i.start, zone).time() for i in week if i.subject == "Stand-up"}

    assert len(clocks) == 1


def test_weeks_are_the_same_in_any_order(organisation, diary):
    mondays = [MONDAY.toordinal() + 7 * n for n in range(-6, 7)]
    asked = [(person, monday) for person in organisation.people[:40] for monday in mondays]
    random.Random(2).shuffle(asked)
    other = Diary(organisation)

    assert [other.week(*one) for one in asked] == [diary.week(*one) for one in asked]


def test_window_of_several_weeks_is_the_sum_of_its_weeks(organisation, diary):
    person = organisation.people[30]
    start = to_minute(dt.datetime(2026, 11, 30, tzinfo=dt.UTC))
    whole = diary.between(person, start, start + 21 * 1440)
    parts = [
        item
        for week in range(3)
        for item in diary.between(person, start + week * 10080, start + (week + 1) * 10080)
    ]

    assert sorted(set(parts)) == sorted(whole)


def test_part_timers_are_away_on_their_days(diary, organisation):
    part = [p for p in organisation.people if len(diary.habits_of(p).days) < 5]
    weeks = [diary.week(person, MONDAY.toordinal()) for person in part]
    away = [any(i.subject in ("Not working", "Leave") for i in week) for week in weeks]

    assert 0.04 < len(part) / 500 < 0.13
    assert all(away)
