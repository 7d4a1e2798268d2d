"""What random groups would have reached, in expectation: computed, not drawn.

The comparison is fair to both: in every sitting the same people sit down in groups of the same
sizes, and only who sits with whom is drawn, every way of dealing them out being equally likely and
sittings being independent of each other. Ties from before the window are as they were.

Two people of ``n`` at tables of sizes ``s`` sit together with the chance
``sum of s (s - 1) / (n (n - 1))``. By linearity of expectation the figures are sums over pairs (or
people, or pairs of departments) of products over sittings. Where a sum over all pairs would take
too long it is bounded from both sides (Bonferroni) and given only if the bounds nearly touch.

There is no baseline for the average distance (no closed form is known) nor for waits and how evenly
seats are shared (random groups of the same people share them equally well).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from scheduler.insights.contact import chance_of_no_contact
from scheduler.insights.history import Bools, Floats, Held, History, Index, Ints
from scheduler.insights.ties import Ties, tables_by_sitting

EXACT_WORK = 1.5e9
"""Pairs times sittings up to which every pair is looked at (some seconds on one core)."""
SECOND_WORK = 1e11
"""People times sittings cubed up to which the bounds take in triples of sittings."""
MOST_ERROR = 0.02
"""Bounds further apart than this share of the value give no baseline."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The draws that are compared with: who was ``present[r, n]``, at ``tables`` of which sizes.

    ``shared[r, r]``: people present in both of two sittings; ``sittings``: their numbers in the
    history, in order of time.
    """

    present: Bools
    tables: tuple[Ints, ...]
    shared: Floats
    sittings: Ints

    @property
    def chance(self) -> Floats:
        """That two people who are present sit together, per sitting, shape ``(r,)``."""
        return np.array(
            [
                (sizes * (sizes - 1)).sum() / max(1, sizes.sum() * (sizes.sum() - 1))
                for sizes in self.tables
            ],
            np.float64,
        )


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedTies:
    """Ties that random groups make, per sitting ``(r,)`` as in :class:`.ties.Ties`.

    ``outside[d]`` and ``inside[d]``: new ties of each department over all sittings, to others and
    within. ``error``: no value is off by more than this share of itself; 0 where it is exact.
    """

    across: Floats
    new: Floats
    new_across: Floats
    known: Floats
    again: Floats
    outside: Floats
    inside: Floats
    error: float


def describe_draws(history: History, held: Held) -> Drawn:
    """All sittings of the history as draws."""
    return Drawn(
        held.present,
        tuple(tables_by_sitting(history, held)),
        _shared(held.present.astype(np.float32)),
        np.arange(history.sittings),
    )


def pick_draws(drawn: Drawn, sittings: Bools) -> Drawn:
    """Some of the draws, chosen by ``sittings[r]``."""
    numbers = np.flatnonzero(sittings)
    if len(numbers) == len(sittings):
        return drawn
    return Drawn(
        drawn.present[numbers],
        tuple(drawn.tables[number] for number in numbers),
        drawn.shared[np.ix_(numbers, numbers)],
        drawn.sittings[numbers],
    )


def expect_ties(history: History, ties: Ties, drawn: Drawn) -> ExpectedTies | None:
    """Expected ties of the draws, or None where the bounds would not touch.

    A pair makes a new tie in sitting ``r`` when it sits together there and in no sitting before:
    ``chance[r] * product over q < r, both present, of (1 - chance[q])``.
    """
    departments = len(history.departments)
    chance = drawn.chance
    everyone, error = _sum_first_meetings(history, drawn, chance)
    before = ties.sitting < (drawn.sittings[0] if len(drawn.sittings) else 0)
    known = _sum_listed(history, drawn, chance, history.known[:, 0], history.known[:, 1])
    earlier = _sum_listed(history, drawn, chance, ties.one[before], ties.other[before])
    fresh = everyone.less(known).less(earlier)
    pairs = np.array([(sizes * (sizes - 1)).sum() / 2 for sizes in drawn.tables], np.float64)
    again = pairs - everyone.less(earlier).pairs
    # Repeats are what is left of all pairs, so they take over the whole error, being few.
    error = max(error, error * float(everyone.pairs.sum()) / max(1.0, float(again.sum())))
    if error > MOST_ERROR:
        return None
    return ExpectedTies(
        across=chance * _pairs_across(history.department, departments, drawn.present),
        new=fresh.pairs,
        new_across=fresh.across,
        known=known.pairs,
        again=again,
        outside=fresh.outside,
        inside=fresh.inside,
        error=error,
    )


def expect_reach(history: History, before: Ints, drawn: Drawn) -> Floats:
    """Expected department pairs with a tie after each sitting, shape ``(r,)``.

    ``before[d, d]``: ties before the first of these sittings. A pair of departments stays without
    when in no sitting a member of one shares a table with a member of the other.
    """
    departments = len(history.departments)
    left, right = np.triu_indices(departments, 1)
    without = (before[left, right] == 0).astype(np.float64)
    reached = np.empty(len(drawn.tables))
    for number, sizes in enumerate(drawn.tables):
        counts = _by_department(history.department, departments, drawn.present[number])
        # A pair that is reached but for one chance in 10^12 is left as it is.
        open_ = np.flatnonzero((without > 1e-12) & (counts[left] > 0) & (counts[right] > 0))
        without[open_] *= chance_of_no_contact(sizes, counts[left[open_]], counts[right[open_]])
        reached[number] = len(without) - without.sum()
    return reached


def expect_alone(history: History, outside_before: Bools, drawn: Drawn) -> float:
    """Expected people without a tie outside their department after all sittings.

    Somebody stays alone when all others at each of their tables are of their own department:
    with ``a`` of ``n`` people from there, ``C(a - 1, s - 1) / C(n - 1, s - 1)`` at a table for
    ``s``, which they get with the chance ``s * tables / n``.
    """
    departments = len(history.departments)
    alone = (~outside_before).astype(np.float64)
    for number, sizes in enumerate(drawn.tables):
        counts = _by_department(history.department, departments, drawn.present[number])
        total = int(sizes.sum())
        among_own = np.zeros(departments)
        for size, tables in zip(*np.unique(sizes, return_counts=True), strict=True):
            others = np.arange(1, size)
            ratio = np.maximum(counts[:, None] - others, 0) / np.maximum(total - others, 1)
            among_own += size * tables / total * ratio.prod(axis=1)
        present = drawn.present[number]
        alone[present] *= among_own[history.department[present]]
    return float(alone.sum())


def expect_contacts(drawn: Drawn, person: Ints, during: Bools) -> Floats | None:
    """Expected different people whom each person meets, shape ``(a,)``.

    ``during[a, r]``: the sittings that count for person ``a``; they count where the person was
    present. None where neither the sum over all people nor its bounds are within reach.
    """
    chance, present = drawn.chance, drawn.present
    counts = during & present[:, person].T
    patterns, which = _different_rows(counts)
    people, shared = present.shape[1], drawn.shared
    exact = float(patterns.sum()) * people <= EXACT_WORK / 4
    met = np.zeros(len(patterns))
    for number, pattern in enumerate(patterns):
        rows = np.flatnonzero(pattern)
        if exact:
            never = np.ones(people)
            for row in rows:
                never[present[row]] *= 1 - chance[row]
            met[number] = people - never.sum() - (1 - (1 - chance[rows]).prod())
            continue
        once = chance[rows] * (shared[rows, rows] - 1)
        pair = np.outer(chance[rows], chance[rows]) * np.maximum(shared[np.ix_(rows, rows)] - 1, 0)
        twice = float(np.triu(pair, 1).sum())
        if twice * chance[rows].sum() > MOST_ERROR * max(once.sum(), 1e-9):
            return None
        met[number] = once.sum() - twice
    return np.asarray(met[which.ravel()], np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """First meetings of a set of pairs: per sitting all and across, per department over all."""

    pairs: Floats
    across: Floats
    outside: Floats
    inside: Floats

    def less(self, other: _Sums) -> _Sums:
        return _Sums(
            self.pairs - other.pairs,
            self.across - other.across,
            self.outside - other.outside,
            self.inside - other.inside,
        )


def _sum_first_meetings(history: History, drawn: Drawn, chance: Floats) -> tuple[_Sums, float]:
    """Over all pairs of people, and how far off the sums may be (a share of themselves)."""
    sittings, people = drawn.present.shape
    if float(people) ** 2 * sittings <= EXACT_WORK:
        return _sum_pair_by_pair(history, drawn.present, chance), 0.0
    return _sum_bounded(history, drawn, chance)


def _sum_pair_by_pair(history: History, present: Bools, chance: Floats) -> _Sums:
    """Every pair, one department's people against everybody at a time."""
    departments = len(history.departments)
    order = np.argsort(history.department, kind="stable")
    seated = present[:, order].astype(np.float64)
    cuts = np.searchsorted(history.department[order], np.arange(departments + 1))
    sittings, people = seated.shape
    touching = np.zeros((departments, sittings))
    inside = np.zeros((departments, sittings))
    for department in range(departments):
        low, high = cuts[department], cuts[department + 1]
        for start in range(low, high, 64):  # a block of rows stays in the processor's cache
            stop = min(high, start + 64)
            never = np.ones((stop - start, people))
            never[np.arange(stop - start), np.arange(start, stop)] = 0.0
            for sitting in range(sittings):
                here = seated[sitting]
                rows = seated[sitting, start:stop]
                touching[department, sitting] += rows @ (never @ here)
                inside[department, sitting] += rows @ (never[:, low:high] @ here[low:high])
                never *= 1.0 - chance[sitting] * rows[:, None] * here[None, :]
    return _weigh(touching, inside, chance)


def _sum_bounded(history: History, drawn: Drawn, chance: Floats) -> tuple[_Sums, float]:
    """``product of (1 - chance)`` between two partial sums of its expansion; the middle of both.

    With ``e1`` the sum of the chances and ``e2`` the sum of their products two by two, the product
    lies in ``[1 - e1, 1 - e1 + e2]``, and in ``[1 - e1 + e2 - e3, 1 - e1 + e2]``. Pairs of people
    who were present in two or three given sittings are counted from how many people were.
    """
    departments = len(history.departments)
    sittings, people = drawn.present.shape
    seated = drawn.present[:, np.argsort(history.department, kind="stable")].astype(np.float32)
    cuts = np.cumsum([0, *np.bincount(history.department, minlength=departments)])
    earlier = np.tril(np.ones((sittings, sittings)), -1) * chance[None, :]
    spent = earlier.sum(axis=1)
    second = float(sittings) ** 3 * people <= SECOND_WORK
    slack = spent**3 / 6 if second else spent**2 / 2
    touching, inside = np.zeros((departments, sittings)), np.zeros((departments, sittings))
    for department in range(departments):
        own = _shared(seated[:, cuts[department] : cuts[department + 1]])
        for sums, pairs in (
            (touching, own * np.maximum(drawn.shared - 1, 0)),
            (inside, own * (own - 1)),
        ):
            whole = np.diagonal(pairs)
            sums[department] = whole - (earlier * pairs).sum(axis=1)
            sums[department] += slack / 2 * whole * (-1 if second else 1)
    if second:
        _add_second(seated, cuts, chance, touching, inside)
    worst = float((slack / 2 / np.maximum(1 - spent, 1e-9)).max(initial=0.0))
    return _weigh(touching, inside, chance), worst


def _add_second(
    seated: npt.NDArray[np.float32], cuts: Ints, chance: Floats, touching: Floats, inside: Floats
) -> None:
    """Add ``e2``: pairs of people in this sitting and in both of two earlier ones."""
    department_of = np.repeat(np.arange(len(touching)), np.diff(cuts))
    for sitting in range(2, len(seated)):
        weight = np.triu(np.outer(chance[:sitting], chance[:sitting]), 1).astype(np.float32)
        here = seated[:sitting] * seated[sitting]
        others = weight * np.maximum(here @ here.T - 1, 0)
        person = ((others @ here) * here).sum(axis=0, dtype=np.float64)
        touching[:, sitting] += np.bincount(department_of, person, len(touching))
        for department, (low, high) in enumerate(pairwise(cuts)):
            own = here[:, low:high] @ here[:, low:high].T
            inside[department, sitting] += np.vdot(weight, own * own) - np.vdot(weight, own)


def _weigh(touching: Floats, inside: Floats, chance: Floats) -> _Sums:
    """Sums over ordered pairs ``(d, r)`` to expected first meetings of pairs."""
    outside = (touching - inside) * chance
    within = inside * chance / 2
    across = outside.sum(axis=0) / 2
    return _Sums(across + within.sum(axis=0), across, outside.sum(axis=1), within.sum(axis=1))


def _sum_listed(history: History, drawn: Drawn, chance: Floats, one: Index, other: Index) -> _Sums:
    """Over the pairs of a list, each looked at; a pair meets at all with ``1 - never``."""
    departments, sittings = len(history.departments), len(chance)
    pairs, across = np.zeros(sittings), np.zeros(sittings)
    outside, inside = np.zeros(departments), np.zeros(departments)
    by_person = np.ascontiguousarray(drawn.present.T)
    for start in range(0, len(one), 20_000):  # few enough for the processor's cache
        i, j = one[start : start + 20_000], other[start : start + 20_000]
        a, b = history.department[i], history.department[j]
        differ = a != b
        apart = differ.astype(np.float64)
        together = (by_person[i] & by_person[j]).T.astype(np.float64) * chance[:, None]
        never = np.ones(len(i))
        for sitting in range(sittings):
            first = never * together[sitting]
            pairs[sitting] += first.sum()
            across[sitting] += first @ apart
            never -= first
        met = 1 - never
        outside += np.bincount(a[differ], met[differ], departments)
        outside += np.bincount(b[differ], met[differ], departments)
        inside += np.bincount(a[~differ], met[~differ], departments)
    return _Sums(pairs, across, outside, inside)


def _pairs_across(department: Index, departments: int, present: Bools) -> Floats:
    """Pairs of people of two departments who are both present, per sitting."""
    totals = present.sum(axis=1).astype(np.float64)
    own = np.array([_by_department(department, departments, row) for row in present])
    own = own.reshape(len(present), departments).astype(np.float64)
    return np.asarray((totals**2 - (own**2).sum(axis=1)) / 2, np.float64)


def _different_rows(rows: Bools) -> tuple[Bools, Ints]:
    """Each different row once, and which of them every row is."""
    packed = np.packbits(rows, axis=1)
    if packed.size == 0:
        return rows[:1], np.zeros(len(rows), np.int64)
    texts = packed.view(f"S{packed.shape[1]}").ravel()
    _, first, which = np.unique(texts, return_index=True, return_inverse=True)
    return rows[first], which.astype(np.int64)


def _by_department(department: Index, departments: int, present: Bools) -> Ints:
    return np.bincount(department[present], minlength=departments)


def _shared(seated: npt.NDArray[np.float32]) -> Floats:
    """How many people were present in both of two sittings, shape ``(r, r)``.

    Whole numbers up to 2^24 are exact in float32, and its products take half the time.
    """
    return np.asarray(seated @ seated.T, np.float64)
