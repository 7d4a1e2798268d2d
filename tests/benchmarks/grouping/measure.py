"""One entrant on one organisation, checked by one verifier and measured in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np

from scheduler.grouping.engine import solve
from tests.benchmarks.grouping import baselines
from tests.benchmarks.grouping.organisations import Organisation, make_organisation
from tests.benchmarks.grouping.whole_model import solve_whole

ROOT = Path(__file__).parents[3]


def _ours(problem, seed, seconds):
    return solve(problem, seed=seed, workers=2, deadline_seconds=seconds)


def _blind(match, *args, **kwargs):
    def run(problem, seed, seconds):
        return baselines.find_slots(problem, match(problem, seed, *args, **kwargs))

    return run


ENTRANTS = {
    "random pairs, then a slot": _blind(baselines.match_at_random, 2),
    "random groups of 4, then a slot": _blind(baselines.match_at_random, 4),
    "most pairs, then a slot": _blind(baselines.match_most_pairs),
    "cheapest pairs, then a slot": _blind(baselines.match_cheapest_pairs),
    "annealed groups as shipped, then a slot": _blind(
        baselines.match_by_annealing, 4, as_meant=False
    ),
    "annealed groups as meant, then a slot": _blind(baselines.match_by_annealing, 4, as_meant=True),
    "golfers' squared repeats, then a slot": _blind(baselines.match_golfers, 4),
    "whole model in CP-SAT": solve_whole,
    "greedy by scarcity": lambda problem, seed, seconds: baselines.seat_greedily(problem, seed),
    "ours": _ours,
}
LARGEST = {
    "whole model in CP-SAT": 1000,
    "most pairs, then a slot": 1000,
    "cheapest pairs, then a slot": 1000,
}
PAIRS = {name for name in ENTRANTS if "pairs" in name}


def verify(organisation: Organisation, groups, *, least: int) -> str:
    """The first thing that is wrong with a plan; empty if nothing is. Knows no engine."""
    problem = organisation.problem
    seen: set[int] = set()
    use: dict[tuple[int, int], list[int]] = {}
    for group in groups:
        members = list(group.members)
        if seen.intersection(members) or len(set(members)) != len(members):
            return f"somebody sits twice: {members}"
        seen.update(members)
        venues = problem.venues
        if not least <= len(members) <= min(problem.size_most, venues.seats[group.venue]):
            return f"{len(members)} people at venue {group.venue}"
        if not problem.available[members, group.slot].all():
            return f"somebody is not free: {members}"
        if (problem.place[members] != venues.place[group.venue]).any():
            return f"somebody is elsewhere: {members}"
        if not venues.free[group.venue, group.slot]:
            return f"venue {group.venue} is not free in slot {group.slot}"
        use.setdefault((group.venue, group.slot // 5), []).append(group.slot)
    for (venue, _), slots in use.items():
        starts = sorted(int(problem.start[s]) for s in slots)
        if any(b - a < problem.minutes for a, b in pairwise(starts)):
            return f"venue {venue} holds two groups at once"
    return ""


def describe(organisation: Organisation, groups) -> dict[str, float]:
    """What a plan is worth, counted from its groups."""
    problem, team = organisation.problem, organisation.team
    met = {(int(a), int(b)) for a, b, _ in problem.ties.met}
    bound = {
        (int(a), int(b)) for r in problem.rules if r.name == "must" for a, b in np.sort(r.pairs)
    }
    new = repeats = same = forced = 0
    bridges = set()
    quota = 0
    for group in groups:
        newcomers = organisation.newcomer[list(group.members)].any()
        quota += not newcomers or bool(organisation.veteran[list(group.members)].any())
        for i, j in combinations(sorted(group.members), 2):
            bad = (i, j) in met or team[i] == team[j]
            repeats += (i, j) in met
            same += team[i] == team[j]
            forced += bad and (i, j) in bound
            if not bad:
                new += 1
                bridges.add((min(team[i], team[j]), max(team[i], team[j])))
    placed = sum(len(group.members) for group in groups)
    return {
        "placed": placed,
        "new": new,
        "repeats": repeats,
        "same": same,
        "forced": forced,
        "bridges": len(bridges),
        "quota": quota / max(1, len(groups)),
        "seats": placed / max(1, len(groups)),
    }


def measure(people: int, slack: float, seed: int, entrant: str, seconds: float) -> dict:
    """Run one case in this process."""
    organisation = make_organisation(people, seed, slack)
    begin, cpu = time.perf_counter(), time.process_time()
    plan = ENTRANTS[entrant](organisation.problem, seed, seconds)
    wall, work = time.perf_counter() - begin, time.process_time() - cpu
    groups = getattr(plan, "groups", plan)
    fault = verify(organisation, groups, least=2 if entrant in PAIRS else 3)
    result = {
        **describe(organisation, groups),
        "people": people, "slack": slack, "seed": seed, "entrant": entrant, "fault": fault,
        "wall_seconds": wall, "cpu_seconds": work, "limit_seconds": seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip
    if entrant == "ours":
        result |= {
            "placed_bound": plan.placed_bound, "value": plan.value,
            "value_bound": plan.value_bound, "complete": plan.complete,
        }  # fmt: skip
    return result


def measure_apart(*case) -> dict:
    """The same in a process of its own, so that its memory is its own."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.grouping.measure", json.dumps(case)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode:
        raise RuntimeError(f"{case}: {run.stderr.strip().splitlines()[-1]}")
    return json.loads(run.stdout)


if __name__ == "__main__":
    print(json.dumps(measure(*json.loads(sys.argv[1])), default=float))  # noqa: T201
