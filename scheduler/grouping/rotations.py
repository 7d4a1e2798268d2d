"""Tables that change every few minutes: who sits where in each turn of a networking hour.

No pair meets twice while that is possible, the rules hold at every table in every turn, people may
come late or leave early, tables may be unequal, and a host stays where they are. A schedule from
:mod:`scheduler.grouping.designs` is taken where :mod:`scheduler.grouping.placing` finds everybody a
place in it; everything else, and what is left of the rules there, comes from annealing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from scheduler.grouping.checker import Ledger, count_violations
from scheduler.grouping.encoding import (
    FORBIDDEN,
    Board,
    Cohort,
    Ints,
    make_board,
    make_worth,
)
from scheduler.grouping.placing import place_people
from scheduler.grouping.problem import Problem, Ties, Venues
from scheduler.grouping.rotation_search import anneal_turns
from scheduler.grouping.rules import Rule, Together
from scheduler.grouping.search import CHANCE
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
        design = _seat_by_design(rotation, sizes, seating, seed, effort) if descent == 0 else 0
        if descent == 0 and not design:
            continue
        # In a schedule for all turns people exchange all their seats, which keeps it one. Turns
        # after one for fewer are seated around it, and in the end everything may change a little.
        whole = design == turns
        stretches = [(hot, cold, 0 if whole else design) for hot, cold in pairwise(heats)]
        if not whole and design:
            stretches.append((heats[-1], heats[-1], 0))
        for hot, cold, since in stretches:
            anneal_turns(
                board, seating.table, seating.people, seating.count, seating.stays, seating.met,
                seating.cost, value, prices, seating.random, CHANCE,
                moves // turns if whole else moves, hot, cold, since, whole,
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


def _seat_by_design(
    rotation: Rotation, sizes: Ints, seating: _Seating, seed: int, effort: float
) -> int:
    """Seat people by a schedule in which nobody meets twice; how many turns it has, 0: none."""
    present = np.asarray(rotation.present)
    tables = len(rotation.seats)
    hosts = np.full(tables, -1) if rotation.hosts is None else np.asarray(rotation.hosts)
    seats = np.asarray(rotation.seats, np.int64)
    for turns in range(len(sizes), 1, -1):
        people = place_people(present[:, :turns], seats, hosts, sizes[:turns], seed, effort)
        if people is None:
            effort /= 2 if turns < len(sizes) else 4
            continue
        seating.people[:turns] = people[:, :, : seating.people.shape[2]]
        seating.count[:turns] = (people >= 0).sum(axis=2)
        for turn, seated in enumerate(people):
            for v, members in enumerate(seated):
                seating.table[turn, members[members >= 0]] = v
        return turns
    return 0


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
            tuple(sorted(seating.people[turn, v, : seating.count[turn, v]].tolist()))
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
