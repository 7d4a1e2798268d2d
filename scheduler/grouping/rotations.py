"""Tables that change every few minutes: who sits where in each turn of a networking hour.

No pair meets twice while that is possible, the rules hold at every table in every turn, people may
come late or leave early, tables may be unequal, and a host stays where they are. Full and equal
tables without more ado come from :mod:`scheduler.grouping.designs`; everything else, and what is
left of the rules there, from annealing.
"""

# ruff: noqa: C901 -- kernels: a call between them costs compile time

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scheduler.grouping.checker import Ledger, count_violations
from scheduler.grouping.designs import make_schedule
from scheduler.grouping.encoding import (
    FORBIDDEN,
    Board,
    Cohort,
    Ints,
    make_board,
    make_worth,
)
from scheduler.grouping.problem import Problem, Ties, Venues
from scheduler.grouping.rules import Rule, Together
from scheduler.grouping.search import CHANCE
from scheduler.grouping.search import count_violations as count_in_kernel
from scheduler.grouping.solution import SoftCost

Bools = npt.NDArray[np.bool_]

MOVES = 4_000_000
"""Swaps that are tried in all at effort 1, a few seconds."""
DESCENTS = 6
STRETCHES = 10
AGAIN = 3
"""What meeting again costs, in usual ties, for each time met before."""


@dataclass(frozen=True, slots=True, eq=False)
class Rotation:
    """A networking hour to be seated.

    ``present[n, t]``: person ``n`` is there in turn ``t``; ``seats[v]`` at each table;
    ``hosts[v]``: who stays at table ``v`` in all turns, -1: nobody; ``ties`` and ``rules`` as in a
    problem. A pair bound by ``Together`` sits at one table in at least one turn.
    """

    present: Bools
    seats: Ints
    ties: Ties
    rules: tuple[Rule, ...] = ()
    hosts: Ints | None = None


@dataclass(frozen=True, slots=True)
class RotationPlan:
    """The tables of each turn.

    ``turns[t][v]``: the people at table ``v``, ascending. ``distinct``: pairs who meet,
    ``distinct_bound``: the most by counting; ``repeats``: meetings of pairs who had met before
    during the hour. ``broken``: hard rules that could not be kept everywhere, and what soft rules
    cost, over all tables and turns.
    """

    turns: tuple[tuple[tuple[int, ...], ...], ...]
    distinct: int
    distinct_bound: int
    repeats: int
    broken: tuple[SoftCost, ...] = ()
    complete: bool = True


@dataclass(slots=True, eq=False)
class _Seating:
    """The state of the search, see :func:`anneal_turns`."""

    table: Ints  # (t, n): -1 not there
    people: Ints  # (t, v, seats)
    count: Ints  # (t, v)
    stays: Bools  # (n,)
    met: Ints  # (n, n)
    cost: Ints  # (1,)
    random: npt.NDArray[np.uint64] = field(default_factory=lambda: np.zeros(1, np.uint64))


def plan_rotation(
    rotation: Rotation,
    *,
    seed: int = 0,
    effort: float = 1.0,
    stop: Callable[[], bool] | None = None,
) -> RotationPlan:
    """Seat everybody present in every turn.

    Args:
        rotation: Who is there when, the tables, rules and hosts.
        seed: Decides everything that is random.
        effort: The amount of work, 1 being usual: a few seconds at most.
        stop: Is asked now and then whether to stop.

    Raises:
        ValueError: More people than seats in some turn, or a host who is not there.
    """
    sizes = share_out(rotation)
    problem = _as_problem(rotation, sizes)
    people, turns = rotation.present.shape
    cohort = Cohort(np.arange(people), np.arange(turns), np.arange(len(rotation.seats)))
    worth = make_worth(problem)
    board = make_board(problem, cohort, [], worth, apart=False)
    hard = 50 * AGAIN * worth.usual * max(1, int(sizes.max(initial=1)))
    value = _make_pair_values(problem, board, hard)
    prices = np.array([AGAIN * worth.usual, hard], np.int64)
    moves = max(1, int(MOVES * effort) // DESCENTS // STRETCHES // (1 + len(rotation.rules)))
    heats = [
        int(2 * AGAIN * worth.usual * (1 - s / STRETCHES) ** 2) + worth.usual // 4
        for s in range(STRETCHES + 1)
    ]
    best: _Seating | None = None
    stopped = False
    for descent in range(DESCENTS + 1):
        seating = _seat_anyhow(rotation, sizes, [seed, descent])
        by_design = descent == 0 and _seat_by_design(rotation, sizes, seating, seed)
        if descent == 0 and not by_design:
            continue
        for hot, cold in pairwise(heats):
            # People exchange all their seats in a design, which keeps it one; else single seats.
            anneal_turns(
                board, seating.table, seating.people, seating.count, seating.stays, seating.met,
                seating.cost, value, prices, seating.random, CHANCE,
                moves // turns if by_design else moves, hot, cold, by_design,
            )  # fmt: skip
            stopped = stopped or (stop is not None and stop())
            if stopped or _is_perfect(board, seating):
                break
        if best is None or seating.cost[0] < best.cost[0]:
            best = seating
        if stopped or _is_perfect(board, best):
            break
    assert best is not None  # noqa: S101 -- there is at least one descent
    return _read_plan(rotation, problem, best, sizes, complete=not stopped)


def share_out(rotation: Rotation) -> Ints:
    """How many sit at each table in each turn, ``(t, v)``: as even as the seats allow.

    Raises:
        ValueError: More people than seats in some turn, or a host who is not there.
    """
    turns = rotation.present.shape[1]
    tables = len(rotation.seats)
    hosts = np.full(tables, -1) if rotation.hosts is None else np.asarray(rotation.hosts)
    sizes = np.zeros((turns, tables), np.int64)
    for turn in range(turns):
        here = int(rotation.present[:, turn].sum())
        if here > int(np.sum(rotation.seats)):
            raise ValueError(
                f"{here} people are there in turn {turn + 1}, "
                f"but there are only {int(np.sum(rotation.seats))} seats."
            )
        for host in hosts[hosts >= 0].tolist():
            if not rotation.present[host, turn]:
                raise ValueError(f"Host {host} is not there in turn {turn + 1}.")
        sizes[turn] = hosts >= 0
        for _ in range(here - int(sizes[turn].sum())):
            open_ = np.flatnonzero(sizes[turn] < rotation.seats)
            sizes[turn, open_[np.argmin(sizes[turn, open_])]] += 1
    return sizes


def _as_problem(rotation: Rotation, sizes: Ints) -> Problem:
    """The rotation as a problem, for the code of rules and ties: turns are slots."""
    people, turns = rotation.present.shape
    most = max(1, int(sizes.max(initial=1)))
    tables = len(rotation.seats)
    return Problem(
        available=np.asarray(rotation.present),
        start=np.arange(turns, dtype=np.int64),
        minutes=1,
        venues=Venues(
            np.asarray(rotation.seats, np.int64),
            np.ones(tables, np.int64),
            np.full(tables, -1, np.int64),
            np.ones((tables, turns), np.bool_),
        ),
        place=np.zeros(people, np.int64),
        waited=np.zeros(people, np.int64),
        pleasant=np.zeros(turns, np.int64),
        size_least=1,
        size_ideal=most,
        size_most=most,
        ties=rotation.ties,
        rules=rotation.rules,
        size_points=np.zeros(most + 1, np.int64),
    )


def _make_pair_values(problem: Problem, board: Board, hard: int) -> Ints:
    """What the first meeting of each pair is worth, ``(n, n)``; bound pairs must meet once."""
    department = np.asarray(problem.ties.department)
    value = np.asarray(problem.ties.between, np.int64)[np.ix_(department, department)].copy()
    owner = np.repeat(np.arange(len(board.person)), board.person["last"] - board.person["first"])
    points = board.partner["points"]
    value[owner, board.partner["other"]] = np.where(points <= FORBIDDEN, -hard, points)
    for rule in problem.rules:
        if isinstance(rule, Together):
            for i, j in np.asarray(rule.pairs, np.int64).reshape(-1, 2).tolist():
                value[i, j] = value[j, i] = hard
    np.fill_diagonal(value, 0)
    return np.ascontiguousarray(value)


def _seat_anyhow(rotation: Rotation, sizes: Ints, seed: list[int]) -> _Seating:
    """Everybody present at some table; hosts at theirs."""
    people, turns = rotation.present.shape
    tables = len(rotation.seats)
    hosts = np.full(tables, -1) if rotation.hosts is None else np.asarray(rotation.hosts)
    random = np.random.default_rng(seed)
    table = np.full((turns, people), -1, np.int64)
    members = np.full((turns, tables, max(1, int(sizes.max(initial=1)))), -1, np.int64)
    stays = np.zeros(people, np.bool_)
    stays[hosts[hosts >= 0]] = True
    for turn in range(turns):
        here = np.flatnonzero(rotation.present[:, turn] & ~stays)
        order = random.permutation(here).tolist()
        for v in range(tables):
            seated = [int(hosts[v])] if hosts[v] >= 0 else []
            seated += [order.pop() for _ in range(int(sizes[turn, v]) - len(seated))]
            members[turn, v, : len(seated)] = seated
            table[turn, seated] = v
    return _Seating(
        table=table,
        people=members,
        count=sizes.copy(),
        stays=stays,
        met=np.zeros((people, people), np.int64),
        cost=np.zeros(1, np.int64),
        random=random.integers(1, 2**63, 1).astype(np.uint64),
    )


def _seat_by_design(rotation: Rotation, sizes: Ints, seating: _Seating, seed: int) -> bool:
    """Seat people by a schedule in which nobody meets twice, where everything is equal."""
    equal = bool(rotation.present.all()) and sizes.size and int(np.ptp(sizes)) == 0
    if not equal or seating.stays.any():
        return False
    schedule = make_schedule(sizes.shape[1], int(sizes[0, 0]), sizes.shape[0], seed)
    if schedule is None:
        return False
    seating.people[:] = schedule
    for turn, tables in enumerate(schedule):
        for v, members in enumerate(tables):
            seating.table[turn, members] = v
    return True


def _is_perfect(board: Board, seating: _Seating) -> bool:
    """Nobody has met twice and no rule is broken; with ties of different worth one never knows."""
    if len(board.partner) or np.unique(board.between).size > 1 or seating.met.max(initial=0) > 1:
        return False
    usual = int(board.between.max(initial=0))
    pairs = int((seating.count * (seating.count - 1) // 2).sum())
    return int(seating.cost[0]) == -usual * pairs


def _read_plan(
    rotation: Rotation, problem: Problem, seating: _Seating, sizes: Ints, *, complete: bool
) -> RotationPlan:
    """The tables, and what was reached, counted from the tables themselves."""
    turns = tuple(
        tuple(
            tuple(sorted(seating.people[turn, v, : sizes[turn, v]].tolist()))
            for v in range(sizes.shape[1])
        )
        for turn in range(sizes.shape[0])
    )
    times = Counter(
        pair for tables in turns for members in tables for pair in combinations(members, 2)
    )
    ledger = Ledger(problem)
    broken = []
    for rule in rotation.rules:
        if isinstance(rule, Together):
            bound = {(min(i, j), max(i, j)) for i, j in np.asarray(rule.pairs).tolist()}
            count, weight = sum(pair not in times for pair in bound), None
        else:
            count = sum(
                count_violations(rule, members, turn, ledger)
                for turn, tables in enumerate(turns)
                for members in tables
                if members
            )
            weight = rule.weight
        if count or weight is not None:
            broken.append(SoftCost(rule.name, count, count * (weight or 0)))
    return RotationPlan(
        turns=turns,
        distinct=len(times),
        distinct_bound=bound_distinct(rotation, sizes),
        repeats=sum(times.values()) - len(times),
        broken=tuple(broken),
        complete=complete,
    )


def bound_distinct(rotation: Rotation, sizes: Ints) -> int:
    """The most pairs that can meet: seats at tables, and for each person the others present."""
    seats = int((sizes * (sizes - 1) // 2).sum())
    present = np.asarray(rotation.present, np.int64)
    others = (present @ present.T > 0).sum(axis=1) - (present.sum(axis=1) > 0)
    each = np.minimum(others, present @ np.maximum(sizes.max(axis=1, initial=1) - 1, 0))
    return min(seats, int(each.sum()) // 2)


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
        first: Any = np.int64((x >> np.uint64(16)) % np.uint64(turns))
        last = first + 1
        if whole:
            first, last = 0, turns
        elif table[first, p] < 0 or table[first, q] < 0 or table[first, p] == table[first, q]:
            continue
        if p == q or stays[p] or stays[q]:
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
