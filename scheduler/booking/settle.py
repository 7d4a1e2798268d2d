"""Bringing a group's record and its events together: adopt, change, take back, or book."""

from __future__ import annotations

import asyncio

from scheduler.booking.calendars import is_event_of
from scheduler.booking.invitation import agenda_file, list_invitees, name_place
from scheduler.booking.keys import fingerprint, group_key, split_group_key
from scheduler.booking.run import Run
from scheduler.graph.attachments import replace_attachment
from scheduler.graph.bodies import rewrite_body
from scheduler.graph.errors import GraphRefusedError
from scheduler.graph.events import (
    EventRecord,
    Invitee,
    change_attendees,
    move_event,
    read_one_event,
)
from scheduler.grouping.plan import Group, Plan
from scheduler.store.bookings import Booking, change_fingerprint
from scheduler.store.meetings import read_members


async def settle_group(
    run: Run, plan: Plan, group: Group, row: Booking | None, events: list[EventRecord]
) -> int | None:
    """Bring one group's records and events together.

    Returns None when nothing is left to book, else the attempt to book it with.
    """
    if row is not None and row.state in {"booked", "removed"}:
        return await _settle_booked(run, plan, group, row, events)
    fitting = next((e for e in events if _is_ours(run, e, group, row)), None)
    await run.cancel_events(
        group.number,
        [e for e in events if e is not fitting],
        run.occasion.changed_sentence if fitting is None else run.occasion.twice_sentence,
    )
    if fitting is not None:
        _adopt(run, plan, group, fitting)
        return None
    used = [key[2] for e in events if (key := split_group_key(e.group_key)) is not None]
    if row is not None:
        same = row.state == "intended" and row.fingerprint == fingerprint(group)
        if same and not used:
            return row.attempt
        used.append(row.attempt)
    return max(used, default=0) + 1


async def _settle_booked(
    run: Run, plan: Plan, group: Group, row: Booking, events: list[EventRecord]
) -> int | None:
    same = row.fingerprint == fingerprint(group)
    mine = next((e for e in events if e.id == row.event_id), None)
    others = [e for e in events if e is not mine]
    await run.cancel_events(group.number, others, run.occasion.twice_sentence)
    if mine is not None and not same:
        await _change(run, plan, group, mine)
    elif mine is None and same:
        # It was there, so somebody deleted it in Outlook. That is respected, until a
        # changed plan makes it a new invitation.
        run.cancel_row(plan, group.number, "removed")
    return row.attempt + 1 if mine is None and not same else None


def _is_ours(run: Run, event: EventRecord, group: Group, row: Booking | None) -> bool:
    """Whether an event without a confirmed record is the one that the group should have."""
    if row is not None and row.fingerprint == fingerprint(group):
        key = group_key(row.round_id, row.group_number, row.attempt)
        if event.group_key == key:
            return True
    return is_event_of(event, group, run.people)


def _adopt(run: Run, plan: Plan, group: Group, event: EventRecord) -> None:
    key = split_group_key(event.group_key)
    attempt = 1 if key is None else key[2]
    run.intend(plan, [(group, attempt)], {group.number: event.mailbox})
    run.confirm(plan, group, event)
    run.tally.adopted += 1


async def _change(run: Run, plan: Plan, group: Group, event: EventRecord) -> None:
    """Carry a changed group into its event, where only its members hear of it.

    Attendees are set alone and first: so nobody but who is new or no longer asked gets that
    message. The body goes last, because it is what brings the new agenda to everybody.
    """
    invitees = list_invitees(group, run.people)
    present = {a.mail for a in event.attendees} - {event.mailbox.casefold()}
    invitees += _list_guests(run, plan, group, event, invitees)
    wanted = {invitee.mail.casefold() for invitee in invitees}
    try:
        if event.start != group.slot.start or event.end != group.slot.end:
            await move_event(
                run.graph,
                event.mailbox,
                event.id,
                start=group.slot.start,
                end=group.slot.end,
                zone=group.zone,
                location=name_place(group.place),
                location_mail=group.place.mail,
            )
        if wanted != present:
            event = await change_attendees(run.graph, event.mailbox, event.id, invitees)
        agenda = await asyncio.to_thread(run.agenda, group)
        await replace_attachment(run.graph, event.mailbox, event.id, agenda_file(agenda))
        await rewrite_body(run.graph, event.mailbox, event.id, agenda.html)
        event = await read_one_event(run.graph, event.mailbox, event.id) or event
    except GraphRefusedError as error:
        run.note_failure(plan, group, error)
        return
    run.confirm(plan, group, event)
    change_fingerprint(run.store, plan.round_id, group.number, fingerprint(group))
    run.tally.changed += 1


def _list_guests(
    run: Run, plan: Plan, group: Group, event: EventRecord, invitees: tuple[Invitee, ...]
) -> tuple[Invitee, ...]:
    """Whom members forwarded the invitation to: still welcome when the group changes."""
    before = read_members(run.store, plan.round_id, group.number)
    known = {
        run.people[person_id].mail.casefold() for person_id in before if person_id in run.people
    }
    known |= {invitee.mail.casefold() for invitee in invitees} | {event.mailbox.casefold()}
    return tuple(
        Invitee(attendee.mail, attendee.mail, "optional")
        for attendee in event.attendees
        if attendee.kind != "resource" and attendee.mail not in known
    )
