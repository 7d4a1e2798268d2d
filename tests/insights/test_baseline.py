"""Expectations against every way to deal people out, and against many draws."""

import datetime as dt
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.insights import baseline
from scheduler.insights.departments import count_reach, gather_between
from scheduler.insights.history import (
    SILENT,
    UNKNOWN_DAY,
    History,
    Meeting,
    find_held,
    make_history,
)
from scheduler.insights.ties import count_ties
from tests.insights.histories import FIRST, all_partitions, deal_out, make_people


def history_of(people, rounds, known=()):
    """Rounds as lists of tables (tuples of people's numbers), a fortnight apart."""
    days = [FIRST + dt.timedelta(days=14 * number) for number in range(len(rounds))]
    meetings = [
        Meeting("lunch", day, day, tuple(people[n].id for n in table))
        for day, tables in zip(days, rounds, strict=True)
        for table in tables
    ]
    return make_history(people, meetings, known=known)


def figures_of(history, since=0):
    """What a history reached from sitting ``since`` on, counted by the code under other tests."""
    held = find_held(history)
    ties = count_ties(history, held)
    earlier = np.arange(history.sittings) < since
    ends = [
        gather_between(history, ties, np.arange(history.sittings) <= number)
        for number in range(since, history.sittings)
    ]
    before = gather_between(history, ties, earlier)
    outside = (ends[-1].count - before.count).sum(axis=1) - np.diagonal(
        ends[-1].count - before.count
    )
    arrivals = [
        len({j for s in np.flatnonzero(held.present[:, i]) for j in mates(history, held, s, i)})
        for i in range(history.people)
    ]
    return np.concatenate(
        [
            ties.across[since:],
            ties.new[since:],
            ties.new_across[since:],
            ties.known[since:],
            ties.again[since:],
            outside,
            np.diagonal(ends[-1].count - before.count),
            [count_reach(end.count).reached for end in ends],
            [(~ends[-1].outside).sum()],
            arrivals if since == 0 else [],
        ]
    )


def mates(history, held, sitting, person):
    for group in np.flatnonzero(history.group_sitting == sitting):
        members = held.person[held.first[group] : held.first[group + 1]].tolist()
        if person in members:
            yield from (other for other in members if other != person)


def expectations_of(history, since=0):
    held = find_held(history)
    ties = count_ties(history, held)
    draws = baseline.describe_draws(history, held)
    drawn = baseline.pick_draws(draws, np.arange(history.sittings) >= since)
    expected = baseline.expect_ties(history, ties, drawn)
    before = gather_between(history, ties, np.arange(history.sittings) < since)
    everyone = np.arange(history.people)
    always = np.ones((history.people, len(drawn.tables)), np.bool_)
    return np.concatenate(
        [
            expected.across,
            expected.new,
            expected.new_across,
            expected.known,
            expected.again,
            expected.outside,
            expected.inside,
            baseline.expect_reach(history, before.count, drawn),
            [baseline.expect_alone(history, before.outside, drawn)],
            baseline.expect_contacts(drawn, everyone, always) if since == 0 else [],
        ]
    ), expected.error


@pytest.mark.parametrize(
    ("departments", "rounds", "known"),
    [
        ("AABBC", [[(0, 1), (2, 3, 4)], [(0, 2), (1, 4)]], [("p000", "p002")]),
        ("AAABBC", [[(0, 1, 2), (3, 4, 5)], [(0, 1, 2), (3, 5)]], []),
        ("AABC", [[(0, 1), (2, 3)], [(0, 1), (2, 3)], [(0, 1, 2)]], [("p000", "p001")]),
        ("AABBB", [[(0, 1, 2, 3, 4)], [(1, 2), (3, 4)]], []),
    ],
)
def test_expectations_are_the_mean_over_every_way_to_deal_out(departments, rounds, known):
    people = make_people(departments)
    every = [
        list(all_partitions(sorted(sum(tables, ())), [len(table) for table in tables]))
        for tables in rounds
    ]

    expected, error = expectations_of(history_of(people, rounds, known))

    outcomes = [figures_of(history_of(people, drawn, known)) for drawn in product(*every)]
    assert expected == pytest.approx(np.mean(outcomes, axis=0), abs=1e-9)
    assert error == 0


def test_expectations_start_from_the_ties_before_the_window():
    people = make_people("AABBC")
    first, rounds = [(0, 2), (1, 3, 4)], [[(0, 1), (2, 3, 4)], [(0, 2), (1, 4)]]
    every = [
        list(all_partitions(sorted(sum(tables, ())), [len(table) for table in tables]))
        for tables in rounds
    ]

    expected, _ = expectations_of(history_of(people, [first, *rounds]), since=1)

    outcomes = [
        figures_of(history_of(people, [first, *drawn]), since=1) for drawn in product(*every)
    ]
    assert expected == pytest.approx(np.mean(outcomes, axis=0), abs=1e-9)


def test_expectations_are_near_the_mean_of_draws_of_a_company():
    # The tolerance is five standard errors of the mean of the draws.
    rng = np.random.default_rng(5)
    people = make_people(
        [chr(65 + d) for d in rng.choice(7, 60, p=[0.3, 0.2, 0.2, 0.1, 0.1, 0.05, 0.05])]
    )
    known = [(f"p{a:03}", f"p{b:03}") for a, b in rng.integers(0, 60, (120, 2)) if a != b]
    sizes = [[4] * 12, [5, 4, 4, 3, 3] * 2, [3] * 15, [4] * 8]
    seated = [rng.permutation(60)[: sum(tables)] for tables in sizes]

    def draw():
        return [
            [tuple(table) for table in deal_out(rng, person, tables)]
            for person, tables in zip(seated, sizes, strict=True)
        ]

    expected, _ = expectations_of(history_of(people, draw(), known))

    outcomes = np.array([figures_of(history_of(people, draw(), known)) for _ in range(300)])
    error = outcomes.std(axis=0, ddof=1) / np.sqrt(len(outcomes))
    assert np.all(np.abs(expected - outcomes.mean(axis=0)) <= 5 * error + 1e-9)


def random_history(rng, people, sittings, departments, shows_up):
    """Groups of four, drawn straight into arrays."""
    seats = []
    for _ in range(sittings):
        here = rng.permutation(np.flatnonzero(rng.random(people) < shows_up)).astype(np.int32)
        seats.append(here[: len(here) // 4 * 4])
    groups = [len(seat) // 4 for seat in seats]
    count = sum(groups)
    known = np.unique(np.sort(rng.integers(0, people, (4 * people, 2)), axis=1), axis=0)
    return History(
        departments=tuple(f"D{n}" for n in range(departments)),
        programmes=("lunch",),
        department=rng.integers(0, departments, people).astype(np.int32),
        hired=np.full(people, UNKNOWN_DAY),
        returned=np.full(people, UNKNOWN_DAY),
        sitting_programme=np.zeros(sittings, np.int64),
        sitting_day=20_000 + 14 * np.arange(sittings),
        sitting_turn=np.zeros(sittings, np.int64),
        group_sitting=np.repeat(np.arange(sittings), groups).astype(np.int32),
        group_day=np.repeat(20_000 + 14 * np.arange(sittings), groups).astype(np.int32),
        group_first=4 * np.arange(count + 1),
        seat_person=np.concatenate(seats),
        seat_met=np.full(4 * count, SILENT, np.int8),
        seat_again=np.full(4 * count, SILENT, np.int8),
        asked_first=np.zeros(sittings + 1, np.int64),
        asked_person=np.zeros(0, np.int32),
        known=known[known[:, 0] < known[:, 1]].astype(np.int32),
    )


@pytest.mark.parametrize("second", [True, False])
@pytest.mark.parametrize("shows_up", [1.0, 0.6])
def test_bounds_hold_what_looking_at_every_pair_gives(monkeypatch, second, shows_up):
    history = random_history(np.random.default_rng(3), 1500, 12, 9, shows_up)
    held = find_held(history)
    ties, drawn = count_ties(history, held), baseline.describe_draws(history, held)
    exact = baseline.expect_ties(history, ties, drawn)
    always = np.ones((history.people, history.sittings), np.bool_)
    contacts = baseline.expect_contacts(drawn, np.arange(history.people), always)

    monkeypatch.setattr(baseline, "EXACT_WORK", 0)
    monkeypatch.setattr(baseline, "SECOND_WORK", 1e11 if second else 0)
    monkeypatch.setattr(baseline, "MOST_ERROR", 1.0)
    bounded = baseline.expect_ties(history, ties, drawn)

    assert exact.error == 0 < bounded.error
    for name in ("new", "new_across", "outside", "inside"):
        off = np.abs(getattr(bounded, name) - getattr(exact, name))
        assert np.all(off <= bounded.error * getattr(exact, name) + 1e-6)
    assert bounded.again.sum() == pytest.approx(exact.again.sum(), rel=bounded.error)
    assert bounded.known == pytest.approx(exact.known)
    assert baseline.expect_contacts(drawn, np.arange(history.people), always) == pytest.approx(
        contacts, rel=0.01
    )


def test_expectations_are_withheld_where_the_bounds_do_not_touch(monkeypatch):
    history = random_history(np.random.default_rng(3), 40, 12, 3, 1.0)
    held = find_held(history)
    drawn = baseline.describe_draws(history, held)
    monkeypatch.setattr(baseline, "EXACT_WORK", 0)

    assert baseline.expect_ties(history, count_ties(history, held), drawn) is None
    always = np.ones((history.people, history.sittings), np.bool_)
    assert baseline.expect_contacts(drawn, np.arange(40), always) is None


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_contacts_count_only_the_sittings_that_count(seed):
    rng = np.random.default_rng(seed)
    history = random_history(rng, 30, 5, 3, 0.7)
    drawn = baseline.describe_draws(history, find_held(history))
    during = rng.random((30, 5)) < 0.5

    expected = baseline.expect_contacts(drawn, np.arange(30), during)

    for person in range(30):
        mates_ = 0.0
        for other in range(30):
            never = 1.0
            for sitting in np.flatnonzero(during[person] & drawn.present[:, person]):
                if drawn.present[sitting, other]:
                    never *= 1 - drawn.chance[sitting]
            mates_ += (1 - never) * (other != person)
        assert expected[person] == pytest.approx(mates_)
