"""Seeded organisations: teams, offices, calendars, rooms and history, of any size.

Assumptions, all invented and none measured: teams by a Zipf law (at least 8, one per 40 people)
over 1, 3 or 8 offices; 18 % remote, 8 % opted out, 12 % on leave for a while, 8 % part time, 65 %
of the others in the office on two to four fixed weekdays; calendars as a Gaussian AR(1) process
over half-hours with 40 % of its variance shared in the team, lighter at lunch; six past cycles of
random groups of four; rooms of 4, 5, 6 and 8 seats of which 20 % of the hours are taken. ``slack``
is how many seats there are for each person and fortnight, and so decides how hard it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from scheduler.grouping.problem import Problem, Ties, Venues
from scheduler.grouping.rules import Apart, AtLeast, Together

DAYS, STARTS, CELLS = 10, 5, 20
SLOTS = DAYS * STARTS
LUNCH = 7  # the first of six half-hours at lunch, counted from 8:00
REPEAT_PRICE = 30
"""What a bad pair (same team, or met before) costs, a new tie being worth 1."""


@dataclass(frozen=True, eq=False)
class Organisation:
    problem: Problem
    team: npt.NDArray[np.int64]
    newcomer: npt.NDArray[np.bool_]
    veteran: npt.NDArray[np.bool_]
    mean_free_slots: float
    busy_share: float


def count_offices(people: int) -> int:
    return 1 if people <= 300 else 3 if people <= 2000 else 8


def make_organisation(people: int, seed: int, slack: float = 1.6) -> Organisation:
    """One organisation; equal arguments, equal organisation."""
    random = np.random.default_rng([7, seed, people])
    offices = count_offices(people)
    teams = max(8, people // 40)
    team = random.choice(teams, people, p=_zipf(teams, 0.6))
    home = random.choice(offices, teams, p=_zipf(offices, 0.9))
    elsewhere = random.choice(offices, people, p=_zipf(offices, 0.9))
    office = np.where(random.random(people) < 0.7, home[team], elsewhere)
    remote = random.random(people) < 0.18
    cohort = np.where(remote, offices + office, office)
    tenure = random.exponential(1250, people)
    newcomer, veteran = tenure < 90, tenure > 730
    out = random.random(people) < 0.08
    lunch, busy = make_calendars(random, team, remote)
    available = lunch & ~out[:, None]
    by_cohort = [np.flatnonzero((cohort == c) & ~out) for c in range(2 * offices)]
    history = _make_history(random, by_cohort)
    never = _make_never(random, people, cohort, by_cohort)
    must = _make_must(random, newcomer & ~out, veteran, cohort, by_cohort, never)
    rules = [
        AtLeast("veteran", veteran, 1, when=newcomer),
        Apart("never", np.array(sorted(never), np.int64).reshape(-1, 2)),
        Together("must", np.array(must, np.int64).reshape(-1, 2)),
    ]
    between = np.ones((teams, teams), np.int64)
    np.fill_diagonal(between, -REPEAT_PRICE)
    problem = Problem(
        available=available,
        start=(np.arange(SLOTS) // STARTS) * 1440 + 690 + 30 * (np.arange(SLOTS) % STARTS),
        minutes=60,
        venues=_make_rooms(random, offices, by_cohort, slack),
        place=cohort,
        waited=np.zeros(people, np.int64),
        pleasant=np.zeros(SLOTS, np.int64),
        size_least=3,
        size_ideal=4,
        size_most=6,
        ties=Ties(
            team,
            between,
            np.zeros((0, 3), np.int64),
            np.column_stack([history, np.full(len(history), REPEAT_PRICE)]),
        ),
        rules=tuple(rules),
        size_points=np.zeros(7, np.int64),
    )
    free = available[~out].sum(axis=1)
    return Organisation(problem, team, newcomer, veteran, float(free.mean()), busy)


def _zipf(count: int, power: float) -> npt.NDArray[np.float64]:
    weight = np.arange(1, count + 1, dtype=float) ** -power
    return weight / weight.sum()


def make_calendars(random, team, remote):
    """Who is free in which lunch slot, ``(n, s)``, and the busy share of all working hours."""
    people, teams = len(team), int(team.max()) + 1
    grid = np.linspace(-5, 5, 20001)
    phi = np.array([NormalDist().cdf(x) for x in grid])
    target = random.uniform(0.35, 0.60, people)
    profile = np.ones(CELLS)
    profile[LUNCH : LUNCH + 6] = 0.62
    begins = random.choice([0, 2, 4], people, p=[0.25, 0.55, 0.20])
    cell = np.arange(CELLS)
    works = (cell >= begins[:, None]) & (cell < begins[:, None] + 16)
    present = _make_presence(random, remote)
    free = np.zeros((people, SLOTS), bool)
    busy_cells = all_cells = 0
    for day in range(DAYS):
        shared, own = _autoregress(random, teams), _autoregress(random, people)
        score = np.sqrt(0.4) * shared[team] + np.sqrt(0.6) * own
        busy = np.interp(score, grid, phi) < target[:, None] * profile
        at_work = works & present[:, day, None]
        busy_cells += int((busy & at_work).sum())
        all_cells += int(at_work.sum())
        lunch = (~busy & at_work)[:, LUNCH : LUNCH + STARTS + 1]
        free[:, day * STARTS : (day + 1) * STARTS] = lunch[:, :-1] & lunch[:, 1:]
    return free, busy_cells / all_cells


def _autoregress(random, rows):
    """A Gaussian AR(1) process of correlation 0.7 over the half-hours of one day."""
    noise = random.standard_normal((rows, CELLS))
    for cell in range(1, CELLS):
        noise[:, cell] = 0.7 * noise[:, cell - 1] + np.sqrt(1 - 0.49) * noise[:, cell]
    return noise


def _make_presence(random, remote):
    """Who is at work (and, in a hybrid week, in the office) on which day, ``(n, day)``."""
    people = len(remote)
    present = np.ones((people, DAYS), bool)
    part_time = np.flatnonzero(random.random(people) < 0.08)
    off = random.integers(0, 5, (people, 2))
    for k in range(2):
        for week in range(2):
            present[part_time, off[part_time, k] + 5 * week] = False
    leaves = random.random(people) < 0.12
    first = random.integers(0, DAYS, people)
    length = random.integers(1, DAYS + 1, people)
    day = np.arange(DAYS)
    away = (day >= first[:, None]) & (day < (first + length)[:, None])
    present &= ~(leaves[:, None] & away)
    hybrid = (random.random(people) < 0.65) & ~remote
    days_in = random.integers(2, 5, people)
    rank = random.random((people, 5)).argsort(axis=1).argsort(axis=1)
    in_office = np.where(hybrid[:, None], rank < days_in[:, None], True)
    return present & np.tile(in_office, (1, 2))


def _make_history(random, by_cohort):
    """Pairs who met in six past cycles of random groups of four."""
    pairs = [np.zeros((0, 2), np.int64)]
    for _ in range(6):
        for people in by_cohort:
            came = random.permutation(people[random.random(len(people)) < 0.7])
            tables = came[: len(came) // 4 * 4].reshape(-1, 4)
            pairs += [np.sort(tables[:, list(pair)], axis=1) for pair in combinations(range(4), 2)]
    return np.unique(np.concatenate(pairs), axis=0)


def _make_never(random, people, cohort, by_cohort):
    """One pair per hundred people that must not meet."""
    never = set()
    for person in random.integers(0, people, 2 * max(1, people // 200)).tolist():
        others = by_cohort[cohort[person]]
        if len(others) > 3:
            other = int(random.choice(others))
            if other != person:
                never.add((min(person, other), max(person, other)))
    return never


def _make_must(random, newcomer, veteran, cohort, by_cohort, never):
    """Up to one newcomer per hundred people, each with a veteran of the same cohort."""
    used, must = set(), []
    for person in np.flatnonzero(newcomer)[: max(1, len(newcomer) // 100)].tolist():
        others = by_cohort[cohort[person]]
        others = others[veteran[others]]
        if len(others) < 4:
            continue
        other = int(random.choice(others))
        pair = (min(person, other), max(person, other))
        if not used & {person, other} and pair not in never:
            used |= {person, other}
            must.append((person, other))
    return must


def _make_rooms(random, offices, by_cohort, slack):
    """Meeting rooms for each office, and online meetings without limit for each time zone."""
    rooms = []
    for place, people in enumerate(by_cohort):
        if place < offices:
            count = max(2, int(np.ceil(len(people) / 4.7 * slack / (DAYS * 2))))
            seats = random.choice([4, 5, 6, 6], count, p=[0.3, 0.2, 0.35, 0.15])
            rooms += [(place, int(size)) for size in seats]
        else:
            rooms += [(place, 6)] * max(1, -(-len(people) // 20))
    place, seats = np.array(rooms).T
    hours = random.random((len(rooms), DAYS, 3)) > 0.2
    hours[place >= offices] = True
    cells = np.repeat(hours, 2, axis=2)
    free = (cells[:, :, :STARTS] & cells[:, :, 1:]).reshape(len(rooms), SLOTS)
    return Venues(seats, np.ones(len(rooms), np.int64), place, free)
