"""The search for one cohort: openings, several descents where they are cheap, the best kept."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scheduler.grouping.encoding import Board, Ints
from scheduler.grouping.opening import plan_sittings
from scheduler.grouping.search import (
    CHANCE,
    COMPLETE,
    PLACED,
    SCORE,
    STANDING,
    UNPLACED,
    Table,
    make_table,
    search,
)

MOVES_PER_UNIT = 1500
"""Random moves per unit and descent at effort 1: more than this gains little (measured)."""
PATIENCE, LARGE, HUGE = 4, 1400, 1000
"""What each unit gets of that in a cohort of ``u`` units: ``LARGE / u``, but ``PATIENCE`` times as
much at most (small cohorts cost little) and the root of ``HUGE / u`` at least."""
SMALL = 600
"""A cohort of up to so many units is searched several times. Few long descents find better plans
than many short ones of the same work (measured)."""
DESCENTS = 3
STRETCHES = 12
"""Parts of a descent, between which progress is told and a stop is heard."""
TRIES = 16
"""Groups that are looked at for each unit when seats are filled for the first time."""
HOT, COLD = 400, 15
"""Temperatures in hundredths of a usual tie."""

NOBODY = np.zeros(0, np.int64)


def search_cohort(
    board: Board,
    load: Ints,
    seed: int,
    effort: float,
    tell: Callable[[float, int, int], bool],
    start: Ints | None = None,
) -> tuple[Table, bool]:
    """The best plan found for one cohort, by fixed work.

    Args:
        board: The cohort.
        load: Tables taken by fixed groups.
        seed: Decides everything that is random.
        effort: Work, 1 being usual.
        tell: Is told the share done, the people placed and their value after each stretch; says
            whether to stop.
        start: Groups to start from, rows of slot, venue and units (-1: none).

    Returns:
        The table and whether the work was done to its end.
    """
    units = len(board.unit)
    part = min(PATIENCE, max(LARGE / units, (HUGE / units) ** 0.5))
    moves = max(1, int(MOVES_PER_UNIT * effort * units * part))
    descents = int(max(1, min(DESCENTS, SMALL // units))) if start is None else 1
    usual = int(board.fixed["usual"][0])
    best: Table | None = None
    for descent in range(descents):
        table = make_table(board, load, seed + descent)
        _open(board, table, load, start, descent)
        hot = HOT if start is None else HOT // 8
        for stretch in range(STRETCHES):
            # Heat falls with the square of what is left: most work is done where it pays.
            upper, lower = (
                COLD + (hot - COLD) * (1 - s / STRETCHES) ** 2 for s in (stretch, stretch + 1)
            )
            search(
                board, table, np.zeros((0, 2), np.int64), NOBODY, 0, CHANCE,
                moves // STRETCHES, int(usual * upper) // 100, int(usual * lower) // 100, False,
            )  # fmt: skip
            share = (descent + (stretch + 1) / STRETCHES) / descents
            if tell(share, int(table.total[PLACED]), read_value(board, table)):
                _close(board, table)
                return (table if best is None or is_better(table, best) else best), False
        _close(board, table)
        if best is None or is_better(table, best):
            best = table
    assert best is not None  # noqa: S101 -- at least one descent
    return best, True


def _open(board: Board, table: Table, load: Ints, start: Ints | None, descent: int) -> None:
    """Seat people for the first time; later descents begin with a little more room."""
    if start is None:
        start = plan_sittings(board, load, 1.0 + 0.04 * descent)
    fill_table(board, table, start)


def fill_table(board: Board, table: Table, groups: Ints, tries: int = TRIES) -> None:
    """Open groups, and seat units one by one, those with fewest slots first.

    Each in the best of ``tries`` groups.
    """
    order = np.argsort(board.unit["slot_count"], kind="stable")
    search(board, table, groups, order, tries, CHANCE, 0, 0, 0, False)


def read_unplaced(table: Table) -> Ints:
    """The units that have a slot and sit in no complete group."""
    able = table.lists[UNPLACED, : int(table.total[UNPLACED])]
    seated = np.flatnonzero(table.group_of >= 0)
    incomplete = seated[table.group["done"][table.group_of[seated]] != COMPLETE]
    return np.sort(np.concatenate([able, incomplete]))


def _close(board: Board, table: Table) -> None:
    """Descend to the next valley, without what is incomplete."""
    moves = 40 * len(board.unit)
    none = np.zeros((0, 2), np.int64)
    search(board, table, none, NOBODY, 0, CHANCE, moves, 0, 0, True)
    search(board, table, none, NOBODY, 0, CHANCE, moves, 0, 0, True)


def is_better(table: Table, other: Table) -> bool:
    """First people placed, then the score."""
    mine, theirs = table.total, other.total
    return (int(mine[PLACED]), int(mine[SCORE])) > (int(theirs[PLACED]), int(theirs[SCORE]))


def read_value(board: Board, table: Table) -> int:
    """The value of the complete groups, from the score."""
    groups = table.lists[0, : int(table.total[STANDING])]
    groups = groups[table.group["done"][groups] == COMPLETE]
    worth = np.append(board.unit["worth"], 0)[table.units[groups]]
    width = np.arange(table.units.shape[1])
    worth[width >= table.group["count"][groups][:, None]] = 0
    rest = table.group["score"][groups] - worth.sum(axis=1)
    return int(split_score(board, rest)[0].sum())


def split_score(board: Board, rest: Ints) -> tuple[Ints, Ints]:
    """Value and comfort of groups, from their scores less the worth of their units."""
    lowest = int(board.size["comfort"].min())
    value = (rest - lowest) // int(board.fixed["value"][0])
    return value, rest - value * int(board.fixed["value"][0])


def list_rows(table: Table) -> Ints:
    """The groups of a table as rows of slot, venue and units (-1: none)."""
    groups = np.sort(table.lists[0, : int(table.total[STANDING])])
    units = table.units[groups]
    units[np.arange(units.shape[1]) >= table.group["count"][groups][:, None]] = -1
    return np.column_stack([table.group["slot"][groups], table.group["venue"][groups], units])


def read_groups(board: Board, table: Table) -> list[tuple[list[int], int, int]]:
    """The groups of a table: people (of the board, ascending), slot and venue."""
    groups = []
    for g in table.lists[0, : int(table.total[STANDING])].tolist():
        units = table.units[g, : int(table.group["count"][g])]
        people = [
            person
            for u in units.tolist()
            for person in range(
                int(board.unit["first"][u]), int(board.unit["first"][u] + board.unit["size"][u])
            )
        ]
        slot, venue = int(table.group["slot"][g]), int(table.group["venue"][g])
        groups.append((sorted(people), slot, venue))
    return groups
