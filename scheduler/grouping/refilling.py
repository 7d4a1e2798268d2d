"""Mending groups that are not chosen: whoever drops out leaves a seat for the next of their own.

Nobody of another team or office steps in, and no group is merged into another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from scheduler.grouping.checker import Ledger, list_group_faults
from scheduler.grouping.companions import frame_whole
from scheduler.grouping.framing import Frame
from scheduler.grouping.problem import Problem, Seating
from scheduler.grouping.whole import read_turns

Ints = npt.NDArray[np.int64]
Upto = Literal["seats", "least", "nobody"]
"""How far a group is filled up again: every seat, so many that it can meet, or not at all."""


def refill_frame(
    frame: Frame,
    problem: Problem,
    groups: Sequence[Seating],
    *,
    dropped: Collection[int],
    keep: Collection[int],
    short: Collection[int],
) -> tuple[Seating | None, ...]:
    """What becomes of the groups of a round that are not chosen, see :func:`refill`.

    With a waiting list every seat that becomes free goes to the first on it; where people put their
    names down without one, nobody steps in. Else somebody steps in where too few would be left.
    """
    sign_up = frame.programme.sign_up
    upto: Upto = "least"
    if sign_up is not None:
        upto = "seats" if sign_up.waiting_list else "nobody"
    code = frame_whole(frame.people, frame.programme.whole or "everybody")
    order = read_turns(frame)
    return refill(problem, groups, code, order, dropped=dropped, keep=keep, short=short, upto=upto)


def refill(
    problem: Problem,
    groups: Sequence[Seating],
    code: Ints,
    order: Ints,
    *,
    dropped: Collection[int],
    keep: Collection[int] = (),
    short: Collection[int] = (),
    upto: Upto,
) -> tuple[Seating | None, ...]:
    """Take people out of groups, and let the next of the same code have their seats.

    Args:
        problem: The round; who steps in is free in the group's slot, at its place.
        groups: As they were; those that nobody drops out of stay as they are.
        code: Which group each person belongs to, shape ``(n,)``; -1: to none.
        order: Who goes first (lower is earlier), shape ``(n,)``.
        dropped: People who do not come.
        keep: Positions of groups that have begun: they only lose people.
        short: Positions of groups that have lost people already, who are in no row any more.
        upto: How far a group is filled up again.

    Returns:
        Each group as it becomes; None: too few are left, or a hard rule is broken, so it is closed.
    """
    ledger = Ledger(problem)
    seated = {person for group in groups for person in group.members}
    after: list[Seating | None] = []
    for number, group in enumerate(groups):
        rest = tuple(person for person in group.members if person not in dropped)
        mended = replace(group, members=rest)
        hit = number in short or len(rest) < len(group.members)
        if number in keep or not hit:
            after.append(mended if rest else None)
            continue
        waiting = _list_waiting(problem, group, code, order, seated | set(dropped))
        mended = _fill(problem, mended, waiting, ledger, upto)
        seated.update(mended.members)
        broken = _find_faults(problem, mended, ledger) - _find_faults(problem, group, ledger)
        meets = len(mended.members) >= problem.size_least and not broken
        after.append(mended if meets else None)
    return tuple(after)


def _list_waiting(
    problem: Problem, group: Seating, code: Ints, order: Ints, without: Collection[int]
) -> list[int]:
    """Who could have a seat in a group, who goes first first."""
    own = np.unique([int(code[person]) for person in group.members])
    place = int(problem.venues.place[group.venue])
    can = np.isin(code, own[own >= 0]) & np.asarray(problem.available[:, group.slot])
    can &= (place < 0) | (np.asarray(problem.place) == place)
    can[list(without)] = False
    found = np.flatnonzero(can)
    return [int(person) for person in found[np.argsort(order[found], kind="stable")]]


def _fill(
    problem: Problem, group: Seating, waiting: Iterable[int], ledger: Ledger, upto: Upto
) -> Seating:
    """Whoever steps in breaks nothing; once there are enough, only who mends a broken rule does."""
    seats = min(int(problem.venues.seats[group.venue]), problem.size_most)
    wanted = {"seats": seats, "least": min(problem.size_least, seats), "nobody": 0}[upto]
    faults = _find_faults(problem, group, ledger)
    for person in () if upto == "nobody" else waiting:
        short = len(group.members) < wanted
        if len(group.members) >= seats or not (short or faults):
            break
        more = replace(group, members=tuple(sorted((*group.members, person))))
        then = _find_faults(problem, more, ledger)
        if then < faults or (short and then == faults):
            group, faults = more, then
    return group


def _find_faults(problem: Problem, group: Seating, ledger: Ledger) -> frozenset[str]:
    """What is wrong with a group, its size aside."""
    found = list_group_faults(problem, group, ledger)
    return frozenset(fault.text for fault in found if fault.kind != "size")
