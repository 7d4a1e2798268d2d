"""Upper bounds that do not come from the search.

*Placed*: a maximum flow of people to slots to what their venues hold, counting under the rules, and
a linear programme over slots.
*Value*: an integer programme over departments and group sizes instead of people, in which every
real plan is a point (see :func:`bound_value`). Both are asserted never to be exceeded.
"""

from __future__ import annotations

import numpy as np
from ortools.graph.python import max_flow

from scheduler.grouping.encoding import Board, find_able
from scheduler.grouping.problem import Bools, Ints
from scheduler.grouping.rule_codes import AT_MOST, AT_MOST_OF_ONE, list_asked
from scheduler.grouping.slot_bound import bound_by_slots


def find_windows(board: Board) -> Ints:
    """The window of each slot: runs of slots in which each clashes with the next."""
    window = np.zeros(len(board.slot), np.int64)
    for slot in range(1, len(window)):
        clashes = board.slot["clash_to"][slot - 1] > slot
        window[slot] = window[slot - 1] + (not clashes)
    return window


def count_sittings(board: Board, load: Ints) -> tuple[Ints, Ints]:
    """The most groups that each venue can hold: in each window, and in each slot alone.

    Returns:
        Arrays ``(v, windows)`` and ``(v, s)``.
    """
    window = find_windows(board)
    windows = int(window.max(initial=-1)) + 1
    venues = len(board.venue)
    left = np.zeros(board.free.shape, np.int64)
    together = np.zeros((venues, windows), np.int64)
    for slot in range(len(board.slot)):
        low, high = int(board.slot["clash_from"][slot]), int(board.slot["clash_to"][slot])
        taken = load[:, low:high].max(axis=1, initial=0)
        left[:, slot] = np.where(board.free[:, slot], board.venue["tables"] - taken, 0)
    np.maximum(left, 0, out=left)
    for venue in range(venues):
        after = -1
        for slot in np.flatnonzero(left[venue]).tolist():
            if slot >= after:  # earliest first holds the most intervals of equal length
                together[venue, window[slot]] += int(board.venue["tables"][venue])
                after = int(board.slot["clash_to"][slot])
    total = np.zeros_like(together)
    np.add.at(total.T, window, left.T)
    return np.minimum(together, total), left


def bound_placed(board: Board, load: Ints, placed: Bools) -> tuple[int, str]:
    """The most people of a cohort that can be placed, and what says so.

    Args:
        board: The cohort.
        load: Tables that fixed groups take, ``(v, s)``.
        placed: Who has a seat in some plan, ``(p,)``.
    """
    bounds = [(_bound_by_flow(board, load), "maximum flow")]
    bounds.append((_bound_by_counting(board, load), "counting"))
    if min(bounds)[0] > np.count_nonzero(placed):
        _, in_slot = count_sittings(board, load)
        seats = (in_slot * board.venue["seats"][:, None]).sum(axis=0)
        bounds.append((bound_by_slots(board, seats, placed), "linear programme over slots"))
    return min(bounds, key=lambda bound: bound[0])


def _bound_by_flow(board: Board, load: Ints) -> int:
    """People to slots to windows, each holding no more than its venues seat."""
    window = find_windows(board)
    windows = int(window.max(initial=-1)) + 1
    in_window, in_slot = count_sittings(board, load)
    units, slots = board.available.shape
    places = np.unique(board.venue["place"])
    slot_node = units
    window_node = slot_node + slots * len(places)
    source = window_node + windows * len(places)
    sink = source + 1
    tails, heads, capacities = [], [], []

    def add(tail: Ints, head: Ints, capacity: Ints) -> None:
        tails.append(tail)
        heads.append(head)
        capacities.append(capacity)

    add(np.full(units, source), np.arange(units), board.unit["size"])
    for index, place in enumerate(places.tolist()):
        here = board.venue["place"] == place
        seats = board.venue["seats"][here][:, None]
        fits = np.ones(units, bool) if place < 0 else board.unit["reach"] == place
        open_ = (in_slot[here] > 0).any(axis=0)
        who, when = np.nonzero(board.available & open_ & fits[:, None])
        add(who, slot_node + index * slots + when, board.unit["size"][who])
        all_slots = np.arange(slots)
        add(
            slot_node + index * slots + all_slots,
            window_node + index * windows + window,
            (in_slot[here] * seats).sum(axis=0),
        )
        add(
            window_node + index * windows + np.arange(windows),
            np.full(windows, sink),
            (in_window[here] * seats).sum(axis=0),
        )
    flow = max_flow.SimpleMaxFlow()
    flow.add_arcs_with_capacity(
        np.concatenate(tails), np.concatenate(heads), np.concatenate(capacities)
    )
    flow.solve(source, sink)
    return int(flow.optimal_flow())


def count_most_groups(board: Board, load: Ints) -> int:
    """The most groups there can be: by people, by tables and by whom each group must hold."""
    able = find_able(board)
    in_window, _ = count_sittings(board, load)
    people = int(np.count_nonzero(able))
    groups = min(people // max(1, int(board.fixed["least"][0])), int(in_window.sum()))
    for asked in list_asked(board):
        if asked.weight < 0 and asked.when is None:
            groups = min(groups, int(asked.who[able].sum()) // max(1, asked.least))
    return groups


def _largest_group(board: Board, load: Ints) -> int:
    """The most people in one group: no more than are free in some slot in which it has a table."""
    _, in_slot = count_sittings(board, load)
    size = board.unit["size"]
    largest = 0
    for venue in range(len(board.venue)):
        place = int(board.venue["place"][venue])
        fits = np.ones(len(size), bool) if place < 0 else board.unit["reach"] == place
        free = (board.available & fits[:, None] & (in_slot[venue] > 0)).T @ size
        largest = max(largest, min(int(board.venue["seats"][venue]), int(free.max(initial=0))))
    return min(largest, int(board.fixed["most"][0]))


def _bound_by_counting(board: Board, load: Ints) -> int:
    """With ``G`` groups, a rule that allows ``c`` of one code in a group places ``c G`` of it."""
    able = find_able(board)
    people = int(np.count_nonzero(able))
    least, most = int(board.fixed["least"][0]), _largest_group(board, load)
    best = 0
    top = count_most_groups(board, load)
    groups = np.arange(top + 1, dtype=np.int64)
    limit = np.minimum(people, most * groups)
    for r, rule in enumerate(board.rule):
        if rule["weight"] >= 0:
            continue
        code = board.code[able, r]
        if rule["kind"] == AT_MOST_OF_ONE:
            alone = int((code < 0).sum())
            counts = np.sort(np.bincount(code[code >= 0]))
            below = np.concatenate([[0], np.cumsum(counts)])
            cap = rule["most"] * groups
            small = np.searchsorted(counts, cap, side="right")
            limit = np.minimum(limit, alone + below[small] + (len(counts) - small) * cap)
        elif rule["kind"] == AT_MOST:
            who = int((code & 1).sum())
            limit = np.minimum(limit, people - who + np.minimum(who, rule["most"] * groups))
    for asked in list_asked(board):
        if asked.weight < 0 and asked.when is not None:
            served = int(asked.who[able].sum()) // max(1, asked.least) * most
            when = int(asked.when[able].sum())
            limit = np.minimum(limit, people - when + min(when, served))
    possible = limit >= least * groups
    if possible.any():
        best = int(limit[possible].max())
    return best
