"""Networkx as the second opinion."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.insights.graphs import find_components, find_least_cut, lay_out, measure_steps


@st.composite
def graphs(draw):
    """Up to 12 nodes, some edges, weights in quarters so that sums are exact."""
    size = draw(st.integers(1, 12))
    pairs = [(a, b) for a in range(size) for b in range(a)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    weights = np.zeros((size, size))
    for a, b in chosen:
        weights[a, b] = weights[b, a] = draw(st.integers(1, 40)) / 4
    return weights


@given(graphs())
def test_steps_are_those_of_networkx(weights):
    steps = measure_steps(weights > 0)

    expected = np.full(weights.shape, np.inf)
    for a, ways in nx.all_pairs_shortest_path_length(nx.from_numpy_array(weights)):
        for b, length in ways.items():
            expected[a, b] = length
    assert steps.tolist() == expected.tolist()


@given(graphs())
def test_components_are_those_of_networkx(weights):
    expected = {frozenset(part) for part in nx.connected_components(nx.from_numpy_array(weights))}

    assert {frozenset(part) for part in find_components(weights > 0)} == expected


@given(graphs(), st.sampled_from([np.inf, 1.0, 3.0, 7.5]))
def test_least_cut_is_that_of_networkx_or_enough(weights, enough):
    graph = nx.from_numpy_array(weights)
    parts = [graph.subgraph(p) for p in nx.connected_components(graph) if len(p) > 1]
    expected = min((nx.stoer_wagner(part)[0] for part in parts), default=np.inf)

    found = find_least_cut(weights, enough)

    assert found == expected if expected < enough else found >= enough


def test_picture_of_a_chain_keeps_its_order():
    chain = np.eye(7, k=1, dtype=np.bool_) | np.eye(7, k=-1, dtype=np.bool_)

    place = lay_out(chain)

    ends = np.linalg.norm(place[0] - place[6])
    assert ends == max(np.linalg.norm(a - b) for a in place for b in place)
    assert place.min() == 0
    assert place.max() == 1


@pytest.mark.parametrize("nodes", [1, 2, 5])
def test_picture_without_edges_has_a_place_for_all(nodes):
    place = lay_out(np.zeros((nodes, nodes), np.bool_))

    assert len({tuple(p) for p in place.round(6).tolist()}) == nodes
