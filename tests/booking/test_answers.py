from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from scheduler.booking.answers import read_round_answers
from scheduler.graph.events import cancel_event, move_event
from scheduler.store.answers import read_answers
from scheduler.store.meetings import read_meetings
from scheduler.store.plans import read_plan


@pytest.fixture
def booked(booker):
    report = booker.book()
    assert report.complete
    booker.world.control("settle", {})
    return booker


def read(booked):
    found = booked.run(
        lambda graph: read_round_answers(
            graph, booked.store, booked.round_id, booked.world.people, clock=lambda: booked.now
        )
    )
    return {answers.group_number: answers for answers in found}


def invited(booked, number):
    """Who is on a group's event and what they said, read around the Graph client."""
    row = booked.rows[number]
    return {
        attendee["emailAddress"]["address"].casefold(): attendee["status"]["response"]
        for event in booked.world.control(f"mailboxes/{row.organiser}")["events"]
        if event["id"] == row.event_id
        for attendee in event["attendees"]
    }


def responses(booked, number):
    group = next(g for g in booked.plan.groups if g.number == number)
    said = invited(booked, number)
    return {member: said[booked.mail(member)] for member in group.member_ids}


def test_every_member_is_counted_once_as_their_mailbox_says(booked):
    found = read(booked)

    assert sorted(found) == [group.number for group in booked.plan.groups]
    for number, answers in found.items():
        said = responses(booked, number)
        assert set(answers.accepted) == {m for m, r in said.items() if r == "accepted"}
        assert set(answers.declined) == {m for m, r in said.items() if r == "declined"}
        assert set(answers.tentative) == {m for m, r in said.items() if r == "tentativelyAccepted"}
        assert set(answers.silent) == {m for m, r in said.items() if r in {"none", "notResponded"}}


def test_second_reading_reads_only_what_is_new_and_says_the_same(booked):
    first = read(booked)

    assert read(booked) == first


def test_whom_an_invitation_was_forwarded_to_is_not_stored(booker):
    booker.world.control("answers", {"shares": {"forwarded": 1}})
    booker.book()
    booker.world.control("settle", {})

    read(booker)

    members = {g.number: set(g.member_ids) for g in booker.plan.groups}
    colleagues = {person.mail.casefold(): person.id for person in booker.world.people.values()}
    strangers = {
        colleagues[mail] for number in members for mail in invited(booker, number)
        if mail in colleagues and colleagues[mail] not in members[number]
    }  # fmt: skip
    stored = {number: set() for number in members}
    for answer in read_answers(booker.store, booker.round_id):
        stored[answer.group_number].add(answer.who)
    assert strangers
    assert stored == members


def test_event_that_was_moved_by_hand_is_respected(booked):
    read(booked)
    row, group = booked.rows[2], next(g for g in booked.plan.groups if g.number == 2)
    later = replace(group.slot, start=group.slot.start + dt.timedelta(days=1))
    booked.run(
        lambda graph: move_event(
            graph, row.organiser, row.event_id, start=later.start, end=later.end, zone=None
        )
    )

    assert read(booked)[2].moved_to == later

    moved = next(g for g in read_plan(booked.store, booked.round_id).groups if g.number == 2)
    assert moved.slot == later
    assert {m.start for m in read_meetings(booked.store) if m.group_number == 2} == {later.start}
    report = booked.book(again=True)
    assert (report.changed, report.created, report.complete) == (0, 0, True)
    assert read(booked)[2].moved_to is None


def test_event_that_was_moved_far_away_is_read_by_its_id(booked):
    read(booked)
    row, group = booked.rows[2], next(g for g in booked.plan.groups if g.number == 2)
    later = replace(group.slot, start=group.slot.start + dt.timedelta(days=60))
    booked.run(
        lambda graph: move_event(
            graph, row.organiser, row.event_id, start=later.start, end=later.end, zone=None
        )
    )

    answers = read(booked)[2]

    assert (answers.moved_to, answers.removed) == (later, False)


def test_event_that_was_deleted_by_hand_is_noticed(booked):
    read(booked)
    row = booked.rows[2]
    booked.run(lambda graph: cancel_event(graph, row.organiser, row.event_id, "x"))

    assert read(booked)[2].removed is True
    assert booked.rows[2].state == "removed"
    assert 2 not in {m.group_number for m in read_meetings(booked.store)}
    assert 2 not in read(booked)
