"""Tables that change: in each turn everybody has a table, and no two people share one twice.

The construction is a transversal design: people stand in layers as wide as there are tables, and
in turn ``t`` the person at place ``j`` of layer ``i`` sits at table ``(j + i * t) mod tables``.
Two people of different layers meet in turns ``t`` and ``u`` only if ``(i - k) * (t - u)`` is a
multiple of the number of tables; two of one layer never meet. (See any text on the social golfer
problem; this is the simplest of its direct constructions.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Turn = tuple[tuple[int, ...], ...]
"""The tables of one turn, each the people (row numbers, ascending) who sit at it."""


def plan_turns(department: Ints, *, table: int, turns: int) -> tuple[Turn, ...]:
    """Who sits where in each turn.

    Nobody sits with the same person twice; colleagues of one department stand in the same layer
    as far as can be, and so hardly sit together. Where the wished size makes it impossible, tables
    get smaller (or larger by one, where somebody would sit alone), and only then are there fewer
    turns: with very few people there are no more others to meet.

    Args:
        department: A code of each person, shape ``(n,)``, n at least 2.
        table: People at one table, as wished.
        turns: As wished.
    """
    people = len(department)
    order = np.lexsort((np.arange(people), department)).tolist()
    for count in range(turns, 0, -1):
        for size in (*range(min(table, people), 1, -1), min(table + 1, people)):
            tables = count_tables(people, size, count)
            if tables is not None:
                return _seat(order, tables, count)
    raise ValueError("at least two people are needed to sit together")


def count_tables(people: int, table: int, turns: int) -> int | None:
    """How many tables of at most ``table`` people let nobody meet twice in ``turns`` turns.

    Only as many as seat everybody are tried, and one or two more (tables are then smaller by one
    person here and there); None: none of these does, or somebody would sit alone.
    """
    fewest = -(-people // table)
    for tables in range(fewest, fewest + 3):
        layers = -(-people // tables)
        alone = people < 2 * tables
        if not alone and all(
            (gap * later) % tables for gap in range(1, layers) for later in range(1, turns)
        ):
            return tables
    return None


def _seat(order: Sequence[int], tables: int, turns: int) -> tuple[Turn, ...]:
    planned = []
    for turn in range(turns):
        seats: list[list[int]] = [[] for _ in range(tables)]
        for position, person in enumerate(order):
            layer, place = divmod(position, tables)
            seats[(place + layer * turn) % tables].append(person)
        planned.append(tuple(tuple(sorted(one)) for one in seats))
    return tuple(planned)
