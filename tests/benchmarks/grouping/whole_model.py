"""The whole problem as one CP-SAT model, as one would write it first.

``x[p, r]`` person ``p`` sits in sitting ``r`` (a room and slot), ``y[r]`` the sitting is used;
sizes and rooms linked, people bound together equal, bad pairs counted where both sit.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from ortools.sat.python import cp_model

from scheduler.grouping.problem import Problem, Seating


def solve_whole(problem: Problem, seed: int, seconds: float) -> list[Seating]:
    """The best plan that CP-SAT has after ``seconds``."""
    model = cp_model.CpModel()
    n, slots = problem.available.shape
    venues = problem.venues
    sittings = [(v, s) for v in range(len(venues.seats)) for s in range(slots) if venues.free[v, s]]
    x: dict[tuple[int, int], cp_model.IntVar] = {}
    y = [model.new_bool_var("") for _ in sittings]
    by_person: dict[int, list[int]] = {}
    for r, (v, s) in enumerate(sittings):
        here = np.flatnonzero(problem.available[:, s] & (problem.place == venues.place[v]))
        for p in here.tolist():
            x[p, r] = model.new_bool_var("")
            by_person.setdefault(p, []).append(r)
        total = sum(x[p, r] for p in here.tolist())
        model.add(total >= problem.size_least * y[r])
        model.add(total <= int(min(problem.size_most, venues.seats[v])) * y[r])
    for p, some in by_person.items():
        model.add_at_most_one(x[p, r] for r in some)
    for v in range(len(venues.seats)):
        used = [(s, y[r]) for r, (w, s) in enumerate(sittings) if w == v]
        for (s, one), (t, other) in pairwise(used):
            if problem.start[t] - problem.start[s] < problem.minutes:
                model.add_at_most_one(one, other)
    names = {rule.name: rule for rule in problem.rules}
    veteran, newcomer = names["veteran"].who, names["veteran"].when
    for p in np.flatnonzero(newcomer).tolist():
        for r in by_person.get(p, ()):
            old = [x[q, r] for q in np.flatnonzero(veteran).tolist() if (q, r) in x]
            model.add_bool_or([x[p, r].negated(), *old])
    for i, j in names["must"].pairs.tolist():
        for r in set(by_person.get(i, ())) | set(by_person.get(j, ())):
            pair = [x[k, r] for k in (i, j) if (k, r) in x]
            model.add(pair[0] == (pair[1] if len(pair) == 2 else 0))
    for i, j in names["never"].pairs.tolist():
        for r in set(by_person.get(i, ())) & set(by_person.get(j, ())):
            model.add_at_most_one(x[i, r], x[j, r])
    bad = []
    for i, j, _ in problem.ties.met.tolist():
        for r in set(by_person.get(i, ())) & set(by_person.get(j, ())):
            both = model.new_bool_var("")
            model.add_bool_or(x[i, r].negated(), x[j, r].negated(), both)
            bad.append(both)
    team = problem.ties.department
    for r in range(len(sittings)):
        members: dict[int, list[cp_model.IntVar]] = {}
        for p in np.flatnonzero(problem.available[:, sittings[r][1]]).tolist():
            if (p, r) in x:
                members.setdefault(int(team[p]), []).append(x[p, r])
        for some in members.values():
            if len(some) > 1:
                excess = model.new_int_var(0, problem.size_most, "")
                model.add(excess >= sum(some) - 1)
                bad.append(excess)
    model.maximize(200 * sum(x.values()) - 30 * sum(bad))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = seconds
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return []
    return [
        Seating(tuple(sorted(p for p in range(n) if (p, r) in x and solver.value(x[p, r]))), s, v)
        for r, (v, s) in enumerate(sittings)
        if solver.value(y[r])
    ]
