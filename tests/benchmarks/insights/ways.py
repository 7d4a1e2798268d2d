"""Ways to put people into groups: ours, and what others do, written from descriptions of theirs.

Each way takes what it may know (:class:`Round`) and gives groups with a slot. Ways that know no
calendar make their groups first; :func:`find_slots` then looks for the first hour that all have.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.calendars.availability import Availability
from scheduler.calendars.freebusy import WorkingHours
from scheduler.calendars.slots import Slot
from scheduler.grouping.engine import solve
from scheduler.grouping.framing import Frame, frame_problem
from scheduler.grouping.plan import Place
from scheduler.people.contacts import Contacts, Met
from scheduler.people.person import Person
from scheduler.programmes.programme import (
    AgendaItem,
    AgendaPlan,
    Audience,
    Programme,
    Size,
    VenueWish,
    Window,
)
from scheduler.programmes.rules import Different, NotMetWithin, Prefer

from .organisation import STARTS, Organisation

SIZE = 4
FEW_TIES_WEIGHT = 40
"""What HR would write to bridge silos first; a new tie is worth 10 points without it."""
Group = tuple[int, ...]
Seated = list[tuple[Group, int]]
"""Groups, each with the number of its slot."""


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """What is known before a round.

    ``free[n, s]``; ``times[n, n]`` how often two have met and ``ago[n, n]`` how many rounds ago
    last (0: never), symmetric; ``waited[n]`` rounds since the last seat; ``number`` from 0.
    """

    organisation: Organisation
    free: npt.NDArray[np.bool_]
    times: npt.NDArray[np.int64]
    ago: npt.NDArray[np.int64]
    waited: npt.NDArray[np.int64]
    number: int
    rng: np.random.Generator


Way = Callable[[Round], Seated]


def ours(state: Round, *, effort: float = 1.0) -> Seated:
    """The product: its rules for cross-team lunch, its framing and its engine."""
    problem = frame_problem(_frame(state))
    solution = solve(problem, seed=state.number, effort=effort)
    return [(group.members, group.slot) for group in solution.groups]


def random_groups(state: Round) -> Seated:
    """Shuffle and cut; whoever is left over goes home. (Icebreaker's way, with groups of four.)"""
    return find_slots(state, _cut(state.rng.permutation(state.organisation.people)))


def annealed_as_shipped(state: Round) -> Seated:
    """Beans groups: 100 swaps that never see the history, since it is kept by whole groups."""
    return find_slots(state, _anneal(state, np.full_like(state.times, 10)))


def annealed_as_meant(state: Round) -> Seated:
    """Beans groups with the history of pairs that they meant to use: 10 less 5 a meeting."""
    return find_slots(state, _anneal(state, 10 - 5 * state.times))


def best_of_shuffles(state: Round, shuffles: int = 1000) -> Seated:
    """Kickstarter's lunch roulette: the best of 1,000 shuffles.

    Fewest groups with two of a department, then the least recent company.
    """
    department = state.organisation.department
    recent = np.where(state.ago > 0, np.exp(-((state.ago / 5.0) ** 2)), 0.0)
    best, best_cost = None, (np.inf, np.inf)
    for _ in range(shuffles):
        tables = _cut(state.rng.permutation(state.organisation.people))
        of = np.sort(department[tables], axis=1)
        doubled = int((of[:, 1:] == of[:, :-1]).any(axis=1).sum())
        if doubled > best_cost[0]:
            continue
        cost = (doubled, _sum_pairs(recent, tables))
        if cost < best_cost:
            best, best_cost = tables, cost
    return find_slots(state, best)


def golfers(state: Round, candidates: int = 5, generations: int = 30) -> Seated:
    """Good-enough golfers: the sum of squared meetings, the worst group swapped with everybody."""
    squared = ((state.times + 1) ** 2 - 1).astype(np.float64)
    best, best_cost = None, np.inf
    for _ in range(candidates):
        tables = _cut(state.rng.permutation(state.organisation.people))
        for _ in range(generations):
            costs = _cost_of_tables(squared, tables)
            worst = int(costs.argmax())
            if costs[worst] == 0:
                break
            _swap_best(squared, tables, worst)
        cost = float(_cost_of_tables(squared, tables).sum())
        if cost < best_cost:
            best, best_cost = tables, cost
    return find_slots(state, best)


def greedy_with_calendars(state: Round) -> Seated:
    """The fair opponent: whoever has the fewest free hours first, with calendars in view.

    Sits them down in the hour that the fewest others could use, with those who have the fewest
    hours themselves, are of other departments, and are new to them; else with anybody.
    """
    department, free = state.organisation.department, state.free
    strange = ~(_tied(state.organisation) | (state.times > 0))
    strange &= department[:, None] != department[None, :]
    hours = free.sum(axis=1)
    order = np.lexsort((state.rng.random(len(hours)), hours, -state.waited))
    open_ = hours > 0
    seated: Seated = []
    for person in order:
        if not open_[person]:
            continue
        slots = np.flatnonzero(free[person])
        crowd = (free[:, slots] & open_[:, None]).sum(axis=0)
        for slot in slots[np.argsort(crowd, kind="stable")]:
            group = _fill(order, open_ & free[:, slot], strange, int(person))
            if len(group) == SIZE:
                seated.append((tuple(sorted(group)), int(slot)))
                open_[group] = False
                break
    return seated


def find_slots(state: Round, tables: npt.NDArray[np.int64] | None) -> Seated:
    """The first slot in which all of a group are free; a group without one does not meet."""
    seated: Seated = []
    for table in [] if tables is None else tables:
        common = np.flatnonzero(state.free[table].all(axis=0))
        if len(common):
            seated.append((tuple(sorted(table.tolist())), int(common[0])))
    return seated


def _cut(order: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return order[: len(order) // SIZE * SIZE].reshape(-1, SIZE)


def _cost_of_tables(
    weight: npt.NDArray[np.float64], tables: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    left, right = np.triu_indices(SIZE, 1)
    return weight[tables[:, left], tables[:, right]].sum(axis=1)


def _sum_pairs(weight: npt.NDArray[np.float64], tables: npt.NDArray[np.int64]) -> float:
    return float(_cost_of_tables(weight, tables).sum())


def _anneal(state: Round, weight: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """100 swaps of two people; higher is better; a worse one is taken the likelier the later."""
    tables = _cut(state.rng.permutation(state.organisation.people))
    worth = weight.astype(np.float64)
    value = _sum_pairs(worth, tables)
    for step in range(100):
        (a, b), (i, j) = state.rng.integers(0, len(tables), 2), state.rng.integers(0, SIZE, 2)
        tables[a, i], tables[b, j] = tables[b, j], tables[a, i]
        changed = _sum_pairs(worth, tables)
        if changed > value or changed / (value + 1) * step / 100 < state.rng.random():
            value = changed
        else:
            tables[a, i], tables[b, j] = tables[b, j], tables[a, i]
    return tables


def _swap_best(weight: npt.NDArray[np.float64], tables: npt.NDArray[np.int64], worst: int) -> None:
    """The best swap of one of the worst group with anybody of another group."""
    flat = tables.ravel()
    group = np.repeat(np.arange(len(tables)), SIZE)
    # to[p, g]: what p would pay at table g.
    member = tables[worst]
    pay = weight[:, flat].reshape(-1, len(tables), SIZE).sum(axis=2)
    best = (0.0, -1, -1)
    for place, person in enumerate(member):
        others = np.flatnonzero(group != worst)
        stranger = flat[others]
        change = (
            pay[person, group[others]]
            - weight[person, stranger]
            - pay[person, worst]
            + pay[stranger, worst]
            - weight[stranger, person]
            - pay[stranger, group[others]]
        )
        least = int(change.argmin())
        if change[least] < best[0]:
            best = (float(change[least]), place, int(others[least]))
    if best[1] >= 0:
        row, column = divmod(best[2], SIZE)
        tables[worst, best[1]], tables[row, column] = tables[row, column], tables[worst, best[1]]


def _fill(
    order: npt.NDArray[np.int64],
    can: npt.NDArray[np.bool_],
    strange: npt.NDArray[np.bool_],
    person: int,
) -> list[int]:
    group, welcome = [person], can.copy()
    welcome[person] = False
    for picky in (True, False):
        for other in order[welcome[order]]:
            if len(group) == SIZE:
                return group
            if other not in group and (not picky or strange[other, group].all()):
                group.append(int(other))
    return group


def _tied(organisation: Organisation) -> npt.NDArray[np.bool_]:
    tied = np.zeros((organisation.people, organisation.people), np.bool_)
    tied[organisation.ties[:, 0], organisation.ties[:, 1]] = True
    return tied | tied.T


START = dt.date(2026, 1, 5)
_LUNCH = Programme(
    name="cross-team-lunch",
    title="Cross-team lunch",
    audience=Audience(join="opt-out"),
    size=Size(at_least=3, ideal=SIZE, at_most=5),
    window=Window(earliest=dt.time(11, 30), latest=dt.time(14, 30), minutes=60),
    venue=VenueWish(kind="online"),
    rules=(
        Different(field="department"),
        NotMetWithin(rounds=26),
        Prefer(what="few_ties", weight=FEW_TIES_WEIGHT),
    ),
    agenda=AgendaPlan(purpose="Meet", items=(AgendaItem(minutes=60, title="Lunch"),)),
)


def _frame(state: Round) -> Frame:
    """The round in the product's words. Everybody works in UTC and meets where there is room."""
    organisation = state.organisation
    today = START + dt.timedelta(days=14 * state.number)
    ids = [_id(number) for number in range(organisation.people)]
    people = [
        Person(
            id=id_,
            name=id_,
            mail=f"{id_}@example.com",
            department=f"{department:02}",
            zone="UTC",
        )
        for id_, department in zip(ids, organisation.department.tolist(), strict=True)
    ]
    one, other = np.nonzero(np.triu(state.times))
    met = {
        (ids[a], ids[b]): Met(
            int(state.times[a, b]), today - dt.timedelta(days=14 * int(state.ago[a, b]))
        )
        for a, b in zip(one.tolist(), other.tolist(), strict=True)
    }
    known = frozenset((ids[a], ids[b]) for a, b in organisation.ties.tolist())
    slots = tuple(_slots(today, state.free.shape[1]))
    hours = WorkingHours(frozenset(range(7)), dt.time(8), dt.time(18), "UTC")
    return Frame(
        programme=_LUNCH,
        people=people,
        availability=Availability(tuple(ids), slots, state.free, (hours,) * len(ids)),
        places=(Place("Online", "online", seats=5, tables=100_000),),
        place_calendars={},
        zones={},
        contacts=Contacts(met, known),
        select=lambda where: np.zeros(len(ids), np.bool_),
        today=today,
        waited={id_: int(rounds) for id_, rounds in zip(ids, state.waited, strict=True)},
    )


def _id(number: int) -> str:
    return f"p{number:05}"


def _slots(monday: dt.date, count: int) -> Sequence[Slot]:
    working = [day for day in range(12) if day % 7 < 5]
    return [
        Slot(
            dt.datetime.combine(
                monday + dt.timedelta(days=working[number // STARTS]), dt.time(11, 30), dt.UTC
            )
            + dt.timedelta(minutes=30 * (number % STARTS)),
            60,
        )
        for number in range(count)
    ]
