"""A short form of the study, on a small invented organisation, and on the real one where it is."""

import re

import numpy as np
import pytest
from lxml import etree

from .organisation import REAL, Organisation, invent_lunch_hours, read_organisation
from .study import ENTRANTS, run_study, write_study
from .ways import random_groups
from .year import expect_year, mean_of, play_year


@pytest.fixture(scope="module")
def organisation():
    rng = np.random.default_rng(1)
    ties = np.unique(np.sort(rng.integers(0, 50, (60, 2)), axis=1), axis=0)
    return Organisation(rng.integers(0, 16, 50), ties[ties[:, 0] < ties[:, 1]])


@pytest.fixture(scope="module")
def study(organisation):
    return run_study(organisation, rounds=2, seeds=2)


def test_every_way_has_a_row_in_both_tables(study, tmp_path):
    write_study(study, tmp_path / "study.md")

    page = (tmp_path / "study.md").read_text(encoding="utf-8")
    ignored, kept = page.split("## Calendars kept")
    for name in ENTRANTS:
        for part in (ignored, kept):
            row = re.findall(rf"^\| \*{{0,2}}{re.escape(name)}\*{{0,2}} \|.*$", part, re.MULTILINE)
            assert len(row) == 1
            assert row[0].count("|") == 10
    for name in re.findall(r"\]\((study/[^)]+)\)", page):
        root = etree.parse(tmp_path / name).getroot()
        assert root.find("{http://www.w3.org/2000/svg}desc").text


def test_ours_places_everybody_who_can_and_repeats_nobody(study):
    ours = study.ignored["Ours"]

    assert ours.placed.tolist() == [50, 50]
    assert ours.again.tolist() == [0, 0]
    assert np.all(study.kept["Ours"].placed >= study.kept["Random groups"].placed)


def test_random_years_are_near_what_is_computed(organisation):
    # Five standard errors of the mean of 60 years.
    anytime = np.ones((3, organisation.people, 1), np.bool_)
    years = [play_year(organisation, anytime, random_groups, seed) for seed in range(60)]

    mean, expected = mean_of(years), expect_year(organisation, 3)

    for name in ("good", "again", "bridged"):
        drawn = np.array([getattr(year, name) for year in years])
        error = drawn.std(axis=0, ddof=1) / np.sqrt(len(years))
        off = np.abs(getattr(mean, name) - getattr(expected, name))
        assert np.all(off <= 5 * error + 1e-9)
    assert mean.alone == pytest.approx(expected.alone, abs=1)


def test_lunch_hours_are_like_those_of_the_grouping_benchmark():
    organisation = Organisation(np.arange(2000) % 40, np.zeros((0, 2), np.int64))

    free = invent_lunch_hours(organisation, 1, seed=3)

    assert free.shape == (1, 2000, 50)
    assert 20 < free.sum(axis=2).mean() < 30


@pytest.mark.skipif(not REAL.exists(), reason="the real organisation's data is not beside us")
def test_the_real_organisation_is_read_as_its_description_says():
    organisation = read_organisation()

    department, ties = organisation.department, organisation.ties
    across = department[ties[:, 0]] != department[ties[:, 1]]
    linked = {frozenset(pair) for pair in department[ties].tolist()}
    assert (organisation.people, len(set(department))) == (1005, 42)
    assert (len(ties), int(across.sum())) == (16_064, 10_671)
    assert len([pair for pair in linked if len(pair) == 2]) == 641
    assert len(set(range(1005)) - set(ties[across].ravel().tolist())) == 118
