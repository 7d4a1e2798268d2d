"""Who can have a seat at all, before anything is searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.grouping.encoding import Ints
from scheduler.grouping.problem import Problem, Seating
from scheduler.grouping.solution import Unplaced


@dataclass(frozen=True, slots=True, eq=False)
class Screened:
    """Who remains, and why the others do not.

    ``reachable[n, s]``: person ``n`` can meet somebody in slot ``s``; ``out``: those who cannot
    have a seat, by person.
    """

    people: Ints
    units: list[list[int]]
    reachable: npt.NDArray[np.bool_]
    out: dict[int, Unplaced]


def make_load(problem: Problem, groups: Sequence[Seating] | None = None) -> Ints:
    """Tables that groups (fixed ones if ``None``) take, shape ``(v, s)``.

    A group takes its table also in the slots that its own clashes with.
    """
    start = np.asarray(problem.start, np.int64)
    low = np.searchsorted(start, start, side="left")
    high = np.searchsorted(start, start + problem.minutes, side="left")
    load = np.zeros(problem.venues.free.shape, np.int64)
    for seating in problem.fixed if groups is None else groups:
        load[seating.venue, low[seating.slot] : high[seating.slot]] += 1
    return load


def find_reachable(problem: Problem) -> npt.NDArray[np.bool_]:
    """``[n, s]``: person ``n`` is free in slot ``s`` and a venue for them is open then."""
    venues = problem.venues
    open_ = np.asarray(venues.free) & (np.asarray(venues.seats) >= problem.size_least)[:, None]
    open_ &= (np.asarray(venues.tables) > 0)[:, None]
    everywhere = open_[np.asarray(venues.place) < 0].any(axis=0)
    places = np.asarray(problem.place)
    reachable: npt.NDArray[np.bool_] = np.array(problem.available) & everywhere
    for place in np.unique(places[places >= 0]).tolist():
        here = open_[np.asarray(venues.place) == place].any(axis=0)
        rows = places == place
        reachable[rows] |= np.asarray(problem.available)[rows] & here
    return reachable


def _find_crowded(
    problem: Problem, reachable: npt.NDArray[np.bool_], inside: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """``reachable``, less the slots in which too few others could come to the same venues."""
    venues = problem.venues
    free = np.asarray(venues.free) & (np.asarray(venues.tables) > 0)[:, None]
    everywhere = free[np.asarray(venues.place) < 0].any(axis=0)
    places = np.asarray(problem.place)
    here = reachable & inside[:, None]
    crowded = here & everywhere & (here.sum(axis=0) >= problem.size_least)
    for place in np.unique(places[places >= 0]).tolist():
        rows = (places == place) & inside
        local = free[np.asarray(venues.place) == place].any(axis=0)
        crowded[rows] |= here[rows] & local & (here[rows].sum(axis=0) >= problem.size_least)
    result: npt.NDArray[np.bool_] = crowded
    return result


def _keep_units(
    problem: Problem,
    units: list[list[int]],
    inside: npt.NDArray[np.bool_],
    reachable: npt.NDArray[np.bool_],
    out: dict[int, Unplaced],
) -> list[list[int]]:
    """The units that can come as a whole; ``inside``, ``reachable`` and ``out`` are changed."""
    kept = []
    for unit in units:
        together = reachable[unit].all(axis=0)
        if inside[unit].all() and together.any() and len(unit) <= problem.size_most:
            reachable[unit] = together
            kept.append(unit)
            continue
        for person in unit:
            if inside[person]:
                out[person] = Unplaced(person, "rules")
                inside[person] = False
    return kept


def screen_people(problem: Problem, units: list[list[int]]) -> Screened:
    """Set aside who can have no seat, whatever the plan: no slot, no venue, nobody to meet.

    People bound together share the fate of each: they need a slot in which all of them can come.
    Those who cannot are ``rules``, without names: which rules is found out when all is planned.
    """
    n = problem.available.shape[0]
    out: dict[int, Unplaced] = {}
    inside = np.ones(n, np.bool_)
    for group in problem.fixed:
        inside[list(group.members)] = False
    reachable = find_reachable(problem)
    free = np.asarray(np.any(problem.available, axis=1))
    for person in np.flatnonzero(inside & ~reachable.any(axis=1)).tolist():
        out[person] = Unplaced(person, "no_venue" if free[person] else "no_slot")
        inside[person] = False
    unbound = _find_crowded(problem, reachable, inside)
    kept = _keep_units(problem, units, inside, reachable, out)
    reachable &= inside[:, None]
    while True:
        crowded = _find_crowded(problem, reachable, inside)
        for unit in kept:
            crowded[unit] = crowded[unit].all(axis=0)
        lonely = np.asarray(inside & ~crowded.any(axis=1))
        if not lonely.any():
            break
        for person in np.flatnonzero(lonely).tolist():
            # Enough others are free, and those who are bound to somebody cannot come.
            out[person] = Unplaced(person, "rules" if unbound[person].any() else "too_few")
        inside &= ~lonely
        reachable &= inside[:, None]
        kept = [unit for unit in kept if inside[unit[0]]]
    return Screened(np.flatnonzero(inside), kept, crowded, out)
