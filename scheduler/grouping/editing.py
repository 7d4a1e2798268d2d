"""A plan changed by hand: what a change breaks and what it costs, before it counts.

HR may break the rules of its own programme: such a group is fixed from then on. Nobody is put where
they cannot be: into a meeting at which they are not free, an office that is not theirs, a room that
is too small, beside somebody whom one of the two does not want to meet.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, count

import numpy as np

from scheduler.errors import ScheduleError
from scheduler.grouping.checker import Ledger, count_violations, list_group_faults, value_group
from scheduler.grouping.encoding import find_units
from scheduler.grouping.framing import PRIVATE_RULE, Frame, frame_problem
from scheduler.grouping.naming import make_group, name_plan
from scheduler.grouping.plan import Group, Plan
from scheduler.grouping.problem import Problem, Seating
from scheduler.grouping.rules import Rule, Together
from scheduler.grouping.solution import Progress
from scheduler.people.contacts import pair_of
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut

TAKEN_OUT = "taken out"
"""The kind of reason of people whom HR took out of a round: they are not put back by a program."""
_TAKEN_OUT_TEXT = "The people team took them out of this round."
_DROPPED = ("group dropped", "The people team called their group off. They come first next time.")
_SPARED = {"small", "rule"}
"""Faults that HR may decide to live with; everything else cannot be kept."""


class EditError(ScheduleError):
    """This change cannot even be tried; the text says why, with ids in the place of names."""

    def __init__(self, text: str, *person_ids: str) -> None:
        super().__init__(text)
        self.person_ids = person_ids


@dataclass(frozen=True, slots=True)
class Move:
    """A person sits in group ``number`` instead of theirs; None: in no group of this round.

    People who are bound to them come along.
    """

    person_id: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Swap:
    """Two people take each other's seats."""

    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Drop:
    """A group does not meet."""

    number: int


Edit = Move | Swap | Drop


@dataclass(frozen=True, slots=True)
class Breach:
    """What a change breaks in one group.

    ``kind``: "small" (``size`` people are too few), "rule" (named in ``rule``), or what cannot be
    kept: "large", "alone" (one person is no group), "unfit" (a person is not free then, or
    somebody's own choice stands against it; which of the two is told to nobody), "elsewhere" (they
    work in another office), "seats" (the place has too few), "closed" (the place is not free).
    """

    kind: str
    number: int
    person_id: str | None = None
    rule: str = ""
    size: int = 0

    @property
    def stops(self) -> bool:
        """Whether the change cannot be kept."""
        return self.kind not in _SPARED


@dataclass(frozen=True, slots=True)
class Worth:
    """What the groups of a plan come to."""

    placed: int
    value: int
    new_ties: int
    cross_department_ties: int
    repeats: int


@dataclass(frozen=True, slots=True)
class Trial:
    """A plan after a change, and what the change does; ``soft``: rules with violations, before and
    after, where these differ; ``changed``: numbers of the groups concerned.
    """

    plan: Plan
    changed: tuple[int, ...]
    breaches: tuple[Breach, ...]
    before: Worth
    after: Worth
    soft: tuple[tuple[str, int, int], ...] = ()

    @property
    def possible(self) -> bool:
        """Whether it can be kept."""
        return not any(breach.stops for breach in self.breaches)


@dataclass(slots=True)
class _Board:
    """A plan in the engine's indices."""

    plan: Plan
    frame: Frame
    problem: Problem
    ledger: Ledger
    row: Mapping[str, int]
    seatings: dict[int, Seating] = field(default_factory=dict)

    def seat_of(self, person_id: str) -> int | None:
        """The number of a person's group, None without a seat."""
        found = [g.number for g in self.plan.groups if person_id in g.member_ids]
        return found[0] if found else None

    def find(self, number: int) -> Seating:
        """A group that can be changed."""
        if number in self.seatings:
            return self.seatings[number]
        if any(group.number == number for group in self.plan.groups):
            raise EditError(
                f"Group {number} cannot be changed here: its time or place is none of the "
                "programme's any more, or somebody in it has left."
            )
        raise EditError(f"There is no group {number} in this plan.")


def try_edit(plan: Plan, frame: Frame, edit: Edit, *, booked: bool = False) -> Trial:
    """The plan after one change, and what the change breaks and costs.

    Args:
        plan: The one that counts.
        frame: The round as it is today (same programme, slots and places).
        edit: The change.
        booked: The meetings stand in calendars already, and are no hindrance to themselves.

    Raises:
        EditError: The change names somebody or something that is not there.
    """
    board = _lay_out(plan, frame, booked=booked)
    changes = _apply(board, edit)
    breaches = [
        breach
        for number, (was, becomes) in changes.items()
        if becomes is not None
        for breach in _find_breaches(board, number, was, becomes)
    ]
    decided = {breach.number for breach in breaches}
    kept = {group.number: group for group in plan.groups}
    groups = dict(kept)
    for number, (_, seating) in changes.items():
        if seating is None:
            del groups[number]
            continue
        made = make_group(frame, seating, number=number)
        groups[number] = dataclasses.replace(made, fixed=kept[number].fixed or number in decided)
    # Turns and who leads are arranged anew for a group with other members.
    before, after = _measure(board, changes)
    changed = dataclasses.replace(
        plan,
        groups=tuple(groups[number] for number in sorted(groups)),
        left_out=_list_left_out(plan, groups.values(), edit),
        placed=after.placed,
        placed_bound=max(plan.placed_bound, after.placed),
        value=after.value,
        value_bound=max(plan.value_bound, after.value),
        new_ties=after.new_ties,
        cross_department_ties=after.cross_department_ties,
        repeats=after.repeats,
    )
    return Trial(
        changed,
        tuple(sorted(changes)),
        tuple(breaches),
        before,
        after,
        _compare_soft(board, changes),
    )


@dataclass(frozen=True, slots=True)
class Seat:
    """A group that somebody could join: its number, what the plan is worth more, what it breaks."""

    number: int
    value: int
    breaches: tuple[Breach, ...]


def list_seats(
    plan: Plan, frame: Frame, person_id: str, *, booked: bool = False, most: int = 12
) -> tuple[Seat, ...]:
    """The best groups for somebody: those that break nothing first, of these the most valuable.

    Raises:
        EditError: They do not take part in this round.
    """
    board = _lay_out(plan, frame, booked=booked)
    row = _row_of(board, person_id)
    own = board.seat_of(person_id)
    problem, size_most = board.problem, board.problem.size_most
    leaving = 0 if own is None else _value_of_leaving(board, row, own)
    found: list[Seat] = []
    for number, seating in board.seatings.items():
        place = int(problem.venues.place[seating.venue])
        here = place < 0 or problem.place[row] == place
        if number == own or not here or not problem.available[row, seating.slot]:
            continue
        if len(seating.members) >= min(size_most, int(problem.venues.seats[seating.venue])):
            continue
        after = dataclasses.replace(seating, members=tuple(sorted((*seating.members, row))))
        breaches = _find_breaches(board, number, seating, after)
        if any(breach.stops for breach in breaches):
            continue
        value = value_group(problem, after.members, after.slot, board.ledger)
        value -= value_group(problem, seating.members, seating.slot, board.ledger)
        found.append(Seat(number, leaving + value, tuple(breaches)))
    found.sort(key=lambda seat: (len(seat.breaches), -seat.value, seat.number))
    return tuple(found[:most])


def _value_of_leaving(board: _Board, row: int, number: int) -> int:
    """What the plan is worth more without somebody in their group; mostly less than nothing."""
    seating = board.seatings.get(number)
    rest = None if seating is None else _without(seating, {row})
    return sum(
        sign * value_group(board.problem, one.members, one.slot, board.ledger)
        for sign, one in ((-1, seating), (1, rest))
        if one is not None
    )


def fix_group(plan: Plan, number: int, *, fixed: bool) -> Plan:
    """The plan with one group fixed, or free to be changed again.

    Raises:
        EditError: There is no such group.
    """
    if all(group.number != number for group in plan.groups):
        raise EditError(f"There is no group {number} in this plan.")
    return dataclasses.replace(
        plan,
        groups=tuple(
            dataclasses.replace(group, fixed=fixed) if group.number == number else group
            for group in plan.groups
        ),
    )


def solve_rest(
    plan: Plan,
    frame: Frame,
    *,
    left_out: Sequence[LeftOut] = (),
    seed: int,
    effort: float = 1.0,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Solve the round again from the plan that stands; fixed groups stay as they are.

    Groups that come out as they were keep their numbers, tables and who leads.

    Args:
        plan: The one that counts.
        frame: The round as it is today.
        left_out: People of the audience who are not on the roster, with reasons.
        seed: Decides everything that is random.
        effort: The amount of work, 1 being usual.
        progress: Told now and then how far the search is.

    Raises:
        EditError: A fixed group cannot be as it is any more.
    """
    from scheduler.grouping.engine import solve  # noqa: PLC0415 -- slow import

    board = _lay_out(plan, frame, booked=False)
    fixed = tuple(board.find(group.number) for group in plan.groups if group.fixed)
    out = {one.person_id: one for one in plan.left_out if one.kind == TAKEN_OUT}
    available = board.problem.available.copy()
    available[[board.row[person] for person in out if person in board.row]] = False
    solution = solve(
        dataclasses.replace(board.problem, available=available, fixed=fixed),
        seed=seed,
        effort=effort,
        start=[s for s in board.seatings.values() if s not in fixed],
        progress=progress,
    )
    made = name_plan(frame, solution, round_id=plan.round_id, seed=seed)
    told = [out.get(one.person_id, one) for one in made.left_out]
    return dataclasses.replace(made, groups=_keep_numbers(plan, made), left_out=(*left_out, *told))


def _keep_numbers(before: Plan, after: Plan) -> tuple[Group, ...]:
    """Groups that are as they were keep their number; the others get those that are free."""

    def key(group: Group) -> tuple[object, ...]:
        return (frozenset(group.member_ids), group.slot, group.place)

    old = {key(group): group for group in before.groups}
    same = {key(group) for group in after.groups} & set(old)
    taken = {old[each].number for each in same}
    free = (number for number in count(1) if number not in taken)
    groups = [
        old[key(group)] if key(group) in same else dataclasses.replace(group, number=next(free))
        for group in after.groups
    ]
    return tuple(sorted(groups, key=lambda group: group.number))


def _lay_out(plan: Plan, frame: Frame, *, booked: bool) -> _Board:
    problem = frame_problem(frame)
    row = {person.id: n for n, person in enumerate(frame.people)}
    column = {slot: n for n, slot in enumerate(frame.availability.slots)}
    venue = {place: n for n, place in enumerate(frame.places)}
    seatings = {
        group.number: Seating(
            tuple(sorted(row[member] for member in group.member_ids)),
            column[group.slot],
            venue[group.place],
        )
        for group in plan.groups
        if group.slot in column
        and group.place in venue
        and all(member in row for member in group.member_ids)
    }
    if booked:
        available, free = problem.available.copy(), problem.venues.free.copy()
        for seating in seatings.values():
            available[list(seating.members), seating.slot] = True
            free[seating.venue, seating.slot] = True
        problem = dataclasses.replace(
            problem, available=available, venues=dataclasses.replace(problem.venues, free=free)
        )
    ledger = Ledger(problem)
    # A group that is too large has a worth too, so that it can be told what is wrong with it.
    ledger.size_points = np.pad(ledger.size_points, (0, len(frame.people)), mode="edge")
    return _Board(plan, frame, problem, ledger, row, seatings)


_Changes = dict[int, tuple[Seating, Seating | None]]
"""Groups by number: as they were, and as they would be; None: they do not meet."""


def _apply(board: _Board, edit: Edit) -> _Changes:
    match edit:
        case Drop(number):
            return {number: (board.find(number), None)}
        case Move(person_id, number):
            return _move(board, person_id, number)
        case Swap(one, other):
            return _swap(board, one, other)


def _row_of(board: _Board, person_id: str) -> int:
    if person_id in board.row:
        return board.row[person_id]
    reason = next((one.text for one in board.plan.left_out if one.person_id == person_id), "")
    raise EditError(f"{person_id} does not take part in this round. {reason}".strip(), person_id)


def _move(board: _Board, person_id: str, number: int | None) -> _Changes:
    row = _row_of(board, person_id)
    source = board.seat_of(person_id)
    if source == number:
        raise EditError(f"{person_id} has that seat already.", person_id)
    units = [set(unit) for unit in find_units(board.problem.rules)]
    people = next((unit for unit in units if row in unit), {row})
    changes: _Changes = {}
    if source is not None:
        seating = board.find(source)
        people = people & set(seating.members)
        changes[source] = (seating, _without(seating, people))
    if number is not None:
        target = board.find(number)
        members = tuple(sorted({*target.members, *people}))
        changes[number] = (target, dataclasses.replace(target, members=members))
    return changes


def _swap(board: _Board, one: str, other: str) -> _Changes:
    rows = _row_of(board, one), _row_of(board, other)
    numbers = board.seat_of(one), board.seat_of(other)
    bound = {person for unit in find_units(board.problem.rules) for person in unit}
    for person_id, row in zip((one, other), rows, strict=True):
        if row in bound:
            raise EditError(
                f"{person_id} is to be together with somebody, so they move together: move them "
                "instead of swapping one of them.", person_id,
            )  # fmt: skip
    if numbers[0] == numbers[1]:
        raise EditError("These two are not in two groups, so there is nothing to swap.")
    changes: _Changes = {}
    for number, leaves, comes in ((numbers[0], *rows), (numbers[1], rows[1], rows[0])):
        if number is not None:
            seating = board.find(number)
            members = tuple(sorted({*seating.members, comes} - {leaves}))
            changes[number] = (seating, dataclasses.replace(seating, members=members))
    return changes


def _without(seating: Seating, people: set[int]) -> Seating | None:
    rest = tuple(person for person in seating.members if person not in people)
    return dataclasses.replace(seating, members=rest) if rest else None


def _find_breaches(board: _Board, number: int, before: Seating, after: Seating) -> list[Breach]:
    """What is wrong with a group after a change and was not before."""
    old = set(list_group_faults(board.problem, before, board.ledger))
    ids = [person.id for person in board.frame.people]
    came = [ids[row] for row in after.members if row not in before.members]
    found: list[Breach] = []
    for fault in list_group_faults(board.problem, after, board.ledger):
        person = ids[fault.person] if fault.person >= 0 else None
        if fault.kind == "rule":
            if not _breaks_more(board, fault.rule, before, after):
                continue
            if fault.rule == PRIVATE_RULE:
                found += [Breach("unfit", number, one) for one in came]
                continue
            found.append(Breach("rule", number, rule=fault.rule))
        elif fault not in old:
            kind = _name_kind(board, fault.kind, len(after.members))
            size = len(after.members) if fault.kind in {"size", "seats"} else 0
            found.append(Breach(kind, number, person, size=size))
    return list(dict.fromkeys(found))


def _name_kind(board: _Board, kind: str, size: int) -> str:
    if kind == "size":
        return "large" if size > board.problem.size_most else "small" if size > 1 else "alone"
    return "unfit" if kind == "busy" else kind


def _breaks_more(board: _Board, name: str, before: Seating, after: Seating) -> bool:
    return any(
        _violations(board, rule, after) > _violations(board, rule, before)
        for rule in board.problem.rules
        if rule.name == name
    )


def _violations(board: _Board, rule: Rule, seating: Seating) -> int:
    return count_violations(rule, seating.members, seating.slot, board.ledger)


def _measure(board: _Board, changes: _Changes) -> tuple[Worth, Worth]:
    """The plan's figures, and these with what the changed groups add and take away."""
    total: Counter[str] = Counter()
    people, contacts = board.frame.people, board.frame.contacts
    for pair in changes.values():
        for sign, seating in zip((-1, 1), pair, strict=True):
            if seating is None:
                continue
            total["placed"] += sign * len(seating.members)
            total["value"] += sign * value_group(
                board.problem, seating.members, seating.slot, board.ledger
            )
            members: list[Person] = [people[row] for row in seating.members]
            for a, b in combinations(members, 2):
                new = not contacts.tied(a.id, b.id)
                total["new"] += sign * new
                total["across"] += sign * (new and a.department != b.department)
                total["repeats"] += sign * (pair_of(a.id, b.id) in contacts.met)
    plan = board.plan
    before = Worth(plan.placed, plan.value, plan.new_ties, plan.cross_department_ties, plan.repeats)
    after = Worth(
        plan.placed + total["placed"],
        plan.value + total["value"],
        plan.new_ties + total["new"],
        plan.cross_department_ties + total["across"],
        plan.repeats + total["repeats"],
    )
    return before, after


def _compare_soft(board: _Board, changes: _Changes) -> tuple[tuple[str, int, int], ...]:
    """Soft rules that are violated more or less often, with how often before and after."""
    counts: dict[str, list[int]] = {}
    for rule in board.problem.rules:
        if isinstance(rule, Together) or rule.weight is None:
            continue
        times = counts.setdefault(rule.name, [0, 0])
        for pair in changes.values():
            for side, seating in enumerate(pair):
                if seating is not None:
                    times[side] += _violations(board, rule, seating)
    return tuple((name, was, is_) for name, (was, is_) in counts.items() if was != is_)


def _list_left_out(plan: Plan, groups: Iterable[Group], edit: Edit) -> tuple[LeftOut, ...]:
    seated = {member for group in groups for member in group.member_ids}
    left_out = [one for one in plan.left_out if one.person_id not in seated]
    listed = {one.person_id for one in left_out}
    before = {member for group in plan.groups for member in group.member_ids}
    reason = _DROPPED if isinstance(edit, Drop) else (TAKEN_OUT, _TAKEN_OUT_TEXT)
    left_out += [LeftOut(person, *reason) for person in sorted(before - seated - listed)]
    return tuple(left_out)
