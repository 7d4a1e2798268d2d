"""Looks for a group around one unit, among all groups that there can be: depth first.

Where a rule asks for somebody whom the group lacks, only such people are tried next: every group
that there can be has one of them. Whoever breaks a rule with some of a group breaks it with all of
it too, and is not tried again. If nothing is found within the steps allowed, nothing is there: that
is a proof, whatever the plan.
"""

from __future__ import annotations

# ruff: noqa: C901, PLR0912 -- a call between kernels costs compile time
import numpy as np
from numba import njit

from scheduler.grouping.cohort_search import fill_table, read_unplaced
from scheduler.grouping.encoding import FORBIDDEN, Board, with_slots
from scheduler.grouping.opening import plan_sittings
from scheduler.grouping.problem import Bools, Ints
from scheduler.grouping.rule_codes import AT_LEAST, COMMON_HOURS
from scheduler.grouping.search import (
    COMPLETE,
    FIFTH,
    FOURTH,
    NOT_ALLOWED,
    PEOPLE,
    THIRD,
    Table,
    count_violations,
    has_table,
    judge,
    kernel,
    make_table,
    pair_points,
    size_of,
)

STEPS = 200_000
"""Groups that are looked at around one unit, at most: about a tenth of a second."""
EASY = 1000
"""After so many, it is found out first with whom the unit can never be."""
NONE_THERE, FOUND, UNKNOWN = np.arange(3)


@kernel
def is_asked(b, rule, u):  # type: ignore[no-untyped-def]
    """Whether rule ``rule`` (of those kept with people, then of all) asks for somebody of ``u``."""
    for q in range(b.unit[u].first, b.unit[u].first + b.unit[u].size):
        if rule < len(b.asked):
            word = b.answers[rule, q >> 6]
            if (word >> np.uint64(q & 63)) & np.uint64(1):
                return True
        elif b.code[q, rule - len(b.asked)] & 1:
            return True
    return False


@kernel
def find_lacking(b, t, units, n, s):  # type: ignore[no-untyped-def]
    """A hard rule that asks for somebody whom ``units[:n]`` lack; -1: none."""
    p = t.buffer[PEOPLE]
    k = 0
    for i in range(n):
        for q in range(b.unit[units[i]].first, b.unit[units[i]].first + b.unit[units[i]].size):
            p[k] = q
            k += 1
    for i in range(k):
        first = b.person[p[i]].ask
        for x in range(first, first + b.person[p[i]].asks):
            r = b.ask[x]
            if b.asked[r].weight >= 0:
                continue
            who = np.int64(0)
            for j in range(k):
                word = b.answers[r, p[j] >> 6]
                who += np.int64((word >> np.uint64(p[j] & 63)) & np.uint64(1))
            if who < b.asked[r].least:
                return r
    for r in range(len(b.rule)):
        if b.rule[r].weight < 0 and b.rule[r].kind == AT_LEAST:
            _, lack = count_violations(b, r, p, k, s)
            if lack > 0:
                return np.int64(len(b.asked) + r)
    return np.int64(-1)


@kernel
def find_seats(b, t, u, s, local):  # type: ignore[no-untyped-def]
    """The most seats at one table in slot ``s``, of the place of ``u`` or open to everybody."""
    seats = np.int64(0)
    for v in range(len(b.venue)):
        place = b.venue[v].place
        here = place == b.unit[u].reach if local else True
        if local == (place >= 0) and here and b.venue[v].seats > seats and has_table(b, t, v, s):
            seats = b.venue[v].seats
    return seats


@kernel
def look_in_slot(b, t, u, s, local, skip, marks, steps):  # type: ignore[no-untyped-def]
    """Whether there can be a group with ``u`` in slot ``s``: the answer, its size, steps left.

    ``marks[i]`` is the size of the group from which on nobody need try the ``i``-th of the slot.
    """
    seats = find_seats(b, t, u, s, local)
    if seats < b.fixed[0].least:
        return NONE_THERE, np.int64(0), steps
    units, at, guide = t.buffer[THIRD], t.buffer[FOURTH], t.buffer[FIFTH]
    units[0] = u
    _, done = judge(b, t, units, 1, s)
    if done == COMPLETE:
        return FOUND, np.int64(1), steps
    if done == NOT_ALLOWED:
        return NONE_THERE, np.int64(0), steps
    crowd, width = b.slot[s].crowd, b.slot[s].crowd_size
    for i in range(width):
        marks[i] = 0
    people = size_of(b, u)
    n = np.int64(1)
    at[0] = 0
    guide[0] = find_lacking(b, t, units, n, s)
    # Different people look at different others first, or all would fail at the same few.
    turn = (u * 7919) % width
    while n > 0:
        if at[n - 1] == width:
            for i in range(width):
                if marks[i] == n:
                    marks[i] = 0
            n -= 1
            if n > 0:
                people -= size_of(b, units[n])
            continue
        i = at[n - 1] + turn
        at[n - 1] += 1
        if i >= width:
            i -= width
        if marks[i] > 0:
            continue
        w = b.crowd[crowd + i]
        if w == u or skip[w] or people + size_of(b, w) > seats:
            continue
        if local and b.unit[w].reach != b.unit[u].reach:
            continue
        if guide[n - 1] >= 0 and not is_asked(b, guide[n - 1], w):
            continue
        steps -= 1
        if steps < 0:
            return UNKNOWN, np.int64(0), steps
        units[n] = w
        _, done = judge(b, t, units, n + 1, s)
        if done == COMPLETE:
            return FOUND, n + 1, steps
        marks[i] = n  # with this group, all groups that hold them too have been looked at then
        if done == NOT_ALLOWED or people + size_of(b, w) == seats:
            continue
        people += size_of(b, w)
        n += 1
        at[n - 1] = 0
        guide[n - 1] = find_lacking(b, t, units, n, s)
    return NONE_THERE, np.int64(0), steps


@kernel
def can_never_meet(b, t, u, w):  # type: ignore[no-untyped-def]
    """Whether rules forbid each group with units ``u`` and ``w``, in whatever slot."""
    p = t.buffer[PEOPLE]
    k = 0
    if size_of(b, u) + size_of(b, w) > b.fixed[0].most:
        return True
    for x in (u, w):
        for q in range(b.unit[x].first, b.unit[x].first + b.unit[x].size):
            p[k] = q
            k += 1
    for r in range(len(b.rule)):
        if b.rule[r].weight < 0 and b.rule[r].kind != COMMON_HOURS:
            bad, _ = count_violations(b, r, p, k, np.int64(0))
            if bad > 0:
                return True
    for i in range(size_of(b, u)):
        for j in range(size_of(b, u), k):
            if pair_points(b, p[i], p[j]) <= FORBIDDEN:
                return True
    return False


@njit(cache=True, nogil=True)
def look_for_groups(b, t, units, barred, skip, marks, steps, found):  # type: ignore[no-untyped-def]
    """Look for a group around each of ``units``.

    Args:
        b: The board.
        t: A table, for the tables that are taken and for its scratch space.
        units: Around whom.
        barred: Units that must not be in it, ``(u,)``.
        skip: Scratch space, ``(u,)``.
        marks: Scratch space, as long as the largest crowd.
        steps: Groups that are looked at for each of them, at most.
        found: Filled, a row each: the answer, the slot, and the units (-1 behind the last).
    """
    for i in range(len(units)):
        u = units[i]
        left = steps
        easy = True
        skip[:] = barred
        found[i] = -1
        found[i, 0] = NONE_THERE
        for x in range(b.unit[u].slots, b.unit[u].slots + b.unit[u].slot_count):
            if easy and steps - left > EASY:
                # Rather once for all slots than in each anew.
                easy = False
                for w in range(len(b.unit)):
                    skip[w] |= can_never_meet(b, t, u, w)
            for local in (True, False):
                what, n, left = look_in_slot(b, t, u, b.slots[x], local, skip, marks, left)
                if what != NONE_THERE:
                    found[i, 0] = what
                    found[i, 1] = b.slots[x]
                    for j in range(n):
                        found[i, 2 + j] = t.buffer[THIRD, j]
                    break
            if found[i, 0] != NONE_THERE:
                break


@njit(cache=True, nogil=True)
def look_for_seat(b, t, u, groups):  # type: ignore[no-untyped-def]
    """Whether a unit can join one of ``groups``: rows of slot, venue and units (-1: none)."""
    for row in range(len(groups)):
        s, v = groups[row, 0], groups[row, 1]
        if not b.available[u, s] or (b.venue[v].place >= 0 and b.venue[v].place != b.unit[u].reach):
            continue
        units = t.buffer[THIRD]
        people = size_of(b, u)
        n = 0
        while n + 2 < groups.shape[1] and groups[row, n + 2] >= 0:
            units[n] = groups[row, n + 2]
            people += size_of(b, units[n])
            n += 1
        units[n] = u
        if people <= b.venue[v].seats:
            _, done = judge(b, t, units, n + 1, s)
            if done == COMPLETE:
                return True
    return False


class Seeker:
    """Looks for groups on one board.

    Args:
        board: The board.
        table: A table of it, for the tables that are taken.
    """

    def __init__(self, board: Board, table: Table) -> None:
        self.board, self.table = board, table
        self.marks = np.zeros(int(board.slot["crowd_size"].max(initial=0)), np.int64)
        self.nobody = np.zeros(len(board.unit), np.bool_)
        self.skip = np.zeros(len(board.unit), np.bool_)

    def seek(self, units: Ints, barred: Bools | None = None, steps: int = STEPS) -> Ints:
        """A row for each of ``units``: ``FOUND`` (or not), slot, units (-1: none).

        ``barred``: units that must not be in it, ``(u,)``.
        """
        found = np.zeros((len(units), 2 + self.table.buffer.shape[1]), np.int64)
        barred = self.nobody if barred is None else barred
        look_for_groups(self.board, self.table, units, barred, self.skip, self.marks, steps, found)
        return found

    def can_join(self, unit: int, groups: Ints) -> bool:
        """Whether a unit can join one of some groups, rows of slot, venue and units."""
        return bool(look_for_seat(self.board, self.table, unit, groups))


def set_stranded_aside(board: Board, load: Ints) -> Board:
    """The board without slots for those who can sit in no group: nobody looks for a seat for them.

    Only who has no seat after a first filling is looked at: the others have sat in a group.
    """
    table = make_table(board, load, 0)
    fill_table(board, table, plan_sittings(board, load))
    unplaced = read_unplaced(table)
    stranded = unplaced[
        Seeker(board, make_table(board, load, 0)).seek(unplaced)[:, 0] == NONE_THERE
    ]
    if not len(stranded):
        return board
    available = board.available.copy()
    available[stranded] = False
    return with_slots(board, available)
