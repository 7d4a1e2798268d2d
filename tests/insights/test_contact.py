from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.insights import contact
from scheduler.insights.contact import chance_of_no_contact
from tests.insights.histories import all_partitions


@pytest.mark.parametrize("tables", [[2, 3], [3, 3], [2, 2, 3], [4, 1, 2], [7]])
def test_chance_is_the_share_of_all_ways_to_deal_out(tables):
    people = range(sum(tables))
    ways = list(all_partitions(list(people), tables))
    for ones, others in [(1, 1), (1, 3), (2, 2), (2, 3)]:
        first, second = set(people[:ones]), set(people[ones : ones + others])
        apart = sum(
            not any(first & set(table) and second & set(table) for table in way) for way in ways
        )

        chance = chance_of_no_contact(np.array(tables), np.array([ones]), np.array([others]))

        assert chance[0] == pytest.approx(apart / len(ways), abs=1e-12)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.data())
def test_chance_is_the_sum_over_seats_of_the_smaller_department(tables, data):
    people = sum(tables)
    ones = data.draw(st.integers(1, people))
    others = data.draw(st.integers(0, people - ones))
    table_of = np.repeat(np.arange(len(tables)), tables)
    small, large = sorted((ones, others))
    apart, ways = 0.0, 0
    for seats in combinations(range(people), small):
        free = sum(table_of[seat] not in table_of[list(seats)] for seat in range(people))
        seatings = len(list(combinations(range(free), large)))
        apart += seatings / len(list(combinations(range(people - small), large)))
        ways += 1

    chance = chance_of_no_contact(np.array(tables), np.array([ones]), np.array([others]))

    assert chance[0] == pytest.approx(apart / ways, abs=1e-12)


@pytest.mark.parametrize("tables", [[4] * 75, [4] * 250, [5] * 60 + [4] * 100 + [3] * 40])
def test_two_moments_are_near_the_exact_chance(monkeypatch, tables):
    # Exact up to 60 people against moments from the 25th person on.
    ones, others = (a.ravel() for a in np.meshgrid(np.arange(25, 60, 7), np.arange(25, 100, 15)))
    by_moments = chance_of_no_contact(np.array(tables), ones, others)
    monkeypatch.setattr(contact, "EXACT_MEMBERS", 60)

    exact = chance_of_no_contact(np.array(tables), ones, others)

    assert not np.array_equal(by_moments, exact)
    assert by_moments == pytest.approx(exact, abs=1e-4)


def test_departments_that_fill_the_room_cannot_miss_each_other():
    tables = np.full(100_000 // 4, 4)

    chance = chance_of_no_contact(tables, np.array([50_000, 1, 3]), np.array([50_000, 1, 99_997]))

    assert chance == pytest.approx([0, 1 - 3 / 99_999, 0], abs=1e-9)
