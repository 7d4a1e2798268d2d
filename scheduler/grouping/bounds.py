"""Upper bounds that do not come from the search.

*Placed*: a maximum flow of people to slots to what their venues hold, and counting under the rules.
*Value*: an integer programme over departments and group sizes instead of people, in which every
real plan is a point (see :func:`bound_value`). Both are asserted never to be exceeded.
"""

from __future__ import annotations

import numpy as np
from ortools.graph.python import max_flow
from ortools.sat.python import cp_model

from scheduler.grouping.encoding import (
    AT_LEAST,
    AT_MOST,
    AT_MOST_OF_ONE,
    Board,
    Ints,
)

NEVER = -(1 << 40)
"""The ties of somebody in a group of a size for which there are not enough others."""


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


def bound_placed(board: Board, load: Ints) -> tuple[int, str]:
    """The most people of a cohort that can be placed, and what says so."""
    flow = _bound_by_flow(board, load)
    count = _bound_by_counting(board, load)
    if count < flow:
        return count, "counting"
    return flow, "maximum flow"


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
    people = len(board.person)
    in_window, _ = count_sittings(board, load)
    groups = min(people // max(1, int(board.fixed["least"][0])), int(in_window.sum()))
    for r, rule in enumerate(board.rule):
        if rule["weight"] < 0 and rule["kind"] == AT_LEAST and rule["most"] == 0:
            groups = min(groups, int((board.code[:, r] & 1).sum()) // max(1, int(rule["least"])))
    return groups


def _bound_by_counting(board: Board, load: Ints) -> int:
    """With ``G`` groups, a rule that allows ``c`` of one code in a group places ``c G`` of it."""
    people = len(board.person)
    least, most = int(board.fixed["least"][0]), int(board.fixed["most"][0])
    best = 0
    top = count_most_groups(board, load)
    groups = np.arange(top + 1, dtype=np.int64)
    limit = np.minimum(people, most * groups)
    for r, rule in enumerate(board.rule):
        if rule["weight"] >= 0:
            continue
        code = board.code[:, r]
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
        elif rule["kind"] == AT_LEAST and rule["most"] == 1:
            who, when = int((code & 1).sum()), int((code >= 2).sum())
            served = who // max(1, int(rule["least"])) * most
            limit = np.minimum(limit, people - when + min(when, served))
    possible = limit >= least * groups
    if possible.any():
        best = int(limit[possible].max())
    return best


def bound_value(board: Board, load: Ints, placed: int, *, everybody: bool) -> int:
    """The most that the groups of a cohort can be worth.

    An integer programme over what a plan looks like from afar: ``n[k]`` groups of ``k`` people,
    ``y[c, k]`` people of class ``c`` in groups of ``k``. A person of class ``c`` in a group of
    ``k`` takes part in ties worth at most ``h[c, k]``, the ``k - 1`` best that they could have
    (their own unit's ties as they are), and each tie is counted at both ends. Groups of ``k`` or
    more need as many sittings with ``k`` seats. With ``G`` groups, the ``m`` people of one
    department make at least ``j m - G j (j + 1) / 2`` pairs among themselves, for every ``j``
    (spread evenly they make fewest, and that number is convex); each takes the place of a better
    tie at both ends. Every plan is a solution of this programme, so its optimum is a bound.

    Args:
        board: The cohort.
        load: Tables taken by fixed groups.
        placed: The bound on the people placed.
        everybody: Whether all are known to be placed in the best plans.
    """
    least, most = int(board.fixed["least"][0]), int(board.fixed["most"][0])
    sizes = range(least, most + 1)
    best = _find_best_ties(board)
    losses = _find_home_losses(board)
    department = board.person["department"]
    home = np.where(np.isin(department, list(losses)), department, -1)
    keyed = np.column_stack([best, home])
    classes, counts = np.unique(keyed, axis=0, return_counts=True)
    in_window, _ = count_sittings(board, load)
    sittings = {k: int(in_window[board.venue["seats"] >= k].sum()) for k in sizes}
    model = cp_model.CpModel()
    people = len(board.person)
    n = {k: model.new_int_var(0, people // k, f"n{k}") for k in sizes}
    y = {
        (c, k): model.new_int_var(0, int(count) if row[k] > NEVER // 2 else 0, "")
        for c, (row, count) in enumerate(zip(classes, counts, strict=True))
        for k in sizes
    }
    for c in range(len(classes)):
        total = sum(y[c, k] for k in sizes)
        model.add(total == int(counts[c]) if everybody else total <= int(counts[c]))
    for k in sizes:
        model.add(sum(y[c, k] for c in range(len(classes))) == k * n[k])
        model.add(sum(n[j] for j in sizes if j >= k) <= sittings[k])
    model.add(sum(k * n[k] for k in sizes) <= placed)
    loss = []
    groups = sum(n[k] for k in sizes)
    for d, (price, within, inside) in losses.items():
        members = sum(y[c, k] for c in np.flatnonzero(classes[:, -1] == d).tolist() for k in sizes)
        pairs = model.new_int_var(0, within * most, "")
        for j in range(1, most):
            model.add(pairs >= j * members - groups * (j * (j + 1) // 2) - inside)
        loss.append(2 * price * pairs)
    model.maximize(
        sum(int(classes[c][k]) * y[c, k] for c in range(len(classes)) for k in sizes)
        + sum(2 * int(board.size["points"][k]) * n[k] for k in sizes)
        - sum(loss)
    )
    return _solve_bound(model) // 2


def _solve_bound(model: cp_model.CpModel) -> int:
    """The best bound that fixed work on one core proves."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = 2
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return 0
    return int(np.floor(solver.best_objective_bound + 1e-6))


def _find_best_ties(board: Board) -> Ints:
    """``h[p, k]``: the most that the ties of person ``p`` in a group of ``k`` can be worth."""
    most = int(board.fixed["most"][0])
    people = len(board.person)
    department = board.person["department"]
    count = np.bincount(department, minlength=board.between.shape[0])
    width = most - 1
    # The best partners by department, as if none of the single pairs were known.
    top = np.full((board.between.shape[0], width), NEVER, np.int64)
    for d in np.flatnonzero(count).tolist():
        others = count.copy()
        others[d] -= 1
        order = np.argsort(-board.between[d], kind="stable")
        order = order[others[order] > 0]
        values = np.repeat(board.between[d][order], np.minimum(others[order], width))[:width]
        top[d, : len(values)] = values
    result = np.zeros((people, most + 1), np.int64)
    values = top[department]
    reach = np.concatenate([np.zeros((people, 1), np.int64), np.cumsum(values, axis=1)], axis=1)
    result[:, 1:] = np.maximum(reach, NEVER)
    special = np.flatnonzero(board.person["last"] > board.person["first"])
    for p in special.tolist():
        extra = board.partner["points"][board.person["first"][p] : board.person["last"][p]]
        extra = extra[extra > values[p].min(initial=0)]
        if extra.size:
            row = np.sort(np.concatenate([values[p], extra]))[::-1][:width]
            result[p, 1:] = np.maximum(np.concatenate([[0], np.cumsum(row)]), NEVER)
    for unit in board.unit[board.unit["size"] > 1]:
        first, size = int(unit["first"]), int(unit["size"])
        for p in range(first, first + size):
            inside = sum(look_up(board, p, q) for q in range(first, first + size) if q != p)
            result[p, size:] = inside + result[p, 1 : most + 2 - size]
    return result


def _find_home_losses(board: Board) -> dict[int, tuple[int, int, int]]:
    """What a pair of one department costs at each end, where there must be such pairs.

    Returns:
        By department: the least that a tie among the best is worth more than the best tie within
        the department, its people, and its pairs that are bound together anyhow.
    """
    department = board.person["department"]
    count = np.bincount(department, minlength=board.between.shape[0])
    width = int(board.fixed["most"][0]) - 1
    owner = np.repeat(np.arange(len(department)), board.person["last"] - board.person["first"])
    same = department[owner] == department[board.partner["other"]]
    home = np.array(np.diagonal(board.between))
    np.maximum.at(home, department[owner[same]], board.partner["points"][same])
    inside = np.zeros(len(count), np.int64)
    for unit in board.unit[board.unit["size"] > 1]:
        members = department[int(unit["first"]) : int(unit["first"] + unit["size"])]
        for d, times in zip(*np.unique(members, return_counts=True), strict=True):
            inside[d] += times * (times - 1) // 2
    losses = {}
    # A department of no more people than there are groups at least can always be spread out.
    fewest = len(department) // int(board.fixed["most"][0])
    for d in np.flatnonzero(count > max(1, fewest)).tolist():
        others = count.copy()
        others[d] -= 1
        order = np.argsort(-board.between[d], kind="stable")
        order = order[others[order] > 0]
        values = np.repeat(board.between[d][order], np.minimum(others[order], width))[:width]
        if len(values) == width and values[-1] > home[d]:
            losses[d] = (int(values[-1] - home[d]), int(count[d]), int(inside[d]))
    return losses


def look_up(board: Board, p: int, q: int) -> int:
    """The points of one pair."""
    first, last = int(board.person["first"][p]), int(board.person["last"][p])
    at = first + int(np.searchsorted(board.partner["other"][first:last], q))
    if at < last and board.partner["other"][at] == q:
        return int(board.partner["points"][at])
    departments = board.person["department"]
    return int(board.between[departments[p], departments[q]])
