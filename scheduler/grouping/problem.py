"""What the engine solves: people, slots and venues as arrays.

Indices stand for people (``n``), slots (``s``), venues (``v``) and departments (``d``)
throughout; names are given back by :mod:`scheduler.grouping.framing`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from scheduler.grouping.rules import Rule

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Venues:
    """Where groups can meet.

    ``seats[v]``: people at one table; ``tables[v]``: groups at the same time (a meeting room
    has one, a café several, online practically without limit); ``place[v]``: only people with
    the same ``Problem.place`` can meet there, -1: everybody can; ``free[v, s]``: usable in
    slot ``s`` at all.
    """

    seats: Ints
    tables: Ints
    place: Ints
    free: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Ties:
    """What a meeting of two people is worth, in whole points.

    A pair of people ``i, j`` who have not met is worth
    ``between[department[i], department[j]]`` plus what ``pairs`` adds for the pair itself
    (requests, shared interests, distance in the organisation). A pair in ``met`` is worth nothing
    and costs ``price``: the caller takes the square of the times met, so that repeats spread
    evenly, and lets it fade with time. A pair may be named in either order, and more than once:
    its points and prices add up. All integers, so that plans are equal on every machine.
    """

    department: Ints
    between: Ints  # (d, d), symmetric
    pairs: Ints  # (k, 3): i, j, points (may be negative)
    met: Ints  # (k, 3): i, j, price


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """One round to be grouped.

    ``available[n, s]``; ``start[s]`` in minutes since 1970 (UTC), ascending; ``minutes``: the
    length of every slot (two slots clash in a venue when their starts are less than that apart);
    ``place[n]``: the office, -1 for none; ``waited[n]``: rounds since the person last had a seat
    (who waited longest is placed first); ``pleasant[s]``: points for meeting in that slot;
    sizes as in the programme. ``size_points[k]`` is added to the value of every group of ``k``
    people, shape ``(size_most + 1,)``; ``None``: a tie's worth falls with the size of its group
    so that no size is worth more per person than another, else big tables would always win
    (see :func:`scheduler.grouping.encoding.make_size_points`). ``fixed`` groups stay as they
    are, their people and tables are taken.

    The objective, in this order: hard rules hold; as many people placed as can be; those who
    waited longest; the value of ties less what soft rules cost (one currency: a weight says how
    many points a violation is worth); pleasant times, ideal sizes, few slots.
    """

    available: Bools
    start: Ints
    minutes: int
    venues: Venues
    place: Ints
    waited: Ints
    pleasant: Ints
    size_least: int
    size_ideal: int
    size_most: int
    ties: Ties
    rules: tuple[Rule, ...] = ()
    fixed: tuple[Seating, ...] = field(default=())
    size_points: Ints | None = None


@dataclass(frozen=True, slots=True)
class Seating:
    """One group in indices: its members (ascending), slot and venue."""

    members: tuple[int, ...]
    slot: int
    venue: int
