"""Small cohorts to proof: all groups there can be, and the best of them by CP-SAT.

Every set of people that may meet in a slot is a column. Choosing columns so that nobody sits twice
and no table is used twice is set packing, solved level by level of the objective: people placed,
rounds waited, value, comfort. The answer is taken only if it is better than what the search found,
and each level is called proven only when the solver proved it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from scheduler.grouping.cohort_search import split_score
from scheduler.grouping.encoding import Board, Ints
from scheduler.grouping.search import COMPLETE, NOT_ALLOWED, judge, make_table

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

SETS = 3_000_000
"""Sets of people that are looked at, at most: a few seconds."""
COLUMNS = 40_000
"""Groups among which CP-SAT chooses, at most: above that it proves nothing in fair time."""
WORK = 8.0
"""CP-SAT's own measure of work for each level, about as many seconds."""

GroupRow = tuple[list[int], int, int]


@dataclass(frozen=True, slots=True)
class Exact:
    """A plan of one cohort: groups as (people, slot, venue); ``proven`` down to the value."""

    groups: list[GroupRow]
    placed: int
    waited: int
    value: int
    proven: bool


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Groups that may be: units (-1: none), slot, people, rounds waited, value and comfort."""

    units: Ints
    slot: Ints
    people: Ints
    waited: Ints
    value: Ints
    comfort: Ints


@njit(cache=True, nogil=True)
def list_groups(b, t, s, sets, rest):  # type: ignore[no-untyped-def]
    """All complete groups in slot ``s``, depth first; their number, or -1 if there is no room.

    Args:
        b: The board.
        t: A table, for its scratch space.
        s: The slot.
        sets: Filled with the units of each, -1 behind the last.
        rest: Filled with the score of each less the worth of its units.
    """
    first, width = b.slot[s].crowd, b.slot[s].crowd_size
    most = sets.shape[1]
    chosen = np.zeros(most + 1, np.int64)
    next_ = np.zeros(most + 2, np.int64)
    units = np.zeros(most + 1, np.int64)
    found = 0
    depth = 0
    while depth >= 0:
        if next_[depth] >= width or depth >= most:
            depth -= 1
            continue
        at = next_[depth]
        next_[depth] += 1
        chosen[depth] = at
        units[depth] = b.crowd[first + at]
        score, done = judge(b, t, units, depth + 1, s)
        if done == NOT_ALLOWED:
            continue
        if done == COMPLETE:
            if found >= len(sets):
                return -1
            for i in range(most):
                sets[found, i] = units[i] if i <= depth else -1
                if i <= depth:
                    score -= b.unit[units[i]].worth
            rest[found] = score
            found += 1
        depth += 1
        next_[depth] = at + 1
    return found


def list_columns(board: Board, waited: Ints) -> Columns | None:
    """Every group that may be, or ``None`` when there are too many to try."""
    most = int(board.fixed["most"][0])
    crowds = board.slot["crowd_size"].tolist()
    if sum(comb(crowd, k) for crowd in crowds for k in range(1, most + 1)) > SETS:
        return None
    table = make_table(board, np.zeros(board.free.shape, np.int64), 0)
    sets = np.zeros((COLUMNS * 4, most), np.int64)
    rest = np.zeros(len(sets), np.int64)
    found: list[tuple[Ints, Ints, Ints]] = []
    total = 0
    for slot in range(len(crowds)):
        count = list_groups(board, table, slot, sets, rest)
        if count < 0:
            return None
        found.append((sets[:count].copy(), rest[:count].copy(), np.full(count, slot)))
        total += count
        if total > 4 * COLUMNS:
            return None
    units = np.concatenate([f[0] for f in found])
    value, comfort = split_score(board, np.concatenate([f[1] for f in found]))
    size = np.append(board.unit["size"], 0)
    return Columns(
        units,
        np.concatenate([f[2] for f in found]),
        size[units].sum(axis=1),
        np.append(waited, 0)[units].sum(axis=1),
        value,
        comfort,
    )


def find_plenty(board: Board, load: Ints) -> int | None:
    """A venue that could seat every group there can be, so that no table is ever missing."""
    groups = len(board.person) // max(1, int(board.fixed["least"][0]))
    roomy = (board.venue["tables"] - load.max(axis=1, initial=0)) >= groups
    whole = board.free.all(axis=1) & (board.venue["seats"] >= board.fixed["most"][0])
    everybody = (board.venue["place"] < 0) | (
        (board.unit["reach"] == board.venue["place"][:, None]).all(axis=1)
    )
    found = np.flatnonzero(roomy & whole & everybody)
    return int(found[0]) if len(found) else None


def keep_best_slots(columns: Columns) -> Columns:
    """One column for each set of people: with tables in plenty, a slot is a matter of comfort."""
    order = np.lexsort((-columns.comfort, -columns.value, *columns.units.T[::-1]))
    units = columns.units[order]
    new = np.append(True, (units[1:] != units[:-1]).any(axis=1))
    kept = np.sort(order[new])
    return Columns(*(getattr(columns, name)[kept] for name in Columns.__slots__))


def solve_exactly(
    board: Board, load: Ints, groups: list[GroupRow], waited: Ints, effort: float = 1.0
) -> Exact | None:
    """The best plan of a small cohort, or ``None`` where the cohort is too big for this.

    Args:
        board: The cohort.
        load: Tables taken by fixed groups.
        groups: What the search found: where CP-SAT starts, and what stands if it does no better.
        waited: Rounds waited, by unit.
        effort: The amount of work, 1 being usual. With less, the answer may be worse than
            ``groups``, and the caller keeps those.
    """
    columns = list_columns(board, waited)
    if columns is None:
        return None
    if not len(columns.slot):
        return Exact([], 0, 0, 0, proven=True)
    plenty = find_plenty(board, load)
    if plenty is not None:
        columns = keep_best_slots(columns)
    if len(columns.slot) > COLUMNS:
        return None
    return _Packing(board, load, columns, plenty).solve(groups, WORK * effort)


class _Packing:
    """The set packing of columns into venues."""

    def __init__(self, board: Board, load: Ints, columns: Columns, plenty: int | None) -> None:
        from ortools.sat.python import cp_model  # noqa: PLC0415 -- slow import

        self.board, self.columns, self.plenty = board, columns, plenty
        self.model = cp_model.CpModel()
        self.x: dict[tuple[int, int], cp_model.IntVar] = {}
        self.at: dict[tuple[int, int], list[int]] = {}
        for c in range(len(columns.slot)):
            slot = int(columns.slot[c])
            units = columns.units[c][columns.units[c] >= 0]
            for v in self._find_venues(c, units).tolist():
                self.x[c, v] = self.model.new_bool_var("")
                self.at.setdefault((v, slot), []).append(c)
        self.add_one_seat_each()
        self.add_tables(load)
        self.used = self.add_used_slots()

    def _find_venues(self, c: int, units: Ints) -> Ints:
        """Venues that can take a column; with plenty in one, the others need not be tried."""
        board = self.board
        if self.plenty is not None:
            return np.array([self.plenty])
        slot = int(self.columns.slot[c])
        reach = np.unique(board.unit["reach"][units])
        place = int(reach[0]) if len(reach) == 1 else -1
        fits = (board.venue["seats"] >= self.columns.people[c]) & board.free[:, slot]
        fits &= (board.venue["place"] < 0) | (board.venue["place"] == place)
        return np.flatnonzero(fits)

    def add_one_seat_each(self) -> None:
        """Nobody sits in two groups: for each unit, at most one of the columns with it."""
        having: dict[int, list[cp_model.IntVar]] = {}
        for (c, _), x in self.x.items():
            for unit in self.columns.units[c].tolist():
                if unit >= 0:
                    having.setdefault(unit, []).append(x)
        for some in having.values():
            self.model.add_at_most_one(some)

    def add_tables(self, load: Ints) -> None:
        """In each venue and slot, no more groups than tables, with those that clash."""
        board = self.board
        for v in range(len(board.venue)):
            for moment in range(len(board.slot)):
                some = [
                    self.x[c, v]
                    for slot in range(len(board.slot))
                    if board.slot["clash_from"][slot] <= moment < board.slot["clash_to"][slot]
                    for c in self.at.get((v, slot), ())
                ]
                left = int(board.venue["tables"][v] - load[v, moment])
                if len(some) > left:
                    self.model.add(sum(some) <= max(0, left))

    def add_used_slots(self) -> dict[int, cp_model.IntVar]:
        """A slot is used if a column in it is chosen."""
        by_slot: dict[int, list[cp_model.IntVar]] = {}
        for (c, _), x in self.x.items():
            by_slot.setdefault(int(self.columns.slot[c]), []).append(x)
        used = {}
        for slot, some in by_slot.items():
            used[slot] = self.model.new_bool_var("")
            self.model.add_max_equality(used[slot], some)
        return used

    def _sum(self, values: Ints) -> cp_model.LinearExpr:
        from ortools.sat.python import cp_model  # noqa: PLC0415 -- slow import

        variables = list(self.x.values())
        weights = values[[c for c, _ in self.x]].tolist()
        return cp_model.LinearExpr.weighted_sum(variables, weights)

    def solve(self, groups: list[GroupRow], work: float) -> Exact | None:
        """Level by level; each holds while the next is improved."""
        from ortools.sat.python import cp_model  # noqa: PLC0415 -- slow import

        self._hint(groups)
        columns = self.columns
        slot_price = int(self.board.fixed["slot"][0])
        levels = [
            self._sum(columns.people),
            self._sum(columns.waited),
            self._sum(columns.value),
            self._sum(columns.comfort) - slot_price * sum(self.used.values()),
        ]
        reached: list[int] = []
        proven = True
        chosen: list[tuple[int, int]] = []
        for number, level in enumerate(levels):
            self.model.maximize(level)
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.random_seed = 1
            # Else the solver would take Ctrl-C for itself, and never give it back.
            solver.parameters.catch_sigint_signal = False
            solver.parameters.max_deterministic_time = work if number < 3 else work / 4
            status = solver.solve(self.model)
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                if number < 3:
                    return None
                break
            proven = proven and (status == cp_model.OPTIMAL or number == 3)
            reached.append(round(solver.objective_value))
            chosen = [key for key, x in self.x.items() if solver.boolean_value(x)]
            self.model.add(level >= reached[-1])
            self.model.clear_hints()  # type: ignore[no-untyped-call]
            for key, x in self.x.items():
                self.model.add_hint(x, int(key in set(chosen)))
        rows = [self._read(c, v) for c, v in chosen]
        return Exact(rows, reached[0], reached[1], reached[2], proven)

    def _read(self, c: int, v: int) -> GroupRow:
        unit = self.board.unit
        people = [
            person
            for u in self.columns.units[c].tolist()
            if u >= 0
            for person in range(int(unit["first"][u]), int(unit["first"][u] + unit["size"][u]))
        ]
        return sorted(people), int(self.columns.slot[c]), v

    def _hint(self, groups: list[GroupRow]) -> None:
        """Start from what the search found."""
        standing = {(tuple(members), slot, venue) for members, slot, venue in groups}
        for (c, v), x in self.x.items():
            members, slot, _ = self._read(c, v)
            self.model.add_hint(x, int((tuple(members), slot, v) in standing))
