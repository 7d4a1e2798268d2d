from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from scheduler.grouping.engine import solve
from tests.benchmarks.grouping import baselines, diversity, golfers, real, waits
from tests.benchmarks.grouping.__main__ import replace_part
from tests.benchmarks.grouping.measure import ENTRANTS, describe, measure, verify
from tests.benchmarks.grouping.organisations import make_organisation
from tests.benchmarks.grouping.report import draw_placed, show_rounds

REFERENCE = Path(__file__).parents[4] / "shared" / "reference" / "organisations.py"
QUICK = [name for name in ENTRANTS if "CP-SAT" not in name and "cheapest" not in name]


@pytest.mark.parametrize("entrant", QUICK)
def test_every_method_makes_plans_that_the_verifier_accepts(entrant):
    assert measure(200, 1.6, 10, entrant, 5)["fault"] == ""


def test_ours_places_more_than_the_fair_opponent_in_tight_rooms():
    organisation = make_organisation(400, 11, 0.7)

    ours = solve(organisation.problem, effort=0.1)
    greedy = baselines.seat_greedily(organisation.problem, 0)

    assert ours.placed > sum(len(g.members) for g in greedy)
    assert ours.placed <= ours.placed_bound


def test_verifier_finds_a_room_that_is_taken_twice():
    organisation = make_organisation(200, 10)
    groups = list(solve(organisation.problem, effort=0.05).groups)

    assert verify(organisation, groups, least=3) == ""
    assert "twice" in verify(organisation, [*groups, groups[0]], least=3)


def test_plan_is_described_from_its_groups():
    organisation = make_organisation(200, 10)
    plan = solve(organisation.problem, effort=0.05)

    told = describe(organisation, plan.groups)

    assert told["placed"] == plan.placed
    assert told["quota"] == 1
    assert told["new"] - 30 * (told["repeats"] + told["same"]) <= plan.value_bound


def test_report_shows_bound_and_chart():
    rows = [measure(200, 1.6, 10, name, 5) for name in ("ours", "greedy by scarcity")]

    assert "| 200 | 1.6 | ours | 100.00% | 100.00% |" in show_rounds(rows)
    assert draw_placed(rows, 200, 1.6).startswith("<svg")


def test_turns_reached_are_shown_beside_what_is_known():
    assert golfers.describe(golfers.Reached(5, 5, 0.1, most=True)) == "5*"
    assert golfers.describe(golfers.Reached(8, 7, 0.1, most=False)) == "8 (7)"
    assert golfers.describe(None) == ""
    assert golfers.is_most(8, 4, 10)
    assert not golfers.is_most(10, 6, 8)
    assert golfers.seat(5, 3, 7).repeats == 0


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        ("A", "# T\n\n## A\n\nnew\n\n## B\n\nold b\n"),
        ("B", "# T\n\n## A\n\nold a\n\n## B\n\nnew\n"),
    ],
)
def test_one_part_of_a_report_is_replaced(heading, wanted):
    text = "# T\n\n## A\n\nold a\n\n## B\n\nold b\n"

    assert replace_part(text, heading, "new\n") == wanted


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference generator is not here")
@pytest.mark.parametrize("people", [1000, 10_000])
def test_our_organisations_are_like_those_of_the_reference(people, monkeypatch):
    reference = _load_reference(monkeypatch)
    seeds = range(15 if people == 1000 else 3)  # small ones vary more
    theirs = [reference.make(people, seed=seed) for seed in seeds]
    ours = [make_organisation(people, seed) for seed in seeds]

    def average(values):
        return float(np.mean(list(values)))

    pairs = {
        "free slots": (
            average(o["avail"][~o["optout"]].sum(axis=1).mean() for o in theirs),
            average(o.mean_free_slots for o in ours),
        ),
        "busy share": (
            average(o["busy_share"] for o in theirs),
            average(o.busy_share for o in ours),
        ),
        "partners met": (
            average(2 * len(o["hist"]) / people for o in theirs),
            average(2 * len(o.problem.ties.met) / people for o in ours),
        ),
        "rooms": (
            average(len(o["rco"]) for o in theirs),
            average(len(o.problem.venues.seats) for o in ours),
        ),
        "seats": (
            average(o["rcap"].mean() for o in theirs),
            average(o.problem.venues.seats.mean() for o in ours),
        ),
        "room hours": (
            average(_starts_of(o["rfree"]).mean() for o in theirs),
            average(o.problem.venues.free.mean() for o in ours),
        ),
        "newcomers": (
            average(o["newc"].mean() for o in theirs),
            average(o.newcomer.mean() for o in ours),
        ),
    }
    for name, (wanted, got) in pairs.items():
        assert got == pytest.approx(wanted, rel=0.12, abs=0.012), name


def _starts_of(cells):
    """Hours of lunch that are free, from half-hours that are."""
    half_hours = cells.reshape(len(cells), 10, 6)
    return half_hours[:, :, :5] & half_hours[:, :, 1:]


def _load_reference(monkeypatch):
    """The reference needs one function of scipy, which is no dependency of ours."""

    class Normal:
        @staticmethod
        def ppf(share):
            grid = np.linspace(0.001, 0.999, 4000)
            return np.interp(share, grid, [NormalDist().inv_cdf(x) for x in grid])

    scipy, stats = types.ModuleType("scipy"), types.ModuleType("scipy.stats")
    stats.norm = Normal
    monkeypatch.setitem(sys.modules, "scipy", scipy)
    monkeypatch.setitem(sys.modules, "scipy.stats", stats)
    spec = importlib.util.spec_from_file_location("reference_organisations", REFERENCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not real.FOLDER.exists(), reason="the real organisation is not here")
def test_real_organisation_meets_anew_and_bridges_twice_as_many_departments():
    ours = real.run_rounds("ours", 0, calendars=False, rounds=2, effort=0.2)
    random = [real.run_rounds("random", seed, calendars=False, rounds=2) for seed in range(5)]

    assert real.count_fewest_rounds(real.read_organisation()) == 14
    assert sum(r["repeats"] for r in ours) == 0
    assert sum(r["new"] for r in ours) >= 0.995 * sum(r["pairs"] for r in ours)
    assert ours[0]["bridged"] >= 1.7 * np.mean([rows[0]["bridged"] for rows in random])


def test_diverse_groups_are_worth_what_is_said():
    distance = diversity.make_distances("RanInt", 24, 1)

    value, _ = diversity.solve_ours(distance, 4, 0.05)
    other = diversity.solve_iterated(distance, 4, 0.2, 1)

    assert 0.97 * other <= value <= distance.max() * 24 * 3 / 2


def test_nobody_waits_as_long_as_with_random_groups():
    ours, random = (
        waits.run_rounds(name, 200, 0.7, 11, rounds=5)
        for name in ("ours", "random groups of 4, then a slot")
    )

    assert ours.worst < random.worst
    assert min(ours.shares) > max(random.shares)
    assert len(ours.shares) == len(random.shares) == 5
