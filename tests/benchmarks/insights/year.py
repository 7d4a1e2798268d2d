"""A simulated year: the same people and calendars, and one way to put them into groups."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.insights import baseline
from scheduler.insights.departments import count_reach, gather_between, reach_by_sitting
from scheduler.insights.fairness import measure_sharing
from scheduler.insights.figures import Figures, gather_figures
from scheduler.insights.history import SILENT, UNKNOWN_DAY, History, day_number, find_held
from scheduler.insights.suppress import Period, tell_everything
from scheduler.insights.ties import count_ties

from .organisation import Organisation
from .ways import SIZE, START, Round, Seated, Way

_FORTNIGHT = 14


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """What a way reached; per round ``(r,)`` where not said otherwise.

    ``placed``: people with a seat; ``could``: people with a free hour; ``pairs`` that sat
    together; ``good``: of them new and across departments; ``again``: of them met before;
    ``bridged``: department pairs without a tie before that have one by then. ``alone``: people
    without a tie outside their department at the end; ``worst_wait`` of anybody, in rounds;
    ``seconds`` of the slowest round.
    """

    placed: npt.NDArray[np.float64]
    could: npt.NDArray[np.float64]
    pairs: npt.NDArray[np.float64]
    good: npt.NDArray[np.float64]
    again: npt.NDArray[np.float64]
    bridged: npt.NDArray[np.float64]
    alone: float
    worst_wait: float
    seconds: float
    history: History | None = None


def play_year(organisation: Organisation, free: npt.NDArray[np.bool_], way: Way, seed: int) -> Year:
    """All rounds of ``free[round, person, slot]``, each knowing the ones before."""
    people = organisation.people
    times = np.zeros((people, people), np.int64)
    last = np.full((people, people), -1)
    waited = np.zeros(people, np.int64)
    rounds: list[Seated] = []
    slowest = 0.0
    for number, calendars in enumerate(free):
        ago = np.where(last >= 0, number - last, 0)
        state = Round(
            organisation,
            calendars,
            times,
            ago,
            waited,
            number,
            np.random.default_rng([seed, number]),
        )
        began = time.perf_counter()
        seated = way(state)
        slowest = max(slowest, time.perf_counter() - began)
        _check(seated, calendars)
        waited += 1
        for group, _ in seated:
            table = np.ix_(group, group)
            times[table] += 1
            last[table] = number
            waited[list(group)] = 0
        np.fill_diagonal(times, 0)
        np.fill_diagonal(last, -1)
        rounds.append(seated)
    return _measure(make_study_history(organisation, rounds), free, slowest)


def make_study_history(organisation: Organisation, rounds: list[Seated]) -> History:
    """The rounds as the insights see them; everybody asked for a seat in each."""
    count, people = len(rounds), organisation.people
    days = day_number(START) + _FORTNIGHT * np.arange(count)
    groups = [group for seated in rounds for group, _ in seated]
    sitting = np.repeat(np.arange(count), [len(seated) for seated in rounds])
    seats = np.array([person for group in groups for person in group], np.int32)
    departments = int(organisation.department.max()) + 1
    return History(
        departments=tuple(f"Department {number}" for number in range(departments)),
        programmes=("cross-team-lunch",),
        department=organisation.department.astype(np.int32),
        hired=np.full(people, UNKNOWN_DAY),
        returned=np.full(people, UNKNOWN_DAY),
        sitting_programme=np.zeros(count, np.int64),
        sitting_day=days,
        sitting_turn=np.zeros(count, np.int64),
        group_sitting=sitting.astype(np.int32),
        group_day=days[sitting].astype(np.int32),
        group_first=np.cumsum([0, *(len(group) for group in groups)]),
        seat_person=seats,
        seat_met=np.full(len(seats), SILENT, np.int8),
        seat_again=np.full(len(seats), SILENT, np.int8),
        asked_first=people * np.arange(count + 1),
        asked_person=np.tile(np.arange(people, dtype=np.int32), count),
        known=organisation.ties.astype(np.int32),
    )


def expect_year(organisation: Organisation, rounds: int) -> Year:
    """What random groups of four reach on average when calendars are ignored, without a draw."""
    people = np.arange(organisation.people)
    seated = len(people) // SIZE * SIZE
    tables = [*people[:seated].reshape(-1, SIZE).tolist(), *people[seated:, None].tolist()]
    # Who is left over is drawn too: they sit at tables for one.
    history = make_study_history(organisation, [[(tuple(table), 0) for table in tables]] * rounds)
    held = find_held(history)
    ties = count_ties(history, held)
    drawn = baseline.describe_draws(history, held)
    expected = baseline.expect_ties(history, ties, drawn)
    if expected is None:
        raise AssertionError("a year of a thousand people is summed up pair by pair")
    before = gather_between(history, ties, np.zeros(rounds, np.bool_))
    reached = baseline.expect_reach(history, before.count, drawn)
    return Year(
        placed=np.full(rounds, float(seated)),
        could=np.full(rounds, float(organisation.people)),
        pairs=ties.pairs.astype(np.float64),
        good=expected.new_across,
        again=expected.again,
        bridged=reached - count_reach(before.count).reached,
        alone=baseline.expect_alone(history, before.outside, drawn),
        worst_wait=np.nan,
        seconds=0.0,
    )


def mean_of(years: list[Year]) -> Year:
    """The mean of several years, figure by figure."""

    def mean(name: str) -> npt.NDArray[np.float64]:
        return np.mean([getattr(year, name) for year in years], axis=0)

    return Year(
        *(mean(name) for name in ("placed", "could", "pairs", "good", "again", "bridged")),
        *(float(mean(name)) for name in ("alone", "worst_wait", "seconds")),
    )


def figures_of_year(history: History) -> Figures:
    """The report's figures; nothing is held back, since the organisation is public."""
    first = START.replace(month=1, day=1)
    told = tell_everything(history, Period(first, first.replace(year=first.year + 1)))
    figures = gather_figures(history, told)
    if figures is None:
        raise AssertionError("a year without a round")
    return figures


def _measure(history: History, free: npt.NDArray[np.bool_], slowest: float) -> Year:
    held = find_held(history)
    ties = count_ties(history, held)
    everything = np.ones(history.sittings, np.bool_)
    sharing = measure_sharing(history, everything)
    return Year(
        placed=held.present.sum(axis=1).astype(np.float64),
        could=free.any(axis=2).sum(axis=1).astype(np.float64),
        pairs=ties.pairs.astype(np.float64),
        good=ties.new_across.astype(np.float64),
        again=ties.again.astype(np.float64),
        bridged=np.cumsum(reach_by_sitting(history, ties)[:-1]).astype(np.float64),
        alone=float((~gather_between(history, ties, everything).outside).sum()),
        worst_wait=float(sharing.longest.max()),
        seconds=slowest,
        history=history,
    )


def _check(seated: Seated, free: npt.NDArray[np.bool_]) -> None:
    """Nobody sits twice, and everybody has the hour free: whatever the way is."""
    people = [person for group, _ in seated for person in group]
    if len(people) != len(set(people)):
        raise AssertionError("somebody has two seats in one round")
    for group, slot in seated:
        if not free[list(group), slot].all():
            raise AssertionError(f"a group meets in slot {slot}, where not all of it is free")
