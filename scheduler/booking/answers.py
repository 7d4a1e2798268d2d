"""What came back: who accepts, who declines, what somebody moved or deleted in Outlook."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from scheduler.booking.keys import fingerprint
from scheduler.calendars.slots import Slot
from scheduler.graph.changes import CalendarChanges, read_changes
from scheduler.graph.client import Graph
from scheduler.graph.events import EventRecord, read_some_events
from scheduler.grouping.plan import Group, Plan
from scheduler.people.person import Person
from scheduler.store.answers import (
    Answer,
    read_answers,
    read_calendar_link,
    save_answers,
)
from scheduler.store.bookings import (
    Booking,
    cancel_booking,
    change_fingerprint,
    read_bookings,
)
from scheduler.store.engine import Store, now
from scheduler.store.hold import hold_round
from scheduler.store.meetings import move_meeting
from scheduler.store.plans import read_plan, replace_plan

MARGIN = dt.timedelta(days=14)
"""How far beyond the round's own days its calendar is read: events are moved by hand."""


HOLD_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAnswers:
    """What a group's members said so far. ``proposals`` are new starts that members asked for.

    ``room`` is the room's answer, None without a room. ``moved_to`` is set when somebody gave
    the event another time in Outlook, ``removed`` when it was deleted or cancelled there.
    """

    group_number: int
    accepted: tuple[str, ...]
    tentative: tuple[str, ...]
    declined: tuple[str, ...]
    silent: tuple[str, ...]
    proposals: tuple[tuple[str, dt.datetime], ...]
    room: str | None
    moved_to: Slot | None
    removed: bool


async def read_round_answers(
    graph: Graph,
    store: Store,
    round_id: str,
    people: Mapping[str, Person],
    *,
    clock: Callable[[], dt.datetime] = now,
) -> tuple[GroupAnswers, ...]:
    """Read what is new in the organisers' calendars and return how each booked group stands.

    Only changes since the last call are read; what was read and how far is kept together.

    Raises:
        GraphError: A calendar cannot be read; the next call goes on.
        RoundHeldError: Another process has been at the round for a minute.
    """
    with hold_round(store, round_id, wait_seconds=HOLD_SECONDS):
        return await _read_held(graph, store, round_id, people, clock())


async def _read_held(
    graph: Graph, store: Store, round_id: str, people: Mapping[str, Person], moment: dt.datetime
) -> tuple[GroupAnswers, ...]:
    plan = read_plan(store, round_id)
    rows = {n: r for n, r in read_bookings(store, round_id).items() if r.state == "booked"}
    by_event = {row.event_id: row for row in rows.values() if row.event_id is not None}
    window = _find_window(plan)
    moved: dict[int, Slot] = {}
    removed: set[int] = set()
    fresh: list[Answer] = []
    links: list[tuple[str, str, str]] = []
    invited = {group.number: _list_invited(group, people) for group in plan.groups}
    for mailbox in sorted({row.organiser for row in rows.values()}):
        link = read_calendar_link(store, round_id, mailbox)
        changes = await read_changes(graph, mailbox, *window, link)
        events, gone = await _confirm_removals(graph, mailbox, changes, by_event)
        removed |= gone
        for event in events:
            row = by_event.get(event.id)
            if row is None:
                continue
            if event.cancelled:
                removed.add(row.group_number)
                continue
            fresh += _read_event_answers(event, row, invited.get(row.group_number, {}), moment)
            slot = _find_move(event, row, plan)
            if slot is not None:
                moved[row.group_number] = slot
        if changes.delta_link is not None:
            links.append((round_id, mailbox, changes.delta_link))
    save_answers(store, fresh, links=links, at=moment)
    _respect_removals(store, round_id, removed, moment)
    _respect_moves(store, plan, moved, moment)
    return tuple(_sum_up(store, plan, rows, moved, removed))


def _find_window(plan: Plan) -> tuple[dt.datetime, dt.datetime]:
    starts = [group.slot.start for group in plan.groups]
    ends = [group.slot.end for group in plan.groups]
    return min(starts) - MARGIN, max(ends) + MARGIN


async def _confirm_removals(
    graph: Graph, mailbox: str, changes: CalendarChanges, by_event: Mapping[str, Booking]
) -> tuple[list[EventRecord], set[int]]:
    """Read again what delta calls removed, and, where everything was listed, what was not."""
    doubtful = [event_id for event_id in changes.removed if event_id in by_event]
    if changes.whole:
        seen = {event.id for event in changes.events} | set(doubtful)
        doubtful += [
            event_id
            for event_id, row in by_event.items()
            if row.organiser == mailbox and event_id not in seen
        ]
    events = list(changes.events)
    gone: set[int] = set()
    for event_id, event in (await read_some_events(graph, mailbox, doubtful)).items():
        if event is None:
            gone.add(by_event[event_id].group_number)
        else:
            events.append(event)
    return events, gone


def _list_invited(group: Group, people: Mapping[str, Person]) -> dict[str, str]:
    """Whom we invited, by address: the members' ids, and the room's address for the room."""
    invited = {people[p].mail.casefold(): p for p in group.member_ids if p in people}
    if group.place.mail is not None:
        room = group.place.mail.casefold()
        invited[room] = room
    return invited


def _read_event_answers(
    event: EventRecord, row: Booking, invited: Mapping[str, str], moment: dt.datetime
) -> Iterable[Answer]:
    for attendee in event.attendees:
        who = invited.get(attendee.mail)
        if who is None:
            continue  # somebody whom a member forwarded it to; not ours to keep
        yield Answer(
            round_id=row.round_id,
            group_number=row.group_number,
            who=who,
            response=attendee.response,
            answered_at=attendee.at,
            proposed_start=attendee.proposed,
            read_at=moment,
        )


def _find_move(event: EventRecord, row: Booking, plan: Plan) -> Slot | None:
    group = next((g for g in plan.groups if g.number == row.group_number), None)
    if group is None or event.start is None or event.end is None:
        return None
    if row.fingerprint != fingerprint(group):
        return None  # the plan has changed and is not carried out yet
    if event.start == group.slot.start and event.end == group.slot.end:
        return None
    return Slot(event.start, int((event.end - event.start).total_seconds()) // 60)


def _respect_removals(
    store: Store, round_id: str, removed: Iterable[int], moment: dt.datetime
) -> None:
    for number in sorted(removed):
        cancel_booking(store, round_id, number, at=moment, state="removed")


def _respect_moves(
    store: Store, plan: Plan, moved: Mapping[int, Slot], moment: dt.datetime
) -> None:
    """The plan follows what somebody did by hand, so that booking does not move it back."""
    if not moved:
        return
    groups = tuple(
        replace(group, slot=moved[group.number]) if group.number in moved else group
        for group in plan.groups
    )
    replace_plan(store, replace(plan, groups=groups), reason="moved in Outlook", at=moment)
    for group in groups:
        if group.number in moved:
            change_fingerprint(store, plan.round_id, group.number, fingerprint(group))
            move_meeting(store, plan.round_id, group.number, group.slot.start)


def _sum_up(
    store: Store,
    plan: Plan,
    rows: Mapping[int, Booking],
    moved: Mapping[int, Slot],
    removed: set[int],
) -> Iterable[GroupAnswers]:
    answers: defaultdict[int, dict[str, Answer]] = defaultdict(dict)
    for answer in read_answers(store, plan.round_id):
        answers[answer.group_number][answer.who] = answer
    for group in plan.groups:
        if group.number not in rows:
            continue
        said = answers[group.number]
        responses = {p: said[p].response if p in said else "none" for p in group.member_ids}
        room = None if group.place.mail is None else said.get(group.place.mail.casefold())
        yield GroupAnswers(
            group_number=group.number,
            accepted=_who(responses, "accepted"),
            tentative=_who(responses, "tentativelyAccepted"),
            declined=_who(responses, "declined"),
            silent=_who(responses, "none", "notResponded"),
            proposals=tuple(
                (p, start)
                for p in group.member_ids
                if p in said and (start := said[p].proposed_start) is not None
            ),
            room=None if group.place.mail is None else room.response if room else "none",
            moved_to=moved.get(group.number),
            removed=group.number in removed,
        )


def _who(responses: Mapping[str, str], *wanted: str) -> tuple[str, ...]:
    return tuple(person_id for person_id, said in responses.items() if said in wanted)
