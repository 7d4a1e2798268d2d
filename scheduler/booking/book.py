"""Booking: the organisers' calendars are made to hold what the plan says, each group once.

The same call books a new round, goes on after a kill, heals what differs, and carries out a
repaired plan. It begins and ends by reading the calendars, and it never creates an event whose
intention is not in the store.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

import structlog

from scheduler.booking.calendars import find_mailboxes, list_round_events
from scheduler.booking.create import book_missing
from scheduler.booking.invitation import AgendaParts, Occasion
from scheduler.booking.keys import fingerprint
from scheduler.booking.recheck import NoLongerFree
from scheduler.booking.report import BookingReport
from scheduler.booking.run import Run
from scheduler.booking.settle import settle_group
from scheduler.booking.verify import verify_round
from scheduler.graph.client import Graph
from scheduler.graph.events import EventRecord
from scheduler.grouping.plan import Group, Plan
from scheduler.people.person import Person
from scheduler.store.bookings import Booking, read_bookings
from scheduler.store.engine import Store, now
from scheduler.store.hold import hold_round
from scheduler.store.plans import read_plan, replace_plan
from scheduler.store.rounds import move_round, read_round

log = structlog.get_logger(__name__)

Repair = Callable[[Plan, tuple[NoLongerFree, ...]], Plan | Awaitable[Plan]]
"""Gives a plan in which the groups named can meet, or are no longer there."""

REPAIRS_MOST = 3


async def book_round(
    graph: Graph,
    store: Store,
    round_id: str,
    *,
    people: Mapping[str, Person],
    occasion: Occasion,
    agenda: Callable[[Group], AgendaParts],
    repair: Repair | None = None,
    again: bool = False,
    by: str = "scheduler",
    clock: Callable[[], dt.datetime] = now,
    progress: Callable[[int, int], None] | None = None,
) -> BookingReport:
    """Book the plan that counts for a round, from wherever an earlier run left off.

    Args:
        graph: An open connection.
        store: Holds the round, approved or further.
        round_id: ``programme/date``.
        people: By id; everybody in the plan.
        occasion: Title, category, organiser mailboxes.
        agenda: Makes a group's agenda; called in a worker thread.
        repair: Called when members are no longer free; without it their groups are not booked.
        again: Compare and heal a round that is booked already, instead of leaving it alone.
        by: Who asked, for the records.
        clock: The present.
        progress: Called with groups done and groups in all.

    Raises:
        RoundHeldError: Another process is at it.
        RoundStateError: The round is not approved, or over.
        GraphError: Graph cannot be reached or refuses everything; the next start goes on.
    """
    with hold_round(store, round_id) as hold:
        plan = read_plan(store, round_id)
        booked = read_round(store, round_id).state == "booked"
        if booked and not again and is_carried_out(store, plan):
            return _nothing_to_do(plan, read_bookings(store, round_id))
        move_round(store, round_id, "booking", at=clock(), by=by)
        run = Run(
            graph=graph,
            store=store,
            hold=hold,
            people=people,
            occasion=occasion,
            agenda=agenda,
            clock=clock,
            progress=progress,
        )
        for repairs in range(REPAIRS_MOST + 1):
            await _make_equal(run, plan)
            busy = tuple(run.tally.busy[number] for number in sorted(run.tally.busy))
            if not busy or repair is None or repairs == REPAIRS_MOST:
                break
            mended = repair(plan, busy)
            plan = await mended if inspect.isawaitable(mended) else mended
            replace_plan(store, plan, reason="members were no longer free", at=clock())
        report = await verify_round(run, plan)
        if report.complete:
            move_round(store, round_id, "booked", at=clock(), by=by)
        log.info(
            "booking.finished",
            round=round_id,
            planned=report.planned,
            booked=report.booked,
            removed_by_hand=report.removed_by_hand,
            attached=report.attached,
            created=report.created,
            adopted=report.adopted,
            problems=len(report.problems),
        )
        return report


def is_carried_out(store: Store, plan: Plan) -> bool:
    """Whether, as far as we know, each group of a plan has its event, and no other group has one.

    It is not after a kill between keeping a plan and carrying it out.
    """
    rows = read_bookings(store, plan.round_id)
    stand = {n: row.fingerprint for n, row in rows.items() if row.state in {"booked", "removed"}}
    left = {n for n, row in rows.items() if row.state in {"booked", "intended"}}
    return not left - {group.number for group in plan.groups} and all(
        stand.get(group.number) == fingerprint(group) for group in plan.groups
    )


def _nothing_to_do(plan: Plan, rows: Mapping[int, Booking]) -> BookingReport:
    booked = [row for row in rows.values() if row.state == "booked"]
    return BookingReport(
        round_id=plan.round_id,
        planned=len(plan.groups),
        booked=len(booked),
        unbooked=(),
        attached=sum(row.agenda_attached for row in booked),
        removed_by_hand=sum(row.state == "removed" for row in rows.values()),
        created=0,
        adopted=0,
        changed=0,
        cancelled=0,
        no_longer_free=(),
        without_link=(),
        problems=(),
        nothing_to_do=True,
    )


async def _make_equal(run: Run, plan: Plan) -> None:
    """Adopt, cancel, change and create until the calendars say what the plan says."""
    rows = read_bookings(run.store, plan.round_id)
    mailboxes = find_mailboxes(run.occasion.organisers, rows)
    events = await list_round_events(run.graph, plan.round_id, mailboxes)
    run.begin_pass(Counter(row.organiser for row in rows.values() if row.state == "booked"))
    missing: list[tuple[Group, int]] = []
    for group in plan.groups:
        row = rows.get(group.number)
        found = events.pop(group.number, [])
        unknown = tuple(p for p in group.member_ids if p not in run.people)
        if unknown and (row is None or row.fingerprint != fingerprint(group)):
            run.tally.busy[group.number] = NoLongerFree(group.number, unknown)
            continue
        attempt = await settle_group(run, plan, group, row, found)
        if attempt is None:
            run.finish(plan, group)
        elif group.slot.start <= run.clock():
            run.tally.problems[group.number] = "its time had come before it was booked"
            run.finish(plan, group)
        else:
            missing.append((group, attempt))
    await _cancel_unplanned(run, plan, rows, events)
    missing.sort(key=lambda item: (item[0].slot.start, item[0].number))
    await book_missing(run, plan, missing, rows)


async def _cancel_unplanned(
    run: Run, plan: Plan, rows: Mapping[int, Booking], events: Mapping[int, list[EventRecord]]
) -> None:
    """Take back what the plan that counts does not have (any more)."""
    for number, left in sorted(events.items()):
        await run.cancel_events(number, left, run.occasion.changed_sentence)
        if number in rows:
            run.cancel_row(plan, number)
    planned = {group.number for group in plan.groups}
    for number, row in rows.items():
        if number not in planned and number not in events and row.state != "cancelled":
            run.cancel_row(plan, number)
