"""What people say is kept once, and told apart from what they had said before."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from sqlalchemy import insert

from scheduler.store.choices import change_choice, read_choice_changes, read_choices
from scheduler.store.feedback import Feedback, read_feedback, save_feedback
from scheduler.store.meetings import read_meetings
from scheduler.store.notices import (
    Unreachable,
    begin_notice,
    find_channel,
    finish_notice,
    learn_channel,
    note_reachable,
    note_unreachable,
    read_noticed,
    read_unreachable,
)
from scheduler.store.posts import Post, find_post, make_post_id, read_posts, save_post
from scheduler.store.rounds import save_plan
from scheduler.store.schema import meetings
from scheduler.store.sealing import VARIABLE, new_key
from scheduler.store.seats import read_seat, read_seats, save_seat
from tests.store.conftest import AT, ROUND

LATER = AT + dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv(VARIABLE, new_key())


def test_seat_is_kept_when_it_changes(store, plan):
    save_plan(store, plan, at=AT, by="hr")

    assert save_seat(store, ROUND, 1, "ann", coming=True, at=AT)
    assert not save_seat(store, ROUND, 1, "ann", coming=True, at=LATER)
    assert save_seat(store, ROUND, 1, "ann", coming=False, at=LATER)
    seat = read_seat(store, ROUND, 1, "ann")
    assert (seat.coming, seat.said_at) == (False, LATER)
    assert list(read_seats(store, ROUND)) == [(1, "ann")]
    assert read_seat(store, ROUND, 1, "bob") is None


def test_choice_is_kept_when_it_changes_and_rivals_undo_it(store):
    def decide(kind, at):
        return change_choice(
            store, "ann", kind, "lunch", about="lunch",
            rivals=["leave" if kind == "join" else "join"], at=at, by="ann",
        )  # fmt: skip

    times = [AT + dt.timedelta(minutes=n) for n in range(4)]
    done = [decide(k, t) for k, t in zip(("join", "join", "leave", "join"), times, strict=True)]

    assert done == [True, False, True, True]
    assert [c.kind for c in read_choice_changes(store, "ann")] == ["join", "leave", "join"]


def test_same_press_from_many_sides_is_kept_once(store):
    done = []

    def press():
        done.append(
            change_choice(
                store, "ann", "join", "lunch", about="lunch", rivals=["leave"], at=AT, by="ann"
            )
        )

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == [False] * 7 + [True]
    assert len(read_choice_changes(store, "ann")) == 1


def test_choices_of_some_people_are_read_alone(store):
    for person in ("ann", "bob", "cy"):
        change_choice(store, person, "interests", ["chess"], at=AT, by=person)

    assert [c.person_id for c in read_choices(store, person_ids=["cy", "ann"])] == ["ann", "cy"]


def test_feedback_counts_once_and_says_whether_people_met(store, plan):
    save_plan(store, plan, at=AT, by="hr")
    with store.write() as connection:
        for person in ("ann", "bob"):
            connection.execute(
                insert(meetings).values(
                    round_id=ROUND, group_number=1, person_id=person, programme="x",
                    starts_at=AT, met="expected",
                )
            )  # fmt: skip
    given = Feedback(
        round_id=ROUND, group_number=1, person_id="ann", met="no", again=None, said_at=LATER
    )

    assert save_feedback(store, given)
    assert not save_feedback(store, given, note="again")
    assert read_feedback(store, ROUND) == (given,)
    assert read_feedback(store) == (given,)
    assert [meeting.person_ids for meeting in read_meetings(store)] == [("bob",)]


def test_post_is_kept_once(store):
    post = Post(
        id=make_post_id("lunch", "ask", "ann", "Who knows Rust?"), programme="lunch", kind="ask",
        parent=None, person_id="ann", text="Who knows Rust?", said_at=AT,
    )  # fmt: skip
    reply = Post(
        id=make_post_id("x"), programme="lunch", kind="reply", parent=post.id, person_id="bob",
        text="I do", said_at=LATER,
    )  # fmt: skip

    assert [save_post(store, one) for one in (post, post, reply)] == [True, False, True]
    assert find_post(store, post.id) == post
    assert read_posts(store, "lunch") == (post, reply)
    assert read_posts(store, "lunch", parent=post.id) == (reply,)
    assert read_posts(store, "lunch", kind="ask") == (post,)
    assert read_posts(store, "coffee") == ()


def test_notice_is_sent_once_and_again_after_a_while(store):
    def begin(at, again_before=None):
        return begin_notice(store, "lunch", "ann", "invitation", at=at, again_before=again_before)

    assert begin(AT)
    assert begin(AT)  # cut off before it was sent
    finish_notice(store, "lunch", "ann", "invitation", at=AT, problem="gone")
    assert begin(AT)  # failed
    finish_notice(store, "lunch", "ann", "invitation", at=AT, reference="a b")
    assert not begin(LATER)
    assert not begin(LATER, again_before=AT)
    assert begin(LATER, again_before=LATER)
    finish_notice(store, "lunch", "ann", "invitation", at=LATER, reference="a c")
    assert read_noticed(store, "lunch", "invitation") == {"ann": LATER}
    assert read_noticed(store, "coffee", "invitation") == {}


def test_unreachable_person_is_listed_until_something_is_heard(store):
    note_unreachable(store, "ann", "blocked", at=AT)

    assert read_unreachable(store) == {"ann": Unreachable("ann", "blocked", AT)}
    assert note_reachable(store, "ann")
    assert not note_reachable(store, "ann")
    assert read_unreachable(store) == {}


def test_channel_is_found_by_its_name_in_any_spelling(store):
    learn_channel(store, "People/Networking", "19:a@thread.tacv2", at=AT)
    learn_channel(store, "People/Networking", "19:b@thread.tacv2", at=LATER)

    assert find_channel(store, "people/networking") == "19:b@thread.tacv2"
    assert find_channel(store, "People/Other") is None
