"""Finds base blocks by an exact cover: how those of the product were found, and a check of them.

Given a group and how many turns of each kind there are, choose orbits of tables such that everybody
sits at one table of each turn and no orbit of pairs is covered twice.
"""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from ortools.sat.python import cp_model


def find_blocks(people, size, moduli, kinds, seconds=60):
    """Base blocks for one turn of each kind, by CP-SAT.

    Args:
        people: How many; a multiple of the group's order.
        size: Seats at a table.
        moduli: The group, sums of numbers modulo each.
        kinds: For one turn of each kind, the elements that keep it.
        seconds: When to give up.
    """
    elements = list(product(*map(range, moduli)))
    move = np.array([[_add(p, g, elements, moduli) for p in range(people)] for g in elements])
    orbit = {
        pair: min(tuple(sorted(m[list(pair)])) for m in move)
        for pair in combinations(range(people), 2)
    }
    length = {}
    for name in orbit.values():
        length[name] = length.get(name, 0) + 1
    model = cp_model.CpModel()
    met = {name: [] for name in length}
    taken = []
    for keep in kinds:
        seated = [[] for _ in range(people)]
        for table in combinations(range(people), size):
            moved = {tuple(sorted(move[g][list(table)])) for g in keep}
            if min(moved) != table or len({p for t in moved for p in t}) < size * len(moved):
                continue
            pairs = [orbit[pair] for t in moved for pair in combinations(t, 2)]
            turns = len(elements) // len(keep)
            if any(pairs.count(name) * turns > length[name] for name in set(pairs)):
                continue
            chosen = model.new_bool_var("")
            taken.append((chosen, keep, table))
            for person in {p for t in moved for p in t}:
                seated[person].append(chosen)
            for name in set(pairs):
                met[name].append(chosen)
        for here in seated:
            model.add_exactly_one(here)
    for those in met.values():
        model.add_at_most_one(those)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    return [
        (keep, tuple(t for c, k, t in taken if k is keep and solver.value(c))) for keep in kinds
    ]


def _add(person, step, elements, moduli):
    """Where a person is moved to."""
    orbit, element = divmod(person, len(elements))
    moved = tuple((a + b) % m for a, b, m in zip(elements[element], step, moduli, strict=True))
    return orbit * len(elements) + elements.index(moved)
