from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from scheduler.store.bookings import (
    Intention,
    cancel_booking,
    change_fingerprint,
    confirm_booking,
    intend_bookings,
    note_agenda_attached,
    note_problem,
    read_bookings,
)
from scheduler.store.meetings import (
    read_last_meetings,
    read_meetings,
    record_met,
)
from scheduler.store.rounds import save_plan

AT = dt.datetime(2026, 12, 1, 9, 30, tzinfo=dt.UTC)
ROUND = "cross-team-lunch/2026-12-07"


def intention(number=1, attempt=1, **changes):
    return Intention(
        **{
            "round_id": ROUND,
            "group_number": number,
            "attempt": attempt,
            "transaction_id": f"t-{number}-{attempt}",
            "fingerprint": "f",
            "organiser": "lunch@contoso.example",
            **changes,
        }
    )


def confirm(store, group, event_id="e1"):
    confirm_booking(
        store, ROUND, group, event_id=event_id, ical_uid="u", join_url=None, web_link="w",
        agenda_attached=True, at=AT,
    )  # fmt: skip


@pytest.fixture
def round_(store, plan):
    save_plan(store, plan, at=AT, by="hr")
    return plan


def test_intention_is_there_before_anything_else(store, round_):
    intend_bookings(store, [intention(1), intention(2)], at=AT)

    rows = read_bookings(store, ROUND)
    assert list(rows) == [1, 2]
    assert (rows[1].state, rows[1].event_id, rows[1].intended_at) == ("intended", None, AT)


def test_confirmed_booking_makes_history(store, round_):
    intend_bookings(store, [intention(1)], at=AT)
    confirm(store, round_.groups[0])

    row = read_bookings(store, ROUND)[1]
    assert (row.state, row.event_id, row.agenda_attached) == ("booked", "e1", True)
    (meeting,) = read_meetings(store)
    assert (meeting.programme, meeting.start, meeting.person_ids) == (
        "cross-team-lunch",
        round_.groups[0].slot.start,
        ("ann", "bob", "cy"),
    )


def test_confirming_with_other_people_replaces_history(store, round_):
    intend_bookings(store, [intention(1)], at=AT)
    confirm(store, round_.groups[0])
    confirm(store, replace(round_.groups[0], member_ids=("ann", "gil")))

    assert [meeting.person_ids for meeting in read_meetings(store)] == [("ann", "gil")]


def test_cancelled_booking_leaves_no_history(store, round_):
    intend_bookings(store, [intention(1)], at=AT)
    confirm(store, round_.groups[0])
    cancel_booking(store, ROUND, 1, at=AT)

    assert read_bookings(store, ROUND)[1].state == "cancelled"
    assert read_meetings(store) == ()


def test_group_has_one_row_whatever_happens(store, round_):
    intend_bookings(store, [intention(1)], at=AT)
    confirm(store, round_.groups[0])
    intend_bookings(store, [intention(1, attempt=2)], at=AT)

    (row,) = read_bookings(store, ROUND).values()
    assert (row.attempt, row.state, row.event_id) == (2, "intended", None)


def test_two_groups_never_share_a_transaction(store, round_):
    with pytest.raises(IntegrityError):
        intend_bookings(store, [intention(1), intention(2, transaction_id="t-1-1")], at=AT)

    assert read_bookings(store, ROUND) == {}


def test_notes_change_what_they_name_alone(store, round_):
    intend_bookings(store, [intention(1), intention(2)], at=AT)
    note_problem(store, ROUND, 1, "x" * 600)
    note_agenda_attached(store, ROUND, 1)
    change_fingerprint(store, ROUND, 1, "g")

    first, second = read_bookings(store, ROUND).values()
    assert (first.problem, first.agenda_attached, first.fingerprint) == ("x" * 500, True, "g")
    assert (second.problem, second.agenda_attached, second.fingerprint) == (None, False, "f")


def test_bookings_are_read_by_state(store, round_):
    intend_bookings(store, [intention(1), intention(2)], at=AT)
    confirm(store, round_.groups[0])

    assert list(read_bookings(store, ROUND, states={"intended"})) == [2]


def test_who_did_not_meet_has_no_history(store, round_):
    intend_bookings(store, [intention(1), intention(2)], at=AT)
    for group in round_.groups:
        confirm(store, group, f"e{group.number}")
    record_met(store, ROUND, 1, ["bob"], "no")
    record_met(store, ROUND, 2, ["dan", "eve"], "yes")

    assert [meeting.person_ids for meeting in read_meetings(store)] == [
        ("ann", "cy"),
        ("dan", "eve"),
    ]
    assert set(read_last_meetings(store)) == {"ann", "cy", "dan", "eve"}


def test_history_is_read_by_time_and_programme(store, round_):
    intend_bookings(store, [intention(1), intention(2)], at=AT)
    for group in round_.groups:
        confirm(store, group, f"e{group.number}")
    noon = round_.groups[1].slot.start

    def numbers(**wanted):
        return [meeting.group_number for meeting in read_meetings(store, **wanted)]

    assert numbers() == [1, 2]
    assert numbers(since=noon) == [2]
    assert numbers(until=noon) == [1]
    assert numbers(programme="coffee") == []
    assert numbers(without_round=ROUND) == []
    assert read_last_meetings(store)["eve"] == noon
