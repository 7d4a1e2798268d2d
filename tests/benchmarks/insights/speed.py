"""How long the figures of five years of a company take, and how much memory.

python -m tests.benchmarks.insights.speed [PEOPLE]
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import sys
import time

# As the command does: threads that wait for each other cost twice the work and save no time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from scheduler.insights.figures import gather_figures
from scheduler.insights.history import UNKNOWN_DAY, YES, History, day_number
from scheduler.insights.suppress import decide_told, list_periods

ROUNDS = 130
FIRST = dt.date(2021, 10, 4)
TODAY = dt.date(2026, 11, 25)


def invent_history(people: int, seed: int = 0) -> History:
    """26 rounds a year in groups of four for five years; 16 ties a person from elsewhere.

    200 departments; 90 % sit down in a round and everybody who does says that they met.
    """
    rng = np.random.default_rng(seed)
    departments = min(200, people // 5)
    days = day_number(FIRST) + 14 * np.arange(ROUNDS)
    seated = people * 9 // 10 // 4 * 4
    seats = np.concatenate([rng.permutation(people)[:seated] for _ in range(ROUNDS)])
    sitting = np.repeat(np.arange(ROUNDS), seated // 4)
    known = np.sort(rng.integers(0, people, (8 * people, 2)), axis=1)
    known = np.unique(known[known[:, 0] < known[:, 1]], axis=0)
    return History(
        departments=tuple(f"Department {number}" for number in range(departments)),
        programmes=("cross-team-lunch",),
        department=rng.integers(0, departments, people).astype(np.int32),
        hired=days[0] + rng.integers(-3000, 1800, people),
        returned=np.full(people, UNKNOWN_DAY),
        sitting_programme=np.zeros(ROUNDS, np.int64),
        sitting_day=days,
        sitting_turn=np.zeros(ROUNDS, np.int64),
        group_sitting=sitting.astype(np.int32),
        group_day=days[sitting].astype(np.int32),
        group_first=4 * np.arange(len(sitting) + 1),
        seat_person=seats.astype(np.int32),
        seat_met=np.full(len(seats), YES, np.int8),
        seat_again=rng.integers(-1, 3, len(seats)).astype(np.int8),
        asked_first=people * np.arange(ROUNDS + 1),
        asked_person=np.tile(np.arange(people, dtype=np.int32), ROUNDS),
        known=known.astype(np.int32),
    )


def main() -> None:
    """Print one line."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    history = invent_history(people)
    began, worked = time.perf_counter(), time.process_time()
    began = time.perf_counter()
    figures = gather_figures(history, decide_told(history, list_periods(history, TODAY)))
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    pairs = figures.total.pairs if figures else 0
    print(  # noqa: T201 -- the tool's result
        f"{people:,} people, {ROUNDS} rounds, {pairs:,} pairs at one table: "
        f"{seconds:.1f} s ({worked:.1f} s of work), {peak:.2f} GiB"
    )


if __name__ == "__main__":
    main()
