"""How many turns are known to be possible without anybody meeting twice.

The social golfer problem: so many tables of so many seats, all of them full in each turn. For up to
six tables, and for seven of up to four seats, the figures are proven to be the most (OEIS A107431).
So are those that counting allows no more than: everybody meets ``size - 1`` others in a turn. The
rest is the most that published constructions give, as collected for ten tables and seats in
github.com/guwidoe/GroupMixer (March 2026; W. Harvey's results page, and A. Miller, I. Valkov and
R. J. R. Abel, "Combinatorial Solutions to the Social Golfer Problem", Symmetry 18 (2026) 269).
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from scheduler.grouping.problem import Ties
from scheduler.grouping.rotations import Rotation, plan_rotation

KNOWN_TURNS = {
    2: (3,),
    3: (5, 4),
    4: (7, 4, 5),
    5: (9, 7, 5, 6),
    6: (11, 8, 7, 6, 3),
    7: (13, 10, 9, 7, 7, 8),
    8: (15, 11, 10, 8, 8, 8, 9),
    9: (17, 13, 11, 9, 9, 9, 9, 10),
    10: (19, 14, 13, 9, 7, 7, 5, 5, 4),
}
"""By tables, for two seats, three and so on. With more seats than tables one turn is the most."""

PROVEN = {(7, 3), (7, 4)} | {(tables, size) for tables in range(2, 7) for size in range(2, 7)}


def list_known() -> list[tuple[int, int, int]]:
    """Tables, seats and turns of all of them."""
    return [
        (tables, size, turns)
        for tables, row in KNOWN_TURNS.items()
        for size, turns in enumerate(row, 2)
    ]


def is_most(tables: int, size: int, turns: int) -> bool:
    """Whether no schedule has more turns, by proof or by counting."""
    return (tables, size) in PROVEN or (turns + 1) * (size - 1) > tables * size - 1


@dataclass(frozen=True, slots=True)
class Seated:
    """What the engine made of so many tables, seats and turns, counted from its tables."""

    distinct: int
    possible: int
    repeats: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Reached:
    """The most turns without repeats; ``seconds`` for as many as are known, or as were reached."""

    turns: int
    known: int
    seconds: float
    most: bool


def seat(tables: int, size: int, turns: int) -> Seated:
    """Full tables, everybody alike, no rules."""
    people = tables * size
    none = np.zeros((0, 3), np.int64)
    ties = Ties(np.arange(people), np.ones((people, people), np.int64), none, none)
    begin = time.process_time()
    plan = plan_rotation(Rotation(np.ones((people, turns), bool), np.full(tables, size), ties))
    seconds = time.process_time() - begin
    times = Counter(pair for turn in plan.turns for m in turn for pair in combinations(m, 2))
    for turn in plan.turns:
        assert sorted(p for m in turn for p in m) == list(range(people))
        assert {len(m) for m in turn} == {size}
    return Seated(len(times), plan.distinct_bound, times.total() - len(times), seconds)


def reach_known(*, beyond: bool) -> dict[tuple[int, int], Reached]:
    """For each number of tables and seats the most turns in which nobody meets twice.

    ``beyond``: whether to try more turns than are known where nothing forbids them.
    """
    reached = {}
    for tables, size, known in list_known():
        turns = known
        while (seated := seat(tables, size, turns)).repeats:
            turns -= 1
        seconds = seated.seconds
        while turns >= known and beyond and not is_most(tables, size, turns):
            if seat(tables, size, turns + 1).repeats:
                break
            turns += 1
        reached[tables, size] = Reached(turns, known, seconds, is_most(tables, size, turns))
    return reached


def describe(reached: Reached | None) -> str:
    """The turns, and what is known where that differs."""
    if reached is None:
        return ""
    known = "" if reached.turns == reached.known else f" ({reached.known})"
    return f"{reached.turns}{'*' if reached.most else ''}{known}"
