from __future__ import annotations

import datetime as dt

import pytest

from scheduler.store.answers import Answer, read_answers, read_calendar_link, save_answers
from scheduler.store.audit import read_audit, write_audit
from scheduler.store.choices import (
    read_choice_changes,
    read_choices,
    remove_choice,
    save_choice,
)
from scheduler.store.deliveries import begin_delivery, finish_delivery, read_deliveries
from scheduler.store.rounds import save_plan

AT = dt.datetime(2026, 12, 1, 9, 30, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(hours=1)
ROUND = "cross-team-lunch/2026-12-07"


@pytest.fixture
def round_(store, plan):
    save_plan(store, plan, at=AT, by="hr")


def test_delivery_that_was_sent_is_not_sent_again(store, round_):
    assert begin_delivery(store, ROUND, 1, "ann", "card", at=AT) is True
    finish_delivery(store, ROUND, 1, "ann", "card", at=AT, reference="m1")

    assert begin_delivery(store, ROUND, 1, "ann", "card", at=LATER) is False
    assert begin_delivery(store, ROUND, 1, "ann", "reminder", at=LATER) is True


def test_delivery_that_failed_is_tried_again_and_counted(store, round_):
    begin_delivery(store, ROUND, 1, "ann", "card", at=AT)
    finish_delivery(store, ROUND, 1, "ann", "card", at=AT, problem="blocked")
    assert begin_delivery(store, ROUND, 1, "ann", "card", at=LATER) is True

    (delivery,) = read_deliveries(store, ROUND)
    assert (delivery.state, delivery.tries) == ("intended", 2)


def test_deliveries_are_read_by_kind(store, round_):
    for person_id, kind in (("bob", "card"), ("ann", "card"), ("ann", "mail")):
        begin_delivery(store, ROUND, 1, person_id, kind, at=AT)

    found = read_deliveries(store, ROUND, kinds=["card"])
    assert [(d.person_id, d.kind) for d in found] == [("ann", "card"), ("bob", "card")]


def test_choice_replaces_the_one_before_and_leaves_a_trail(store):
    save_choice(store, "ann", "join", True, about="lunch", at=AT, by="ann")
    save_choice(store, "ann", "join", False, about="lunch", at=LATER, by="hr")
    save_choice(store, "ann", "pause", {"until": "2027-01-01"}, at=LATER, by="ann")

    current = [(c.kind, c.about, c.value) for c in read_choices(store, person_ids=["ann"])]
    assert current == [("join", "lunch", False), ("pause", "", {"until": "2027-01-01"})]
    trail = [
        (c.kind, c.value, c.changed_at, c.changed_by) for c in read_choice_changes(store, "ann")
    ]
    assert trail == [
        ("join", True, AT, "ann"),
        ("join", False, LATER, "hr"),
        ("pause", {"until": "2027-01-01"}, LATER, "ann"),
    ]


def test_choice_that_is_taken_back_is_gone_but_for_its_trail(store):
    save_choice(store, "ann", "pause", 1, at=AT, by="ann")

    assert remove_choice(store, "ann", "pause", at=LATER, by="ann") is True
    assert remove_choice(store, "ann", "pause", at=LATER, by="ann") is False
    assert read_choices(store) == ()
    assert [change.value for change in read_choice_changes(store, "ann")] == [1, None]


def test_choices_are_read_by_person_and_kind(store):
    for person_id, kind in (("ann", "join"), ("bob", "join"), ("bob", "pause")):
        save_choice(store, person_id, kind, True, at=AT, by="x")

    def found(**wanted):
        return [(c.person_id, c.kind) for c in read_choices(store, **wanted)]

    assert found(person_ids=["bob"]) == [("bob", "join"), ("bob", "pause")]
    assert found(kinds=["join"]) == [("ann", "join"), ("bob", "join")]


def test_answers_and_the_place_in_the_calendar_are_kept_together(store, round_):
    answer = Answer(
        round_id=ROUND, group_number=1, who="ann", response="none", answered_at=None,
        proposed_start=None, read_at=AT,
    )  # fmt: skip
    save_answers(store, [answer], links=[(ROUND, "o@x", "link-1")], at=AT)
    changed = Answer(
        round_id=ROUND, group_number=1, who="ann", response="declined", answered_at=AT,
        proposed_start=LATER, read_at=LATER,
    )  # fmt: skip
    save_answers(store, [changed], links=[(ROUND, "o@x", "link-2")], at=LATER)

    assert read_answers(store, ROUND) == (changed,)
    assert read_calendar_link(store, ROUND, "o@x") == "link-2"
    assert read_calendar_link(store, ROUND, "p@x") is None


def test_audit_keeps_the_order_of_deeds(store):
    write_audit(store, "approved", at=AT, by="hr", round_id=ROUND, details={"groups": 2})
    write_audit(store, "exported", at=LATER, by="hr")

    assert [(e.what, e.round_id, e.details) for e in read_audit(store)] == [
        ("approved", ROUND, {"groups": 2}),
        ("exported", None, {}),
    ]
    assert [entry.what for entry in read_audit(store, round_id=ROUND)] == ["approved"]


def test_time_without_a_zone_is_refused(store):
    with pytest.raises(Exception, match="has no time zone"):
        write_audit(store, "x", at=AT.replace(tzinfo=None), by="hr")


def test_time_of_any_zone_is_read_as_the_same_instant_in_utc(store):
    berlin = dt.timezone(dt.timedelta(hours=1))
    write_audit(store, "x", at=AT.astimezone(berlin), by="hr")

    (entry,) = read_audit(store)
    assert (entry.at, entry.at.utcoffset()) == (AT, dt.timedelta(0))
