"""26 rounds in a real organisation: who meets whom, and how soon all departments have met.

The members of a European research institution (`email-Eu-core`, Stanford Network Analysis Project),
read in place. Its ties are people who write to each other; a *silo pair* is a pair of departments
between which there is no tie at all.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np

from scheduler.grouping.bridges import choose_bridges
from scheduler.grouping.engine import solve
from scheduler.grouping.problem import Problem, Ties, Venues
from tests.benchmarks.grouping.organisations import SLOTS, make_calendars

FOLDER = Path(__file__).parents[3].parent / "shared" / "data" / "organisation"
ROUNDS = 26
NEW, SILO, TEAM, AGAIN = 10, 200, -200, 300


@dataclass(frozen=True, eq=False)
class Real:
    department: np.ndarray
    ties: set[tuple[int, int]]
    silos: set[tuple[int, int]]


def read_organisation() -> Real:
    """People, ties and silo pairs."""
    with (FOLDER / "people.csv").open() as file:
        rows = {int(r["person"]): int(r["department"]) for r in csv.DictReader(file)}
    department = np.array([rows[p] for p in range(len(rows))])
    with (FOLDER / "ties.csv").open() as file:
        pairs = [(int(r["sender"]), int(r["recipient"])) for r in csv.DictReader(file)]
    ties = {(min(p), max(p)) for p in pairs if p[0] != p[1]}
    tied = {tuple(sorted((int(department[i]), int(department[j])))) for i, j in ties}
    silos = set(combinations(range(int(department.max()) + 1), 2)) - tied
    return Real(department, ties, silos)


def count_fewest_rounds(real: Real, size: int = 4) -> int:
    """A department of ``n`` people meets at most ``n (size - 1)`` others in a round."""
    sizes = np.bincount(real.department)
    degree = np.zeros(len(sizes), int)
    for a, b in real.silos:
        degree[a] += 1
        degree[b] += 1
    return max(math.ceil(d / (n * (size - 1))) for d, n in zip(degree, sizes, strict=True) if n)


def seat_at_random(real: Real, random, available):
    """Groups of four; with calendars, each in its first common slot or not at all."""
    people = random.permutation(len(real.department))
    groups = people[: len(people) // 4 * 4].reshape(-1, 4)
    if available is not None:
        groups = [g for g in groups if available[g].all(axis=0).any()]
    return [tuple(sorted(int(p) for p in g)) for g in groups]


def seat_by_engine(real: Real, times, bridged, available, seed, effort):
    """Our groups: silo pairs first, nobody twice."""
    n, departments = len(real.department), int(real.department.max()) + 1
    between = np.full((departments, departments), NEW, np.int64)
    np.fill_diagonal(between, TEAM)
    met = [(i, j, NEW) for i, j in real.ties if (i, j) not in times]
    met += [(i, j, AGAIN * count * count) for (i, j), count in times.items()]
    slots = 1 if available is None else available.shape[1]
    problem = Problem(
        available=np.ones((n, 1), bool) if available is None else available,
        start=(np.arange(slots) // 5) * 1440 + 30 * (np.arange(slots) % 5),
        minutes=60,
        venues=Venues(np.array([4]), np.array([n]), np.array([-1]), np.ones((1, slots), bool)),
        place=np.zeros(n, np.int64),
        waited=np.zeros(n, np.int64),
        pleasant=np.zeros(slots, np.int64),
        size_least=4,
        size_ideal=4,
        size_most=4,
        ties=Ties(real.department, between, np.zeros((0, 3), np.int64), np.array(met)),
        rules=(),
    )
    wanted = np.zeros((departments, departments), bool)
    for one, other in real.silos - bridged:
        wanted[one, other] = wanted[other, one] = True
    couples = choose_bridges(problem, wanted, SILO)
    problem = replace(problem, ties=replace(problem.ties, pairs=couples))
    return [g.members for g in solve(problem, seed=seed, effort=effort).groups]


def run_rounds(who: str, seed: int, *, calendars: bool, rounds: int = ROUNDS, effort: float = 1.0):
    """Shares of new pairs and of repeats, and silo pairs bridged, round by round."""
    real = read_organisation()
    random = np.random.default_rng([seed, 26])
    times: dict[tuple[int, int], int] = {}
    bridged: set[tuple[int, int]] = set()
    rows = []
    for number in range(rounds):
        available = None
        if calendars:
            remote = np.ones(len(real.department), bool)
            available = make_calendars(random, real.department, remote)[0]
            assert available.shape[1] == SLOTS
        groups = (
            seat_at_random(real, random, available)
            if who == "random"
            else seat_by_engine(real, times, bridged, available, seed + number, effort)
        )
        pairs = [pair for group in groups for pair in combinations(group, 2)]
        repeats = sum(pair in times for pair in pairs)
        fresh = 0
        for i, j in pairs:
            a, b = sorted((int(real.department[i]), int(real.department[j])))
            fresh += (i, j) not in times and (i, j) not in real.ties and a != b
            times[i, j] = times.get((i, j), 0) + 1
            if (a, b) in real.silos:
                bridged.add((a, b))
        rows.append(
            {
                "placed": sum(map(len, groups)), "pairs": len(pairs), "new": fresh,
                "repeats": repeats, "bridged": len(bridged),
            }
        )  # fmt: skip
    return rows


def summarise(rows) -> dict[str, float]:
    """The figures of the table."""
    pairs = sum(r["pairs"] for r in rows)
    total = len(read_organisation().silos)
    return {
        "placed": sum(r["placed"] for r in rows) / len(rows),
        "new_first": rows[0]["new"] / max(1, rows[0]["pairs"]),
        "new_all": sum(r["new"] for r in rows) / max(1, pairs),
        "repeats": sum(r["repeats"] for r in rows) / max(1, pairs),
        **{f"bridged_{k}": rows[k - 1]["bridged"] for k in (1, 6, 12, 26) if k <= len(rows)},
        "all_bridged": next((k + 1 for k, r in enumerate(rows) if r["bridged"] == total), 0),
    }
