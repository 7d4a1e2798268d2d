"""How many people somebody met in their first weeks, whether new or back after a time away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.insights.history import Bools, Held, History, Index, Ints

NEVER = 32_000
HORIZONS = (30, 60, 90)
"""Days since the first day, as HR looks at onboarding."""


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """People whose first ``HORIZONS[-1]`` days are over, and whom they met in them.

    ``contacts[h, a]``: different people met through programmes within ``HORIZONS[h]`` days;
    ``outside[h, a]``: those of another department; ``start[a]``: the first day; ``person[a]``.
    ``met_after[a, r]``: days from there to each sitting in which they met somebody, else ``NEVER``.
    """

    person: Ints
    start: Ints
    contacts: Ints
    outside: Ints
    met_after: npt.NDArray[np.int16]


def measure_arrivals(history: History, held: Held, start: Ints, since: int, until: int) -> Arrivals:
    """Contacts of people whose ``start[n]`` is at or after ``since`` (days since 1970).

    Only people whose last horizon ends before ``until``: a figure after 30 days and one after 90
    are then about the same people. ``start`` is ``history.hired`` or ``history.returned``.
    """
    chosen = (start >= since) & (start + HORIZONS[-1] < until)
    person = np.flatnonzero(chosen)
    place = np.cumsum(chosen) - 1
    seats, after = _early_seats(history, held, start, chosen)
    one, other, days = _early_contacts(held, seats, after)
    across = history.department[one] != history.department[other]
    contacts, outside = (
        np.array(
            [
                np.bincount(place[one[kept & (days <= horizon)]], minlength=len(person))
                for horizon in HORIZONS
            ]
        ).reshape(len(HORIZONS), len(person))
        for kept in (np.ones(len(one), np.bool_), across)
    )
    met_after = np.full((len(person), history.sittings), NEVER, np.int16)
    met_after[place[held.person[seats]], history.group_sitting[held.group[seats]]] = after
    return Arrivals(person, start[person], contacts, outside, met_after)


def _early_seats(history: History, held: Held, start: Ints, chosen: Bools) -> tuple[Ints, Ints]:
    """Seats of chosen people in their first days, and after how many; day 0 is the first."""
    seats = np.flatnonzero(chosen[held.person])
    after = history.group_day[held.group[seats]] - start[held.person[seats]]
    early = (after >= 0) & (after <= HORIZONS[-1])
    return seats[early], after[early]


def _early_contacts(held: Held, seats: Ints, after: Ints) -> tuple[Index, Index, Ints]:
    """Whom each met at these seats: the person, the other, the days; each pair at its earliest."""
    group = held.group[seats]
    size = held.first[group + 1] - held.first[group]
    mate = np.repeat(held.first[group], size) + _count_up(size)
    one, other = np.repeat(held.person[seats], size), held.person[mate]
    days = np.repeat(after, size)
    real = one != other
    one, other, days = one[real], other[real], days[real]
    order = np.lexsort((days, other, one))
    one, other, days = one[order], other[order], days[order]
    new = np.ones(len(one), np.bool_)
    new[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
    return one[new], other[new], days[new]


def _count_up(sizes: Ints) -> Ints:
    """0, 1, ... size - 1 for each size, one after another."""
    ends = np.cumsum(sizes)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - sizes, sizes)
