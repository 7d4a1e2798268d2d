"""The chance that two departments share no table when people are dealt out at random."""

from __future__ import annotations

import numpy as np

from scheduler.insights.history import Floats, Ints

EXACT_MEMBERS = 24
"""Up to so many people of the smaller department every way to spread them is summed up. Above, two
moments are used: when 25 people or more meet 25 or more, the chance is small or the tables are
many, and what the third moment would add stays below one part in 10,000."""


def chance_of_no_contact(tables: Ints, ones: Ints, others: Ints) -> Floats:
    """That nobody of ``ones[k]`` people shares a table with one of ``others[k]``, shape ``(k,)``.

    ``tables``: the sizes; all of them together seat everybody. The smaller department sits down
    first. If it leaves ``u`` seats at tables where none of it sits, the ``b`` people of the other
    are all there with the chance ``C(u, b) / C(n - a, b)``; what remains is the distribution of
    ``u``.
    """
    small, large = np.minimum(ones, others), np.maximum(ones, others)
    people = int(tables.sum())
    logs = _log_factorials(people)
    sizes, counts = np.unique(tables, return_counts=True)
    chance = np.empty(len(small))
    exact = small <= EXACT_MEMBERS
    if exact.any():
        most = int(small[exact].max())
        spread = _spread_of_taken(sizes, counts, most, logs)
        taken = np.arange(spread.shape[1])
        free = people - taken
        for a in np.unique(small[exact]):
            rows = np.flatnonzero(exact & (small == a))
            share = _share_seated(free[None, :], large[rows, None], people - int(a), logs)
            chance[rows] = share @ spread[a]
    if not exact.all():
        for a in np.unique(small[~exact]):
            rows = np.flatnonzero(~exact & (small == a))
            chance[rows] = _by_moments(sizes, counts, int(a), large[rows], logs)
    return np.clip(chance, 0.0, 1.0)


def _spread_of_taken(sizes: Ints, counts: Ints, most: int, logs: Floats) -> Floats:
    """``[a, t]``: the chance that the tables at which ``a`` people sit have ``t`` seats in all.

    The number of ways is the coefficient of ``x^a z^t`` in the product over sizes ``s`` of
    ``(1 + z^s ((1 + x)^s - 1)) ^ tables``; powers of ``x`` are scaled so that no number overflows.
    """
    people = int((sizes * counts).sum())
    scale = max(most, 1) / np.e / people
    ways = np.zeros((most + 1, 1))
    ways[0, 0] = 1.0
    for size, tables in zip(sizes.tolist(), counts.tolist(), strict=True):
        held = min(most, tables)
        grown = np.zeros((most + 1, ways.shape[1] + size * held))
        for used, ways_of_size in enumerate(_ways_with_tables(size, tables, most, scale)):
            at = slice(size * used, size * used + ways.shape[1])
            for seated in np.flatnonzero(ways_of_size):
                grown[seated:, at] += ways_of_size[seated] * ways[: most + 1 - seated]
        ways = grown[:, : most * int(sizes.max()) + 1]
    members = np.arange(most + 1)
    log_all = logs[people] - logs[members] - logs[people - members] + members * np.log(scale)
    return np.asarray(ways * np.exp(-log_all)[:, None], np.float64)


def _ways_with_tables(size: int, tables: int, most: int, scale: float) -> list[Floats]:
    """``[j][a]``: ways to seat ``a`` people so that exactly ``j`` tables of this size are used."""
    one = np.array([0.0] + [_choose(size, k) * scale**k for k in range(1, size + 1)])
    power = np.zeros(most + 1)
    power[0] = 1.0
    ways = [power]
    for used in range(1, min(most, tables) + 1):
        power = np.convolve(power, one)[: most + 1] * (tables - used + 1) / used
        ways.append(power)
    return ways


def _choose(n: int, k: int) -> float:
    return float(np.prod([(n - i) / (i + 1) for i in range(k)]))


def _share_seated(free: Ints, others: Ints, people: int, logs: Floats) -> Floats:
    """``C(free, others) / C(people, others)``, 0 where they do not fit."""
    fits = free >= others
    left = np.where(fits, free - others, 0)
    share = logs[free] - logs[left] - logs[people] + logs[people - others]
    return np.asarray(np.where(fits, np.exp(np.minimum(share, 0.0)), 0.0), np.float64)


def _by_moments(sizes: Ints, counts: Ints, a: int, others: Ints, logs: Floats) -> Floats:
    """The mean of ``C(u, b) / C(n - a, b)`` from mean and variance of ``u`` (a table is left free
    by all ``a`` people with ``C(n - s, a) / C(n, a)``, two tables likewise with both sizes).
    """
    people = int((sizes * counts).sum())

    def left_free(seats: Ints) -> Floats:
        steps = np.arange(int(seats.max()))
        factor = np.maximum(people - a - steps, 0) / np.maximum(people - steps, 1)
        product = np.concatenate([[1.0], np.cumprod(factor)])
        return np.asarray(product[seats], np.float64)

    one = left_free(sizes)
    mean = float((sizes * counts * one).sum())
    two = left_free(sizes[:, None] + sizes[None, :])
    seats = sizes * counts
    square = float(seats @ two @ seats - (counts * sizes**2 * np.diagonal(two)).sum())
    variance = max(0.0, square + float((counts * sizes**2 * one).sum()) - mean**2)
    low = int(np.floor(mean))
    part = mean - low
    around = np.array([low, min(low + 1, people)])
    both = _share_seated(around[:, None], others[None, :], people - a, logs)
    with np.errstate(divide="ignore"):
        value = np.exp(np.log(both[0]) * (1 - part) + np.log(both[1]) * part)
    rest = np.maximum(mean - others + 0.5, 0.5)
    slope = np.log((mean + 0.5) / rest)
    bend = 1 / (mean + 0.5) - 1 / rest
    return np.asarray(value * (1 + variance / 2 * (slope**2 + bend)), np.float64)


def _log_factorials(most: int) -> Floats:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1)))])
