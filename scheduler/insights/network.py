"""The network of departments: before, after, and after random groups instead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scheduler.insights import baseline
from scheduler.insights.departments import (
    Between,
    average_distance,
    company_ei,
    count_reach,
    ei_index,
    gather_between,
    list_known,
    pick_made,
    reach_by_sitting,
    split_ties,
)
from scheduler.insights.history import Bools, Floats, History, Ints, day_number, day_of_number
from scheduler.insights.suppress import Told, tell_count
from scheduler.insights.ties import Ties


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure before and after the period, and after random groups; None: cannot be told."""

    before: float | None
    after: float | None
    random: float | None = None


@dataclass(frozen=True, slots=True)
class BlockFigures:
    """A department, or several told together. ``new_outside``: new ties outside per member."""

    name: str
    people: int
    new_outside: float
    ei: Compared


@dataclass(frozen=True, slots=True)
class Point:
    """Department pairs with a tie after a round, and expected after random ones."""

    day: dt.date
    reached: int
    random: float


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Everything about departments; only over all programmes together.

    ``people_before[b, b]`` and ``people_after``: people with a tie between two blocks.
    """

    reach: Compared
    possible: int
    distance: Compared
    ei: Compared
    alone: Compared
    blocks: tuple[BlockFigures, ...]
    curve: tuple[Point, ...]
    people_before: Ints
    people_after: Ints


def gather_network(
    history: History,
    told: Told,
    ties: Ties,
    drawn: baseline.Drawn,
    expected: baseline.ExpectedTies | None,
) -> Network:
    """The network before the told periods, after them, and after random groups instead."""
    earlier = history.sitting_day < day_number(told.periods[0].since)
    before = gather_between(history, ties, earlier)
    after = gather_between(history, ties, earlier | told.sittings)
    random = baseline.expect_reach(history, before.count, drawn)
    alone = baseline.expect_alone(history, before.outside, drawn)
    people_before, people_after = _people_between(history, told, ties, (earlier, told.sittings))
    reach_before, reach_after = count_reach(before.count), count_reach(after.count)
    return Network(
        reach=Compared(reach_before.reached, reach_after.reached, float(random[-1])),
        possible=reach_after.possible,
        distance=Compared(average_distance(before.count).mean, average_distance(after.count).mean),
        ei=Compared(
            company_ei(before.count),
            company_ei(after.count),
            _expected_ei(before.count, expected),
        ),
        alone=Compared(
            tell_count(int((~before.outside).sum()), history.people, told.floor),
            tell_count(int((~after.outside).sum()), history.people, told.floor),
            alone,
        ),
        blocks=_gather_blocks(history, told, before, after, expected),
        curve=_gather_curve(history, told, ties, random, reach_before.reached),
        people_before=people_before,
        people_after=people_after,
    )


def _expected_ei(before: Ints, expected: baseline.ExpectedTies | None) -> float | None:
    """The index of the expected numbers of ties."""
    if expected is None:
        return None
    outside, inside = split_ties(before)
    return ei_index(
        float((outside + expected.outside).sum()) / 2, float((inside + expected.inside).sum())
    )


def _gather_blocks(
    history: History,
    told: Told,
    before: Between,
    after: Between,
    expected: baseline.ExpectedTies | None,
) -> tuple[BlockFigures, ...]:
    blocks = len(told.block_names)

    def by_block(values: Floats) -> Floats:
        return np.bincount(told.block, values, blocks).astype(np.float64)

    outside, inside = (by_block(v) for v in split_ties(before.count))
    outside_after, inside_after = (by_block(v) for v in split_ties(after.count))
    members = by_block(
        np.bincount(history.department, minlength=len(history.departments)).astype(np.float64)
    )
    figures = []
    for block, name in enumerate(told.block_names):
        random = None
        if expected is not None:
            random = ei_index(
                outside[block] + by_block(expected.outside)[block],
                inside[block] + by_block(expected.inside)[block],
            )
        figures.append(
            BlockFigures(
                name=name,
                people=int(members[block]),
                new_outside=float((outside_after - outside)[block] / max(1.0, members[block])),
                ei=Compared(
                    ei_index(outside[block], inside[block]),
                    ei_index(outside_after[block], inside_after[block]),
                    random,
                ),
            )
        )
    return tuple(figures)


def _gather_curve(
    history: History, told: Told, ties: Ties, random: Floats, reached: int
) -> tuple[Point, ...]:
    """A point after each day of rounds, or after each period where rounds are told together."""
    new = reach_by_sitting(history, ties)[:-1]
    numbers = np.flatnonzero(told.sittings)
    total = reached + np.cumsum(new[numbers])
    day = history.sitting_day[numbers]
    ends = np.array([day_number(period.until) for period in told.periods])
    mark = day if told.by_round else np.searchsorted(ends, day, side="right")
    last = np.flatnonzero(np.append(mark[1:] != mark[:-1], True))
    return tuple(
        Point(day_of_number(int(day[number])), int(total[number]), float(random[number]))
        for number in last
    )


def _people_between(history: History, told: Told, ties: Ties, steps: Sequence[Bools]) -> list[Ints]:
    """People with a tie to somebody of another block, for each two blocks, symmetric.

    Ties from elsewhere count always; each step adds those made in its sittings to the ones before.
    """
    blocks = len(told.block_names)
    block = told.block[history.department]
    order = np.argsort(block, kind="stable")
    cuts = np.searchsorted(block[order], np.arange(blocks + 1))
    has = np.zeros((history.people, blocks), np.bool_)
    tables = []
    for ties_of_step in [list_known(history), *(pick_made(ties, step) for step in steps)]:
        one, other, a, b = ties_of_step
        has[one, told.block[b]] = True
        has[other, told.block[a]] = True
        people = np.array([has[order[low:high]].sum(axis=0) for low, high in pairwise(cuts)])
        inside = np.diagonal(people).copy()
        people = people + people.T
        np.fill_diagonal(people, inside)
        tables.append(people)
    return tables[1:]
