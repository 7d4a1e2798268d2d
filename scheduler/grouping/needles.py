"""Groups that a search by small steps hardly finds: those in which few people can be, together.

Somebody who asked for a recruiter and people of an area has a seat only where all of these are
free at once. A step that moves one person makes no such group from others. So each person of that
kind who has no seat gets a group by a depth-first search, and the search goes on from there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scheduler.grouping.checker import Ledger
from scheduler.grouping.problem import Problem, Seating
from scheduler.grouping.reasons import Explainer
from scheduler.grouping.rules import AtLeast

Bools = npt.NDArray[np.bool_]

MOST = 60
"""People for whom a group is looked for, at most: about ten milliseconds each."""


def find_needles(
    problem: Problem, groups: Sequence[Seating], ledger: Ledger, reachable: Bools
) -> list[Seating]:
    """Groups that there could be with people who need others, or whom others need, and who have
    no seat; no two of them share anybody, while they may share people and tables with ``groups``.

    Args:
        problem: The round.
        groups: Its plan.
        ledger: Of the problem.
        reachable: In which slots a person can have a seat at all, ``(n, s)``.
    """
    wanted = _find_wanted(problem)
    if not wanted.any():
        return []
    explainer = Explainer(problem, groups, ledger)
    missing = np.flatnonzero(wanted & ~explainer.seated & reachable.any(axis=1))
    used = np.zeros_like(wanted)
    needles: list[Seating] = []
    for person in missing[:MOST].tolist():
        needle = None if used[person] else explainer.find_group(person, but=used)
        if needle is not None:
            needles.append(needle)
            used[list(needle.members)] = True
    return needles


def _find_wanted(problem: Problem) -> Bools:
    """People with whom others must be, and the few of whom each group must have one."""
    people = problem.available.shape[0]
    wanted = np.zeros(people, np.bool_)
    for rule in problem.rules:
        if not isinstance(rule, AtLeast) or rule.weight is not None:
            continue
        if rule.when is not None:
            wanted |= rule.when
        elif np.count_nonzero(rule.who) * problem.size_most <= people:
            wanted |= rule.who
    return wanted


def plant(needles: Sequence[Seating], groups: Sequence[Seating]) -> list[Seating]:
    """The groups of a plan around the needles, which come first: whoever is in one has left."""
    gone = {person for needle in needles for person in needle.members}
    rest = [
        Seating(left, group.slot, group.venue)
        for group in groups
        if (left := tuple(person for person in group.members if person not in gone))
    ]
    return [*needles, *rest]
