from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from scheduler.booking.answers import read_round_answers
from scheduler.booking.cancel import cancel_round
from scheduler.booking.invitation import AgendaParts, Occasion, make_draft
from scheduler.booking.keys import group_key
from scheduler.graph.errors import GraphNotFoundError
from scheduler.graph.events import cancel_event, create_event, list_events
from scheduler.graph.places import read_rooms
from scheduler.graph.schedules import read_free_busy
from scheduler.store.bookings import Intention, intend_bookings, read_bookings
from scheduler.store.engine import open_store
from scheduler.store.errors import RoundStateError
from scheduler.store.meetings import read_meetings
from scheduler.store.plans import read_plan, replace_plan
from scheduler.store.rounds import move_round, save_plan

ORGANISERS = ("networking-1@lindenhof.example", "networking-2@lindenhof.example")


def swap(plan, number, **changes):
    groups = tuple(replace(g, **changes) if g.number == number else g for g in plan.groups)
    return replace(plan, groups=groups)


def test_each_group_gets_one_event_with_its_agenda(booker):
    report = booker.book()

    assert report.complete
    assert (report.planned, report.booked, report.attached, report.created) == (5, 5, 5, 5)
    assert booker.events == booker.everybody_once()
    assert booker.state == "booked"
    assert {m.person_ids for m in read_meetings(booker.store)} == {
        tuple(sorted(g.member_ids)) for g in booker.plan.groups
    }


def test_work_is_spread_over_the_organisers(booker):
    booker.book()

    used = [row.organiser for row in booker.rows.values()]
    assert sorted(used.count(organiser) for organiser in ORGANISERS) == [2, 3]


def test_nobody_is_invited_to_a_time_that_has_come(booker):
    first = min(group.slot.start for group in booker.plan.groups)
    past = [group.number for group in booker.plan.groups if group.slot.start == first]
    booker.now = first

    report = booker.book()

    assert report.unbooked == tuple(past)
    assert {number for number, _ in report.problems} == set(past)
    assert booker.events.keys() == booker.everybody_once().keys() - set(past)
    assert booker.state == "booking"


def test_second_start_does_nothing_and_says_so(booker):
    booker.book()
    before = booker.rows

    report = booker.book(agenda=None)

    assert report.nothing_to_do
    assert report.complete
    assert booker.rows == before


def test_round_that_is_not_approved_is_not_booked(booker):
    move_round(booker.store, booker.round_id, "planned", at=booker.now, by="hr")

    with pytest.raises(RoundStateError, match="is planned, so it cannot become booking"):
        booker.book()

    assert booker.events == {}


def test_only_online_groups_have_a_meeting_link(booker):
    report = booker.book()

    online = {g.number for g in booker.plan.groups if g.place.kind == "online"}
    assert {n for n, row in booker.rows.items() if row.join_url is not None} == online
    assert report.without_link == ()


def test_create_whose_answer_was_lost_is_found_not_repeated(booker):
    booker.world.control(
        "faults",
        {"rules": [{"kinds": {"504-done": 1, "cut-after": 1, "503-saved": 1, "429-done": 1},
                    "match": "POST users/[^/]+/events$"}]},
    )  # fmt: skip
    replays = booker.world.control("report")["replays"]

    report = booker.book()

    assert report.complete
    assert booker.events == booker.everybody_once()
    assert booker.world.control("report")["replays"] == replays


def test_event_without_record_is_adopted(booker, tmp_path):
    booker.book()
    with open_store(tmp_path / "restored.db") as restored:
        save_plan(restored, booker.plan, at=booker.now, by="hr")
        move_round(restored, booker.round_id, "approved", at=booker.now, by="hr")

        report = booker.book(store=restored)

        assert (report.adopted, report.created, report.complete) == (5, 0, True)
        assert {n: r.event_id for n, r in read_bookings(restored, booker.round_id).items()} == {
            n: r.event_id for n, r in booker.rows.items()
        }
    assert booker.events == booker.everybody_once()


def test_intention_without_event_is_booked_with_its_first_transaction(booker):
    booker.book()
    row = booker.rows[2]
    booker.run(lambda graph: cancel_event(graph, row.organiser, row.event_id, "x"))
    intend_bookings(
        booker.store,
        [Intention(round_id=booker.round_id, group_number=3, attempt=1, organiser=ORGANISERS[0],
                   transaction_id=booker.rows[3].transaction_id,
                   fingerprint=booker.rows[3].fingerprint)],
        at=booker.now,
    )  # fmt: skip

    report = booker.book(again=True)

    assert report.adopted == 1
    assert booker.rows[3].state == "booked"
    assert booker.rows[2].state == "removed"


def test_event_that_was_deleted_by_hand_stays_deleted(booker):
    booker.book()
    row = booker.rows[2]
    booker.run(lambda graph: cancel_event(graph, row.organiser, row.event_id, "x"))

    for _ in range(2):
        report = booker.book(again=True)

        assert (report.removed_by_hand, report.booked, report.created) == (1, 4, 0)
        assert report.complete
    assert 2 not in booker.events
    assert 2 not in {m.group_number for m in read_meetings(booker.store)}


def test_twin_is_cancelled_and_the_recorded_event_stays(booker):
    booker.book()
    row = booker.rows[2]

    twin = booker.run(lambda graph: create_event(graph, draft_twin(booker, 2, row.organiser)))
    assert booker.events[2] == 2

    report = booker.book(again=True)

    assert report.cancelled == 1
    assert booker.events == booker.everybody_once()
    found = booker.run(lambda graph: list_events(graph, row.organiser, booker.round_id))
    assert twin.id not in {event.id for event in found}
    assert row.event_id in {event.id for event in found}


def draft_twin(booker, number, organiser):
    group = next(g for g in booker.plan.groups if g.number == number)
    return make_draft(
        group, booker.world.people, Occasion(title="x", category="x", organisers=ORGANISERS),
        AgendaParts("<p>x</p>", b"x", "x.pdf"), round_id=booker.round_id,
        group_key=group_key(booker.round_id, number, 9), transaction_id="another",
        organiser=organiser,
    )  # fmt: skip


def test_changed_group_keeps_its_event_and_tells_its_members(booker):
    booker.book()
    before = booker.rows
    spare = next(p for p in booker.world.people if p not in {
        m for g in booker.plan.groups for m in g.member_ids})  # fmt: skip
    group = booker.plan.groups[0]
    changed = swap(
        booker.plan,
        group.number,
        member_ids=(*group.member_ids[:3], spare),
        slot=replace(group.slot, start=group.slot.start + dt.timedelta(minutes=30)),
    )
    replace_plan(booker.store, changed, reason="repair", at=booker.now)

    report = booker.book(
        agenda=lambda g: AgendaParts(f"<p>Changed {g.number}</p>", b"%PDF new", "agenda.pdf")
    )

    assert (report.changed, report.created, report.complete) == (1, 0, True)
    number = group.number
    assert booker.rows[number].event_id == before[number].event_id
    ((invited, start, attachments),) = booker.world.events(booker.round_id)[number]
    assert booker.mail(spare) in invited
    assert booker.mail(group.member_ids[3]) not in invited
    assert (start, attachments) == (f"{changed.groups[0].slot.start:%Y-%m-%dT%H:%M}", 1)
    mailbox = booker.world.control(f"mailboxes/{booker.mail(spare)}")
    assert any(f"Changed {number}" in e["body"]["content"] for e in mailbox["events"])
    met = {m.group_number: m.person_ids for m in read_meetings(booker.store)}
    assert spare in met[number]


def test_group_that_the_plan_no_longer_has_is_cancelled(booker):
    booker.book()
    smaller = replace(booker.plan, groups=booker.plan.groups[1:])
    replace_plan(booker.store, smaller, reason="repair", at=booker.now)

    report = booker.book(again=True)

    gone = booker.plan.groups[0].number
    assert (report.cancelled, report.complete) == (1, True)
    assert gone not in booker.events
    assert booker.rows[gone].state == "cancelled"


def test_group_with_a_member_who_is_no_longer_free_is_not_booked(booker, world):
    (number,) = world.spare
    plan = replace(world.plan, round_id=booker.round_id)
    replace_plan(booker.store, plan, reason="test", at=booker.now)

    report = booker.book()

    assert report.no_longer_free == (number,)
    assert not report.complete
    assert "1 have a member who is no longer free" in report.describe_difference()
    assert number not in booker.events
    assert booker.state == "booking"


def test_group_with_a_member_who_is_no_longer_free_is_repaired(booker, world):
    replace_plan(
        booker.store, replace(world.plan, round_id=booker.round_id), reason="test", at=booker.now
    )
    told = []

    def repair(plan, busy):
        told.extend(busy)
        return world.repair(plan, busy)

    report = booker.book(repair=repair)

    ((number, (taken, free)),) = world.spare.items()
    assert [(entry.group_number, entry.person_ids) for entry in told] == [(number, (taken,))]
    assert report.complete
    assert booker.events == dict.fromkeys((g.number for g in world.plan.groups), 1)
    members = {g.number: g.member_ids for g in read_plan(booker.store, booker.round_id).groups}
    assert free in members[number]
    assert taken not in members[number]


def test_member_who_has_left_is_no_longer_free(booker):
    gone = booker.plan.groups[0].member_ids[0]
    people = {p: person for p, person in booker.world.people.items() if p != gone}

    report = booker.book(people=people)

    assert report.no_longer_free == (booker.plan.groups[0].number,)


def test_agenda_that_is_too_large_to_go_along_is_attached_afterwards(booker):
    plan = replace(booker.plan, groups=booker.plan.groups[:1])
    replace_plan(booker.store, plan, reason="test", at=booker.now)

    report = booker.book(
        agenda=lambda _: AgendaParts("<body><p>x</p></body>", bytes(3_500_000), "agenda.pdf")
    )

    assert (report.attached, report.complete) == (1, True)
    ((_, _, attachments),) = booker.world.events(booker.round_id)[plan.groups[0].number]
    assert attachments == 1
    member = booker.mail(plan.groups[0].member_ids[0])
    events = booker.world.control(f"mailboxes/{member}")["events"]
    delivered = [e for e in events if "The agenda is attached." in e["body"]["content"]]
    assert [len(event["attachments"]) for event in delivered] == [1]


def test_one_group_that_cannot_be_booked_does_not_stop_the_others(booker):
    unlucky = booker.plan.groups[2]
    people = dict(booker.world.people)
    first = unlucky.member_ids[0]
    people[first] = replace(people[first], mail="", guest=True)

    report = booker.book(people=people)

    assert [number for number, _ in report.problems] == [unlucky.number]
    assert (report.booked, report.complete, booker.state) == (4, False, "booking")
    assert booker.rows[unlucky.number].problem is not None


def test_organiser_that_does_not_exist_is_an_error_by_itself(booker):
    occasion = Occasion(title="x", category="x", organisers=("nobody@elsewhere.example",))

    with pytest.raises(GraphNotFoundError):
        booker.book(occasion=occasion)

    assert booker.rows == {}


def test_progress_counts_up_to_all_groups(booker):
    seen = []

    booker.book(progress=lambda done, total: seen.append((done, total)))

    assert seen == [(n, 5) for n in range(1, 6)]


def test_cancelled_round_leaves_nothing_and_its_message_arrives(booker):
    booker.book()

    async def cancel(graph):
        return await cancel_round(
            graph, booker.store, booker.round_id, "The kitchen is closed.",
            organisers=ORGANISERS, clock=lambda: booker.now,
        )  # fmt: skip

    report = booker.run(cancel)
    again = booker.run(cancel)

    assert (report.cancelled, report.left, again.cancelled) == (5, (), 0)
    assert booker.events == {}
    assert booker.state == "cancelled"
    assert read_meetings(booker.store) == ()
    assert {row.state for row in booker.rows.values()} == {"cancelled"}


def test_meeting_that_is_over_is_not_cancelled(booker):
    booker.book()
    first = min(booker.plan.groups, key=lambda g: g.slot.end)
    over = [g.number for g in booker.plan.groups if g.slot.end <= first.slot.end]
    booker.now = first.slot.end

    report = booker.run(
        lambda graph: cancel_round(
            graph, booker.store, booker.round_id, "Sorry", organisers=ORGANISERS,
            clock=lambda: booker.now,
        )
    )  # fmt: skip

    assert (report.kept, report.cancelled) == (len(over), 5 - len(over))
    assert sorted(booker.events) == over
    assert {m.group_number for m in read_meetings(booker.store)} == set(over)


def test_rights_to_the_organisers_mailboxes_alone_are_enough(booker):
    booker.world.control("permissions", {"mailboxes": list(ORGANISERS)})
    try:
        report = booker.book()
    finally:
        booker.world.control("permissions", {"mailboxes": []})

    assert report.complete


def test_token_that_expires_is_renewed_under_way(booker):
    async def run(graph):
        await list_events(graph, ORGANISERS[0], booker.round_id)
        booker.world.control("expire", {})
        await list_events(graph, ORGANISERS[0], booker.round_id)
        return graph.figures.renewals

    assert booker.run(run) == 1


def test_room_declines_and_is_heard(booker):
    group = booker.plan.groups[0]

    async def find_free_room(graph):
        rooms = {room.mail: room for room in (await read_rooms(graph)).places}
        found = await read_free_busy(graph, list(rooms), group.slot.start, group.slot.end)
        return next(room for mail, room in rooms.items() if len(found[mail].start) == 0)

    room = booker.run(find_free_room)
    plan = replace(booker.plan, groups=(replace(group, place=room),))
    replace_plan(booker.store, plan, reason="test", at=booker.now)
    booker.world.control("answers", {"declining_rooms": [room.mail]})
    try:
        report = booker.book()
        booker.world.control("settle", {})
        (answers,) = booker.run(
            lambda graph: read_round_answers(
                graph, booker.store, booker.round_id, booker.world.people, clock=lambda: booker.now
            )
        )
    finally:
        booker.world.control("answers", {"declining_rooms": []})

    assert report.complete
    assert answers.room == "declined"
