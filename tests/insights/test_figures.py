import datetime as dt
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given

from scheduler.insights.figures import RuleCost, gather_figures
from scheduler.insights.history import Answer, Meeting, make_history
from scheduler.insights.newcomers import HORIZONS
from scheduler.insights.suppress import (
    Period,
    choose_periods,
    decide_told,
    list_periods,
    tell_everything,
)
from tests.insights.company import COSTS, make_company
from tests.insights.histories import FIRST, make_people, stories, tell, told_pairs

HALF = FIRST + dt.timedelta(days=21)
END = FIRST + dt.timedelta(days=400)


@given(stories())
def test_figures_of_the_later_half_are_those_of_the_words(story):
    people, _, _, known = story
    history = tell(story)
    department = {person.id: person.department for person in people}
    rows = [(key, pair, kind) for key, pair, kind in told_pairs(story)]
    later = [(pair, kind) for key, pair, kind in rows if key[0] >= HALF]

    figures = gather_figures(history, tell_everything(history, Period(HALF, END)))

    if not any(key[0] >= HALF for key in sittings_of(story)):
        assert figures is None
        return

    def across(pair):
        return len({department[person] for person in pair}) == 2

    assert figures.total.new == sum(kind == "new" for _, kind in later)
    assert figures.total.new_across == sum(kind == "new" and across(p) for p, kind in later)
    assert figures.total.again == sum(kind == "again" for _, kind in later)
    assert figures.total.pairs == len(later)
    before = {frozenset(pair) for pair in known} | {p for key, p, _ in rows if key[0] < HALF}
    after = before | {pair for pair, _ in later}
    network = figures.network
    for ties, side in ((before, "before"), (after, "after")):
        outside = sum(across(pair) for pair in ties)
        reached = {frozenset(department[p] for p in pair) for pair in ties if across(pair)}
        alone = set(department) - {p for pair in ties if across(pair) for p in pair}
        assert getattr(network.reach, side) == len(reached)
        assert getattr(network.alone, side) == len(alone)
        ei = (2 * outside - len(ties)) / len(ties) if ties else None
        assert getattr(network.ei, side) == (ei if ei is None else pytest.approx(ei))
        matrix = network.people_before if side == "before" else network.people_after
        for a, b in combinations(range(len(history.departments)), 2):
            names = {history.departments[a], history.departments[b]}
            joined = {p for pair in ties if {department[x] for x in pair} == names for p in pair}
            assert matrix[a, b] == matrix[b, a] == len(joined)


def sittings_of(story):
    _, meetings, asked, _ = story
    return [(m.round_day, m.programme) for m in meetings] + [
        (a.round_day, a.programme) for a in asked
    ]


def test_programmes_and_rounds_add_up_to_the_total():
    _, history = make_company()
    figures = gather_figures(history, decide_told(history, list_periods(history, END)))

    for parts in (figures.rounds, figures.programmes):
        for name in ("pairs", "new", "new_across", "again"):
            assert sum(getattr(f, name) for f in parts) == getattr(figures.total, name)
        for name in ("random_new_across", "random_again"):
            assert sum(getattr(f, name) for f in parts) == pytest.approx(
                getattr(figures.total, name)
            )


def test_figures_of_a_programme_are_about_it_alone():
    _, history = make_company()
    told = decide_told(history, list_periods(history, END))
    everything = gather_figures(history, told)

    figures = gather_figures(history, told, "lunch")

    lunch = next(f for f in everything.programmes if f.name == "lunch")
    assert figures.programmes == (lunch,)
    assert (figures.total.new, figures.total.again) == (lunch.new, lunch.again)
    assert {f.name for f in figures.rounds} == {"lunch"}
    assert figures.network is None
    assert figures.arrivals == ()


def test_costs_are_those_of_told_rounds_the_dearest_first():
    _, history = make_company()
    told = decide_told(history, list_periods(history, END))
    coffee = RuleCost("<b>coffee</b>", FIRST, "same office", 7, 9)
    unheard = RuleCost("lunch", FIRST + dt.timedelta(days=1), "same office", 7, 9)

    costs = (*reversed(COSTS), coffee, unheard)

    assert gather_figures(history, told, costs=costs).costs == (coffee, *COSTS)
    assert gather_figures(history, told, "lunch", costs).costs == COSTS


def test_costs_of_rounds_that_are_told_together_are_kept_back():
    people = make_people(["Sales"] * 8 + ["Legal"] * 8)
    ids = [person.id for person in people]
    days = [dt.date(2025, 1, 6), dt.date(2025, 1, 20)]
    seated = [ids[6:], ids[:8]]  # the second but for two is Sales alone
    meetings = [
        Meeting("lunch", day, day, tuple(here)) for day, here in zip(days, seated, strict=True)
    ]
    history = make_history(people, meetings)
    told = decide_told(history, list_periods(history, END))

    assert not told.by_round
    costs = [RuleCost("lunch", days[1], "same office", 3, 9)]
    assert gather_figures(history, told, costs=costs).costs == ()


def test_the_curve_ends_where_the_company_stands():
    _, history = make_company()

    network = gather_figures(history, decide_told(history, list_periods(history, END))).network

    reached = [point.reached for point in network.curve]
    assert reached == sorted(reached)
    assert reached[-1] == network.reach.after
    assert network.curve[-1].random == pytest.approx(network.reach.random)


def test_arrivals_are_means_over_those_whose_days_are_over():
    people, history = make_company()

    figures = gather_figures(history, decide_told(history, list_periods(history, END)))

    # Those who came back did so in quarters with fewer than five of their kind.
    assert [f.name for f in figures.arrivals] == ["Newcomers"]
    newcomers = figures.arrivals[0]
    assert list(newcomers.contacts) == sorted(newcomers.contacts)
    assert all(o <= c for o, c in zip(newcomers.outside, newcomers.contacts, strict=True))
    assert len(newcomers.random) == len(HORIZONS)
    # The groups were drawn at random: the expectation is near.
    assert newcomers.contacts[-1] == pytest.approx(newcomers.random[-1], rel=0.25)
    periods = list_periods(history, END)
    over = periods[-1].until - dt.timedelta(days=90)
    cohorts = [
        sum(p.hired is not None and period.since <= p.hired < period.until for p in people)
        for period in periods
        if period.until <= over
    ]
    assert newcomers.people == sum(count for count in cohorts if count >= 5)


def test_newcomers_are_told_once_all_of_their_quarter_are():
    # Six came on the first of April, whose 90 days end with June; two came in May.
    hired = [dt.date(2025, 4, 1)] * 6 + [dt.date(2025, 5, 5)] * 2 + [None] * 12
    people = make_people(["Sales"] * 10 + ["Legal"] * 10, hired)
    ids = tuple(person.id for person in people)
    days = [dt.date(2025, 6, 2), dt.date(2025, 9, 1)]
    history = make_history(people, [Meeting("lunch", day, day, ids) for day in days])

    def newcomers_until(until):
        periods = choose_periods(list_periods(history, END), until=until)
        return [f.people for f in gather_figures(history, decide_told(history, periods)).arrivals]

    assert newcomers_until(dt.date(2025, 7, 1)) == []
    assert newcomers_until(dt.date(2025, 10, 1)) == [8]


def test_answers_of_fewer_than_five_people_are_neither_told_nor_in_a_sum():
    people = make_people(["Sales"] * 8 + ["Legal"] * 8)
    ids = [person.id for person in people]
    days = [dt.date(2025, 1, 6), dt.date(2025, 4, 7)]
    said = [ids[:4], ids[:6]]
    meetings = [
        Meeting("lunch", day, day, tuple(ids), {i: Answer("yes", True) for i in who})
        for day, who in zip(days, said, strict=True)
    ]
    history = make_history(people, meetings)

    figures = gather_figures(history, decide_told(history, list_periods(history, END)))

    assert [(f.answered, f.moods) for f in figures.answers] == [(6, 6)]


def test_a_longest_wait_of_one_person_is_not_told():
    _, history = make_company()
    told = decide_told(history, list_periods(history, END))

    sharing = gather_figures(history, told).sharing

    assert sharing.people == 60
    assert 0 < sharing.placed < 1
    everybody = gather_figures(history, tell_everything(history, Period(FIRST, END))).sharing
    assert everybody.longest >= sharing.longest


def test_an_unknown_programme_is_refused_by_name():
    _, history = make_company()

    with pytest.raises(ValueError, match="no programme dinner"):
        gather_figures(history, decide_told(history, list_periods(history, END)), "dinner")


def test_nothing_that_may_be_told_gives_no_figures():
    history = make_history(make_people("AB"), [])

    assert gather_figures(history, decide_told(history, list_periods(history, END))) is None
    assert np.array_equal(history.seat_person, [])
