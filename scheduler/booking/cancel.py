"""Undo: all events of a round are cancelled with a message, and history is as if it never was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence

from scheduler.booking.calendars import find_mailboxes, list_round_events
from scheduler.booking.report import CancelReport
from scheduler.graph.client import Graph
from scheduler.graph.errors import GraphRefusedError
from scheduler.graph.events import EventRecord, cancel_event
from scheduler.graph.workers import run_all
from scheduler.store.bookings import cancel_booking, note_problem, read_bookings
from scheduler.store.engine import Store, now
from scheduler.store.hold import hold_round
from scheduler.store.rounds import begin_cancelling, move_round, read_round


async def cancel_round(
    graph: Graph,
    store: Store,
    round_id: str,
    message: str,
    *,
    organisers: Collection[str],
    by: str = "scheduler",
    clock: Callable[[], dt.datetime] = now,
    progress: Callable[[int, int], None] | None = None,
) -> CancelReport:
    """Cancel every event of a round; the next start goes on where a kill left off.

    Meetings that are over keep their event and stay in history: they took place.

    Args:
        graph: An open connection.
        store: Holds the round, in any state; where it is cancelled already, nothing happens.
        round_id: ``programme/date``.
        message: What members are told. That of the first call stays, so that all hear the same.
        organisers: The mailboxes that invite now; those of earlier runs are known.
        by: Who asked, for the records.
        clock: The present.
        progress: Called with events done and events in all.

    Raises:
        RoundHeldError: Another process is at it.
        GraphError: Graph cannot be reached; the next call goes on.
    """
    with hold_round(store, round_id):
        if read_round(store, round_id).state == "cancelled":
            return CancelReport(round_id=round_id, cancelled=0, gone=0, kept=0, left=())
        cancelling = begin_cancelling(store, round_id, message, at=clock(), by=by)
        told = cancelling.cancel_message or message
        rows = read_bookings(store, round_id)
        mailboxes = find_mailboxes(organisers, rows)
        events = await list_round_events(graph, round_id, mailboxes)
        ahead, kept = _split(events, clock())
        left: dict[int, str] = {}
        cancelled = 0

        async def cancel(item: tuple[int, EventRecord]) -> None:
            nonlocal cancelled
            number, event = item
            try:
                await cancel_event(graph, event.mailbox, event.id, told)
            except GraphRefusedError as error:
                left[number] = str(error)
                note_problem(store, round_id, number, str(error))
                return
            cancelled += 1
            if number in rows and number not in kept:
                cancel_booking(store, round_id, number, at=clock())
            if progress is not None:
                progress(cancelled, len(ahead))

        await run_all(ahead, cancel, workers=graph.workers)
        gone = [
            number
            for number, row in rows.items()
            if number not in events and row.state in {"intended", "booked"}
        ]
        for number in gone:
            cancel_booking(store, round_id, number, at=clock())
        if not left:
            move_round(store, round_id, "cancelled", at=clock(), by=by)
        return CancelReport(
            round_id=round_id,
            cancelled=cancelled,
            gone=len(gone),
            kept=len(kept),
            left=tuple(sorted(left.items())),
        )


def _split(
    events: Mapping[int, Sequence[EventRecord]], moment: dt.datetime
) -> tuple[list[tuple[int, EventRecord]], set[int]]:
    """Events with their group that are still to come, and groups that have met."""
    ahead: list[tuple[int, EventRecord]] = []
    kept: set[int] = set()
    for number, found in events.items():
        for event in found:
            if event.end is not None and event.end <= moment:
                kept.add(number)
            else:
                ahead.append((number, event))
    return ahead, kept
