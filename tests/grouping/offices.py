"""An office for tests: teams, calendars, rooms, history and one rule of each kind."""

from __future__ import annotations

import numpy as np

from scheduler.grouping.problem import Problem, Ties, Venues
from scheduler.grouping.rules import (
    Apart,
    AtLeast,
    AtMost,
    AtMostOfOne,
    CommonBit,
    CommonHours,
    LevelSpread,
    Same,
    Together,
)


def make_office(people, seed, slots=20):
    """Two offices, a table per ten people, groups of 3 to 5, hard and soft rules."""
    random = np.random.default_rng(seed)
    teams = max(8, people // 12)
    team = random.integers(0, teams, people)
    place = random.integers(0, 2, people)
    newcomer = random.random(people) < 0.15
    rooms = max(4, people // 12)
    pairs = random.integers(0, people, (people, 2))
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    met, never = pairs[: people // 2], pairs[people // 2 : people // 2 + people // 20]
    fresh = np.flatnonzero(newcomer)[: max(1, people // 50)]
    old = np.flatnonzero(~newcomer)
    buddies = [
        (a, next(b for b in old.tolist() if place[b] == place[a] and team[b] != team[a] and b % 7))
        for a in fresh[:1].tolist()
    ]
    day = np.arange(slots) // 4
    opens = np.repeat((day * 1440)[None, ::4] + 480, people, axis=0)
    opens = opens + 30 * random.integers(0, 3, people)[:, None]
    speaks = (1 + 2 * (random.random(people) < 0.3)).astype(np.uint64)
    speaks[random.random(people) < 0.03] = 2
    rules = (
        AtMostOfOne("team", team, 1),
        AtLeast("veteran", ~newcomer, 1, when=newcomer),
        AtMost("newcomers", newcomer, 2),
        Apart("never", never),
        Together("buddies", np.array(buddies).reshape(-1, 2)),
        LevelSpread("levels", random.integers(0, 5, people), at_most=3),
        LevelSpread("mixed levels", random.integers(0, 5, people), at_least=1, weight=2),
        CommonBit("language", speaks),
        CommonHours("hours", opens, opens + 480, day, 360),
        Same("floor", random.integers(-1, 3, people), weight=1),
    )
    between = random.integers(5, 15, (teams, teams))
    return Problem(
        available=random.random((people, slots)) < 0.45,
        start=np.repeat(np.arange(slots // 4) * 1440, 4)
        + np.tile(np.arange(4) * 30 + 690, slots // 4),
        minutes=60,
        venues=Venues(
            random.integers(4, 7, rooms),
            np.ones(rooms, np.int64),
            np.arange(rooms) % 2,
            random.random((rooms, slots)) < 0.8,
        ),
        place=place,
        waited=random.integers(0, 4, people),
        pleasant=random.integers(0, 4, slots),
        size_least=3,
        size_ideal=4,
        size_most=5,
        ties=Ties(
            team,
            between + between.T,
            np.column_stack([pairs[-20:], np.full(len(pairs[-20:]), 25)]),
            np.column_stack([met, np.full(len(met), 30)]),
        ),
        rules=rules,
        size_points=np.array([0, 0, 0, 0, -20, -60]),
    )
