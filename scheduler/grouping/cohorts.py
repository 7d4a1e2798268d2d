"""Parts of a problem that cannot meet and share no table: they are solved apart, in parallel.

Two people belong to one cohort if they are free in one slot for one venue, directly or through
others. Venues that can run short tie all who use them together; a venue with more tables than its
people could ever fill ties only those together who are free at the same time.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scheduler.grouping.encoding import Cohort, Ints, order_people
from scheduler.grouping.problem import Problem
from scheduler.grouping.rules import Same


def split_into_cohorts(
    problem: Problem, people: Ints, units: list[list[int]], reachable: npt.NDArray[np.bool_]
) -> tuple[Cohort, ...]:
    """The cohorts of ``people``, those with the lowest person first.

    Args:
        problem: The whole problem.
        people: Who can have a seat at all, ascending, without anybody in fixed groups.
        units: Sets of people bound together; all in ``people`` or none.
        reachable: From :func:`scheduler.grouping.screening.screen_people`.
    """
    places = np.asarray(problem.place)
    venues = problem.venues
    slots = problem.available.shape[1]
    # Nodes: people, then (place, slot) for the local venues of a place, then (slot) for the rest.
    known = sorted(set(places[people].tolist()))
    number = {place: index for index, place in enumerate(known)}
    n = problem.available.shape[0]
    enough = max(1, len(people) // max(1, problem.size_least))
    edges: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]] = []
    codes = [np.asarray(r.code) for r in problem.rules if isinstance(r, Same) and r.weight is None]
    kinds = np.zeros(n, np.int64)
    for code in codes:  # people of different codes never share a group, only a scarce table
        kinds = np.unique(kinds * (int(code.max(initial=0)) + 2) + code + 1, return_inverse=True)[1]
    width = int(kinds.max(initial=0)) + 1
    local_base, global_base = n, n + len(known) * slots * width
    size = global_base + slots * width
    for place in [-1, *[p for p in known if p >= 0]]:
        rows = np.flatnonzero((np.asarray(venues.place) == place) & (np.asarray(venues.tables) > 0))
        if rows.size == 0:
            continue
        those = people if place < 0 else people[places[people] == place]
        if those.size == 0:
            continue
        open_ = np.asarray(venues.free)[rows].any(axis=0)
        scarce = bool((np.asarray(venues.tables)[rows] < enough).any())
        base = global_base if place < 0 else local_base + number[place] * slots * width
        at, when = np.nonzero(problem.available[those] & open_)
        if scarce:
            # One shortage joins all who use these venues at any time: tables clash across slots.
            edges.append((those[at], np.full(at.shape, base)))
        else:
            edges.append((those[at], base + when * width + kinds[those[at]]))
    edges += [(np.array(unit[1:]), np.full(len(unit) - 1, unit[0])) for unit in units]
    labels = _label(size, edges)[people]
    cohorts = []
    _, first = np.unique(labels, return_index=True)
    order = np.argsort(labels, kind="stable")
    sorted_labels = labels[order]
    for label in labels[np.sort(first)].tolist():
        low, high = np.searchsorted(sorted_labels, [label, label + 1])
        those = order_people(people[np.sort(order[low:high])], units)
        here = np.unique(places[those])
        local = np.isin(np.asarray(venues.place), here[here >= 0])
        rooms = np.flatnonzero(
            (local | (np.asarray(venues.place) < 0)) & (np.asarray(venues.tables) > 0)
        )
        when = np.flatnonzero(reachable[those].any(axis=0))
        rooms = rooms[np.asarray(venues.free)[np.ix_(rooms, when)].any(axis=1)]
        cohorts.append(Cohort(those, when, rooms))
    return tuple(cohorts)


def _label(size: int, edges: list[tuple[Ints, Ints]]) -> Ints:
    """Connected components by hooking and shortcutting (Shiloach and Vishkin 1982)."""
    label = np.arange(size, dtype=np.int64)
    if not edges:
        return label
    first = np.concatenate([a for a, _ in edges]).astype(np.int64)
    second = np.concatenate([b for _, b in edges]).astype(np.int64)
    while True:
        low = np.minimum(label[first], label[second])
        before = label.copy()
        np.minimum.at(label, label[first], low)
        np.minimum.at(label, label[second], low)
        np.minimum.at(label, first, low)
        np.minimum.at(label, second, low)
        while True:
            shorter = label[label]
            if np.array_equal(shorter, label):
                break
            label = shorter
        if np.array_equal(before, label):
            return label
