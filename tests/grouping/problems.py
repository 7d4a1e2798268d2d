"""Problems for tests: random small ones, and a builder with plain defaults."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from scheduler.grouping.problem import Problem, Ties, Venues
from scheduler.grouping.rules import (
    Apart,
    AtLeast,
    AtMost,
    AtMostOfOne,
    CommonBit,
    CommonHours,
    LevelSpread,
    Same,
    Together,
)


def make_problem(n=6, slots=1, **changes):
    """Everybody free in every slot, one venue with plenty of tables, every new tie worth 1."""
    fields = {
        "available": np.ones((n, slots), bool),
        "start": np.arange(slots, dtype=np.int64) * 60,
        "minutes": 60,
        "venues": make_venues([(9, 99, -1)], slots),
        "place": np.zeros(n, np.int64),
        "waited": np.zeros(n, np.int64),
        "pleasant": np.zeros(slots, np.int64),
        "size_least": 2,
        "size_ideal": 3,
        "size_most": 4,
        "ties": make_ties(n),
        "size_points": np.zeros(changes.get("size_most", 4) + 1, np.int64),
    }
    return Problem(**{**fields, **changes})


def make_venues(rows, slots, free=None):
    """Rows of seats, tables and place."""
    seats, tables, place = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    return Venues(seats, tables, place, np.ones((len(rows), slots), bool) if free is None else free)


def make_ties(n, department=None, between=None, pairs=(), met=()):
    department = np.arange(n) if department is None else np.array(department)
    size = int(department.max(initial=0)) + 1
    return Ties(
        department.astype(np.int64),
        np.ones((size, size), np.int64) if between is None else np.array(between, np.int64),
        np.array(pairs, np.int64).reshape(-1, 3),
        np.array(met, np.int64).reshape(-1, 3),
    )


def _array(draw, shape, low, high, dtype=np.int64):
    size = int(np.prod(shape))
    values = draw(st.lists(st.integers(low, high), min_size=size, max_size=size))
    return np.array(values, dtype).reshape(shape)


def _pairs(draw, n, most):
    pair = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda p: p[0] != p[1])
    return draw(st.lists(pair, max_size=most))


def draw_rule(draw, kind, number, n, slots):
    name = f"{kind.__name__} {number}"
    weight = draw(st.sampled_from([None, None, 1, 3, 7]))
    if kind is AtMostOfOne:
        return kind(name, _array(draw, n, -1, 2), draw(st.integers(1, 2)), weight)
    if kind is Same:
        return kind(name, _array(draw, n, -1, 1), weight)
    if kind is AtLeast:
        when = _array(draw, n, 0, 1, bool) if draw(st.booleans()) else None
        return kind(name, _array(draw, n, 0, 1, bool), draw(st.integers(1, 2)), when, weight)
    if kind is AtMost:
        return kind(name, _array(draw, n, 0, 1, bool), draw(st.integers(0, 2)), weight)
    if kind is Apart:
        return kind(name, np.array(_pairs(draw, n, 4), np.int64).reshape(-1, 2), weight)
    if kind is Together:
        return kind(name, np.array(_pairs(draw, n, 2), np.int64).reshape(-1, 2))
    if kind is LevelSpread:
        least, most = draw(st.sampled_from([(1, None), (None, 1), (1, 3), (2, None)]))
        return kind(name, _array(draw, n, -1, 4), least, most, weight)
    if kind is CommonBit:
        return kind(name, _array(draw, n, 0, 7, np.uint64), weight)
    opens = _array(draw, (n, 2), 0, 3) * 60
    closes = opens + _array(draw, (n, 2), 0, 4) * 60
    day = np.minimum(np.arange(slots), 1)
    return CommonHours(name, opens, closes, day, 90, weight)


KINDS = [
    AtMostOfOne, Same, AtLeast, AtMost, Apart, Together, LevelSpread, CommonBit, CommonHours,
]  # fmt: skip


@st.composite
def small_problems(draw, people=9):
    """Up to nine people, four slots, two venues, three rules of any kind."""
    n = draw(st.integers(2, people))
    slots = draw(st.integers(1, 4))
    least = draw(st.integers(1, 3))
    most = draw(st.integers(least, 4))
    step = draw(st.sampled_from([30, 60]))
    places = draw(st.booleans())
    venues = [
        (
            draw(st.integers(2, 5)),
            draw(st.integers(1, 2)),
            draw(st.sampled_from([-1, 0, 1] if places else [-1])),
        )
        for _ in range(draw(st.integers(1, 2)))
    ]
    kinds = draw(st.lists(st.sampled_from(KINDS), max_size=3))
    departments = draw(st.integers(1, 3))
    between = _array(draw, (departments, departments), -1, 4)
    met = [(i, j, draw(st.integers(0, 9))) for i, j in _pairs(draw, n, 3)]
    pairs = [(i, j, draw(st.integers(-3, 6))) for i, j in _pairs(draw, n, 3)]
    return Problem(
        available=draw(st.sampled_from([0.5, 0.9])) * 10 > _array(draw, (n, slots), 0, 9),
        start=np.arange(slots, dtype=np.int64) * step,
        minutes=60,
        venues=make_venues(venues, slots, _array(draw, (len(venues), slots), 0, 4) > 0),
        place=_array(draw, n, 0, 1) if places else np.zeros(n, np.int64),
        waited=_array(draw, n, 0, 3),
        pleasant=_array(draw, slots, 0, 3),
        size_least=least,
        size_ideal=draw(st.integers(least, most)),
        size_most=most,
        ties=make_ties(n, _array(draw, n, 0, departments - 1), between + between.T, pairs, met),
        rules=tuple(draw_rule(draw, kind, i, n, slots) for i, kind in enumerate(kinds)),
        size_points=_array(draw, most + 1, -3, 3),
    )
