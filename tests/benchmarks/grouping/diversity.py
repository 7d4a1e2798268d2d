"""Grouping alone: maximally diverse groups, beside a published method, by the clock.

Instances by the published rules of the library of the problem: ``RanInt``, distances of whole
numbers drawn evenly from 0 to 100; ``RanReal``, the same with reals; ``Geo``, Euclidean distances
of points with coordinates drawn evenly from 0 to 10 in 2 to 21 dimensions. Groups of equal size.
The opponent is the iterated local search of the literature in its plainest form: descent by
insertion and swap from a random start, then a few random swaps, again and again. No "best known"
value is claimed: the tables that were found are weak.
"""

from __future__ import annotations

import time

import numpy as np

from scheduler.grouping.engine import solve
from scheduler.grouping.problem import Problem, Ties, Venues

SIZES = {120: 12, 240: 12, 480: 24}
SCALE = 100


def make_distances(family: str, n: int, seed: int) -> np.ndarray:
    random = np.random.default_rng([seed, n])
    if family == "Geo":
        points = random.uniform(0, 10, (n, int(random.integers(2, 22))))
        return np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    values = random.uniform(0, 100, (n, n))
    if family == "RanInt":
        values = np.floor(values * 1.01)
    values = np.triu(values, 1)
    return values + values.T


def solve_ours(distance: np.ndarray, size: int, effort: float) -> tuple[float, float]:
    """Value and CPU seconds; every person is a department of their own."""
    n = len(distance)
    problem = Problem(
        available=np.ones((n, 1), bool), start=np.zeros(1, np.int64), minutes=60,
        venues=Venues(np.array([size]), np.array([n]), np.array([-1]), np.ones((1, 1), bool)),
        place=np.zeros(n, np.int64), waited=np.zeros(n, np.int64), pleasant=np.zeros(1, np.int64),
        size_least=size, size_ideal=size, size_most=size,
        ties=Ties(np.arange(n), np.round(distance * SCALE).astype(np.int64),
                  np.zeros((0, 3), np.int64), np.zeros((0, 3), np.int64)),
        size_points=np.zeros(size + 1, np.int64),
    )  # fmt: skip
    begin = time.process_time()
    groups = solve(problem, workers=1, effort=effort).groups
    seconds = time.process_time() - begin
    return sum(distance[np.ix_(g.members, g.members)].sum() / 2 for g in groups), seconds


def solve_iterated(distance: np.ndarray, size: int, seconds: float, seed: int) -> float:
    """Iterated local search with swaps, by the CPU clock."""
    random = np.random.default_rng(seed)
    n = len(distance)
    best = -np.inf
    end = time.process_time() + seconds
    group = random.permutation(n) // size
    while time.process_time() < end:
        one = np.eye(n // size)[group]
        tie = distance @ one  # what each person has in each group
        improved = True
        while improved and time.process_time() < end:
            improved = False
            for i in range(n):
                gain = tie[i, group] + tie[:, group[i]] - tie[i, group[i]]
                gain -= tie[np.arange(n), group] + 2 * distance[i]
                gain[group == group[i]] = 0
                j = int(np.argmax(gain))
                if gain[j] > 1e-9:
                    a, b = group[i], group[j]
                    tie[:, a] += distance[:, j] - distance[:, i]
                    tie[:, b] += distance[:, i] - distance[:, j]
                    group[i], group[j] = b, a
                    improved = True
        same = group[:, None] == group[None]
        value = distance[same].sum() / 2
        if value > best:
            best, kept = value, group.copy()
        group = kept.copy()
        for _ in range(max(2, n // 20)):
            i, j = random.choice(n, 2, replace=False)
            group[i], group[j] = group[j], group[i]
    return float(best)


def compare(family: str, n: int, seed: int, effort: float) -> dict[str, float]:
    """Ours by fixed work, then the other with as much CPU time."""
    distance = make_distances(family, n, seed)
    ours, seconds = solve_ours(distance, SIZES[n], effort)
    other = solve_iterated(distance, SIZES[n], seconds, seed)
    return {"family": family, "n": n, "seed": seed, "ours": ours, "other": other, "cpu": seconds}
