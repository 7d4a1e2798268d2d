"""A problem as plain integer arrays, the form in which the search reads it.

People who must be together are one *unit*: units, not people, are moved, so that such a pair can
never be torn apart. Everything a kernel needs of one cohort is one :class:`Board`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scheduler.grouping.problem import Problem
from scheduler.grouping.rule_codes import encode_rules
from scheduler.grouping.rules import Apart, Rule, Together

Ints = npt.NDArray[np.int64]
Records = npt.NDArray[np.void]
Bools = npt.NDArray[np.bool_]

FORBIDDEN = -(1 << 60)
"""The value of a pair of people who must not meet, and the score of a group that must not be."""

SIZE_COMFORT = 2
"""Comfort lost for each member above or below the ideal size of a group."""
SLOT_COMFORT = 1
"""Comfort lost for each slot in which a round has groups: organisers like few slots."""


def _record(*names: str) -> np.dtype[np.void]:
    return np.dtype([(name, np.int64) for name in names])


UNIT = _record("first", "size", "reach", "worth", "slots", "slot_count")
SLOT = _record("clash_from", "clash_to", "crowd", "crowd_size", "pleasant")
VENUE = _record("seats", "tables", "place")
PERSON = _record("department", "first", "last", "unit", "wish", "wishes", "ask", "asks")
PARTNER = _record("other", "points")
SIZE = _record("points", "comfort")
FIXED = _record("least", "favourite", "most", "value", "lack", "slot", "usual", "soft")


class Board(NamedTuple):
    """One cohort for the kernels: people ``p``, units ``u``, slots ``s``, venues ``v``.

    Few arrays of records rather than many arrays: the kernels compile in half the time.
    """

    unit: Records  # people first .. first + size - 1; slots[slots : slots + slot_count]
    available: Bools  # (u, s)
    slots: Ints  # the slots of each unit, one after the other
    slot: Records  # a group in the slot uses its table in slots clash_from .. clash_to - 1
    crowd: Ints  # the units free in each slot, one slot after the other
    venue: Records
    free: Bools  # (v, s)
    person: Records  # partner[first:last] are the person's
    bloom: npt.NDArray[np.uint64]  # (p, 4): a filter of partners; nearly all look-ups find nothing
    partner: Records  # pairs whose worth is not that of their departments; others ascending
    wish: Ints  # partners worth more than a usual tie; wish[wish : wish + wishes] are the person's
    between: Ints  # (d, d)
    rule: Records  # see RuleCodes
    code: Ints
    hours: Ints
    day: Ints
    ask: Ints  # ask[ask : ask + asks] are the rules that a person brings about
    asked: Records
    answers: npt.NDArray[np.uint64]
    size: Records  # (size_most + 1,)
    fixed: Records  # (1,): sizes, and what a point of value, a member lacking, a slot score


class Worth(NamedTuple):
    """What ties are worth over the whole problem."""

    usual: int  # a new tie of two people
    size_points: Ints  # (size_most + 1,)
    keys: Ints  # pairs that are not worth what their departments say: i * n + j, i < j, ascending
    points: Ints  # of each; FORBIDDEN where a hard rule keeps two people apart


class Cohort(NamedTuple):
    """A part of the problem that shares neither people nor tables with any other part."""

    people: Ints  # (p,): indices into the problem, in the order of the board's people
    slots: Ints  # (s,)
    venues: Ints  # (v,)


def make_size_points(problem: Problem) -> Ints:
    """Points by group size, shape ``(size_most + 1,)``.

    A group of ``k`` holds ``k (k - 1) / 2`` pairs, so the mere number of pairs would always make
    the biggest tables. A tie is therefore worth less in a bigger group: with ``t`` the usual worth
    of a tie and ``i`` the ideal size, a group of ``k`` gets ``t (k (i - 1) / 2 - k (k - 1) / 2)``
    on top, which makes every size worth the same per person. Among equals, the ideal size is then
    the more comfortable one.
    """
    if problem.size_points is not None:
        return np.asarray(problem.size_points, np.int64)
    size = np.arange(problem.size_most + 1, dtype=np.int64)
    usual = find_usual_tie(problem)
    return usual * (size * (problem.size_ideal - 1) - size * (size - 1)) // 2


def find_usual_tie(problem: Problem) -> int:
    """What a new tie of two people is usually worth: the median over pairs, at least 1."""
    between = np.asarray(problem.ties.between, np.int64)
    counts = np.bincount(problem.ties.department, minlength=between.shape[0])
    values, at = np.unique(between, return_inverse=True)
    weights = np.zeros(len(values), np.int64)
    for d in np.flatnonzero(counts).tolist():
        weights += counts[d] * np.bincount(
            at.reshape(between.shape)[d], counts, len(values)
        ).astype(np.int64)
    weights[values <= 0] = 0
    if not weights.any():
        return 1
    heap = np.cumsum(weights)
    return int(values[np.searchsorted(heap, heap[-1] / 2)])


def make_worth(problem: Problem) -> Worth:
    """What ties are worth, once for all cohorts."""
    usual = find_usual_tie(problem)
    return Worth(usual, make_size_points(problem), *_make_pair_points(problem))


def _make_pair_points(problem: Problem) -> tuple[Ints, Ints]:
    """All pairs that are not worth what their departments say, with the weights of soft rules."""
    n = problem.available.shape[0]

    def keys_of(pairs: Ints) -> Ints:
        low = np.minimum(pairs[:, 0], pairs[:, 1])
        keys: Ints = low * n + np.maximum(pairs[:, 0], pairs[:, 1])
        return keys

    extra = np.asarray(problem.ties.pairs, np.int64).reshape(-1, 3)
    met = np.asarray(problem.ties.met, np.int64).reshape(-1, 3)
    apart = [r for r in problem.rules if isinstance(r, Apart)]
    apart_pairs = [np.asarray(r.pairs, np.int64).reshape(-1, 2) for r in apart]
    every = np.concatenate([keys_of(extra), keys_of(met), *[keys_of(a) for a in apart_pairs]])
    keys = np.unique(every)
    first, second = keys // n, keys % n
    department = problem.ties.department
    points = np.asarray(problem.ties.between, np.int64)[department[first], department[second]]
    np.add.at(points, np.searchsorted(keys, keys_of(extra)), extra[:, 2])
    at_met = np.searchsorted(keys, keys_of(met))
    points[at_met] = 0
    np.add.at(points, at_met, -met[:, 2])
    for rule, pairs in zip(apart, apart_pairs, strict=True):
        at = np.unique(np.searchsorted(keys, keys_of(pairs)))
        if rule.weight is not None:
            points[at] -= rule.weight
    for rule, pairs in zip(apart, apart_pairs, strict=True):
        if rule.weight is None:
            points[np.searchsorted(keys, keys_of(pairs))] = FORBIDDEN
    return keys, points


def make_pairs(
    keys: Ints, points: Ints, n: int, people: Ints
) -> tuple[Ints, Records, npt.NDArray[np.uint64]]:
    """The pairs among ``people`` as compressed rows over their positions in that list.

    Returns:
        Where each row begins (and ends), the partners, and 256 bits per person: bit ``j % 256`` is
        set where the person has partner ``j``.
    """
    position = np.full(n, -1, np.int64)
    position[people] = np.arange(len(people))
    first, second = position[keys // n], position[keys % n]
    inside = (first >= 0) & (second >= 0)
    first, second, points = first[inside], second[inside], points[inside]
    rows = np.concatenate([first, second])
    columns = np.concatenate([second, first])
    order = np.lexsort((columns, rows))
    rows, columns = rows[order], columns[order]
    start = np.zeros(len(people) + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=len(people)), out=start[1:])
    bloom = np.zeros((len(people), 4), np.uint64)
    bit = np.uint64(1) << (columns & 63).astype(np.uint64)
    np.bitwise_or.at(bloom, (rows, (columns >> 6) & 3), bit)
    partner = np.zeros(len(rows), PARTNER)
    partner["other"] = columns
    partner["points"] = np.concatenate([points, points])[order]
    return start, partner, bloom


def find_units(rules: Iterable[Rule]) -> list[list[int]]:
    """The sets of people whom ``Together`` rules bind, each ascending; not those alone."""
    parent: dict[int, int] = {}

    def root(person: int) -> int:
        while parent.setdefault(person, person) != person:
            parent[person] = parent[parent[person]]
            person = parent[person]
        return person

    for rule in rules:
        if isinstance(rule, Together):
            for i, j in np.asarray(rule.pairs, np.int64).reshape(-1, 2):
                parent[max(root(int(i)), root(int(j)))] = min(root(int(i)), root(int(j)))
    sets: dict[int, list[int]] = {}
    for person in sorted(parent):
        sets.setdefault(root(person), []).append(person)
    return [members for members in sets.values() if len(members) > 1]


def make_rows(flags: Bools) -> tuple[Ints, Ints]:
    """The columns that are set in each row: where each row begins, and the columns."""
    start = np.zeros(flags.shape[0] + 1, np.int64)
    np.cumsum(np.count_nonzero(flags, axis=1), out=start[1:])
    return start, np.nonzero(flags)[1].astype(np.int64)


def find_favourite(size_points: Ints, usual: int, least: int, ideal: int, most: int) -> int:
    """The size that is worth most per person when every tie is a usual one; then the ideal one."""
    sizes = range(least, most + 1)
    worth = {k: (usual * k * (k - 1) // 2 + int(size_points[k])) / k for k in sizes}
    return max(sizes, key=lambda k: (worth[k], -abs(k - ideal), k))


def make_board(
    problem: Problem,
    cohort: Cohort,
    units: list[list[int]],
    worth: Worth,
    *,
    apart: bool = True,
) -> Board:
    """Everything the kernels need of one cohort.

    Args:
        problem: The whole problem.
        cohort: Its people, which must hold each unit as neighbours (see ``order_people``).
        units: The sets of people bound together, all of them in the cohort or none.
        worth: From :func:`make_worth`.
        apart: Whether rules that few people bring about are kept with these.
    """
    people, slots, venues = cohort
    bound = {person: number for number, members in enumerate(units) for person in members}
    heads = [
        index
        for index, person in enumerate(people.tolist())
        if person not in bound or units[bound[person]][0] == person
    ]
    every = problem.available[np.ix_(people, slots)]
    available = np.ascontiguousarray(np.logical_and.reduceat(every, heads, axis=0))
    place = np.asarray(problem.place)[people]
    low, high = np.minimum.reduceat(place, heads), np.maximum.reduceat(place, heads)
    start, partner, bloom = make_pairs(worth.keys, worth.points, problem.available.shape[0], people)
    fixed, size = _make_scales(problem, worth, partner["points"], slots)

    unit = np.zeros(len(heads), UNIT)
    unit["first"] = heads
    unit["size"] = np.diff([*heads, len(people)])
    unit["reach"] = np.where(low == high, low, -1)
    # One person more outweighs any value: their own ties and those whom they push out of a group.
    waited = np.minimum(np.asarray(problem.waited, np.int64)[people], 100)
    each = int(fixed["lack"][0]) // 2 * (waited + 2 * int(waited.max(initial=0)) + 20)
    unit["worth"] = np.add.reduceat(each, heads)

    begins = np.asarray(problem.start, np.int64)[slots]
    slot = np.zeros(len(slots), SLOT)
    slot["clash_from"] = np.searchsorted(begins, begins, side="left")
    slot["clash_to"] = np.searchsorted(begins, begins + problem.minutes, side="left")
    # The same for every person placed, so nothing changes; the comfort of a group is then small.
    slot["pleasant"] = np.asarray(problem.pleasant, np.int64)[slots] - int(
        np.min(problem.pleasant, initial=0)
    )

    venue = np.zeros(len(venues), VENUE)
    venue["seats"] = np.minimum(np.asarray(problem.venues.seats)[venues], problem.size_most)
    venue["tables"] = np.minimum(np.asarray(problem.venues.tables)[venues], len(people))
    venue["place"] = np.asarray(problem.venues.place)[venues]

    person = np.zeros(len(people), PERSON)
    person["department"] = np.asarray(problem.ties.department)[people]
    person["first"], person["last"] = start[:-1], start[1:]
    person["unit"] = np.repeat(np.arange(len(heads)), unit["size"])
    wished = partner["points"] > worth.usual
    owner = np.repeat(np.arange(len(people)), np.diff(start))
    person["wishes"] = np.bincount(owner[wished], minlength=len(people))
    person["wish"] = np.cumsum(person["wishes"]) - person["wishes"]
    codes = encode_rules(problem, people, slots, apart=apart)
    person["asks"] = codes.asks
    person["ask"] = np.cumsum(codes.asks) - codes.asks
    none = np.zeros(0, np.int64)
    board = Board(
        unit=unit,
        available=available,
        slots=none,
        slot=slot,
        crowd=none,
        venue=venue,
        free=np.ascontiguousarray(np.asarray(problem.venues.free)[np.ix_(venues, slots)]),
        person=person,
        bloom=bloom,
        partner=partner,
        wish=np.ascontiguousarray(partner["other"][wished]),
        between=np.ascontiguousarray(problem.ties.between, np.int64),
        rule=codes.rule,
        code=codes.code,
        hours=codes.hours,
        day=codes.day,
        ask=codes.ask,
        asked=codes.asked,
        answers=codes.answers,
        size=size,
        fixed=fixed,
    )
    return with_slots(board, available)


def with_slots(board: Board, available: Bools) -> Board:
    """The board with other slots for its units, ``(u, s)``; who has none is never seated."""
    slots_first, slots = make_rows(available)
    crowd_first, crowd = make_rows(np.ascontiguousarray(available.T))
    unit, slot = board.unit.copy(), board.slot.copy()
    unit["slots"], unit["slot_count"] = slots_first[:-1], np.diff(slots_first)
    slot["crowd"], slot["crowd_size"] = crowd_first[:-1], np.diff(crowd_first)
    return board._replace(unit=unit, available=available, slots=slots, slot=slot, crowd=crowd)


def find_able(board: Board) -> Bools:
    """Who can have a seat at all, ``(p,)``: those whose units have a slot."""
    able: Bools = (board.unit["slot_count"] > 0)[board.person["unit"]]
    return able


def _make_scales(
    problem: Problem, worth: Worth, points: Ints, slots: Ints
) -> tuple[Records, Records]:
    """What the levels of the objective weigh in the score, and the rows by group size."""
    least, ideal, most = problem.size_least, problem.size_ideal, problem.size_most
    size = np.zeros(most + 1, SIZE)
    size["points"] = worth.size_points
    size["comfort"] = -SIZE_COMFORT * np.abs(np.arange(most + 1, dtype=np.int64) - ideal)
    pleasant = np.asarray(problem.pleasant, np.int64)[slots]
    widest = most * int(pleasant.max(initial=0) - np.min(problem.pleasant, initial=0)) - int(
        size["comfort"].min()
    )
    usual = worth.usual
    seen = points[points > FORBIDDEN]
    dearest = max(
        int(np.abs(problem.ties.between).max(initial=1)), int(np.abs(seen).max(initial=1)), usual
    )
    dearest = dearest * most + int(np.abs(size["points"]).max(initial=0))
    dearest += sum(most * (r.weight or 0) for r in problem.rules if not isinstance(r, Together))
    fixed = np.zeros(1, FIXED)
    value = 2 * widest + 4 * SLOT_COMFORT
    fixed["least"], fixed["most"] = least, most
    fixed["favourite"] = find_favourite(size["points"], usual, least, ideal, most)
    fixed["value"], fixed["usual"] = value, value * usual
    fixed["lack"] = 4 * value * dearest
    fixed["slot"] = SLOT_COMFORT
    fixed["soft"] = any(
        rule.weight is not None for rule in problem.rules if not isinstance(rule, Together | Apart)
    )
    return fixed, size


def order_people(people: Ints, units: list[list[int]]) -> Ints:
    """The people ascending, but each unit's members directly after its first."""
    follower = {person: members[0] for members in units for person in members}
    return np.array(sorted(people.tolist(), key=lambda p: (follower.get(p, p), p)), np.int64)
