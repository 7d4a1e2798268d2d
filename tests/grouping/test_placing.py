from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.grouping.placing import place_people
from scheduler.grouping.problem import Ties
from scheduler.grouping.rotations import Rotation, share_out


def share(present, seats, hosts):
    none = np.zeros((0, 3), np.int64)
    ties = Ties(np.arange(len(present)), np.zeros((len(present),) * 2, np.int64), none, none)
    return share_out(Rotation(present, seats, ties, hosts=hosts))


def check(placed, present, seats, hosts, sizes):
    pairs = []
    for turn, tables in enumerate(placed.tolist()):
        seated = [[p for p in members if p >= 0] for members in tables]
        assert sorted(p for members in seated for p in members) == (
            np.flatnonzero(present[:, turn]).tolist()
        )
        assert sorted(map(len, seated)) == sorted(sizes[turn].tolist())
        assert all(len(m) <= s for m, s in zip(seated, seats, strict=True))
        assert all(h in m for h, m in zip(hosts, seated, strict=True) if h >= 0)
        pairs += [frozenset(pair) for members in seated for pair in combinations(members, 2)]
    assert len(pairs) == len(set(pairs))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whoever_is_placed_is_seated_evenly_hosts_at_their_tables_and_nobody_twice(data):
    tables = data.draw(st.integers(2, 8))
    people = data.draw(st.integers(tables, 5 * tables))
    turns = data.draw(st.integers(1, 6))
    present = np.ones((people, turns), bool)
    for person in data.draw(st.sets(st.integers(0, people - 1), max_size=4)):
        present[person, data.draw(st.integers(0, turns - 1))] = False
    stay = data.draw(st.permutations(np.flatnonzero(present.all(axis=1)).tolist()))
    hosts = np.array((stay[: data.draw(st.integers(0, tables))] + [-1] * tables)[:tables])
    seats = np.array(data.draw(st.lists(st.integers(5, 7), min_size=tables, max_size=tables)))
    sizes = share(present, seats, hosts)

    placed = place_people(present, seats, hosts, sizes, seed=0, effort=0.01)

    if placed is not None:
        check(placed, present, seats, hosts, sizes)


@pytest.mark.parametrize(
    ("people", "tables", "turns", "staying", "late"),
    [
        (31, 8, 10, 0, 0), (30, 8, 10, 0, 0), (29, 8, 9, 0, 0), (50, 12, 6, 0, 0), (27, 6, 4, 0, 0),
        (32, 8, 8, 8, 0), (60, 12, 6, 12, 0), (32, 8, 9, 3, 0),  # with hosts
        (30, 6, 4, 0, 4), (60, 10, 6, 0, 20), (32, 8, 8, 8, 3),  # some come late
    ],
)  # fmt: skip
def test_everybody_has_a_place(people, tables, turns, staying, late):
    present = np.ones((people, turns), bool)
    present[people - late :, 0] = False
    hosts = np.append(np.arange(staying), np.full(tables - staying, -1))
    seats = np.full(tables, -(-people // tables))
    sizes = share(present, seats, hosts)

    placed = place_people(present, seats, hosts, sizes, seed=0, effort=1)

    check(placed, present, seats, hosts, sizes)


def test_nobody_is_placed_where_no_schedule_lets_three_people_never_meet():
    hosts = np.array([0, 1, 2, -1, -1, -1, -1, -1])
    present = np.ones((32, 10), bool)
    sizes = share(present, np.full(8, 4), hosts)

    assert place_people(present, np.full(8, 4), hosts, sizes, seed=0, effort=0.1) is None
