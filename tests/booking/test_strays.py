from __future__ import annotations

from scheduler.booking.strays import cancel_strays, find_strays
from scheduler.store.engine import open_store

ORGANISERS = ("networking-1@lindenhof.example", "networking-2@lindenhof.example")


def find(booker, store, at):
    return booker.run(lambda graph: find_strays(graph, store, ORGANISERS, at=at))


def test_events_of_a_round_that_the_store_knows_are_no_strays(booker):
    booker.book()

    assert find(booker, booker.store, booker.now) == ()


def test_events_of_a_store_that_was_lost_are_found_and_can_be_cancelled(booker, tmp_path):
    booker.book()
    with open_store(tmp_path / "empty.db") as empty:
        strays = find(booker, empty, booker.now)

        assert [round_id for round_id, _ in strays] == [booker.round_id] * 5
        assert booker.run(lambda graph: cancel_strays(graph, strays, "Sorry.")) == 5
        assert find(booker, empty, booker.now) == ()
    assert booker.events == {}


def test_meetings_that_are_over_are_left_alone(booker, tmp_path):
    booker.book()
    over = max(group.slot.end for group in booker.plan.groups)
    with open_store(tmp_path / "empty.db") as empty:
        assert find(booker, empty, over) == ()
