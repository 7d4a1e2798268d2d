"""Schedules in which no two people meet twice, built from the mathematics of designs.

*Circle*: tables of two are the rounds of a tournament: one person stays, the others move round.

*Lines of a plane*: seat point ``(x, y)`` in turn ``a`` at the table ``v`` for which
``y = a x + v``, in a finite field as large as there are tables. Two points lie on one line at most,
so no pair meets twice in as many turns as there are tables (an affine plane, cut to its first
columns). Those of one column never meet: where tables divide it, they do in turns of their own.
Where the number of tables is no power of a prime, the same goes for fewer columns or turns.

*Base blocks*: see :mod:`scheduler.grouping.base_blocks`. *Starters*: see
:mod:`scheduler.grouping.starters`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.grouping.base_blocks import expand_known
from scheduler.grouping.fields import Ints, make_ring
from scheduler.grouping.starters import find_by_starters


def make_schedule(tables: int, size: int, turns: int, seed: int) -> Ints | None:
    """Tables of ``size`` people over ``turns`` in which no pair meets twice, if one is found.

    Returns:
        People by turn, table and seat, shape ``(turns, tables, size)``; ``None`` where counting
        forbids it or none was found.
    """
    return next(find_schedules(tables, size, turns, seed), None)


def find_schedules(
    tables: int, size: int, turns: int, seed: int, effort: float = 1.0
) -> Iterator[Ints]:
    """All such schedules that the constructions give, the cheap ones first.

    ``effort``: the amount of work, 1 being usual: a few seconds, if nothing is found.
    """
    people = tables * size
    if size < 2 or turns * (size - 1) > people - 1 or (turns > 1 and size > tables):
        return
    if turns == 1:
        yield np.arange(people).reshape(1, tables, size)
        return
    if size == 2:
        yield _go_round(people)[:turns]
    lines = _draw_lines(tables, size, turns, seed)
    if lines is not None:
        yield lines
    known = expand_known(tables, size)
    if known is not None and turns <= len(known):
        yield known[:turns]
    yield from find_by_starters(tables, size, turns, seed, effort)


def _go_round(people: int) -> Ints:
    """All rounds of a tournament (circle method): the last stays, the others pass each other."""
    others = people - 1
    turn = np.arange(others)[:, None]
    step = np.arange(1, people // 2)
    left = np.concatenate([turn, (turn + step) % others], axis=1)
    right = np.concatenate([np.full_like(turn, others), (turn - step) % others], axis=1)
    return np.stack([left, right], axis=2)


def _draw_lines(tables: int, size: int, turns: int, seed: int) -> Ints | None:
    """Lines of different slopes, and the columns where there are more turns than slopes."""
    ring = make_ring(tables)
    slopes = np.arange(tables)
    columns = ring.apart[:size]
    if size > len(ring.apart):
        slopes, columns = ring.apart, np.arange(size)
    slopes = slopes[:turns]
    rise = ring.multiply[slopes[:, None], columns]
    start = np.arange(tables)
    schedule = ring.add[rise[:, None, :], start[:, None]] + tables * np.arange(size)
    rest = turns - len(slopes)
    if rest == 0:
        return schedule
    inside = None if tables % size else make_schedule(tables // size, size, rest, seed)
    if inside is None:
        return None
    each = inside[:, None] + tables * np.arange(size)[:, None, None]
    return np.concatenate([schedule, each.reshape(rest, tables, size)])
