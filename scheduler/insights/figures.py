"""All figures of a report, each beside what random groups would have reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.insights import baseline, newcomers
from scheduler.insights.fairness import gini, jain, measure_sharing
from scheduler.insights.feedback import count_feedback
from scheduler.insights.history import (
    Bools,
    Held,
    History,
    Ints,
    day_number,
    day_of_number,
    find_held,
)
from scheduler.insights.network import Network, gather_network
from scheduler.insights.suppress import Told, booked_seats, nth_largest
from scheduler.insights.ties import Ties, count_ties


@dataclass(frozen=True, slots=True)
class TieFigures:
    """Ties that one round, programme or report made; ``random_...``: expected of random groups.

    ``first`` and ``last`` are the days of its first and last of ``rounds`` rounds. ``pairs`` that
    sat together are ``new`` ties, people who knew each other from elsewhere, and ``again``.
    """

    name: str
    first: dt.date
    last: dt.date
    rounds: int
    people: int
    pairs: int
    new: int
    new_across: int
    again: int
    random_new_across: float | None
    random_again: float | None


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Answers for one programme: shares of those who said something."""

    name: str
    seats: int
    answered: int
    met_rate: float
    moods: int
    mood: float | None


@dataclass(frozen=True, slots=True)
class ArrivalFigures:
    """Mean contacts of ``people`` within each of ``newcomers.HORIZONS`` days."""

    name: str
    people: int
    contacts: tuple[float, ...]
    outside: tuple[float, ...]
    random: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class SharingFigures:
    """How seats were shared among ``people`` who asked; ``longest`` waited by at least five."""

    people: int
    placed: float
    longest: int | None
    gini: float | None
    jain: float | None


@dataclass(frozen=True, slots=True)
class RuleCost:
    """What a hard rule cost the plan of one round, as the engine found by leaving it out."""

    programme: str
    round_day: dt.date
    rule: str
    people: int
    points: int


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """What a report tells about ``since <= day < until``, of one programme or of all."""

    since: dt.date
    until: dt.date
    programme: str | None
    floor: int
    people: int
    departments: int
    total: TieFigures
    rounds: tuple[TieFigures, ...]
    programmes: tuple[TieFigures, ...]
    answers: tuple[AnswerFigures, ...]
    sharing: SharingFigures | None
    network: Network | None
    arrivals: tuple[ArrivalFigures, ...]
    costs: tuple[RuleCost, ...]


def gather_figures(
    history: History,
    told: Told,
    programme: str | None = None,
    costs: Sequence[RuleCost] = (),
) -> Figures | None:
    """The figures of what may be told, or None where nothing may be.

    With a ``programme``, only what can be told of it alone: its rounds, answers and waits. If the
    periods tell it together with others, it is these together. Of ``costs``, those of rounds that
    are told by themselves.

    Raises:
        ValueError: there is no such programme in the history.
    """
    if programme is not None and programme not in history.programmes:
        raise ValueError(f"there is no programme {programme} in the history")
    chosen = told.sittings & _of_programme(history, told, programme)
    if not told.periods or not chosen.any():
        return None
    since, until = told.periods[0].since, told.periods[-1].until
    held = find_held(history)
    ties = count_ties(history, held)
    draws = baseline.describe_draws(history, held)
    drawn = baseline.pick_draws(draws, told.sittings)
    expected = baseline.expect_ties(history, ties, drawn)
    count = _TieCounter(history, told, ties, drawn, expected)
    groups = [
        np.flatnonzero(told.programme_group == group) for group in np.unique(told.programme_group)
    ]
    parts = [
        (
            " + ".join(history.programmes[p] for p in group),
            chosen & np.isin(history.sitting_programme, group),
        )
        for group in groups
    ]
    parts = [(name, part) for name, part in parts if part.any()]
    return Figures(
        since=since,
        until=until,
        programme=programme,
        floor=told.floor,
        people=history.people,
        departments=len(history.departments),
        total=count("All", chosen),
        rounds=tuple(
            count(told.column_names[column], told.column == column)
            for column in np.unique(told.column[chosen])
        ),
        programmes=tuple(count(name, part) for name, part in parts),
        answers=_gather_answers(history, told, parts),
        sharing=_gather_sharing(history, chosen, told.floor),
        network=None if programme else gather_network(history, told, ties, drawn, expected),
        arrivals=() if programme else _gather_arrivals(history, held, told, draws),
        costs=_told_costs(history, told, chosen, costs),
    )


class _TieCounter:
    """Sums what sittings did; told programmes and rounds are sums over sittings."""

    def __init__(
        self,
        history: History,
        told: Told,
        ties: Ties,
        drawn: baseline.Drawn,
        expected: baseline.ExpectedTies | None,
    ) -> None:
        self.history, self.told, self.ties = history, told, ties
        self.seats = booked_seats(history)
        self.place = np.full(history.sittings, -1, np.int64)
        self.place[drawn.sittings] = np.arange(len(drawn.sittings))
        self.expected = expected

    def __call__(self, name: str, part: Bools) -> TieFigures:
        days = np.unique(
            np.stack([self.history.sitting_day[part], self.history.sitting_programme[part]]), axis=1
        )
        drawn = self.place[part]
        return TieFigures(
            name=name,
            first=day_of_number(int(days[0].min())),
            last=day_of_number(int(days[0].max())),
            rounds=days.shape[1],
            people=int(self.seats[part].any(axis=0).sum()),
            pairs=int(self.ties.pairs[part].sum()),
            new=int(self.ties.new[part].sum()),
            new_across=int(self.ties.new_across[part].sum()),
            again=int(self.ties.again[part].sum()),
            random_new_across=None
            if self.expected is None
            else float(self.expected.new_across[drawn].sum()),
            random_again=None if self.expected is None else float(self.expected.again[drawn].sum()),
        )


def _of_programme(history: History, told: Told, programme: str | None) -> Bools:
    if programme is None:
        return np.ones(history.sittings, np.bool_)
    group = told.programme_group[history.programmes.index(programme)]
    return np.asarray(told.programme_group[history.sitting_programme] == group, np.bool_)


def _told_costs(
    history: History, told: Told, chosen: Bools, costs: Sequence[RuleCost]
) -> tuple[RuleCost, ...]:
    """Costs of the rounds that have a column of their own, in the order of rounds."""
    alone = {
        (history.programmes[history.sitting_programme[sitting]], told.column[sitting])
        for sitting in np.flatnonzero(chosen)
    }
    days = {
        (programme, day_of_number(day))
        for programme, column in alone
        if (day := told.column_day[column]) is not None and told.column_names[column] == programme
    }
    kept = [cost for cost in costs if (cost.programme, cost.round_day) in days]
    return tuple(sorted(kept, key=lambda c: (c.round_day, c.programme, -c.people, c.rule)))


def _gather_answers(
    history: History, told: Told, parts: Sequence[tuple[str, Bools]]
) -> tuple[AnswerFigures, ...]:
    """Answers by programme, summed over the periods in which enough people gave some."""
    told_answers = []
    for name, part in parts:
        seats = answered = met = moods = good = 0
        for period in told.periods:
            day = history.sitting_day
            inside = (day >= day_number(period.since)) & (day < day_number(period.until))
            said = count_feedback(history, part & inside)
            if said.people >= told.floor:
                seats += said.seats
                answered += said.answered
                met += said.yes + said.partly
            if said.moods >= told.floor:
                moods += said.again + said.not_again
                good += said.again
        if answered:
            told_answers.append(
                AnswerFigures(
                    name, seats, answered, met / answered, moods, good / moods if moods else None
                )
            )
    return tuple(told_answers)


def _gather_sharing(history: History, chosen: Bools, floor: int) -> SharingFigures | None:
    sharing = measure_sharing(history, chosen)
    if len(sharing.person) < floor:
        return None
    share = sharing.seated / sharing.asked
    return SharingFigures(
        people=len(sharing.person),
        placed=float(sharing.seated.sum() / sharing.asked.sum()),
        longest=nth_largest(sharing.longest, floor),
        gini=gini(share),
        jain=jain(share),
    )


def _gather_arrivals(
    history: History, held: Held, told: Told, draws: baseline.Drawn
) -> tuple[ArrivalFigures, ...]:
    """Newcomers and people back after a time away, by the periods in which enough of them came."""
    figures = []
    until = day_number(told.periods[-1].until)
    for name, start in (("Newcomers", history.hired), ("Back after a time away", history.returned)):
        arrivals = newcomers.measure_arrivals(
            history, held, start, day_number(told.periods[0].since), until
        )
        kept = _arrived_with_others(arrivals.start, told)
        if not kept.any():
            continue
        random: list[float | None] = []
        for horizon in newcomers.HORIZONS:
            expected = baseline.expect_contacts(
                draws, arrivals.person, arrivals.met_after <= horizon
            )
            random.append(None if expected is None else float(expected[kept].mean()))
        figures.append(
            ArrivalFigures(
                name=name,
                people=int(kept.sum()),
                contacts=tuple(float(row[kept].mean()) for row in arrivals.contacts),
                outside=tuple(float(row[kept].mean()) for row in arrivals.outside),
                random=tuple(random),
            )
        )
    return tuple(figures)


def _arrived_with_others(start: Ints, told: Told) -> Bools:
    """Who came in a period in which enough others did, all of whose first days are over by now."""
    kept = np.zeros(len(start), np.bool_)
    over = day_number(told.periods[-1].until) - newcomers.HORIZONS[-1]
    for period in told.periods:
        here = (start >= day_number(period.since)) & (start < day_number(period.until))
        if here.sum() >= told.floor and day_number(period.until) <= over:
            kept |= here
    return kept
