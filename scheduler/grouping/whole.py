"""Groups that are not chosen: everybody who shares a code (one team, one office, all who signed
up) meets; what is looked for is the time and the place at which most of them can.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.grouping.checker import Ledger, count_violations, measure_comfort, value_group
from scheduler.grouping.companions import frame_whole
from scheduler.grouping.framing import Frame, frame_problem
from scheduler.grouping.problem import Problem, Seating
from scheduler.grouping.rules import Apart, Together
from scheduler.grouping.solution import Kind, Solution, Unplaced

Ints = npt.NDArray[np.int64]

BOUND_BY = "each group alone, at the time and place that suit most"


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A time and place for one group, with those who can come; the lowest rank is the best."""

    seating: Seating
    rank: tuple[int, ...]


def solve_frame(frame: Frame) -> Solution:
    """Find the time and place of a round whose groups are not chosen.

    Where people put their names down, the first have the seats; else those who waited longest.
    """
    sign_up = frame.programme.sign_up
    short: Kind = "full"
    if sign_up is not None:
        short = "waiting_list" if sign_up.waiting_list else "list_full"
    code = frame_whole(frame.people, frame.programme.whole or "everybody")
    return solve_whole(frame_problem(frame), code, read_turns(frame), short=short)


def read_turns(frame: Frame) -> Ints:
    """Who goes first where seats are short (lower is earlier), shape ``(n,)``."""
    last = len(frame.people)
    turn = np.array([frame.turn.get(person.id, last) for person in frame.people], np.int64)
    waited = np.array([frame.waited.get(person.id, 0) for person in frame.people], np.int64)
    keys = (np.arange(last), turn) if frame.turn else (np.arange(last), -waited)
    return np.lexsort(keys).argsort()


def solve_whole(
    problem: Problem, code: Ints, order: Ints | None = None, *, short: Kind = "full"
) -> Solution:
    """Give each code's people one meeting.

    A group takes the slot and venue at which most of its people are free. Larger groups choose
    first, for they have fewer rooms. Who cannot come then is left out; so is, of two people whom a
    hard rule keeps apart, the one who comes later in ``order``.

    Args:
        problem: As for the engine. Its hard rules hold; a group that breaks one is not formed.
        code: Which group each person belongs to, shape ``(n,)``; -1: to none.
        order: Who goes first where seats are short (lower is earlier), shape ``(n,)``; None: who
            waited longest, then in the order of the rows.
        short: Why those have no seat for whom a meeting that they could come to has none left.
    """
    if order is None:
        order = np.lexsort((np.arange(len(code)), -problem.waited)).argsort()
    ledger = Ledger(problem)
    groups: list[Seating] = []
    broken: dict[int, tuple[str, ...]] = {}
    placed_bound = value_bound = 0
    crowds = [np.flatnonzero(code == one) for one in np.unique(code[code >= 0])]
    for crowd in sorted(crowds, key=lambda people: (-len(people), int(people[0]))):
        meetings = sorted(_meetings(problem, crowd, order), key=lambda one: one.rank)
        broken |= dict.fromkeys(crowd.tolist(), _broken_rules(problem, meetings, ledger))
        meetings = [one for one in meetings if not _breaks(problem, one.seating, ledger)]
        if not meetings:
            continue
        most = len(meetings[0].seating.members)
        placed_bound += most
        value_bound += max(
            value_group(problem, one.seating.members, one.seating.slot, ledger)
            for one in meetings
            if len(one.seating.members) == most
        )
        free = next((one for one in meetings if _has_room(problem, one.seating, groups)), None)
        if free is not None:
            groups.append(free.seating)
    groups.sort(key=lambda group: (group.slot, group.venue, group.members))
    value = sum(value_group(problem, one.members, one.slot, ledger) for one in groups)
    placed = sum(len(one.members) for one in groups)
    by_code = {int(code[one.members[0]]): one for one in groups}
    return Solution(
        groups=tuple(groups),
        placed=placed,
        placed_bound=placed_bound,
        value=value,
        value_bound=max(value, value_bound),
        unplaced=tuple(_explain(problem, code, by_code, broken, short)),
        bound_by=BOUND_BY if crowds else "nobody can meet",
        waited=sum(int(problem.waited[person]) for one in groups for person in one.members),
        comfort=measure_comfort(problem, groups),
        proven=placed == placed_bound and value >= value_bound,
    )


def _meetings(problem: Problem, crowd: Ints, order: Ints) -> Iterator[_Meeting]:
    """Every slot and venue at which enough of a crowd can meet, the best with the lowest rank."""
    crowd = crowd[np.argsort(order[crowd], kind="stable")]
    apart = {
        (min(i, j), max(i, j))
        for rule in problem.rules
        if isinstance(rule, Apart) and rule.weight is None
        for i, j in rule.pairs.tolist()
    }
    venues = problem.venues
    for venue in range(len(venues.seats)):
        here = crowd
        if venues.place[venue] >= 0:
            here = crowd[problem.place[crowd] == venues.place[venue]]
        seats = min(int(venues.seats[venue]), problem.size_most)
        for slot in np.flatnonzero(venues.free[venue]).tolist():
            able = here[problem.available[here, slot]].tolist()
            members = _without_apart(able, apart)[:seats]
            if len(members) < problem.size_least:
                continue
            seating = Seating(tuple(sorted(members)), slot, venue)
            spare = int(venues.seats[venue]) - len(members)
            rank = (-len(members), -int(problem.pleasant[slot]), spare, slot, venue)
            yield _Meeting(seating, rank)


def _without_apart(people: list[int], apart: set[tuple[int, int]]) -> list[int]:
    """Those who can sit together; of two who cannot, the one who comes first."""
    if not apart:
        return people
    kept: list[int] = []
    for person in people:
        if all((min(person, one), max(person, one)) not in apart for one in kept):
            kept.append(person)
    return kept


def _breaks(problem: Problem, seating: Seating, ledger: Ledger) -> tuple[str, ...]:
    """The hard rules that a group breaks."""
    return tuple(
        rule.name
        for rule in problem.rules
        if (isinstance(rule, Together) or rule.weight is None)
        and count_violations(rule, seating.members, seating.slot, ledger)
    )


def _broken_rules(problem: Problem, meetings: list[_Meeting], ledger: Ledger) -> tuple[str, ...]:
    """What stands in the way where every meeting breaks a rule; empty where one does not."""
    found = [_breaks(problem, one.seating, ledger) for one in meetings]
    return found[0] if found and all(found) else ()


def _has_room(problem: Problem, seating: Seating, groups: list[Seating]) -> bool:
    start = problem.start
    same = sum(
        one.venue == seating.venue
        and abs(int(start[one.slot]) - int(start[seating.slot])) < problem.minutes
        for one in groups
    )
    return same < int(problem.venues.tables[seating.venue])


def _explain(
    problem: Problem,
    code: Ints,
    by_code: dict[int, Seating],
    broken: dict[int, tuple[str, ...]],
    short: Kind,
) -> Iterator[Unplaced]:
    seated = {person for one in by_code.values() for person in one.members}
    for person in range(len(code)):
        if person in seated:
            continue
        if not problem.available[person].any():
            yield Unplaced(person, "no_slot")
        elif broken.get(person):
            yield Unplaced(person, "rules", broken[person])
        elif code[person] >= 0 and int(code[person]) in by_code:
            group = by_code[int(code[person])]
            yield Unplaced(person, _why_without(problem, group, person, short))
        else:
            yield Unplaced(person, _why_no_meeting(problem, code, person))


def _why_without(problem: Problem, group: Seating, person: int, short: Kind) -> Kind:
    """Why a group meets without somebody who belongs to it.

    Somebody who could come to a group with seats left is kept from it by a rule; that is not told
    apart from a time that does not suit, for the rule may be a private choice.
    """
    seats = min(int(problem.venues.seats[group.venue]), problem.size_most)
    comes = bool(problem.available[person, group.slot])
    here = problem.venues.place[group.venue] in (-1, problem.place[person])
    return short if comes and here and len(group.members) == seats else "does_not_suit"


def _why_no_meeting(problem: Problem, code: Ints, person: int) -> Kind:
    venues = problem.venues
    usable = (venues.place < 0) | (venues.place == problem.place[person])
    if not (venues.free[usable] & problem.available[person]).any():
        return "no_venue"
    crowd = np.flatnonzero(code == code[person]) if code[person] >= 0 else np.array([person])
    enough = problem.available[crowd].sum(axis=0).max() >= problem.size_least
    return "full" if enough else "too_few"
