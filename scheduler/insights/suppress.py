"""No figure about fewer than five people, neither told nor left over when reports are subtracted.

The method, and why it holds:

1. **Fixed periods.** Reports cover whole calendar quarters that are over. A quarter in which one to
   four people had seats is told together with the next. So two reports differ by whole periods.
2. **Blocks of departments.** Departments with fewer than five members are one block, "Other
   departments", filled up with the smallest of the others until it has five. In each period a
   department of which one to four people had seats joins that block too.
3. **Columns of rounds.** Each period is also told by round. Somebody can now subtract rows of
   departments from columns of rounds: Sales less the evening at which only Sales was leaves the few
   others. Any such difference, with any weights, leaves over the people who lie between some
   departments and rounds on one side and the rest on the other: a cut of the graph whose nodes are
   the blocks and columns and in which each person ties their block to their columns. If every cut
   of the graph holds five people or none, no difference is about fewer. The edges of a person
   share a weight of 1: a cut weighs at most as much as it has people, so a least cut of five is
   proof. Where it is smaller, rounds are told together by programme, and if that is not enough,
   all programmes together.
4. **What was decided for a period stays**: it depends on that period's seats alone, and a report
   over several periods tells the finest blocks and columns that are unions of those of all.
5. Departments are given as averages, rounded; counts of people who share a property are given for
   the company alone and not when they are one to four; an extreme value is one that at least five
   people have. Answers are told only where five people gave some, and totals hold the told ones
   alone.

Every told figure is thus a sum over whole blocks or whole columns of whole periods. Not covered:
what readers know from elsewhere, and people who change department between two reports; reports of
closed periods are best kept and read again rather than made anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.insights.graphs import find_least_cut
from scheduler.insights.history import Bools, History, Ints, day_number, day_of_number

FLOOR = 5
"""The least number of people that a figure may be about."""
OTHERS = "Other departments"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days that are told together, ``since <= day < until``."""

    since: dt.date
    until: dt.date

    @property
    def name(self) -> str:
        """``2026 Q3``, or ``2026 Q3 to 2026 Q4``."""
        first, last = _quarter_name(self.since), _quarter_name(self.until - dt.timedelta(days=1))
        return first if first == last else f"{first} to {last}"


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What may be told of some periods.

    ``block[d]`` numbers the block of each department and ``block_names`` names it;
    ``column[r]`` numbers the column of each sitting, -1 outside the periods; ``column_names`` are
    programmes (several joined by " + ") and ``column_day`` the day of the column's round, or None
    where it holds several rounds. ``programme_group[p]`` numbers the programmes told together.
    """

    periods: tuple[Period, ...]
    block: Ints
    block_names: tuple[str, ...]
    column: Ints
    column_names: tuple[str, ...]
    column_day: tuple[int | None, ...]
    programme_group: Ints
    by_round: bool
    floor: int

    @property
    def sittings(self) -> Bools:
        """The sittings that are told, shape ``(r,)``."""
        return self.column >= 0


def list_periods(history: History, today: dt.date, floor: int = FLOOR) -> tuple[Period, ...]:
    """The quarters that are over, from the first seat on, joined until enough people sat down.

    What is left at the end with too few people waits for the next quarter.
    """
    if history.sittings == 0:
        return ()
    seats = booked_seats(history)
    periods: list[Period] = []
    start = _quarter_start(day_of_number(int(history.sitting_day.min())))
    end = _next_quarter(start)
    while end <= today:
        here = seats[_within(history, start, end)].any(axis=0).sum()
        if here == 0 or here >= floor:
            periods.append(Period(start, end))
            start = end
        end = _next_quarter(end)
    return tuple(periods)


def choose_periods(
    periods: Sequence[Period], since: dt.date | None = None, until: dt.date | None = None
) -> tuple[Period, ...]:
    """The periods that end after ``since`` and are over by ``until``: whole ones, never parts."""
    return tuple(
        period
        for period in periods
        if (since is None or period.until > since) and (until is None or period.until <= until)
    )


def decide_told(history: History, periods: Sequence[Period], floor: int = FLOOR) -> Told:
    """Blocks and columns that may be told of these periods."""
    seats = booked_seats(history)
    rounds = _round_of_sitting(history)
    base = _small_departments(history, floor)
    joined_blocks = _Joined(len(history.departments))
    joined_programmes = _Joined(len(history.programmes))
    joined_rounds = _Joined(len(rounds))
    chosen = np.zeros(history.sittings, np.bool_)
    quiet = [base]
    by_round = True
    for period in periods:
        here = _within(history, period.since, period.until)
        chosen |= here
        quiet.append(_quiet_departments(history, seats[here], base, floor))
        numbers = np.flatnonzero(here)
        block = _block_of_period(history, quiet[-1])
        level = _finest_columns(
            history, seats, numbers=numbers, rounds=rounds, block=block, floor=floor
        )
        by_round = by_round and level is rounds
        for column in np.unique(level[numbers]):
            joined_rounds.join(numbers[level[numbers] == column])
            joined_programmes.join(
                np.unique(history.sitting_programme[numbers[level[numbers] == column]])
            )
    joined_blocks.join(np.unique(np.concatenate(quiet)))
    return _name_told(
        history, tuple(periods), blocks=joined_blocks, programmes=joined_programmes,
        rounds=joined_rounds, chosen=chosen, by_round=by_round, floor=floor,
    )  # fmt: skip


def tell_everything(history: History, period: Period) -> Told:
    """Each department and each round by itself: for public or invented data only."""
    return decide_told(history, (period,), floor=1)


def tell_count(count: int, of: int, floor: int = FLOOR) -> int | None:
    """A count of people who share a property, None where they or the rest are one to four."""
    return None if 0 < count < floor or 0 < of - count < floor else count


def nth_largest(values: Ints, floor: int = FLOOR) -> int | None:
    """The largest value that at least ``floor`` people have or exceed; None for fewer people."""
    return int(np.sort(values)[-floor]) if len(values) >= floor else None


def booked_seats(history: History) -> Bools:
    """Who had a seat in which sitting, whatever they answered, shape ``(r, n)``."""
    seats = np.zeros((history.sittings, history.people), np.bool_)
    sizes = np.diff(history.group_first)
    seats[np.repeat(history.group_sitting, sizes), history.seat_person] = True
    return seats


def least_cut(seats: Bools, block: Ints, column: Ints, enough: float = np.inf) -> float:
    """A lower bound of the people between any blocks and columns and the rest.

    ``seats[r, n]`` of some sittings, ``block[n]`` and ``column[r]``. Infinite where there is
    nothing to cut, or where no cut has fewer than ``enough``.
    """
    columns, column = np.unique(column, return_inverse=True)
    held = np.zeros((len(columns), seats.shape[1]), np.bool_)
    for number in range(len(columns)):
        held[number] = seats[column == number].any(axis=0)
    # Small columns are the ones that may hold too few, so they get the larger shares of a person.
    weight = held / np.maximum(held.sum(axis=1, keepdims=True), 1)
    share = weight / np.maximum(weight.sum(axis=0), 1e-300)
    blocks = int(block.max()) + 1 if len(block) else 0
    weights = np.array([np.bincount(block, row, blocks) for row in share]).reshape(-1, blocks)
    nodes = len(columns) + blocks
    edges = np.zeros((nodes, nodes))
    edges[: len(columns), len(columns) :] = weights
    return find_least_cut(edges + edges.T, enough)


def _small_departments(history: History, floor: int) -> Ints:
    """Departments with too few members, filled up with the smallest others."""
    members = np.bincount(history.department, minlength=len(history.departments))
    order = np.lexsort((np.arange(len(members)), members))
    small = int((members < floor).sum())
    while 0 < members[order[:small]].sum() < floor and small < len(members):
        small += 1
    return order[:small]


def _quiet_departments(history: History, seats: Bools, base: Ints, floor: int) -> Ints:
    """``base`` and the departments of which too few people had seats in a period."""
    seated = np.bincount(history.department[seats.any(axis=0)], minlength=len(history.departments))
    inside = np.zeros(len(seated), np.bool_)
    inside[base] = True
    quiet = inside | ((seated > 0) & (seated < floor))
    # Those who join the block next are the ones with the fewest seats: the least is lost by it.
    for department in np.lexsort((np.arange(len(seated)), seated)):
        if not 0 < seated[quiet].sum() < floor:
            break
        quiet[department] = quiet[department] or seated[department] > 0
    return np.flatnonzero(quiet)


def _block_of_period(history: History, quiet: Ints) -> Ints:
    """The block of each person in a period."""
    block = np.arange(len(history.departments))
    block[quiet] = quiet[0] if len(quiet) else 0
    return block[history.department]


def _finest_columns(
    history: History, seats: Bools, *, numbers: Ints, rounds: Ints, block: Ints, floor: int
) -> Ints:
    """Rounds, else programmes, else everything in one column, for the sittings of a period."""
    if floor <= 1:
        return rounds
    together = np.zeros(history.sittings, np.int64)
    for level in (rounds, history.sitting_programme):
        enough = floor - 1e-6
        if least_cut(seats[numbers], block, level[numbers], enough) >= enough:
            return level
    return together


def _round_of_sitting(history: History) -> Ints:
    """The number of the round that each sitting belongs to: its turns share one."""
    keys = np.stack([history.sitting_day, history.sitting_programme], axis=1)
    return np.unique(keys, axis=0, return_inverse=True)[1].ravel()


def _name_told(
    history: History,
    periods: tuple[Period, ...],
    *,
    blocks: _Joined,
    programmes: _Joined,
    rounds: _Joined,
    chosen: Bools,
    by_round: bool,
    floor: int,
) -> Told:
    block, block_first = blocks.numbers()
    size = np.bincount(block)
    names = tuple(
        history.departments[first] if size[number] == 1 else OTHERS
        for number, first in enumerate(block_first)
    )
    group, _ = programmes.numbers()
    column = np.full(history.sittings, -1, np.int64)
    leaders, where = np.unique(rounds.leader[np.flatnonzero(chosen)], return_inverse=True)
    column[chosen] = where
    column_names, column_day = [], []
    for number in range(len(leaders)):
        members = np.flatnonzero(column == number)
        of = sorted({history.programmes[p] for p in history.sitting_programme[members]})
        days = {int(day) for day in history.sitting_day[members]}
        column_names.append(" + ".join(of))
        column_day.append(days.pop() if len(days) == 1 else None)
    return Told(
        periods, block, names, column, tuple(column_names), tuple(column_day), group,
        by_round, floor,
    )  # fmt: skip


class _Joined:
    """Things that are told together, each led by its first."""

    def __init__(self, count: int) -> None:
        self.leader = np.arange(count)

    def join(self, members: Ints) -> None:
        """Tell all members, and what they were told with before, together."""
        if len(members) > 1:
            leaders = np.unique(self.leader[members])
            self.leader[np.isin(self.leader, leaders)] = leaders[0]

    def numbers(self) -> tuple[Ints, Ints]:
        """The number of each thing's set, in order of the sets' first members; and these."""
        first, number = np.unique(self.leader, return_inverse=True)
        return number.ravel(), first


def _within(history: History, since: dt.date, until: dt.date) -> Bools:
    day = history.sitting_day
    return np.asarray((day >= day_number(since)) & (day < day_number(until)), np.bool_)


def _quarter_start(day: dt.date) -> dt.date:
    return dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def _next_quarter(day: dt.date) -> dt.date:
    return _quarter_start(day + dt.timedelta(days=95))


def _quarter_name(day: dt.date) -> str:
    return f"{day.year} Q{(day.month + 2) // 3}"
