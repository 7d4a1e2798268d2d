"""What departments have to do with each other: ties, reach, the E-I index, distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.insights.graphs import measure_steps
from scheduler.insights.history import Bools, Floats, History, Index, Ints
from scheduler.insights.ties import Ties


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """Ties between departments: ``count[d, d]``, symmetric, ties inside one on the diagonal.

    ``outside[n]``: whether a person has a tie to somebody of another department.
    """

    count: Ints
    outside: Bools


@dataclass(frozen=True, slots=True)
class Reach:
    """Department pairs with a tie, and all pairs of two departments."""

    reached: int
    possible: int


@dataclass(frozen=True, slots=True)
class Distance:
    """``mean`` steps from department to department over the ``connected`` pairs of ``possible``.

    Two departments with a tie between them are one step apart; people of one department count as
    knowing each other. None where no two departments are connected.
    """

    mean: float | None
    connected: int
    possible: int


def gather_between(history: History, ties: Ties, sittings: Bools) -> Between:
    """Ties from elsewhere, and those made in the chosen sittings ``(r,)``."""
    departments = len(history.departments)
    count = np.zeros(departments**2, np.int64)
    outside = np.zeros(history.people, np.bool_)
    for one, other, a, b in (list_known(history), pick_made(ties, sittings)):
        count += np.bincount(a * np.int64(departments) + b, minlength=departments**2)
        across = a != b
        outside[one[across]] = True
        outside[other[across]] = True
    square = count.reshape(departments, departments)
    inside = np.diagonal(square).copy()
    square = square + square.T
    np.fill_diagonal(square, inside)
    return Between(square, outside)


def list_known(history: History) -> tuple[Index, Index, Index, Index]:
    """Ties from elsewhere: one person, the other, and their departments."""
    one, other = history.known[:, 0], history.known[:, 1]
    return one, other, history.department[one], history.department[other]


def pick_made(ties: Ties, sittings: Bools) -> tuple[Index, Index, Index, Index]:
    """Ties that the chosen sittings ``(r,)`` made, as :func:`list_known` lists the others."""
    columns = ties.one, ties.other, ties.department_one, ties.department_other
    if sittings.all():
        return columns
    made = np.flatnonzero(sittings[ties.sitting])
    return columns[0][made], columns[1][made], columns[2][made], columns[3][made]


def count_reach(count: Ints) -> Reach:
    """Pairs of departments with at least one tie, of all pairs."""
    departments = len(count)
    reached = np.count_nonzero(np.triu(count, 1))
    return Reach(int(reached), departments * (departments - 1) // 2)


def reach_by_sitting(history: History, ties: Ties) -> Ints:
    """How many department pairs got their very first tie in each sitting, shape ``(r,)``.

    The last entry, ``[r]``, is how many had one from elsewhere.
    """
    departments, sittings = len(history.departments), history.sittings
    never = np.int32(sittings + 1)
    first = np.full(departments**2, never, np.int32)
    _, _, known_a, known_b = list_known(history)
    for a, b, code in (
        (known_a, known_b, np.int32(0)),
        (ties.department_one, ties.department_other, ties.sitting + np.int32(1)),
    ):
        cell = np.minimum(a, b) * np.int64(departments) + np.maximum(a, b)
        # A first tie from elsewhere stays first, and most pairs of departments have one.
        later = np.flatnonzero((a != b) & (first[cell] > 0))
        np.minimum.at(first, cell[later], np.broadcast_to(code, len(cell))[later])
    counts = np.bincount(first, minlength=sittings + 2)
    return np.concatenate([counts[1 : sittings + 1], counts[:1]])


def ei_index(outside: float, inside: float) -> float | None:
    """(E - I) / (E + I): -1 all ties stay inside, +1 all go outside; None without any tie.

    Krackhardt & Stern, "Informal networks and organizational crises", Social Psychology Quarterly
    51(2), 1988, pp. 123-140.
    """
    total = outside + inside
    return None if total == 0 else (outside - inside) / total


def split_ties(count: Ints | Floats) -> tuple[Floats, Floats]:
    """Ties of each department that go outside, and that stay inside, shapes ``(d,)``."""
    inside = np.diagonal(count).astype(np.float64)
    return count.sum(axis=1) - inside, inside


def company_ei(count: Ints | Floats) -> float | None:
    """The E-I index of the company: ties across departments against ties inside one."""
    outside, inside = split_ties(count)
    return ei_index(float(outside.sum()) / 2, float(inside.sum()))


def average_distance(count: Ints) -> Distance:
    """Mean shortest path between two departments over ties between departments."""
    departments = len(count)
    possible = departments * (departments - 1) // 2
    near = count > 0
    np.fill_diagonal(near, False)
    steps = measure_steps(near)
    upper = steps[np.triu_indices(departments, 1)]
    connected = upper[np.isfinite(upper)]
    mean = float(connected.mean()) if len(connected) else None
    return Distance(mean, len(connected), possible)
