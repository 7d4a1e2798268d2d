"""The inner loop of seating turns: people change seats again and again, while the heat falls."""

# ruff: noqa: C901, PLR0912 -- kernels: a call between them costs compile time

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from scheduler.grouping.search import count_violations as count_in_kernel


@njit(cache=True, nogil=True)
def anneal_turns(  # type: ignore[no-untyped-def]
    b,
    table,
    people,
    count,
    stays,
    met,
    cost,
    value,
    prices,
    random,
    chance,
    moves,
    hot,
    cold,
    since,
    whole,
):
    """Let two people change seats, again and again, while the heat falls.

    Args:
        b: The board, for its rules.
        table: The table of each person in each turn, ``(t, n)``, changed in place like the rest.
        people: Who sits at each table, ``(t, v, seat)``.
        count: How many, ``(t, v)``.
        stays: Who does not change tables.
        met: How often each pair meets.
        cost: One number, what all of it costs.
        value: What the first meeting of each pair is worth.
        prices: The price of meeting again, and of breaking a hard rule.
        random: The state of the random numbers.
        chance: ``CHANCE``.
        moves: Changes to try.
        hot: Heat at first.
        cold: Heat at last.
        since: The first turn in which seats may change.
        whole: Whether the two change their seats in all turns, not in one.
    """
    turns, tables = count.shape
    n = table.shape[1]
    met[:] = 0
    total: Any = np.int64(0)
    rules = np.zeros((turns, tables), np.int64)
    for t in range(turns):
        for v in range(tables):
            rules[t, v] = price_table(b, people[t, v], count[t, v], t, prices[1])
            total += rules[t, v]
            for i in range(count[t, v]):
                for j in range(i):
                    total += meet(met, value, prices[0], people[t, v, i], people[t, v, j])
    x: Any = random[0]
    for step in range(moves):
        x ^= x << np.uint64(13)
        x ^= x >> np.uint64(7)
        x ^= x << np.uint64(17)
        p = np.int64((x >> np.uint64(32)) % np.uint64(n))
        q = np.int64((x & np.uint64(0xFFFFFFFF)) % np.uint64(n))
        first: Any = since + np.int64((x >> np.uint64(16)) % np.uint64(turns - since))
        last = first + 1
        if whole:
            first, last = 0, turns
            for t in range(turns):
                if (table[t, p] < 0) != (table[t, q] < 0):
                    last = 0
        elif table[first, p] < 0 or table[first, q] < 0 or table[first, p] == table[first, q]:
            continue
        if p == q or last == 0 or stays[p] or stays[q]:
            continue
        before = total
        for t in range(first, last):
            total += exchange(b, t, table, people, count, met, value, prices, rules, p, q)
        heat = hot + (cold - hot) * step // moves
        if (
            total - before
            <= (heat * chance[np.int64((x >> np.uint64(24)) & np.uint64(4095))]) >> 16
        ):
            continue
        for t in range(first, last):
            exchange(b, t, table, people, count, met, value, prices, rules, p, q)
        total = before
    random[0] = x
    cost[0] = total


@njit(nogil=True)
def price_table(b, members, k, t, hard):  # type: ignore[no-untyped-def]
    """What the rules cost at one table."""
    price = np.int64(0)
    if k == 0:
        return price
    for r in range(len(b.rule)):
        bad, lack = count_in_kernel(b, r, members, k, t)
        price += (bad + lack) * (hard if b.rule[r].weight < 0 else b.rule[r].weight)
    return price


@njit(nogil=True)
def meet(met, value, again, p, q):  # type: ignore[no-untyped-def]
    """Let two people meet once more; what it costs."""
    times = met[p, q]
    met[p, q] = met[q, p] = times + 1
    return -value[p, q] if times == 0 else again * times


@njit(nogil=True)
def part(met, value, again, p, q):  # type: ignore[no-untyped-def]
    """Let two people meet once less; what it costs."""
    times = met[p, q] - 1
    met[p, q] = met[q, p] = times
    return value[p, q] if times == 0 else -again * times


@njit(nogil=True)
def exchange(b, t, table, people, count, met, value, prices, rules, p, q):  # type: ignore[no-untyped-def]
    """Two people change seats in one turn; what it costs."""
    a, c = table[t, p], table[t, q]
    if a == c or a < 0 or c < 0:
        return np.int64(0)
    change = np.int64(0)
    at_p = at_q = 0
    for i in range(count[t, a]):
        other = people[t, a, i]
        if other == p:
            at_p = i
        else:
            change += part(met, value, prices[0], p, other)
            change += meet(met, value, prices[0], q, other)
    for i in range(count[t, c]):
        other = people[t, c, i]
        if other == q:
            at_q = i
        else:
            change += part(met, value, prices[0], q, other)
            change += meet(met, value, prices[0], p, other)
    people[t, a, at_p] = q
    people[t, c, at_q] = p
    table[t, p] = c
    table[t, q] = a
    if len(b.rule) > 0:
        change -= rules[t, a] + rules[t, c]
        rules[t, a] = price_table(b, people[t, a], count[t, a], t, prices[1])
        rules[t, c] = price_table(b, people[t, c], count[t, c], t, prices[1])
        change += rules[t, a] + rules[t, c]
    return change
