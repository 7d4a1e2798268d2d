"""A plan changed by hand: what a change breaks and what it costs, before it counts.

HR may break the rules of its own programme: such a group is fixed from then on. Nobody is put where
they cannot be: into a meeting at which they are not free, an office that is not theirs, a room that
is too small, beside somebody whom one of the two does not want to meet.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from scheduler.grouping.board import Board, EditError, lay_out
from scheduler.grouping.checker import count_violations, list_group_faults, value_group
from scheduler.grouping.encoding import find_units
from scheduler.grouping.framing import PRIVATE_RULE, Frame
from scheduler.grouping.naming import make_group
from scheduler.grouping.plan import Group, Plan
from scheduler.grouping.problem import Seating
from scheduler.grouping.rules import Rule, Together
from scheduler.people.contacts import pair_of
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut

TAKEN_OUT = "taken out"
"""The kind of reason of people whom HR took out of a round: they are not put back by a program."""
_TAKEN_OUT_TEXT = "The people team took them out of this round."
_DROPPED = ("group dropped", "The people team called their group off. They come first next time.")
_SPARED = {"small", "rule"}
"""Faults that HR may decide to live with; everything else cannot be kept."""


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
    board = lay_out(plan, frame, booked=booked)
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
    board = lay_out(plan, frame, booked=booked)
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


def _value_of_leaving(board: Board, row: int, number: int) -> int:
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


_Changes = dict[int, tuple[Seating, Seating | None]]
"""Groups by number: as they were, and as they would be; None: they do not meet."""


def _apply(board: Board, edit: Edit) -> _Changes:
    match edit:
        case Drop(number):
            return {number: (board.find(number), None)}
        case Move(person_id, number):
            return _move(board, person_id, number)
        case Swap(one, other):
            return _swap(board, one, other)


def _row_of(board: Board, person_id: str) -> int:
    if person_id in board.row:
        return board.row[person_id]
    reason = next((one.text for one in board.plan.left_out if one.person_id == person_id), "")
    raise EditError(f"{person_id} does not take part in this round. {reason}".strip(), person_id)


def _move(board: Board, person_id: str, number: int | None) -> _Changes:
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


def _swap(board: Board, one: str, other: str) -> _Changes:
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


def _find_breaches(board: Board, number: int, before: Seating, after: Seating) -> list[Breach]:
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


def _name_kind(board: Board, kind: str, size: int) -> str:
    if kind == "size":
        return "large" if size > board.problem.size_most else "small" if size > 1 else "alone"
    return "unfit" if kind == "busy" else kind


def _breaks_more(board: Board, name: str, before: Seating, after: Seating) -> bool:
    return any(
        _violations(board, rule, after) > _violations(board, rule, before)
        for rule in board.problem.rules
        if rule.name == name
    )


def _violations(board: Board, rule: Rule, seating: Seating) -> int:
    return count_violations(rule, seating.members, seating.slot, board.ledger)


def _measure(board: Board, changes: _Changes) -> tuple[Worth, Worth]:
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


def _compare_soft(board: Board, changes: _Changes) -> tuple[tuple[str, int, int], ...]:
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
