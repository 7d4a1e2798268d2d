"""What others do, written from descriptions of their methods: match first, look for a time after.

Each returns groups of people; :func:`find_slots` then gives each, in order, the first slot in which
all are free and a room of the right size is left, which is more than any of them does by itself.
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from ortools.sat.python import cp_model

from scheduler.grouping.problem import Problem, Seating


def find_pool(problem: Problem) -> list[np.ndarray]:
    """Everybody with a slot, by place: the same for all."""
    able = problem.available.any(axis=1)
    return [np.flatnonzero(able & (problem.place == place)) for place in np.unique(problem.place)]


class Rooms:
    """Which rooms are taken when."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        start = problem.start
        self.low = np.searchsorted(start, start, "left")
        self.high = np.searchsorted(start, start + problem.minutes, "left")
        self.use = np.zeros(problem.venues.free.shape, int)
        self.at = {
            place: np.flatnonzero(problem.venues.place == place)
            for place in np.unique(problem.venues.place).tolist()
        }

    def take(self, place: int, slot: int, size: int) -> int | None:
        """The smallest free room that is big enough, or ``None``."""
        rooms = self.at.get(place, np.zeros(0, int))
        window = slice(self.low[slot], self.high[slot])
        fits = self.problem.venues.free[rooms, slot] & (self.problem.venues.seats[rooms] >= size)
        busy = self.use[rooms, window].max(axis=1) if len(rooms) else np.zeros(0)
        rooms = rooms[fits & (busy < self.problem.venues.tables[rooms])]
        if not len(rooms):
            return None
        room = int(rooms[np.argmin(self.problem.venues.seats[rooms])])
        self.use[room, window] += 1
        return room


def find_slots(problem: Problem, groups) -> list[Seating]:
    """The first common slot with a room, group by group; groups without one do not meet."""
    rooms = Rooms(problem)
    seated = []
    for members in groups:
        people = sorted(int(p) for p in members)
        for slot in np.flatnonzero(problem.available[people].all(axis=0)).tolist():
            room = rooms.take(int(problem.place[people[0]]), slot, len(people))
            if room is not None:
                seated.append(Seating(tuple(people), slot, room))
                break
    return seated


def past_of(problem: Problem) -> dict[tuple[int, int], int]:
    return {(int(a), int(b)): 1 for a, b, _ in problem.ties.met}


def match_at_random(problem: Problem, seed: int, size: int):
    """Shuffle and cut; the rest sit out (Icebreaker with pairs)."""
    random = np.random.default_rng(seed)
    for pool in find_pool(problem):
        people = random.permutation(pool)
        yield from people[: len(people) // size * size].reshape(-1, size).tolist()


def match_by_annealing(problem: Problem, seed: int, size: int, *, as_meant: bool):
    """Beans' groups: 100 swaps, 10 less 5 for each time met; as shipped, nobody has ever met."""
    random = np.random.default_rng(seed)
    past = past_of(problem) if as_meant else {}
    for pool in find_pool(problem):
        people = random.permutation(pool).tolist()
        people = people[: len(people) // size * size]
        if len(people) < 2 * size:
            yield from (people[i : i + size] for i in range(0, len(people), size))
            continue

        def weigh(group, past=past):
            return sum(10 - 5 * past.get((min(p), max(p)), 0) for p in combinations(group, 2))

        for step in range(100):
            a, b = random.choice(len(people), 2, replace=False).tolist()
            block_a, block_b = a // size * size, b // size * size
            if block_a == block_b:
                continue
            before = sum(weigh(people[x : x + size]) for x in (block_a, block_b))
            people[a], people[b] = people[b], people[a]
            after = sum(weigh(people[x : x + size]) for x in (block_a, block_b))
            if after < before and after / (before + 1) * step / 100 < random.random():
                people[a], people[b] = people[b], people[a]
        yield from (people[i : i + size] for i in range(0, len(people), size))


def match_most_pairs(problem: Problem, seed: int):
    """Beans' pairs: as many pairs as can be, of people of other teams who have not met."""
    yield from _pair_up(problem, lambda same, met: 0 if same or met else 1)


def match_cheapest_pairs(problem: Problem, seed: int):
    """Colette's pairs: 50 for a repeat, 10 for the same team, 50 for sitting out."""
    yield from _pair_up(problem, lambda same, met: 101 - 50 * met - 10 * same)


def _pair_up(problem: Problem, gain):
    """Pairs of most gain in all, by CP-SAT; each person looks at the next 40 in a shuffled row."""
    past = past_of(problem)
    team = problem.ties.department
    for pool in find_pool(problem):
        people = np.random.default_rng(1).permutation(pool).tolist()
        model = cp_model.CpModel()
        edges, at = [], {p: [] for p in people}
        for i, p in enumerate(people):
            for q in people[i + 1 : i + 41]:
                worth = gain(bool(team[p] == team[q]), (min(p, q), max(p, q)) in past)
                if worth > 0:
                    x = model.new_bool_var("")
                    edges.append((x, p, q, worth))
                    at[p].append(x)
                    at[q].append(x)
        for some in at.values():
            model.add_at_most_one(some)
        model.maximize(sum(worth * x for x, _, _, worth in edges))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = 10
        if solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            yield from ([p, q] for x, p, q, _ in edges if solver.boolean_value(x))


def match_golfers(problem: Problem, seed: int, size: int):
    """Good-enough golfers: swap members of the worst group while squared repeats fall."""
    random = np.random.default_rng(seed)
    past = past_of(problem)
    for pool in find_pool(problem):
        people = random.permutation(pool).tolist()
        people = people[: len(people) // size * size]
        groups = [people[i : i + size] for i in range(0, len(people), size)]

        def cost(group, past=past):
            return sum(past.get((min(p), max(p)), 0) ** 2 for p in combinations(group, 2))

        costs = [cost(group) for group in groups]
        for _ in range(30 if len(groups) > 1 else 0):
            worst = int(np.argmax(costs))
            if costs[worst] == 0:
                break
            for seat in range(size):
                other = int(random.integers(len(groups)))
                place = int(random.integers(size))
                if other == worst:
                    continue
                one, two = groups[worst][:], groups[other][:]
                one[seat], two[place] = two[place], one[seat]
                if cost(one) + cost(two) < costs[worst] + costs[other]:
                    groups[worst], groups[other] = one, two
                    costs[worst], costs[other] = cost(one), cost(two)
        yield from groups


def seat_greedily(problem: Problem, seed: int) -> list[Seating]:
    """The fair opponent: who has fewest free slots first, into the best open group of theirs.

    A group is opened in the slot with most people left; hard rules over pairs are kept.
    """
    order = np.argsort(problem.available.sum(axis=1), kind="stable")
    able = problem.available.any(axis=1)
    past = past_of(problem)
    team = problem.ties.department
    never = {
        (int(a), int(b)) for r in problem.rules if r.name == "never" for a, b in np.sort(r.pairs)
    }
    rooms = Rooms(problem)
    open_: dict[tuple[int, int], list[list]] = {}
    groups: list[list] = []
    left = able.copy()
    for person in order.tolist():
        if not able[person]:
            continue
        place = int(problem.place[person])
        slots = np.flatnonzero(problem.available[person]).tolist()
        best, best_cost = None, math.inf
        for slot in slots:
            for group in open_.get((place, slot), ())[-4:]:
                members, _, room = group
                if len(members) >= min(problem.size_most, problem.venues.seats[room]):
                    continue
                pairs = [(min(p, person), max(p, person)) for p in members]
                if any(pair in never for pair in pairs):
                    continue
                cost = sum(pair in past or team[pair[0]] == team[pair[1]] for pair in pairs)
                if cost < best_cost:
                    best, best_cost = group, cost
        if best is None:
            here = left & (problem.place == place)
            crowd = problem.available[here][:, slots].sum(axis=0)
            for index in np.argsort(-crowd, kind="stable").tolist():
                room = rooms.take(place, slots[index], problem.size_most)
                room = rooms.take(place, slots[index], problem.size_least) if room is None else room
                if room is not None:
                    best = [[], slots[index], room]
                    groups.append(best)
                    open_.setdefault((place, slots[index]), []).append(best)
                    break
        if best is not None:
            best[0].append(person)
            left[person] = False
    return [
        Seating(tuple(sorted(m)), slot, room)
        for m, slot, room in groups
        if len(m) >= problem.size_least
    ]
