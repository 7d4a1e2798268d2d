"""Schedules developed from a few tables by moving everybody on, found by annealing those tables.

Number all but a few people as ``(orbit, place, copy)``. Turn ``t`` is the starter turn with every
place moved on by ``t``, and within a turn each table stands for all that come from it by moving
the copies on. A pair at a starter's table then stands for all pairs of the same difference, so
nobody meets twice exactly if the pairs at the starters' tables have different differences (Bose's
method of mixed differences, 1939). What is left is to find a few tables instead of all, which a
short annealing does even for schedules that a search over all turns never finds.
"""

# ruff: noqa: C901, PLR0912, PLR0915 -- kernels: a call between them costs compile time

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scheduler.grouping.search import CHANCE

Ints = npt.NDArray[np.int64]

MOVES, MORE, MOST = 20_000, 1.5, 400_000
"""Moves of the first annealing, how they grow from one to the next of a symmetry, and the most:
what is found at all is mostly found at once."""
HEAT = 18_000
"""In 65,536ths of a fault, all the time: a quarter finds several times as often as cooling down
from one fault to a sixth (measured)."""
WORK = 300_000_000
"""Moves times seats at a table that are spent in all, a few seconds."""
HELD = 20_000_000
"""Each symmetry holds a number for each pair of people; so many are held in all."""


@dataclass(frozen=True, slots=True)
class Symmetry:
    """How a schedule repeats itself.

    ``places``: turns that come from one starter; ``copies``: tables of a turn that come from one of
    its tables; ``starters``: turns that are looked for. ``joined``: one table of each turn is a
    whole orbit of copies, with the one person who stays put where it would be short of one.
    """

    tables: int
    size: int
    places: int
    copies: int
    starters: int
    joined: bool = False

    @property
    def people(self) -> int:
        """Everybody."""
        return self.tables * self.size

    @property
    def alone(self) -> int:
        """How many never move, 1 or 0."""
        return int(self.joined and self.size == self.copies + 1)

    @property
    def base(self) -> int:
        """Tables of a starter that are looked for."""
        return (self.tables - self.joined) // self.copies

    @property
    def moving(self) -> int:
        """People who have a place; those after them have a copy alone, or not even that."""
        whole = self.places * self.copies
        return (self.people - self.alone) // whole * whole

    @property
    def possible(self) -> bool:
        """Whether everybody can be numbered."""
        if self.places * self.copies == 1 or (self.people - self.alone) % self.copies:
            return False
        if (self.tables - self.joined) % self.copies:
            return False
        orbits = self.moving // (self.places * self.copies)
        whole = self.size in {self.copies, self.copies + 1} and orbits >= self.starters
        return orbits > 0 and (whole or not self.joined)

    def move(self, people: Ints, places: int, copies: int) -> Ints:
        """Who sits where each of the people sat, so many places and copies further on."""
        whole = self.places * self.copies
        place = (people % whole // self.copies + places) % self.places
        copy = (people % self.copies + copies) % self.copies
        moved = np.where(
            people < self.moving,
            people // whole * whole + place * self.copies + copy,
            people // self.copies * self.copies + copy,  # orbits of copies come after whole ones
        )
        return np.where(people < self.people - self.alone, moved, people)

    def join(self, starter: int) -> Ints:
        """The table of a whole orbit of copies in a starter's turn."""
        first = starter * self.places * self.copies
        alone = np.arange(self.people - self.alone, self.people)
        return np.concatenate([first + np.arange(self.copies), alone])


@dataclass(slots=True)
class _Trial:
    """A symmetry with what its annealing needs."""

    symmetry: Symmetry
    numbers: Ints
    used: Ints
    copies: Ints
    rows: list[Ints] = field(default_factory=list)


def find_by_starters(
    tables: int, size: int, turns: int, seed: int, effort: float = 1.0
) -> Iterator[Ints]:
    """Schedules of shape ``(turns, tables, size)`` in which nobody meets twice."""
    symmetries = _list_symmetries(tables, size, turns)
    trials: dict[Symmetry, _Trial] = {}
    random = np.random.default_rng([seed, tables, size, turns])
    work, moves = WORK * effort, float(MOVES)
    while symmetries and work > 0:
        for symmetry in list(symmetries):
            trial = trials.get(symmetry) or _prepare(symmetry)
            if trial is None:
                symmetries.remove(symmetry)
                continue
            trials[symmetry] = trial
            work -= int(moves) * size
            seating = _anneal(trial, random, int(moves))
            if seating is not None:
                symmetries.remove(symmetry)
                yield _develop(symmetry, seating)[:turns]
        moves = min(MOST, moves * MORE)


def _anneal(trial: _Trial, random: np.random.Generator, moves: int) -> Ints | None:
    """Tables whose pairs all have different differences, from a random start."""
    seating = np.concatenate([random.permutation(row) for row in trial.rows])
    turned = random.integers(0, trial.symmetry.copies, len(seating))
    seating = np.ascontiguousarray(trial.copies[seating, turned])
    state = random.integers(1, 2**63, 1).astype(np.uint64)
    size = trial.symmetry.size
    faults = anneal_starters(
        trial.numbers, trial.used.copy(), seating, size, trial.symmetry.base * size,
        trial.copies, state, CHANCE, moves,
    )  # fmt: skip
    return seating if faults == 0 else None


def _list_symmetries(tables: int, size: int, turns: int) -> list[Symmetry]:
    """All that may give so many turns or a few more, those with least to look for first."""
    people = tables * size
    found = []
    for longer in range(turns, turns + 3):
        if longer * (size - 1) > people - 1:
            break
        some = [
            Symmetry(tables, size, places, copies, longer // places, joined)
            for places in range(1, longer + 1)
            if longer % places == 0
            for joined in (False, True)
            for copies in ({size, size - 1} if joined else range(1, tables + 1))
        ]
        some = [s for s in some if s.possible and s.starters * s.base <= 4 * tables]
        found += sorted(some, key=lambda s: (s.starters * s.base, s.joined, -s.places))
    return found[: HELD // people**2]


def _prepare(symmetry: Symmetry) -> _Trial | None:
    """What the annealing needs; ``None`` where there are too few differences."""
    numbers, kinds = number_differences(symmetry)
    used = np.zeros(kinds + 1, np.int64)
    everybody = np.arange(symmetry.people)
    copies = np.stack([symmetry.move(everybody, 0, c) for c in range(symmetry.copies)], axis=1)
    rows = []
    for starter in range(symmetry.starters):
        first = np.unique(copies.min(axis=1))
        if symmetry.joined:
            table = symmetry.join(starter)
            first = first[~np.isin(first, table)]
            once = np.unique(numbers[np.ix_(table, table)][~np.eye(len(table), dtype=bool)])
            used[once] += 1
        rows.append(first)
    pairs = symmetry.starters * symmetry.base * symmetry.size * (symmetry.size - 1) // 2
    if used[0] or used.max(initial=0) > 1 or kinds - int(used.sum()) < pairs:
        return None
    return _Trial(symmetry, numbers, used, np.ascontiguousarray(copies), rows)


def number_differences(symmetry: Symmetry) -> tuple[Ints, int]:
    """The difference of each pair, numbered from 1; 0: a pair that comes back in another turn.

    Returns:
        The numbers ``(people, people)`` and how many there are.
    """
    places, copies, people = symmetry.places, symmetry.copies, symmetry.people
    whole = places * copies
    person = np.arange(people)
    moves = person < symmetry.moving
    single = person >= people - symmetry.alone
    orbit = np.where(moves, person // whole, symmetry.moving // whole)
    orbit += np.where(moves, 0, (person - symmetry.moving) // copies)
    place = np.where(moves, person % whole // copies, 0)
    first, second = np.indices((people, people))
    low, high = np.minimum(first, second), np.maximum(first, second)
    on = np.where(moves[low] & moves[high], (place[high] - place[low]) % places, 0)
    over = np.where(single[low] | single[high], 0, (high - low) % copies)
    step = on * copies + over
    back = -on % places * copies + -over % copies
    same = orbit[low] == orbit[high]
    step = np.where(same, np.minimum(step, back), step)
    key = (orbit[low] * (int(orbit[-1]) + 1) + orbit[high]) * whole + step
    stay = ~moves[low] & ~moves[high] & (places > 1)
    useless = (low == high) | stay | (same & (on > 0) & (step == back) & (2 * on == places))
    values, numbers = np.unique(np.where(useless, -1, key), return_inverse=True)
    return numbers.reshape(people, people).astype(np.int64), len(values) - 1


def _develop(symmetry: Symmetry, seating: Ints) -> Ints:
    """All turns, from the tables that were found."""
    turns = []
    for starter, tables in enumerate(seating.reshape(symmetry.starters, -1, symmetry.size)):
        turn = np.concatenate([symmetry.move(tables, 0, c) for c in range(symmetry.copies)])
        if symmetry.joined:
            turn = np.concatenate([turn, symmetry.join(starter)[None]])
        turns += [symmetry.move(turn, place, 0) for place in range(symmetry.places)]
    return np.array(turns)


@njit(cache=True, nogil=True)
def anneal_starters(  # type: ignore[no-untyped-def]
    numbers, count, seating, size, per_starter, copies, state, chance, moves
):
    """Swap people of two tables or take another copy, until no difference comes twice.

    Args:
        numbers: The difference of each pair, 0: of no use.
        count: How often each difference is there already, changed in place like what follows.
        seating: The people at the tables, those of a starter after one another.
        size: Seats at a table.
        per_starter: Seats of a starter.
        copies: The copies of each person.
        state: The state of the random numbers.
        chance: ``CHANCE``.
        moves: Changes to try.

    Returns:
        The faults that are left.
    """
    seats = len(seating)
    turns: Any = np.uint64(copies.shape[1])
    new: Any = np.zeros(2, np.int64)
    old: Any = np.zeros(2, np.int64)
    where: Any = np.zeros(2, np.int64)
    seat: Any
    faults: Any = 0
    for seat in range(seats):
        for other in range(seat // size * size, seat):
            number = numbers[seating[seat], seating[other]]
            faults += number == 0 or count[number] > 0
            count[number] += 1
    x: Any = state[0]
    for _ in range(moves):
        if faults == 0:
            break
        x ^= x << np.uint64(13)
        x ^= x >> np.uint64(7)
        x ^= x << np.uint64(17)
        a: Any = np.int64((x >> np.uint64(32)) % np.uint64(seats))
        b = a // per_starter * per_starter
        b += np.int64((x & np.uint64(0xFFFFFFFF)) % np.uint64(per_starter))
        # Other bits of the same number, mixed (xorshift64*).
        y: Any = (x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(32)
        where[0], where[1] = a, b
        old[0], old[1] = seating[a], seating[b]
        changed = 2
        if a // size == b // size or (turns > np.uint64(1) and y & np.uint64(1) == 0):
            if turns == np.uint64(1):
                continue
            further = np.uint64(1) + (y >> np.uint64(1)) % (turns - np.uint64(1))
            new[0] = copies[old[0], np.int64(further)]
            changed = 1
        else:
            new[0], new[1] = old[1], old[0]
        change: Any = 0
        for i in range(changed):
            table = where[i] // size * size
            for other in range(table, table + size):
                if other != where[i]:
                    number = numbers[old[i], seating[other]]
                    count[number] -= 1
                    change -= number == 0 or count[number] > 0
        for i in range(changed):
            table = where[i] // size * size
            for other in range(table, table + size):
                if other != where[i]:
                    number = numbers[new[i], seating[other]]
                    change += number == 0 or count[number] > 0
                    count[number] += 1
        if change * 65536 <= (HEAT * chance[np.int64(y >> np.uint64(20))]) >> 16:
            faults += change
            for i in range(changed):
                seating[where[i]] = new[i]
            continue
        for i in range(changed):
            table = where[i] // size * size
            for other in range(table, table + size):
                if other != where[i]:
                    count[numbers[new[i], seating[other]]] -= 1
                    count[numbers[old[i], seating[other]]] += 1
    state[0] = x
    return faults
