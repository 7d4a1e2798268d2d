"""The little graph work that figures and pictures of departments need, as dense matrices.

Graphs here have at most some hundreds of nodes (departments, rounds of a quarter), for which whole
rows at a time are quicker than edges one by one.
"""

from __future__ import annotations

import numpy as np

from scheduler.insights.history import Bools, Floats

PULLS = 300
"""Rounds of stress majorisation; pictures of 40 departments stop moving long before."""


def measure_steps(near: Bools) -> Floats:
    """Steps on the shortest way between any two nodes, infinite where there is none.

    ``near[a, b]``, symmetric: one step apart. Breadth first, from all nodes at a time.
    """
    ways = near.astype(np.float32)
    steps = np.where(near, 1.0, np.inf)
    np.fill_diagonal(steps, 0.0)
    # Only the rows of nodes that still miss somebody: nearly all pairs are two steps apart.
    far = np.flatnonzero(np.isinf(steps).any(axis=1))
    edge = near[far]
    distance = 1.0
    while len(far):
        distance += 1.0
        reached = (edge.astype(np.float32) @ ways > 0) & np.isinf(steps[far])
        steps[far] = np.where(reached, distance, steps[far])
        open_rows = reached.any(axis=1) & np.isinf(steps[far]).any(axis=1)
        far, edge = far[open_rows], reached[open_rows]
    return steps


def find_components(near: Bools) -> list[list[int]]:
    """The nodes of each connected part, parts by their first node."""
    left = set(range(len(near)))
    parts = []
    while left:
        part, waiting = [], [min(left)]
        left.discard(waiting[0])
        while waiting:
            node = waiting.pop()
            part.append(node)
            found = left.intersection(np.flatnonzero(near[node]).tolist())
            left -= found
            waiting += sorted(found)
        parts.append(sorted(part))
    return parts


def find_least_cut(weights: Floats, enough: float = np.inf) -> float:
    """The least weight between some nodes and the rest of their connected part.

    ``weights[a, b]``, symmetric, 0 where there is no edge. Infinite where there is nothing to cut,
    or where every cut weighs ``enough`` at least: nodes with an edge of that weight are on one
    side of any lighter cut, so they are one node from the beginning.

    M. Stoer and F. Wagner, "A simple min-cut algorithm", Journal of the ACM 44(4), 1997.
    """
    if np.isfinite(enough):
        together = find_components(weights >= enough)
        member = np.zeros((len(together), len(weights)))
        for number, nodes in enumerate(together):
            member[number, nodes] = 1.0
        weights = member @ weights @ member.T
    weights = weights.astype(np.float64)
    np.fill_diagonal(weights, 0.0)
    return min(
        (
            _cut_connected(weights[np.ix_(part, part)])
            for part in find_components(weights > 0)
            if len(part) > 1
        ),
        default=np.inf,
    )


def _cut_connected(weights: Floats) -> float:
    """Stoer and Wagner's phases: the last node of each is cut off, then joined with the one before.

    Rows of nodes that are joined into others are taken out of the matrix as it shrinks.
    """
    least = np.inf
    while len(weights) > 1:
        pull = weights[0].copy()
        pull[0] = -np.inf
        before, last, weight = 0, 0, 0.0
        for _ in range(len(weights) - 1):
            before, last = last, int(pull.argmax())
            weight = float(pull[last])
            pull += weights[last]
            pull[last] = -np.inf
        least = min(least, weight)
        weights[before] += weights[last]
        weights[:, before] = weights[before]
        weights[before, before] = 0.0
        weights = np.delete(np.delete(weights, last, 0), last, 1)
    return least


def lay_out(near: Bools) -> Floats:
    """A place ``(n, 2)`` between 0 and 1 for each node, near ones beside each other.

    Places whose distances are as near as can be to the steps between nodes, from a circle on:
    always the same. Nodes without a way between them are kept as far apart as ``sqrt(n)`` steps.

    E. Gansner, Y. Koren and S. North, "Graph drawing by stress majorization", Graph Drawing 2004.
    """
    nodes = len(near)
    steps = measure_steps(near)
    steps[np.isinf(steps)] = max(np.sqrt(nodes), steps[np.isfinite(steps)].max(initial=1.0) + 1)
    weight = 1.0 / np.maximum(steps, 1.0) ** 2
    np.fill_diagonal(weight, 0.0)
    pull = np.diag(weight.sum(axis=1)) - weight
    turn = 2 * np.pi * np.arange(nodes) / max(1, nodes)
    place = np.stack([np.cos(turn), np.sin(turn)], axis=1) * steps.max(initial=1.0) / 2
    solve = np.linalg.pinv(pull)
    for _ in range(PULLS):
        apart = np.linalg.norm(place[:, None] - place[None, :], axis=2)
        push = -weight * steps / np.maximum(apart, 1e-9)
        np.fill_diagonal(push, 0.0)
        np.fill_diagonal(push, -push.sum(axis=1))
        place = solve @ (push @ place)
    low, high = place.min(axis=0, initial=np.inf), place.max(axis=0, initial=-np.inf)
    scaled: Floats = (place - low) / np.maximum(high - low, 1e-9)
    return scaled
