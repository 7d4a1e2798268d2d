"""Groups that a search by small steps hardly finds: those in which few people can be, together.

Somebody who asked for a recruiter and people of an area has a seat only where all of these are
free at once. A step that moves one person makes no such group from others. So each unit of that
kind that has no seat gets a group by a depth-first search, and the search goes on from there.
"""

from __future__ import annotations

import numpy as np

from scheduler.grouping.cohort_search import list_rows, read_unplaced
from scheduler.grouping.encoding import Board
from scheduler.grouping.problem import Bools, Ints
from scheduler.grouping.rule_codes import list_asked
from scheduler.grouping.search import Table, make_table
from scheduler.grouping.seeking import FOUND, Seeker

MOST = 60
"""Units for which a group is looked for, at most."""


def plant_needles(board: Board, load: Ints, table: Table) -> Ints:
    """Groups to start from: those that there could be with units that others must be with, or whom
    others need, and that have no seat; then the groups of a plan without whoever is in these.

    Args:
        board: The cohort.
        load: Tables that fixed groups take, ``(v, s)``.
        table: Its plan.

    Returns:
        Rows of slot, venue and units (-1: none), without rows where there is no such group.
    """
    needles = find_needles(board, load, table)
    if not len(needles):
        return needles
    gone = np.isin(np.arange(len(board.unit) + 1), needles[:, 2:])
    rest = list_rows(table)
    rest[:, 2:][gone[rest[:, 2:]]] = -1
    rest[:, 2:] = -np.sort(-rest[:, 2:], axis=1)
    return np.concatenate([needles, rest[(rest[:, 2:] >= 0).any(axis=1)]])


def find_needles(board: Board, load: Ints, table: Table) -> Ints:
    """Such groups, rows of slot, venue and units; no two share anybody or a table.

    Best with others who have no seat either, at a table that nobody has.
    """
    unplaced = read_unplaced(table)
    missing = unplaced[_find_wanted(board)[unplaced]]
    seated = np.ones(len(board.unit), np.bool_)
    seated[unplaced] = False
    used = np.zeros_like(seated)
    spare, all_ = (Seeker(board, make_table(board, some, 0)) for some in (table.load, load))
    width = 2 + int(board.fixed["most"][0])
    rows = [np.zeros((0, width), np.int64)]
    for unit in missing[:MOST].tolist():
        if used[unit]:
            continue
        for seeker, barred in ((spare, seated | used), (all_, used)):
            row = seeker.seek(np.array([unit]), barred)[0]
            if row[0] != FOUND:
                continue
            units = row[2:width]
            venue = _find_venue(board, seeker.table, int(row[1]), units[units >= 0])
            rows.append(np.array([[row[1], venue, *units.tolist()]], np.int64))
            used[units[units >= 0]] = True
            clash = slice(*board.slot[["clash_from", "clash_to"]][row[1]].tolist())
            for one in (spare, all_):
                one.table.load[venue, clash] += 1
            break
    return np.concatenate(rows)


def _find_venue(board: Board, table: Table, slot: int, units: Ints) -> int:
    """The smallest venue with a table left for a group that there can be."""
    clash = slice(int(board.slot["clash_from"][slot]), int(board.slot["clash_to"][slot]))
    size = board.unit["size"][units].sum()
    at = board.venue["place"]
    here = (at < 0) | (board.unit["reach"][units] == at[:, None]).all(axis=1)
    left = (table.load[:, clash] < board.venue["tables"][:, None]).all(axis=1)
    fits = board.free[:, slot] & here & left & (board.venue["seats"] >= size)
    venues = np.flatnonzero(fits)
    return int(venues[np.argmin(board.venue["seats"][venues])])


def _find_wanted(board: Board) -> Bools:
    """Units with whom others must be, and the few of whom each group must have one, ``(u,)``."""
    wanted = np.zeros(len(board.unit), np.bool_)
    people = len(board.person)
    for asked in list_asked(board):
        if asked.weight >= 0:
            continue
        if asked.when is not None:
            wanted[board.person["unit"][asked.when]] = True
        elif np.count_nonzero(asked.who) * int(board.fixed["most"][0]) <= people:
            wanted[board.person["unit"][asked.who]] = True
    return wanted
