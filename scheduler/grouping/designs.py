"""Schedules in which no two people meet twice, built from the mathematics of designs.

*Lines of a plane*: with a prime number ``g`` of tables and at most ``g`` seats, seat point
``(x, y)`` in turn ``a`` at table ``y - a x (mod g)``. Two points lie on one line at most, so no
pair meets twice in ``g`` turns (an affine plane, cut to its first columns).

*Cyclic development*: number all but a few people as ``(orbit, place)`` with places modulo the
number of turns, and let turn ``t`` be turn 0 with every place moved on by ``t``. A pair of turn 0
then stands for all pairs of the same difference, so no pair meets twice exactly if the pairs of
turn 0 have different differences (Bose's method of mixed differences, 1939). What is left is to
find one turn instead of all, which a short annealing does even for schedules that a search over
all turns never finds.
"""

# ruff: noqa: C901, PLR0912 -- kernels: a call between them costs compile time

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scheduler.grouping.search import CHANCE

Ints = npt.NDArray[np.int64]

TRIES = 24
"""Starts of the annealing for each number of people that stay put."""
MOVES = 400_000


def make_schedule(tables: int, size: int, turns: int, seed: int) -> Ints | None:
    """Tables of ``size`` people over ``turns`` in which no pair meets twice, if one is found.

    Returns:
        People by turn, table and seat, shape ``(turns, tables, size)``; ``None`` where counting
        forbids it or none was found.
    """
    people = tables * size
    if size < 2 or turns * (size - 1) > people - 1 or (turns > 1 and size > tables):
        return None
    if tables > 1 and turns <= tables and all(tables % d for d in range(2, tables)):
        return _draw_lines(tables, size, turns)
    for longer in range(turns, turns + 3):
        for count in range(1, 5):
            if longer * (size - 1) > people - 1 or longer % count or longer // count < 2:
                continue
            starters = _find_starters(tables, size, longer // count, count, seed)
            if starters is not None:
                return _develop(starters, longer // count)[:turns]
    return None


def _draw_lines(tables: int, size: int, turns: int) -> Ints:
    """The lines of the first ``turns`` slopes over the integers modulo a prime."""
    schedule = np.zeros((turns, tables, size), np.int64)
    for slope in range(turns):
        for start in range(tables):
            for x in range(size):
                schedule[slope, start, x] = x * tables + (slope * x + start) % tables
    return schedule


def _develop(starters: Ints, modulus: int) -> Ints:
    """The turns that follow from each of the starters by moving every place on."""
    people = starters[0].size
    moving = people // modulus * modulus
    turn = np.arange(modulus)[:, None, None, None]
    orbit, place = starters // modulus, starters % modulus
    moved = np.where(starters < moving, orbit * modulus + (place + turn) % modulus, starters)
    return moved.reshape(-1, *starters.shape[1:])


def number_differences(people: int, modulus: int) -> tuple[Ints, int]:
    """The difference of each pair, numbered from 1; 0: a pair that comes back while developing.

    Returns:
        The numbers ``(people, people)`` and how many there are.
    """
    orbits = people // modulus
    moving = orbits * modulus
    first, second = np.indices((people, people))
    low, high = np.minimum(first, second), np.maximum(first, second)
    step = (high % modulus - low % modulus) % modulus
    orbit_low, orbit_high = low // modulus, high // modulus
    pure = np.minimum(step, modulus - step)
    base = people * (orbits + 2) * modulus
    key = (orbit_low * (orbits + 2) + orbit_high) * modulus + step
    key = np.where(orbit_low == orbit_high, base + orbit_low * modulus + pure, key)
    stays = (low < moving) & (high >= moving)
    key = np.where(stays, 2 * base + high * (orbits + 2) + orbit_low, key)
    useless = (low == high) | (low >= moving)
    useless |= (high < moving) & (orbit_low == orbit_high) & (2 * pure == modulus)
    values, numbers = np.unique(np.where(useless, -1, key), return_inverse=True)
    return numbers.reshape(people, people).astype(np.int64), len(values) - 1


def _find_starters(tables: int, size: int, modulus: int, count: int, seed: int) -> Ints | None:
    """Turns whose pairs all have different differences, by annealing."""
    people = tables * size
    if people < modulus:
        return None
    numbers, kinds = number_differences(people, modulus)
    if kinds < count * tables * size * (size - 1) // 2:
        return None
    random = np.random.default_rng([seed, tables, size, modulus])
    for _ in range(TRIES):
        seating = np.concatenate([random.permutation(people) for _ in range(count)])
        seating = seating.astype(np.int64)
        state = random.integers(1, 2**63, 1).astype(np.uint64)
        if anneal_starters(numbers, kinds, seating, size, state, CHANCE, MOVES) == 0:
            return seating.reshape(count, tables, size)
    return None


@njit(cache=True, nogil=True)
def anneal_starters(numbers, kinds, seating, size, state, chance, moves):  # type: ignore[no-untyped-def]
    """Swap people of two tables until no difference comes twice; what is left of the faults."""
    people = len(numbers)
    seats = len(seating)
    seat: Any
    count = np.zeros(kinds + 1, np.int64)
    faults: Any = 0
    for seat in range(seats):
        for other in range(seat // size * size, seat):
            number = numbers[seating[seat], seating[other]]
            faults += number == 0 or count[number] > 0
            count[number] += 1
    x: Any = state[0]
    for step in range(moves):
        if faults == 0:
            break
        x ^= x << np.uint64(13)
        x ^= x >> np.uint64(7)
        x ^= x << np.uint64(17)
        a: Any = np.int64((x >> np.uint64(32)) % np.uint64(seats))
        b = a // people * people + np.int64((x & np.uint64(0xFFFFFFFF)) % np.uint64(people))
        if a // size == b // size:
            continue
        change: Any = 0
        for direction in (-1, 1):
            for seat, person in ((a, seating[a]), (b, seating[b])):
                table = seat // size * size
                for other in range(table, table + size):
                    if other != seat:
                        number = numbers[person, seating[other]]
                        if direction < 0:
                            count[number] -= 1
                            change -= number == 0 or count[number] > 0
                        else:
                            change += number == 0 or count[number] > 0
                            count[number] += 1
            if direction < 0:
                seating[a], seating[b] = seating[b], seating[a]
        heat = 65536 - 55000 * step // moves  # from 1 fault down to a sixth of one
        if (
            change * 65536
            <= (heat * chance[np.int64((x >> np.uint64(20)) & np.uint64(4095))]) >> 16
        ):
            faults += change
            continue
        for direction in (-1, 1):
            for seat, person in ((a, seating[a]), (b, seating[b])):
                table = seat // size * size
                for other in range(table, table + size):
                    if other != seat:
                        count[numbers[person, seating[other]]] += direction
            if direction < 0:
                seating[a], seating[b] = seating[b], seating[a]
    state[0] = x
    return faults
