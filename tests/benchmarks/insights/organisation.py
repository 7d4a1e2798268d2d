"""The organisation of the study, and its people's lunch hours."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).parents[3]
REAL = ROOT.parent / "shared" / "data" / "organisation"
DAYS, STARTS = 10, 5
"""A round's slots: ten working days, lunch from 11:30, 12:00 ... 13:30, an hour each."""


@dataclass(frozen=True, slots=True, eq=False)
class Organisation:
    """``department[n]`` by number, and ``ties[k, 2]`` that are there before the first round."""

    department: npt.NDArray[np.int64]
    ties: npt.NDArray[np.int64]

    @property
    def people(self) -> int:
        """How many there are."""
        return len(self.department)


def read_organisation(folder: Path = REAL) -> Organisation:
    """``people.csv`` and ``ties.csv``: undirected, each tie once, nobody tied to themselves."""
    with (folder / "people.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    number = {row["person"]: place for place, row in enumerate(rows)}
    with (folder / "ties.csv").open(encoding="utf-8", newline="") as file:
        pairs = {
            tuple(sorted((number[row["sender"]], number[row["recipient"]])))
            for row in csv.DictReader(file)
            if row["sender"] != row["recipient"]
        }
    return Organisation(np.array([int(row["department"]) for row in rows]), np.array(sorted(pairs)))


def invent_lunch_hours(organisation: Organisation, rounds: int, seed: int) -> npt.NDArray[np.bool_]:
    """``[round, person, slot]``: whether somebody is free for lunch.

    Distributed like the organisations of the grouping benchmark: a person is busy 35 to 60 % of
    the day and less at noon, with runs of busy half-hours, and what keeps one busy is 40 % shared
    in the department; 8 % work part-time, and in any round 12 % are on leave for some days.
    """
    rng = np.random.default_rng([seed, 77])
    people, half_hours = organisation.people, STARTS + 1
    departments = int(organisation.department.max()) + 1
    wanted = rng.uniform(0.35, 0.60, people) * 0.62
    below = np.array([NormalDist().inv_cdf(share) for share in wanted])
    part_time = rng.random(people) < 0.08
    away = rng.integers(0, 5, (people, 2))
    free = np.zeros((rounds, people, DAYS * STARTS), np.bool_)
    for number in range(rounds):
        shape = (DAYS, half_hours)
        shared = _runs(rng, (departments, *shape))[organisation.department]
        mood = np.sqrt(0.4) * shared + np.sqrt(0.6) * _runs(rng, (people, *shape))
        idle = mood >= below[:, None, None]
        present = np.ones((people, DAYS), np.bool_)
        for day in range(DAYS):
            present[part_time & (away == day % 5).any(axis=1), day] = False
        leave = rng.random(people) < 0.12
        first, length = rng.integers(0, DAYS, people), rng.integers(1, DAYS + 1, people)
        days = np.arange(DAYS)
        present &= ~(leave[:, None] & (days >= first[:, None]) & (days < (first + length)[:, None]))
        hour = idle[:, :, :-1] & idle[:, :, 1:] & present[:, :, None]
        free[number] = hour.reshape(people, -1)
    return free


def _runs(rng: np.random.Generator, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Standard normal values, each like the one before it (correlation 0.7) along the last axis."""
    values = rng.standard_normal(shape)
    for step in range(1, shape[-1]):
        values[..., step] = 0.7 * values[..., step - 1] + np.sqrt(1 - 0.49) * values[..., step]
    return values
