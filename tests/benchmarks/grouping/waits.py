"""Twelve rounds of one organisation: how long anybody waits for a seat.

Every round has new calendars over the same people, teams and rooms; who has met counts on.
Somebody who has no free hour in a round, or is out, neither waits in it nor has a seat.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from tests.benchmarks.grouping.measure import ENTRANTS
from tests.benchmarks.grouping.organisations import (
    REPEAT_PRICE,
    count_offices,
    make_calendars,
    make_organisation,
)

ROUNDS = 12
SLOW = ("whole model in CP-SAT", "cheapest pairs, then a slot")
"""Methods that would take minutes for a round."""


@dataclass(frozen=True)
class Waits:
    """``worst``: the most rounds in a row without a seat; ``shares``: of those who were free
    somewhere, how many had a seat, by round; ``spread``: seats of the person with most and with
    fewest, of those who were free in all rounds; ``repeats``: pairs who met more than once."""

    worst: int
    shares: tuple[float, ...]
    spread: tuple[int, int]
    repeats: int


def run_rounds(entrant: str, people: int, slack: float, seed: int, rounds: int = ROUNDS) -> Waits:
    """Plan round after round, each knowing those before."""
    organisation = make_organisation(people, seed, slack)
    problem = organisation.problem
    remote = problem.place >= count_offices(people)
    out = ~problem.available.any(axis=1)
    met = {(min(a, b), max(a, b)): 1 for a, b in problem.ties.met[:, :2].tolist()}
    before = len(met)
    waited = np.zeros(people, np.int64)
    seats = np.zeros(people, np.int64)
    free_always = ~out
    worst, repeats, shares = 0, 0, []
    random = np.random.default_rng([seed, 12])
    for number in range(rounds):
        available = make_calendars(random, organisation.team, remote)[0] & ~out[:, None]
        price = np.array([(a, b, REPEAT_PRICE * n * n) for (a, b), n in met.items()], np.int64)
        this = replace(
            problem,
            available=available,
            waited=waited.copy(),
            ties=replace(problem.ties, met=price.reshape(-1, 3)),
        )
        plan = ENTRANTS[entrant](this, seed + number, 60)
        seated = np.zeros(people, bool)
        for group in getattr(plan, "groups", plan):
            seated[list(group.members)] = True
            for pair in combinations(sorted(group.members), 2):
                repeats += pair in met
                met[pair] = met.get(pair, 0) + 1
        free = available.any(axis=1)
        free_always &= free
        waited[free] += 1
        waited[seated] = 0
        seats += seated
        worst = max(worst, int(waited.max()))
        shares.append(float(seated.sum() / max(1, free.sum())))
    assert len(met) >= before
    counted = seats[free_always]
    return Waits(worst, tuple(shares), (int(counted.max()), int(counted.min())), repeats)
