"""Who waits, and how evenly seats are shared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.insights.history import Bools, Floats, History, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Sharing:
    """How everybody fared who asked for a seat in the chosen sittings.

    ``asked`` how often, ``seated`` how often they then had one, ``longest`` how many rounds of a
    programme they waited in a row at most. All of shape ``(a,)``; ``person`` says who.
    """

    person: Ints
    asked: Ints
    seated: Ints
    longest: Ints


def measure_sharing(history: History, sittings: Bools) -> Sharing:
    """Waits and seats over the chosen sittings; a round counts once, however many turns it has."""
    people = history.people
    asked, seated = np.zeros(people, np.int64), np.zeros(people, np.int64)
    longest = np.zeros(people, np.int64)
    groups = np.searchsorted(history.group_sitting, np.arange(history.sittings + 1))
    seats = history.group_first[groups]
    waiting = np.zeros((len(history.programmes), people), np.int64)
    for sitting in np.flatnonzero(sittings & (history.sitting_turn == 0)):
        first, last = history.asked_first[sitting], history.asked_first[sitting + 1]
        roster = np.zeros(people, np.bool_)
        roster[history.asked_person[first:last]] = True
        has_seat = np.zeros(people, np.bool_)
        has_seat[history.seat_person[seats[sitting] : seats[sitting + 1]]] = True
        asked += roster
        seated += roster & has_seat
        wait = waiting[history.sitting_programme[sitting]]
        wait[roster] += 1
        wait[has_seat] = 0
        np.maximum(longest, wait, out=longest)
    person = np.flatnonzero(asked)
    return Sharing(person, asked[person], seated[person], longest[person])


def gini(shares: Floats) -> float | None:
    """Gini coefficient: 0 everybody has the same, near 1 one has all. None where nobody has any.

    Half the mean absolute difference of two people over the mean, by the ranks of sorted shares.
    """
    total = float(shares.sum())
    if len(shares) == 0 or total == 0:
        return None
    count = len(shares)
    rank = np.arange(1, count + 1)
    return float((2 * rank - count - 1) @ np.sort(shares) / (count * total))


def jain(shares: Floats) -> float | None:
    """Jain's index: 1 everybody has the same, 1/n one has all. None where nobody has any.

    R. Jain, D. Chiu, W. Hawe, "A Quantitative Measure of Fairness and Discrimination for Resource
    Allocation in Shared Computer Systems", DEC TR-301, 1984.
    """
    squares = float((shares**2).sum())
    return None if squares == 0 else float(shares.sum() ** 2 / (len(shares) * squares))
