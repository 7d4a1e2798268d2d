"""Schedules that are known but that no annealing finds: a few tables, the rest from a symmetry.

People are ``(orbit, element)`` of a group of sums of numbers modulo some moduli, and moving all of
them on by any element turns the schedule into itself (prescribed automorphisms; Kramer and Mesner,
1976). A turn is moved to another turn or to itself, so it is enough to write down one turn of each
kind, and of it one table of each kind.

The search for such tables is an exact cover: choose orbits of tables so that everybody sits at one
table in each turn and no orbit of pairs is covered twice. ``tests/grouping/base_blocks.py`` solves
it with CP-SAT; which group and which kinds of turns have a solution is what takes long to find.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Block = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KnownSchedule:
    """Base blocks of a schedule.

    ``moduli``: the group. Person ``orbit * order + element``, elements numbered in the order of
    counting (``(0, 0), (0, 1), ...``). ``turns``: for one turn of each kind the elements that keep
    it, and its base blocks.
    """

    moduli: tuple[int, ...]
    turns: tuple[tuple[frozenset[int], tuple[Block, ...]], ...]


KNOWN: dict[tuple[int, int], KnownSchedule] = {
    # A resolvable group divisible design, 4-RGDD of type 2^16: everybody meets all but one. That 32
    # people can do so in ten turns is known since A. Aguado, "A 10 days solution to the social
    # golfer problem" (2004). This is another one, with 16 symmetries; all were found in
    # a second each by the exact cover above.
    (8, 4): KnownSchedule(
        (4, 4),
        (
            (frozenset(range(16)), ((0, 6, 8, 14), (16, 23, 26, 29))),
            (frozenset(range(16)), ((0, 2, 29, 31),)),
            (frozenset(range(0, 16, 2)), ((0, 13, 21, 22),)),
            (frozenset({0, 2, 5, 7, 8, 10, 13, 15}), ((0, 3, 17, 23),)),
            (frozenset(range(4)), ((0, 4, 9, 16), (12, 22, 26, 31))),
        ),
    ),
}
"""By tables and seats."""


def expand_known(tables: int, size: int) -> Ints | None:
    """The known schedule of so many tables and seats, shape ``(turns, tables, size)``."""
    known = KNOWN.get((tables, size))
    return None if known is None else expand(known)


def expand(known: KnownSchedule) -> Ints:
    """All turns, each once."""
    moduli = np.array(known.moduli)
    elements = np.array(list(product(*map(range, known.moduli))))
    order = len(elements)
    add = np.ravel_multi_index(
        tuple(((elements[:, None] + elements[None]) % moduli).transpose(2, 0, 1)), known.moduli
    )
    turns = []
    for keep, blocks in known.turns:
        moved = set()
        for element in range(order):
            turn = frozenset(
                frozenset(p // order * order + int(add[add[element, k], p % order]) for p in block)
                for k in keep
                for block in blocks
            )
            if turn not in moved:
                moved.add(turn)
                turns.append(sorted(sorted(table) for table in turn))
    return np.array(turns, np.int64)
