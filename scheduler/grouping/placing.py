"""Who takes which place in a schedule where nobody meets twice, if not everybody is always there.

A schedule has a place for everybody who is there at some time, and stays one when people leave it.
What remains is that tables stay as even as they can be, so in each turn those who are missing (and
places that nobody takes) must be missing at different tables; and that no two hosts ever meet, so
that each can have a table of their own. Both are found greedily, from several random starts: a
place is taken that leaves most others open to those who come next.
"""

from __future__ import annotations

from itertools import islice

import numpy as np
import numpy.typing as npt

from scheduler.grouping.designs import find_schedules

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SCHEDULES = 4
"""Schedules that are tried; one has too few people who never meet, another may not."""
STARTS = 10
LOOKED_AT = 24
"""Places that are compared."""


def place_people(
    present: Bools, seats: Ints, hosts: Ints, sizes: Ints, seed: int, effort: float
) -> Ints | None:
    """Seat people by a schedule in which nobody meets twice.

    Args:
        present: Who is there in which turn, ``(n, t)``.
        seats: Seats at each table.
        hosts: Who stays at each table, -1: nobody.
        sizes: How many sit at each table in each turn, ``(t, v)``, as even as can be; a turn's
            may change places.
        seed: Decides everything that is random.
        effort: The amount of work, 1 being usual.

    Returns:
        People by turn, table and seat, -1: an empty seat; ``None`` where none was found.
    """
    people, turns = present.shape
    tables = len(seats)
    if not people or not turns or not tables or int(np.ptp(sizes, axis=1).max(initial=0)) > 1:
        return None
    size = -(-people // tables)
    random = np.random.default_rng([seed, people, turns, tables])
    for schedule in islice(find_schedules(tables, size, turns, seed, effort), SCHEDULES):
        at = np.zeros((turns, tables * size), np.int64)
        np.put_along_axis(
            at, schedule.reshape(turns, -1), np.repeat(np.arange(tables), size)[None], axis=1
        )
        for _ in range(STARTS):
            place = _choose_places(at, present, hosts, tables, random)
            if place is None:
                continue
            seated = _fill_tables(at, place, present, seats, hosts)
            if seated is not None:
                return seated
            if present.all() and (hosts < 0).all() and people == tables * size:
                return None  # nothing to choose
    return None


def _choose_places(
    at: Ints, present: Bools, hosts: Ints, tables: int, random: np.random.Generator
) -> Ints | None:
    """The place of each person, if those who must not share a table can be kept apart.

    Args:
        at: The table of each place in each turn, ``(t, places)``.
        present: Who is there in which turn.
        hosts: Who stays at each table, -1: nobody.
        tables: How many there are.
        random: Random numbers.
    """
    turns, places = at.shape
    people = len(present)
    empty = places - people
    away = empty + (~present).sum(axis=0)
    most = -(-away // tables)
    missing = np.zeros((turns, tables), np.int64)
    hosted = np.zeros((turns, tables), np.int64)
    free = np.ones(places, np.bool_)
    place = np.full(people, -1, np.int64)
    everywhen = np.ones(turns, np.bool_)
    absent = np.flatnonzero(~present.all(axis=1))
    absent = absent[np.argsort(present[absent].sum(axis=1), kind="stable")]
    wanted = [(int(host), everywhen, hosted, np.ones_like(most)) for host in hosts if host >= 0]
    wanted += [(-1, everywhen, missing, most)] * empty
    wanted += [(int(person), ~present[person], missing, most) for person in absent]
    for person, when, taken, limit in wanted:
        full = taken[when] >= limit[when, None]
        tables_of = at[when]
        open_ = free & ~np.take_along_axis(full, tables_of, axis=1).any(axis=0)
        candidates = random.permutation(np.flatnonzero(open_))
        if not len(candidates):
            return None
        looked_at = candidates[:LOOKED_AT]
        shares = (tables_of[:, looked_at, None] == tables_of[:, None, candidates]).any(axis=0)
        chosen = int(looked_at[np.argmin(shares.sum(axis=1))])
        free[chosen] = False
        taken[when, at[when, chosen]] += 1
        if person >= 0:
            place[person] = chosen
    rest = np.flatnonzero(place < 0)
    place[rest] = random.permutation(np.flatnonzero(free))[: len(rest)]
    return place


def _fill_tables(at: Ints, place: Ints, present: Bools, seats: Ints, hosts: Ints) -> Ints | None:
    """The tables of each turn, hosts at theirs; ``None`` if they are too small or not even."""
    turns, tables = len(at), len(seats)
    filled = np.full((turns, tables, int(np.max(seats))), -1, np.int64)
    host = np.flatnonzero(hosts >= 0)
    for turn in range(turns):
        here = np.flatnonzero(present[:, turn])
        table = at[turn, place[here]]
        count = np.bincount(table, minlength=tables)
        if int(np.ptp(count)) > 1:
            return None
        position = np.full(tables, -1, np.int64)
        position[at[turn, place[hosts[host]]]] = host
        left = np.flatnonzero(position < 0)
        open_ = np.setdiff1d(np.arange(tables), host)
        largest = open_[np.argsort(-seats[open_], kind="stable")]
        position[left[np.argsort(-count[left], kind="stable")]] = largest
        if (count > seats[position]).any():
            return None
        for v in range(tables):
            members = here[position[table] == v]
            filled[turn, v, : len(members)] = members
    return filled
