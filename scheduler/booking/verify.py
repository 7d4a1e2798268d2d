"""The count at the end: the calendars are read back, and what they say is what is reported."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from scheduler.booking.calendars import find_mailboxes, list_round_events
from scheduler.booking.invitation import agenda_file
from scheduler.booking.report import BookingReport
from scheduler.booking.run import Run
from scheduler.graph.attachments import add_attachment
from scheduler.graph.bodies import announce_attachment
from scheduler.graph.errors import GraphRefusedError
from scheduler.graph.events import EventRecord, read_one_event
from scheduler.graph.workers import run_all
from scheduler.grouping.plan import Group, Plan
from scheduler.store.bookings import note_agenda_attached, read_bookings


async def verify_round(run: Run, plan: Plan) -> BookingReport:
    """Read the calendars back, add agendas that did not stay, and count."""
    rows = read_bookings(run.store, plan.round_id)
    mailboxes = find_mailboxes(run.occasion.organisers, rows)
    events = await list_round_events(run.graph, plan.round_id, mailboxes)
    groups = {group.number: group for group in plan.groups}
    booked: dict[int, EventRecord] = {}
    for number, group in groups.items():
        row = rows.get(number)
        if row is None or row.state != "booked":
            continue
        listed = events.get(number, [])
        mine = next((e for e in listed if e.id == row.event_id), None)
        others = [e for e in listed if e is not mine]
        await run.cancel_events(group.number, others, run.occasion.twice_sentence)
        if mine is None and row.event_id is not None:
            mine = await read_one_event(run.graph, row.organiser, row.event_id)
        if mine is not None and not mine.cancelled:
            booked[number] = mine
        else:
            run.tally.problems.setdefault(number, "its event is not in the calendar")
    attached = await _attach_missing(run, plan, groups, booked)
    return BookingReport(
        round_id=plan.round_id,
        planned=len(plan.groups),
        booked=len(booked),
        unbooked=tuple(
            n
            for n in sorted(groups.keys() - booked.keys())
            if n not in rows or rows[n].state != "removed"
        ),
        attached=attached,
        removed_by_hand=sum(
            1 for n in groups if (row := rows.get(n)) is not None and row.state == "removed"
        ),
        created=run.tally.created,
        adopted=run.tally.adopted,
        changed=run.tally.changed,
        cancelled=run.tally.cancelled,
        no_longer_free=tuple(sorted(run.tally.busy)),
        without_link=tuple(
            number
            for number, event in booked.items()
            if groups[number].place.kind == "online" and event.join_url is None
        ),
        problems=tuple(sorted(run.tally.problems.items())),
    )


async def _attach_missing(
    run: Run, plan: Plan, groups: Mapping[int, Group], booked: Mapping[int, EventRecord]
) -> int:
    attached = {number for number, event in booked.items() if event.has_attachments}

    async def attach(number: int) -> None:
        event = booked[number]
        parts = await asyncio.to_thread(run.agenda, groups[number])
        try:
            await add_attachment(run.graph, event.mailbox, event.id, agenda_file(parts))
            await announce_attachment(
                run.graph, event.mailbox, event.id, run.occasion.agenda_sentence
            )
        except GraphRefusedError as error:
            run.tally.problems.setdefault(number, f"its agenda is not attached: {error}")
            return
        note_agenda_attached(run.store, plan.round_id, number)
        attached.add(number)

    missing = [number for number in booked if number not in attached]
    await run_all(missing, attach, workers=run.graph.workers)
    return len(attached)
