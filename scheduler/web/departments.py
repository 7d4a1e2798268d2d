"""Which departments meet in a plan: the numbers behind the heat map."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from scheduler.agendas.about import department_text
from scheduler.grouping.plan import Group
from scheduler.people.person import Person
from scheduler.texts.catalogue import Texts

STEPS = 6
"""Shades of the heat map, besides none."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How many pairs of people of two departments sit in one group; ``shade`` 0 (none) to 6."""

    other: str
    pairs: int
    shade: int


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """One department: who of it has a seat, and whom they meet."""

    name: str
    seated: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """All departments with seats, largest first, each against each.

    ``met`` and ``possible`` count pairs of different departments; ``most`` are the pairs that
    meet most often.
    """

    rows: tuple[DepartmentRow, ...]
    met: int
    possible: int
    most: tuple[tuple[str, str, int], ...]


def count_departments(
    groups: Sequence[Group], people: Mapping[str, Person], texts: Texts
) -> HeatMap:
    """Count for each two departments the pairs of people who meet. Order: size, then name."""
    seated: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for group in groups:
        members = [
            department_text(department, texts)
            for member_id in group.member_ids
            if (department := people[member_id].department)
        ]
        seated.update(members)
        pairs.update((min(pair), max(pair)) for pair in combinations(members, 2))
    names = sorted(seated, key=lambda name: (-seated[name], _natural(name)))
    most = max(pairs.values(), default=0)

    def cell(name: str, other: str) -> Cell:
        count = pairs[min(name, other), max(name, other)]
        # By the square root: most pairs of departments are small, and should not look alike.
        return Cell(other, count, math.ceil(STEPS * math.sqrt(count / most)) if most else 0)

    between = {pair: count for pair, count in pairs.items() if pair[0] != pair[1]}
    return HeatMap(
        rows=tuple(
            DepartmentRow(name, seated[name], tuple(cell(name, other) for other in names))
            for name in names
        ),
        met=len(between),
        possible=len(names) * (len(names) - 1) // 2,
        most=tuple(
            (*pair, count)
            for pair, count in sorted(between.items(), key=lambda item: (-item[1], item[0]))[:5]
        ),
    )


def _natural(name: str) -> tuple[str, int, str]:
    """A key that puts "Department 9" before "Department 14"."""
    words = name.rstrip("0123456789")
    number = name[len(words) :]
    return words.casefold(), int(number or -1), name
