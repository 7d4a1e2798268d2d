"""Groups, times and venues for one round, solved together.

The way of a solve: set aside who can have no seat at all; split the rest into cohorts that cannot
touch each other; search each cohort by fixed work, in parallel, and the small ones to proof; bound
what could be had; put the parts together; check the whole; say why the others have no seat.

Same problem and seed, same plan, byte for byte, whatever the number of workers: a cohort's search
depends on nothing but the cohort and the seed.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import numpy as np

from scheduler.grouping.checker import (
    find_faults,
    measure_comfort,
)
from scheduler.grouping.cohorts import split_into_cohorts
from scheduler.grouping.encoding import (
    Cohort,
    Ints,
    Worth,
    find_units,
    make_board,
    make_worth,
)
from scheduler.grouping.problem import Problem, Seating
from scheduler.grouping.reasons import explain_unplaced
from scheduler.grouping.rules import Rule, Together
from scheduler.grouping.screening import Screened, make_load, screen_people
from scheduler.grouping.solution import Progress, SoftCost, Solution
from scheduler.grouping.solving import solve_task
from scheduler.grouping.tally import Tally
from scheduler.grouping.tasks import CohortAnswer, CohortTask, Share

__all__ = ["GroupingError", "check_problem", "solve"]


class GroupingError(RuntimeError):
    """The engine made something that is not a plan, or better than its bound: a defect of ours."""


@dataclass(slots=True)
class _Watch:
    """What the cohorts at work say, and whether they shall stop."""

    weights: Ints
    stop: Callable[[], bool] | None
    deadline: float | None
    shares: list[float] = field(default_factory=list)
    placed: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    bounds: list[int] = field(default_factory=list)
    changed: threading.Event = field(default_factory=threading.Event)
    stopped: bool = False

    def hear(self, cohort: int, share: float, placed: int, value: int) -> bool:
        """Note how far a cohort is; whether it shall stop."""
        self.shares[cohort] = share
        self.placed[cohort] = placed
        self.values[cohort] = value
        self.changed.set()
        late = self.deadline is not None and time.monotonic() > self.deadline
        if late or (self.stop is not None and self.stop()):
            self.stopped = True
        return self.stopped

    def sum_up(self) -> Progress:
        """How far all are; the bound on the value is known for cohorts at their end."""
        people = int(self.weights.sum())
        known = sum(self.bounds) if len(self.bounds) == len(self.shares) else None
        return Progress(
            share_done=float(np.dot(self.weights, self.shares)) / max(1, people),
            placed=sum(self.placed),
            placed_bound=people,
            value=sum(self.values),
            value_bound=known,
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """The plan of one cohort, in the problem's indices."""

    groups: list[Seating]
    answer: CohortAnswer


def solve(
    problem: Problem,
    *,
    seed: int = 0,
    workers: int | None = None,
    effort: float = 1.0,
    deadline_seconds: float | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    start: Sequence[Seating] = (),
    share: Share | None = None,
) -> Solution:
    """Group the people of a round.

    Args:
        problem: What to solve.
        seed: Decides everything that is random.
        workers: Cohorts at work at the same time; all cores if ``None``. The plan is the same.
        effort: The amount of work, 1 being usual; half as much is about half as long.
        deadline_seconds: The wall clock as a last resort: past it, the best so far is given back
            and ``Solution.complete`` is False. A plan that was stopped depends on the machine.
        progress: Is told now and then how far the search is, in the calling thread.
        stop: Is asked now and then whether to stop, from several threads.
        start: Groups to start from; what is no longer possible in them is dropped.
        share: Has the cohorts solved elsewhere, and answers in their order; without it they are
            solved here. The plan is the same.

    Returns:
        The plan, with bounds, and a reason for everybody without a seat.

    Raises:
        ValueError: The problem contradicts itself; the message says where.
        GroupingError: The result failed its check. This is a defect and never expected.
    """
    check_problem(problem)
    units = find_units(problem.rules)
    screened = screen_people(problem, units)
    load = make_load(problem)
    cohorts = split_into_cohorts(problem, screened.people, screened.units, screened.reachable)
    worth = make_worth(problem)
    watch = _Watch(
        np.array([len(c.people) for c in cohorts], np.int64),
        stop,
        None if deadline_seconds is None else time.monotonic() + deadline_seconds,
        [0.0] * len(cohorts),
        [0] * len(cohorts),
        [0] * len(cohorts),
    )

    def task_of(number: int) -> CohortTask:
        return _make_task(problem, cohorts[number], screened, worth, load, seed, effort, start)

    def seat(number: int, answer: CohortAnswer) -> _Part:
        return _Part(answer.seat(cohorts[number]), answer)

    def work(number: int) -> _Part:
        answer = solve_task(
            task_of(number),
            lambda share, placed, value: watch.hear(number, share, placed, value),
        )
        return seat(number, answer)

    if share is None:
        parts = _work_through(work, watch, workers, progress)
    else:
        answers = share([task_of(number) for number in range(len(cohorts))])
        parts = [seat(number, answer) for number, answer in enumerate(answers)]
    return _finish(problem, screened, parts)


def _work_through(
    work: Callable[[int], _Part],
    watch: _Watch,
    workers: int | None,
    progress: Callable[[Progress], None] | None,
) -> list[_Part]:
    """All cohorts, the largest first; the results in the cohorts' order."""
    count = len(watch.weights)
    order = np.argsort(-watch.weights, kind="stable").tolist()
    parts: list[_Part | None] = [None] * count
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        waiting = {pool.submit(work, number): number for number in order}
        while waiting:
            done, _ = wait(waiting, timeout=0.1, return_when=FIRST_COMPLETED)
            for future in done:
                part = parts[waiting.pop(future)] = future.result()
                watch.bounds.append(part.answer.value_bound)
            if progress is not None and (done or watch.changed.is_set()):
                watch.changed.clear()
                progress(watch.sum_up())
    return [part for part in parts if part is not None]


def _make_task(
    problem: Problem,
    cohort: Cohort,
    screened: Screened,
    worth: Worth,
    load: Ints,
    seed: int,
    effort: float,
    start: Sequence[Seating],
) -> CohortTask:
    """Everything that the plan of one cohort depends on."""
    inside = set(cohort.people.tolist())
    units = [unit for unit in screened.units if unit[0] in inside]
    board = make_board(problem, cohort, units, worth)
    return CohortTask(
        board=board,
        taken=np.ascontiguousarray(load[np.ix_(cohort.venues, cohort.slots)]),
        waited=np.asarray(problem.waited, np.int64)[cohort.people],
        start=_rows_of(board.unit["first"], board.unit["size"], cohort, start),
        seed=_mix(seed, cohort),
        effort=effort,
    )


def _mix(seed: int, cohort: Cohort) -> int:
    """A seed for one cohort, from the seed and its first person alone."""
    return int(np.random.SeedSequence([seed, int(cohort.people[0])]).generate_state(1)[0])


def _rows_of(first: Ints, size: Ints, cohort: Cohort, start: Sequence[Seating]) -> Ints:
    """The groups to start from as rows of slot, venue and units."""
    none = np.zeros((0, 3), np.int64)
    if not start:
        return none
    person = {p: i for i, p in enumerate(cohort.people.tolist())}
    unit_of = np.repeat(np.arange(len(first)), size)
    slot = {s: i for i, s in enumerate(cohort.slots.tolist())}
    venue = {v: i for i, v in enumerate(cohort.venues.tolist())}
    rows = []
    for seating in start:
        members = [person[p] for p in seating.members if p in person]
        if not members or seating.slot not in slot or seating.venue not in venue:
            continue
        units = sorted(set(unit_of[members].tolist()))
        rows.append([slot[seating.slot], venue[seating.venue], *units])
    if not rows:
        return none
    width = max(len(row) for row in rows)
    return np.array([row + [-1] * (width - len(row)) for row in rows], np.int64)


def _finish(
    problem: Problem,
    screened: Screened,
    parts: list[_Part],
) -> Solution:
    """Put the parts together, check the whole and explain it."""
    groups = [group for part in parts for group in part.groups]
    groups += problem.fixed
    groups.sort(key=lambda group: (group.slot, group.venue, group.members))
    tally = Tally(problem, groups)
    faults = find_faults(problem, groups, tally)
    if faults:
        raise GroupingError(f"The engine made no plan: {faults[0]} ({len(faults)} faults)")
    values = tally.value_groups()
    value = int(values.sum())
    fixed = {(group.members, group.slot, group.venue) for group in problem.fixed}
    decided = [n for n, g in enumerate(groups) if (g.members, g.slot, g.venue) in fixed]
    placed = int(tally.size.sum())
    placed_bound = int(tally.size[decided].sum()) + sum(p.answer.placed_bound for p in parts)
    value_bound = int(values[decided].sum()) + sum(part.answer.value_bound for part in parts)
    if placed > placed_bound or value > value_bound:
        raise GroupingError(
            f"The plan places {placed} people, worth {value}, beyond the bounds "
            f"{placed_bound} and {value_bound}."
        )
    return Solution(
        groups=tuple(groups),
        placed=placed,
        placed_bound=placed_bound,
        value=value,
        value_bound=value_bound,
        unplaced=explain_unplaced(problem, groups, screened),
        bound_by="; ".join(sorted({part.answer.bound_by for part in parts})) or "nobody can meet",
        complete=all(part.answer.done for part in parts),
        waited=int(np.asarray(problem.waited)[tally.seats[tally.sits]].sum()),
        comfort=measure_comfort(problem, groups),
        soft=_count_soft(problem, tally),
        proven=all(part.answer.proven for part in parts),
    )


def _count_soft(problem: Problem, tally: Tally) -> tuple[SoftCost, ...]:
    """What each soft rule costs."""
    costs = []
    for rule in problem.rules:
        if isinstance(rule, Together) or rule.weight is None:
            continue
        times = int(tally.count_violations(rule).sum())
        costs.append(SoftCost(rule.name, times, times * rule.weight))
    return tuple(costs)


def check_problem(problem: Problem) -> None:
    """Refuse a problem whose parts do not fit together.

    Raises:
        ValueError: What is wrong, where, and what would be right.
    """
    people, slots = problem.available.shape
    venues = len(problem.venues.seats)
    shapes = {
        "start": (problem.start, (slots,)),
        "pleasant": (problem.pleasant, (slots,)),
        "place": (problem.place, (people,)),
        "waited": (problem.waited, (people,)),
        "ties.department": (problem.ties.department, (people,)),
        "venues.tables": (problem.venues.tables, (venues,)),
        "venues.place": (problem.venues.place, (venues,)),
        "venues.free": (problem.venues.free, (venues, slots)),
    }
    for name, (array, shape) in shapes.items():
        if np.shape(array) != shape:
            raise ValueError(f"Problem.{name} has shape {np.shape(array)}, it must be {shape}.")
    if not 1 <= problem.size_least <= problem.size_most:
        raise ValueError(
            f"Group sizes must satisfy 1 <= least <= most, "
            f"not {problem.size_least} and {problem.size_most}."
        )
    if slots > 1 and (np.diff(problem.start) < 0).any():
        raise ValueError("Problem.start must be ascending.")
    for rule in problem.rules:
        _check_rule(rule, people)


def _check_rule(rule: Rule, people: int) -> None:
    for field_name in ("code", "who", "when", "level", "bits", "opens", "closes"):
        array = getattr(rule, field_name, None)
        if array is not None and len(array) != people:
            raise ValueError(
                f"The rule {rule.name} has {len(array)} rows in {field_name}; "
                f"there are {people} people."
            )
    pairs = getattr(rule, "pairs", None)
    if pairs is not None and len(pairs) and not 0 <= np.min(pairs) <= np.max(pairs) < people:
        raise ValueError(f"The rule {rule.name} names a person who is not in the problem.")
    weight = getattr(rule, "weight", None)
    if weight is not None and weight < 0:
        raise ValueError(f"The rule {rule.name} has weight {weight}; a weight is 0 or more.")
