"""An upper bound on people placed that knows when they are free and with whom they may sit.

People of different codes of a hard ``Same`` never share a group, so each code is bounded by itself,
as if it had all tables. A linear programme says in which slots its people sit: of whom a group may
hold only so many, a slot holds no more than that for each of its groups. Every real plan is a point
of it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from scheduler.grouping.encoding import Board, find_able
from scheduler.grouping.problem import Bools, Ints
from scheduler.grouping.rule_codes import AT_MOST, AT_MOST_OF_ONE, SAME, list_asked

MANY_SEATS = 150_000
"""With more units times slots, the linear programme takes too long."""
MARGIN = 1e-4
"""It is solved in floating point: so far may its optimum be off, in people."""


def bound_by_slots(board: Board, seats: Ints, placed: Bools) -> int:
    """The most people that can be placed.

    Args:
        board: The cohort.
        seats: The most people that can sit in each slot, ``(s,)``.
        placed: Who has a seat in some plan, ``(p,)``: where a code has all its people placed,
            nothing is left to bound.
    """
    able = find_able(board)
    total = 0
    for code in np.unique(kinds := _find_kinds(board)):
        inside = able & (kinds == code)
        most = int(np.count_nonzero(inside))
        if (placed | ~inside).all():
            total += most
        else:
            total += min(most, _bound_kind(board, seats, inside))
    return total


def _find_kinds(board: Board) -> Ints:
    """Who can share a group as far as hard ``Same`` rules go, as numbers, ``(p,)``."""
    same = (board.rule["kind"] == SAME) & (board.rule["weight"] < 0)
    kinds: Ints = np.unique(board.code[:, same], axis=0, return_inverse=True)[1].reshape(-1)
    return kinds


def _bound_kind(board: Board, seats: Ints, inside: Bools) -> int:
    """The optimum of the programme over some people, or all of them if it is too large."""
    from ortools.linear_solver.python import model_builder  # noqa: PLC0415 -- slow import

    size = np.bincount(board.person["unit"], inside, len(board.unit)).astype(np.int64)
    units = np.flatnonzero(size)
    where, when = np.nonzero(board.available[units] & (seats > 0))
    counts = _list_counts(board, inside)
    if len(where) > MANY_SEATS or not counts:
        return int(size.sum())
    model: Any = model_builder.Model()  # type: ignore[no-untyped-call]
    sits = [model.new_num_var(0, 1, "") for _ in where]
    least, most = int(board.fixed["least"][0]), int(board.fixed["most"][0])
    groups = {s: model.new_num_var(0, int(size.sum()) // least, "") for s in set(when.tolist())}

    def add_up(who: Bools, rows: Ints) -> Any:
        """The people of a mask who sit, over some of the variables."""
        weight = np.bincount(board.person["unit"], who & inside, len(board.unit))[units][
            where[rows]
        ]
        some = np.flatnonzero(weight)
        return sum(int(weight[i]) * sits[rows[i]] for i in some.tolist())

    begins = np.searchsorted(where, np.arange(len(units) + 1)).tolist()
    for begin, end in pairwise(begins):
        model.add(sum(sits[begin:end]) <= 1)
    for slot, group in groups.items():
        rows = np.flatnonzero(when == slot)
        people = add_up(inside, rows)
        model.add(people >= least * group)
        model.add(people <= most * group)
        model.add(people <= int(seats[slot]))
        for mask, count in counts:
            if count >= 0:
                model.add(add_up(mask, rows) <= count * group)
            else:
                model.add(add_up(mask, rows) >= -count * group)
    model.maximize(add_up(inside, np.arange(len(where))))
    solver = model_builder.Solver("GLOP")
    if solver.solve(model) != model_builder.SolveStatus.OPTIMAL:
        return int(size.sum())
    return int(np.floor(solver.objective_value + MARGIN))


def _list_counts(board: Board, inside: Bools) -> list[tuple[Bools, int]]:
    """Of whom a group may hold at most so many, or must hold (negative) at least so many."""
    counts: list[tuple[Bools, int]] = []
    groups = int(np.count_nonzero(inside)) // int(board.fixed["most"][0])
    for r in np.flatnonzero(board.rule["weight"] < 0).tolist():
        rule, code = board.rule[r], board.code[:, r]
        count = int(rule["most"])
        if rule["kind"] == AT_MOST_OF_ONE:
            codes, times = np.unique(code[inside & (code >= 0)], return_counts=True)
            counts += [(code == one, count) for one in codes[2 * times > count * groups].tolist()]
        elif rule["kind"] == AT_MOST:
            counts.append(((code & 1) > 0, count))
    for asked in list_asked(board):
        if asked.weight < 0 and asked.when is None and asked.least:
            counts.append((asked.who, -asked.least))
    return counts
