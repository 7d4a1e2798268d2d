import numpy as np
import pytest

from scheduler.grouping.fields import make_ring


@pytest.mark.parametrize("order", [1, 2, 4, 6, 7, 8, 9, 12, 16, 25, 27])
def test_sums_and_products_follow_the_laws_of_a_ring(order):
    ring = make_ring(order)
    everything = np.arange(order)
    a, b, c = np.meshgrid(everything, everything, everything, indexing="ij")
    add, times = ring.add, ring.multiply

    assert (np.sort(add, axis=1) == everything).all()
    assert (add == add.T).all()
    assert (times == times.T).all()
    assert (add[add[a, b], c] == add[a, add[b, c]]).all()
    assert (times[times[a, b], c] == times[a, times[b, c]]).all()
    assert (times[a, add[b, c]] == add[times[a, b], times[a, c]]).all()


@pytest.mark.parametrize(("order", "apart"), [(2, 2), (6, 2), (9, 9), (12, 3), (20, 4), (64, 64)])
def test_elements_that_are_apart_differ_by_what_divides_no_zero(order, apart):
    ring = make_ring(order)
    negative = np.argmin(ring.add, axis=1)  # what gives 0

    assert len(ring.apart) == apart
    for one in ring.apart:
        for other in ring.apart[ring.apart != one]:
            difference = ring.add[one, negative[other]]
            assert len(set(ring.multiply[difference].tolist())) == order
