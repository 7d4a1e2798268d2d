"""The search itself: groups in slots at venues, changed a few at a time.

Simulated annealing over whole groups. A move changes at most a handful of groups; the score of
each changed group is computed anew from its members, so every rule has exactly one piece of code
(:func:`judge`) and any rule can be added there. All numbers are integers and the random numbers
are our own, so that a seed gives the same plan on every machine.

A group with too few members, or short of somebody whom a rule asks for, may stand while the search
runs (*incomplete*: its people do not count as placed), which lets groups grow one by one; a group
that breaks any other hard rule never stands. Each move has its reverse among the moves: without
"open a group from people who sit elsewhere", dissolving groups drifts to few large ones.
"""

# ruff: noqa: C901, PLR0911, PLR0912, PLR0915 -- a call between kernels costs compile time

from __future__ import annotations

from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
from numba import njit

from scheduler.grouping.encoding import FORBIDDEN, Board
from scheduler.grouping.rule_codes import (
    AT_LEAST,
    AT_MOST,
    AT_MOST_OF_ONE,
    COMMON_BIT,
    COMMON_HOURS,
    LEVEL_SPREAD,
    SAME,
)

Ints = npt.NDArray[np.int64]

# As whole numbers of numpy: the compiler makes one version of a function for each Python constant.
NONE, ONE = np.int64(-1), np.int64(1)
NOT_ALLOWED, INCOMPLETE, COMPLETE = np.arange(3)
STANDING, OPEN, UNPLACED, SPARE, PLACED, SCORE = np.array([0, 1, 2, 3, 3, 4])
FIRST, SECOND, THIRD, FOURTH, FIFTH, PEOPLE, DONORS = np.arange(7)  # rows of the scratch buffer

GROUP = np.dtype(
    [
        (name, np.int64)
        for name in ("slot", "venue", "count", "people", "done", "score", "by_slot_at")
    ]
)

# Nothing is allocated in a kernel, so nothing needs counting; no kernel is called from Python.
kernel: Any = cast("Any", njit)(
    nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False
)

# exp(-x) is the chance to accept a loss of x: a loss up to T * -ln(random) passes. The logarithm
# is a table of whole numbers, so that no machine's libm decides about a plan.
CHANCE = np.array([round(-np.log((i + 0.5) / 4096) * 65536) for i in range(4096)], np.int64)


class Table(NamedTuple):
    """The state of the search: which units sit in which group, where and when.

    ``lists[l, :total[l]]`` are the groups STANDING, those with a seat OPEN and the units UNPLACED,
    with positions in ``at`` for random choice and removal in constant time; ``lists[SPARE]`` are
    group numbers not in use. ``total[PLACED]`` and ``total[SCORE]`` count people and score.
    """

    group_of: Ints  # (u,): -1 none
    group: npt.NDArray[np.void]  # (g,) of GROUP: count is units, slot -1 is unused
    units: Ints  # (g, size_most)
    load: Ints  # (v, s): tables taken by groups in the slot or in one that clashes with it
    by_slot: Ints  # (s, widest): the groups of each slot
    in_slot: Ints  # (s,)
    lists: Ints
    at: Ints
    total: Ints
    random: npt.NDArray[np.uint64]
    buffer: Ints  # scratch


def make_table(board: Board, load: Ints, seed: int) -> Table:
    """Nobody seated. ``load``: tables already taken; it is copied.

    Units without any slot are not among those UNPLACED, for whom a seat is looked for.
    """
    units, slots = board.available.shape
    sittings = np.where(board.free, board.venue["tables"][:, None], 0).sum(axis=0)
    groups = int(min(units + 8, sittings.sum() + 1))
    widest = int(min(groups, max(1, sittings.max(initial=1))))
    most = int(board.fixed["most"][0])
    group = np.zeros(groups, GROUP)
    group["slot"] = -1
    lists = np.zeros((4, max(units, groups)), np.int64)
    able = np.flatnonzero(board.unit["slot_count"] > 0)
    lists[UNPLACED, : len(able)] = able
    lists[SPARE, :groups] = np.arange(groups)[::-1]
    at = np.full((3, lists.shape[1]), -1, np.int64)
    at[UNPLACED, able] = np.arange(len(able))
    return Table(
        group_of=np.full(units, -1, np.int64),
        group=group,
        units=np.full((groups, most), -1, np.int64),
        load=load.astype(np.int64),
        by_slot=np.full((slots, widest), -1, np.int64),
        in_slot=np.zeros(slots, np.int64),
        lists=lists,
        at=at,
        total=np.array([0, 0, len(able), 0, 0], np.int64),
        random=np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1),
        buffer=np.zeros((7, most + 1), np.int64),
    )


@kernel
def draw(t, below):  # type: ignore[no-untyped-def]
    """A random whole number from 0 to ``below - 1`` (xorshift, Marsaglia 2003)."""
    x = t.random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    t.random[0] = x
    return np.int64(((x >> np.uint64(32)) * np.uint64(below)) >> np.uint64(32))


@kernel
def pair_points(b, i, j):  # type: ignore[no-untyped-def]
    """What it is worth that people ``i`` and ``j`` meet."""
    word = b.bloom[i, (j >> 6) & 3]
    if (word >> np.uint64(j & 63)) & np.uint64(1):
        low = b.person[i].first
        high = b.person[i].last
        while low < high:
            middle = (low + high) >> 1
            if b.partner[middle].other < j:
                low = middle + 1
            else:
                high = middle
        if low < b.person[i].last and b.partner[low].other == j:
            return b.partner[low].points
    return b.between[b.person[i].department, b.person[j].department]


@kernel
def count_violations(b, r, p, k, s):  # type: ignore[no-untyped-def]
    """How often people ``p[:k]`` violate rule ``r`` in slot ``s``: (too much, too little).

    "Too little" can be mended by adding members, "too much" cannot.
    """
    kind = b.rule[r].kind
    most = b.rule[r].most
    bad = 0
    lack = 0
    if kind in (AT_MOST_OF_ONE, SAME):
        for i in range(k):
            code = b.code[p[i], r]
            before = 0
            if code >= 0:
                for j in range(i):
                    if b.code[p[j], r] == code:
                        before += 1
            if kind == SAME:
                bad += before == 0 and i > 0
            else:
                bad += before >= most
    elif kind in (AT_LEAST, AT_MOST):
        who = 0
        when = kind == AT_LEAST and most == 0
        for i in range(k):
            code = b.code[p[i], r]
            who += code & 1
            when |= code >= 2
        if kind == AT_MOST:
            bad = max(0, who - most)
        elif when:
            lack = max(0, b.rule[r].least - who)
    elif kind == LEVEL_SPREAD:
        low = np.int64(1) << 40
        high = -low
        known = 0
        for i in range(k):
            code = b.code[p[i], r]
            if code >= 0:
                known += 1
                low = min(low, code)
                high = max(high, code)
        if known >= 2:
            lack = max(0, b.rule[r].least - (high - low))
            if most >= 0:
                bad = max(0, high - low - most)
    elif kind == COMMON_BIT:
        bits = b.code[p[0], r]
        for i in range(1, k):
            bits &= b.code[p[i], r]
        bad = bits == 0
    elif kind == COMMON_HOURS:
        day = b.day[most, s]
        opens = b.hours[most, p[0], day, 0]
        closes = b.hours[most, p[0], day, 1]
        for i in range(1, k):
            opens = max(opens, b.hours[most, p[i], day, 0])
            closes = min(closes, b.hours[most, p[i], day, 1])
        bad = closes - opens < b.rule[r].least
    return np.int64(bad), np.int64(lack)


@kernel
def count_unanswered(b, p, k):  # type: ignore[no-untyped-def]
    """Who is missing that people ``p[:k]`` ask for: (in hard rules, points for soft ones)."""
    lack = np.int64(0)
    points = np.int64(0)
    for i in range(k):
        first = b.person[p[i]].ask
        for x in range(first, first + b.person[p[i]].asks):
            r = b.ask[x]
            before = False
            for j in range(i):
                begin = b.person[p[j]].ask
                for y in range(begin, begin + b.person[p[j]].asks):
                    before |= b.ask[y] == r
            if before:
                continue
            who = np.int64(0)
            for j in range(k):
                word = b.answers[r, p[j] >> 6]
                who += np.int64((word >> np.uint64(p[j] & 63)) & np.uint64(1))
            less = max(np.int64(0), b.asked[r].least - who)
            if b.asked[r].weight < 0:
                lack += less
            else:
                points += less * b.asked[r].weight
    return lack, points


@kernel
def judge(b, t, units, n, s):  # type: ignore[no-untyped-def]
    """Score and state of a group of ``units[:n]`` in slot ``s``; its venue is checked elsewhere."""
    if n == 0:
        return np.int64(0), NOT_ALLOWED
    p = t.buffer[PEOPLE]
    k = 0
    worth = np.int64(0)
    for i in range(n):
        u = units[i]
        worth += b.unit[u].worth
        for q in range(b.unit[u].first, b.unit[u].first + b.unit[u].size):
            if k >= b.fixed[0].most:
                return np.int64(FORBIDDEN), NOT_ALLOWED
            p[k] = q
            k += 1
    lack, points = count_unanswered(b, p, k)
    lack += max(np.int64(0), b.fixed[0].least - k)
    value = -points
    r = 0
    while r < len(b.rule) and b.rule[r].weight < 0:
        bad, less = count_violations(b, r, p, k, s)
        if bad > 0:
            return np.int64(FORBIDDEN), NOT_ALLOWED
        lack += less
        r += 1
    for i in range(k):
        for j in range(i):
            points = pair_points(b, p[i], p[j])
            if points <= FORBIDDEN:
                return np.int64(FORBIDDEN), NOT_ALLOWED
            value += points
    while r < len(b.rule):
        bad, less = count_violations(b, r, p, k, s)
        value -= (bad + less) * b.rule[r].weight
        r += 1
    if lack > 0:
        return min(np.int64(0), value) * b.fixed[0].value - lack * b.fixed[0].lack, INCOMPLETE
    value += b.size[k].points
    return worth + value * b.fixed[0].value + b.size[k].comfort + k * b.slot[s].pleasant, COMPLETE


@kernel
def add_to(t, which, item):  # type: ignore[no-untyped-def]
    """Put ``item`` at the end of a list that knows its positions."""
    t.lists[which, t.total[which]] = item
    t.at[which, item] = t.total[which]
    t.total[which] += 1


@kernel
def drop_from(t, which, item):  # type: ignore[no-untyped-def]
    """Take ``item`` out of such a list; the last one takes its place."""
    t.total[which] -= 1
    last = t.lists[which, t.total[which]]
    t.lists[which, t.at[which, item]] = last
    t.at[which, last] = t.at[which, item]
    t.at[which, item] = -1


@kernel
def unplace(t, u):  # type: ignore[no-untyped-def]
    """Note that unit ``u`` has no group."""
    t.group_of[u] = -1
    add_to(t, UNPLACED, u)


@kernel
def add_load(b, t, v, s, step):  # type: ignore[no-untyped-def]
    """Take (or give back) a table of venue ``v`` for slot ``s`` and all that clash with it."""
    for x in range(b.slot[s].clash_from, b.slot[s].clash_to):
        t.load[v, x] += step


@kernel
def has_table(b, t, v, s):  # type: ignore[no-untyped-def]
    """Whether venue ``v`` has a table left for a group in slot ``s``."""
    if not b.free[v, s]:
        return False
    for x in range(b.slot[s].clash_from, b.slot[s].clash_to):
        if t.load[v, x] >= b.venue[v].tables:
            return False
    return True


@kernel
def open_group(b, t, s, v):  # type: ignore[no-untyped-def]
    """A new empty group in slot ``s`` at venue ``v``; its number, or -1 if there is no more."""
    if t.total[STANDING] >= len(t.group) or t.in_slot[s] >= t.by_slot.shape[1]:
        return NONE
    g = t.lists[SPARE, len(t.group) - 1 - t.total[STANDING]]
    t.group[g].slot = s
    t.group[g].venue = v
    t.group[g].count = 0
    t.group[g].people = 0
    t.group[g].score = 0
    t.group[g].done = NOT_ALLOWED
    add_to(t, STANDING, g)
    t.by_slot[s, t.in_slot[s]] = g
    t.group[g].by_slot_at = t.in_slot[s]
    t.in_slot[s] += 1
    if t.in_slot[s] == 1:
        t.total[SCORE] -= b.fixed[0].slot
    add_to(t, OPEN, g)
    add_load(b, t, v, s, ONE)
    return g


@kernel
def leave_slot(b, t, g):  # type: ignore[no-untyped-def]
    """Take group ``g`` out of its slot's list and give its table back."""
    s = t.group[g].slot
    add_load(b, t, t.group[g].venue, s, NONE)
    t.in_slot[s] -= 1
    last = t.by_slot[s, t.in_slot[s]]
    t.by_slot[s, t.group[g].by_slot_at] = last
    t.group[last].by_slot_at = t.group[g].by_slot_at
    if t.in_slot[s] == 0:
        t.total[SCORE] += b.fixed[0].slot


@kernel
def close_group(b, t, g):  # type: ignore[no-untyped-def]
    """Remove an empty group."""
    leave_slot(b, t, g)
    t.total[SCORE] -= t.group[g].score
    if t.at[OPEN, g] >= 0:
        drop_from(t, OPEN, g)
    drop_from(t, STANDING, g)
    t.group[g].slot = -1
    t.lists[SPARE, len(t.group) - 1 - t.total[STANDING]] = g


@kernel
def set_group(b, t, g, units, n, score, done):  # type: ignore[no-untyped-def]
    """Group ``g`` is now ``units[:n]``; those who were in it and are not are the caller's care."""
    if t.group[g].done == COMPLETE:
        t.total[PLACED] -= t.group[g].people
    k = 0
    for i in range(n):
        u = units[i]
        t.units[g, i] = u
        k += b.unit[u].size
        if t.group_of[u] < 0:
            drop_from(t, UNPLACED, u)
        t.group_of[u] = g
    t.group[g].count = n
    t.group[g].people = k
    t.total[SCORE] += score - t.group[g].score
    t.group[g].score = score
    t.group[g].done = done
    if done == COMPLETE:
        t.total[PLACED] += k
    is_open = k < b.venue[t.group[g].venue].seats
    if is_open and t.at[OPEN, g] < 0:
        add_to(t, OPEN, g)
    elif not is_open and t.at[OPEN, g] >= 0:
        drop_from(t, OPEN, g)


@kernel
def fits(b, t, u, g):  # type: ignore[no-untyped-def]
    """Whether unit ``u`` can come to the slot and venue of group ``g``."""
    place = b.venue[t.group[g].venue].place
    return b.available[u, t.group[g].slot] and (place < 0 or place == b.unit[u].reach)


@kernel
def size_of(b, u):  # type: ignore[no-untyped-def]
    """The number of people in unit ``u``."""
    return b.unit[u].size


@kernel
def write_change(t, g, out, new, row):  # type: ignore[no-untyped-def]
    """Group ``g`` without unit ``out`` and with ``new`` (-1: none) into a buffer; its length."""
    units = t.buffer[row]
    n = 0
    for i in range(t.group[g].count):
        if t.units[g, i] != out:
            units[n] = t.units[g, i]
            n += 1
    if new >= 0 and n < len(units):
        units[n] = new
        n += 1
    return n


@kernel
def take_out(b, t, g, u):  # type: ignore[no-untyped-def]
    """Take unit ``u`` from group ``g``, which is closed when it was the last."""
    n = write_change(t, g, u, NONE, FIFTH)
    if n == 0:
        set_group(b, t, g, t.buffer[FIFTH], NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED)
        close_group(b, t, g)
    else:
        score, done = judge(b, t, t.buffer[FIFTH], n, t.group[g].slot)
        set_group(b, t, g, t.buffer[FIFTH], n, score, done)


@kernel
def find_wish(b, t, u):  # type: ignore[no-untyped-def]
    """The group of somebody whom unit ``u`` wishes to meet, chosen at random; -1: none."""
    p = b.unit[u].first + draw(t, b.unit[u].size)
    if b.person[p].wishes == 0:
        return NONE
    other = b.wish[b.person[p].wish + draw(t, b.person[p].wishes)]
    return t.group_of[b.person[other].unit]


@kernel
def pick_group(b, t, u):  # type: ignore[no-untyped-def]
    """A random group in a random slot of unit ``u``, or one with a seat left; -1: none found."""
    if len(b.wish) > 0 and draw(t, 4) == 0:
        return find_wish(b, t, u)
    if t.total[OPEN] > 0 and draw(t, 2) == 0:
        return t.lists[OPEN, draw(t, t.total[OPEN])]
    first = b.unit[u].slots
    n = b.unit[u].slot_count
    if n == 0:
        return NONE
    s = b.slots[first + draw(t, n)]
    if t.in_slot[s] == 0:
        return NONE
    return t.by_slot[s, draw(t, t.in_slot[s])]


@kernel
def pick_unit(t):  # type: ignore[no-untyped-def]
    """A random unit; one without a seat half the time, where there are any."""
    if t.total[UNPLACED] > 0 and draw(t, 2) == 0:
        return t.lists[UNPLACED, draw(t, t.total[UNPLACED])]
    return draw(t, len(t.group_of))


@kernel
def meet_points(b, t, g, without, u):  # type: ignore[no-untyped-def]
    """What it is worth that unit ``u`` meets the units of group ``g`` but for one of them."""
    total = np.int64(0)
    for p in range(b.unit[u].first, b.unit[u].first + b.unit[u].size):
        for i in range(t.group[g].count):
            x = t.units[g, i]
            if x != without:
                for q in range(b.unit[x].first, b.unit[x].first + b.unit[x].size):
                    points = pair_points(b, p, q)
                    if points <= FORBIDDEN:
                        return np.int64(FORBIDDEN)
                    total += points
    return total


@kernel
def loses_by_swap(b, t, g, u, h, w, limit):  # type: ignore[no-untyped-def]
    """Whether ``u`` of group ``g`` and ``w`` of ``h`` lose too much by changing seats, at a glance.

    With complete groups of the same sizes as before and no soft rules nothing changes but whom the
    two meet, or a group becomes incomplete, which is worse.
    """
    if t.group[g].done != COMPLETE or t.group[h].done != COMPLETE or b.fixed[0].soft:
        return False
    if size_of(b, u) != size_of(b, w):
        return False
    gain = meet_points(b, t, h, w, u) + meet_points(b, t, g, u, w)
    if gain <= FORBIDDEN >> 1:
        return True
    gain -= meet_points(b, t, h, w, w) + meet_points(b, t, g, u, u)
    return gain * b.fixed[0].value < -limit


@kernel
def find_venue(b, t, s, u, size):  # type: ignore[no-untyped-def]
    """A venue with a table left in slot ``s`` for ``size`` people with ``u`` among them, or -1."""
    venues = len(b.venue)
    v = draw(t, venues)
    for _ in range(venues):
        comes = b.venue[v].place < 0 or b.venue[v].place == b.unit[u].reach
        if comes and b.venue[v].seats >= size and has_table(b, t, v, s):
            return v
        v += 1
        if v == venues:
            v = 0
    return NONE


@kernel
def try_relocate(b, t, limit):  # type: ignore[no-untyped-def]
    """Move a unit to another group, or seat one who has no seat."""
    u = pick_unit(t)
    h = pick_group(b, t, u)
    g = t.group_of[u]
    if h < 0 or h == g or not fits(b, t, u, h):
        return
    if t.group[h].people + size_of(b, u) > b.venue[t.group[h].venue].seats:
        return
    n = write_change(t, h, NONE, u, FIRST)
    score, done = judge(b, t, t.buffer[FIRST], n, t.group[h].slot)
    if done == NOT_ALLOWED:
        return
    gain = score - t.group[h].score
    if g >= 0:
        rest = write_change(t, g, u, NONE, SECOND)
        less, _ = judge(b, t, t.buffer[SECOND], rest, t.group[g].slot)
        if less <= FORBIDDEN:
            return
        gain += less - t.group[g].score
    if gain < -limit:
        return
    if g >= 0:
        take_out(b, t, g, u)
    set_group(b, t, h, t.buffer[FIRST], n, score, done)


@kernel
def try_swap(b, t, limit):  # type: ignore[no-untyped-def]
    """Let two units of two groups change seats; one without a seat takes another's.

    With seats left somewhere, who lost the seat may go there (a chain of three).
    """
    u = pick_unit(t)
    h = NONE
    if len(b.wish) > 0 and draw(t, 4) == 0:
        h = find_wish(b, t, u)
    if h < 0:
        if b.unit[u].slot_count == 0:
            return
        s = b.slots[b.unit[u].slots + draw(t, b.unit[u].slot_count)]
        if t.in_slot[s] == 0:
            return
        h = t.by_slot[s, draw(t, t.in_slot[s])]
    g = t.group_of[u]
    if h == g or t.group[h].count == 0 or not fits(b, t, u, h):
        return
    w = t.units[h, draw(t, t.group[h].count)]
    if t.group[h].people + size_of(b, u) - size_of(b, w) > b.venue[t.group[h].venue].seats:
        return
    o = NONE
    if g < 0:
        if t.total[OPEN] > 0:
            o = t.lists[OPEN, draw(t, t.total[OPEN])]
            full = t.group[o].people + size_of(b, w) > b.venue[t.group[o].venue].seats
            if o == h or full or not fits(b, t, w, o):
                o = NONE
    elif (
        not fits(b, t, w, g)
        or t.group[g].people + size_of(b, w) - size_of(b, u) > b.venue[t.group[g].venue].seats
    ):
        return
    if g >= 0 and loses_by_swap(b, t, g, u, h, w, limit):
        return
    n = write_change(t, h, w, u, FIRST)
    score, done = judge(b, t, t.buffer[FIRST], n, t.group[h].slot)
    if done == NOT_ALLOWED:
        return
    gain = score - t.group[h].score
    m = 0
    other = np.int64(0)
    other_done = NOT_ALLOWED
    x = g if g >= 0 else o
    if x >= 0:
        m = write_change(t, x, u, w, SECOND)
        other, other_done = judge(b, t, t.buffer[SECOND], m, t.group[x].slot)
        if other_done == NOT_ALLOWED:
            if g >= 0:
                return
            x = np.int64(-1)
        else:
            gain += other - t.group[x].score
    if gain < -limit:
        return
    if x >= 0:
        if g < 0:
            t.group_of[w] = x
        set_group(b, t, x, t.buffer[SECOND], m, other, other_done)
    else:
        unplace(t, w)
    set_group(b, t, h, t.buffer[FIRST], n, score, done)


@kernel
def try_move(b, t, limit):  # type: ignore[no-untyped-def]
    """Let a whole group meet in another slot or at another venue."""
    if t.total[STANDING] == 0:
        return
    g = t.lists[STANDING, draw(t, t.total[STANDING])]
    if t.group[g].count == 0:
        return
    u = t.units[g, 0]
    first = b.unit[u].slots
    s = t.group[g].slot
    if draw(t, 3) > 0:
        s = b.slots[first + draw(t, b.unit[u].slot_count)]
    for i in range(1, t.group[g].count):
        if not b.available[t.units[g, i], s]:
            return
    if s != t.group[g].slot and t.in_slot[s] >= t.by_slot.shape[1]:
        return
    old, at = t.group[g].slot, t.group[g].venue
    add_load(b, t, at, old, NONE)
    v = find_venue(b, t, s, u, t.group[g].people)
    if v >= 0 and b.venue[v].place >= 0:
        for i in range(1, t.group[g].count):
            if b.unit[t.units[g, i]].reach != b.venue[v].place:
                v = NONE
                break
    add_load(b, t, at, old, ONE)
    if v < 0 or (v == at and s == old):
        return
    n = write_change(t, g, NONE, NONE, FIRST)
    score, done = judge(b, t, t.buffer[FIRST], n, s)
    if done == NOT_ALLOWED or score - t.group[g].score < -limit:
        return
    leave_slot(b, t, g)
    t.group[g].slot = s
    t.group[g].venue = v
    t.by_slot[s, t.in_slot[s]] = g
    t.group[g].by_slot_at = t.in_slot[s]
    t.in_slot[s] += 1
    if t.in_slot[s] == 1:
        t.total[SCORE] -= b.fixed[0].slot
    add_load(b, t, v, s, ONE)
    set_group(b, t, g, t.buffer[FIRST], n, score, done)


@kernel
def try_dissolve(b, t, limit):  # type: ignore[no-untyped-def]
    """Close a group; its units go where there are seats, at most one to each other group."""
    if t.total[STANDING] == 0:
        return
    g = t.lists[STANDING, draw(t, t.total[STANDING])]
    n = t.group[g].count
    gain = -t.group[g].score
    for i in range(n):
        u = t.units[g, i]
        best = NONE
        best_gain = np.int64(FORBIDDEN)
        for _ in range(6):
            h = pick_group(b, t, u)
            if h < 0 or h == g or not fits(b, t, u, h):
                continue
            if t.group[h].people + size_of(b, u) > b.venue[t.group[h].venue].seats:
                continue
            used = False
            for j in range(i):
                used |= t.buffer[DONORS, j] == h
            if used:
                continue
            m = write_change(t, h, NONE, u, FIRST)
            score, done = judge(b, t, t.buffer[FIRST], m, t.group[h].slot)
            if done != NOT_ALLOWED and score - t.group[h].score > best_gain:
                best = h
                best_gain = score - t.group[h].score
        t.buffer[DONORS, i] = best
        if best >= 0:
            gain += best_gain
    if gain < -limit:
        return
    for i in range(n):
        t.buffer[FOURTH, i] = t.units[g, i]
    for i in range(n):
        u = t.buffer[FOURTH, i]
        h = t.buffer[DONORS, i]
        if h < 0:
            unplace(t, u)
        else:
            m = write_change(t, h, NONE, u, FIRST)
            score, done = judge(b, t, t.buffer[FIRST], m, t.group[h].slot)
            set_group(b, t, h, t.buffer[FIRST], m, score, done)
    set_group(b, t, g, t.buffer[FIRST], NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED)
    close_group(b, t, g)


@kernel
def try_open(b, t, limit):  # type: ignore[no-untyped-def]
    """Open a group with people who have no seat or sit in groups that can spare one."""
    seed = pick_unit(t)
    first = b.unit[seed].slots
    slots = b.unit[seed].slot_count
    if slots == 0:
        return
    s = b.slots[first + draw(t, slots)]
    v = find_venue(b, t, s, seed, b.fixed[0].least)
    if v < 0:
        return
    most = min(b.venue[v].seats, b.fixed[0].most)
    want = min(most, b.fixed[0].favourite)
    if draw(t, 2) == 0:
        want = b.fixed[0].least + draw(t, most - b.fixed[0].least + 1)
    units = t.buffer[THIRD]
    donors = t.buffer[DONORS]
    n = 0
    k = 0
    gain = np.int64(0)
    score = np.int64(0)
    done = NOT_ALLOWED
    crowd = b.slot[s].crowd
    width = b.slot[s].crowd_size
    for attempt in range(10 * want):
        if attempt == 0:
            u = seed
        elif t.total[UNPLACED] > 0 and draw(t, 2) == 0:
            u = t.lists[UNPLACED, draw(t, t.total[UNPLACED])]
        else:
            u = b.crowd[crowd + draw(t, width)]
        if not b.available[u, s] or k + size_of(b, u) > want:
            continue
        if b.venue[v].place >= 0 and b.venue[v].place != b.unit[u].reach:
            continue
        g = t.group_of[u]
        used = False
        for i in range(n):
            used |= units[i] == u or (g >= 0 and donors[i] == g)
        if used:
            continue
        loss = np.int64(0)
        if g >= 0:
            if t.group[g].people - size_of(b, u) < b.fixed[0].least and t.group[g].done == COMPLETE:
                continue
            m = write_change(t, g, u, NONE, SECOND)
            less, state = judge(b, t, t.buffer[SECOND], m, t.group[g].slot)
            if state != COMPLETE and t.group[g].done == COMPLETE:
                continue
            loss = less - t.group[g].score
        units[n] = u
        new, state = judge(b, t, units, n + 1, s)
        if state == NOT_ALLOWED:
            continue
        donors[n] = g
        n += 1
        k += size_of(b, u)
        gain += loss
        score = new
        done = state
        if k >= want and done == COMPLETE:
            break
    if done != COMPLETE or gain + score < -limit:
        return
    g = open_group(b, t, s, v)
    if g < 0:
        return
    for i in range(n):
        if donors[i] >= 0:
            take_out(b, t, donors[i], units[i])
    set_group(b, t, g, units, n, score, done)


@kernel
def anneal(b, t, chance, moves, hot, cold):  # type: ignore[no-untyped-def]
    """``moves`` random moves while the temperature (in score) falls from ``hot`` to ``cold``."""
    for step in range(moves):
        heat = hot + (cold - hot) * (step >> 6) // ((moves >> 6) + 1)
        limit = (heat * chance[draw(t, 4096)]) >> 16
        which = draw(t, 64)
        if which < 22:
            try_relocate(b, t, limit)
        elif which < 54:
            try_swap(b, t, limit)
        elif which < 58:
            try_move(b, t, limit)
        elif which < 60:
            try_dissolve(b, t, limit)
        else:
            try_open(b, t, limit)


@kernel
def fill(b, t, order, tries):  # type: ignore[no-untyped-def]
    """Seat units in ``order``, each in the best of ``tries`` random groups with a seat left."""
    for u in order:
        if t.group_of[u] >= 0:
            continue
        best = NONE
        best_gain = np.int64(FORBIDDEN)
        for _ in range(tries):
            h = pick_group(b, t, u)
            if h < 0 or not fits(b, t, u, h):
                continue
            if t.group[h].people + size_of(b, u) > b.venue[t.group[h].venue].seats:
                continue
            n = write_change(t, h, NONE, u, FIRST)
            score, done = judge(b, t, t.buffer[FIRST], n, t.group[h].slot)
            if done != NOT_ALLOWED and score - t.group[h].score > best_gain:
                best_gain = score - t.group[h].score
                best = h
        if best >= 0:
            n = write_change(t, best, NONE, u, FIRST)
            score, done = judge(b, t, t.buffer[FIRST], n, t.group[best].slot)
            set_group(b, t, best, t.buffer[FIRST], n, score, done)


@kernel
def seat(b, t, seatings):  # type: ignore[no-untyped-def]
    """Open groups, rows of slot, venue and units (-1: none); those that cannot be are left out."""
    for row in range(len(seatings)):
        s, v = seatings[row, 0], seatings[row, 1]
        units = seatings[row, 2:]
        n = 0
        people = 0
        possible = has_table(b, t, v, s)
        while n < len(units) and units[n] >= 0:
            u = units[n]
            people += b.unit[u].size
            possible &= t.group_of[u] < 0 and b.available[u, s]
            possible &= b.venue[v].place < 0 or b.venue[v].place == b.unit[u].reach
            n += 1
        score, done = judge(b, t, units, n, s)
        if not possible or people > b.venue[v].seats or (n > 0 and done == NOT_ALLOWED):
            continue
        g = open_group(b, t, s, v)
        if g >= 0 and n > 0:
            set_group(b, t, g, units, n, score, done)


@kernel
def clear_incomplete(b, t):  # type: ignore[no-untyped-def]
    """Close all groups that are empty or short of members."""
    for i in range(t.total[STANDING] - 1, -1, -1):
        g = t.lists[STANDING, i]
        if t.group[g].done != COMPLETE:
            for j in range(t.group[g].count):
                unplace(t, t.units[g, j])
            set_group(b, t, g, t.buffer[FIRST], NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED)
            close_group(b, t, g)


@njit(cache=True, nogil=True)
def search(b, t, seatings, order, tries, chance, moves, hot, cold, clear):  # type: ignore[no-untyped-def]
    """One stretch of work: seat groups, fill them, anneal, and clear what is incomplete.

    Args:
        b: The board.
        t: The table, changed in place.
        seatings: Groups to open first, see :func:`seat`.
        order: Units to seat one by one, each in the best of ``tries`` groups.
        tries: Groups that are looked at for each of them.
        chance: ``CHANCE``.
        moves: Random moves to try after that.
        hot: The temperature of the first, in score.
        cold: The temperature of the last.
        clear: Whether to close incomplete groups at the end.
    """
    seat(b, t, seatings)
    fill(b, t, order, tries)
    if len(t.group_of) > 0:
        anneal(b, t, chance, moves, hot, cold)
    if clear:
        clear_incomplete(b, t)
