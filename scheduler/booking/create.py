"""Creating the events of groups that have none, each certainly once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from scheduler.booking.invitation import make_draft
from scheduler.booking.keys import group_key
from scheduler.booking.recheck import find_no_longer_free
from scheduler.booking.run import Run
from scheduler.graph.errors import GraphError
from scheduler.graph.events import EventDraft, EventRecord, create_event, find_events
from scheduler.graph.workers import run_all
from scheduler.grouping.plan import Group, Plan
from scheduler.store.bookings import Booking, Intention

CREATE_TRIES = 12
DUPLICATE_TRANSACTION = "ErrorDuplicateTransactionId"


async def book_chunk(
    run: Run,
    plan: Plan,
    items: Sequence[tuple[Group, int]],
    rows: Mapping[int, Booking],
) -> None:
    """Book groups (with their attempts) whose members and room are still free."""
    groups = [group for group, _ in items]
    busy = await find_no_longer_free(
        run.graph, groups, run.people, tentative_blocks=run.occasion.tentative_blocks
    )
    run.tally.busy |= {entry.group_number: entry for entry in busy}
    free = [item for item in items if item[0].number not in run.tally.busy]
    # What an earlier run intended keeps its mailbox: a create that is still under way there
    # is then the same event.
    mailboxes = {
        group.number: row.organiser
        for group, attempt in free
        if (row := rows.get(group.number)) is not None
        and row.state == "intended"
        and row.attempt == attempt
    }
    intentions = run.intend(plan, free, mailboxes)

    async def book(item: tuple[Group, int]) -> None:
        group = item[0]
        try:
            event = await _create(run, plan, group, intentions[group.number])
        except GraphError as error:
            run.note_failure(plan, group, error)
        else:
            run.failures_in_a_row = 0
            run.confirm(plan, group, event)
            run.tally.created += 1
        run.finish(plan, group)

    await run_all(free, book, workers=run.graph.workers)


async def _create(run: Run, plan: Plan, group: Group, intention: Intention) -> EventRecord:
    """Create an event; where the outcome is open, look before trying again."""
    parts = await asyncio.to_thread(run.agenda, group)
    key = group_key(plan.round_id, group.number, intention.attempt)
    draft = make_draft(
        group,
        run.people,
        run.occasion,
        parts,
        round_id=plan.round_id,
        group_key=key,
        transaction_id=intention.transaction_id,
        organiser=intention.organiser,
    )
    for tries in range(1, CREATE_TRIES + 1):
        run.hold.check()
        try:
            return await create_event(run.graph, draft)
        except GraphError as error:
            found = await _look(run, error, draft)
            if found is not None:
                return found
            if not error.worth_repeating or tries == CREATE_TRIES:
                raise
            await asyncio.sleep(run.graph.choose_wait(error, tries))
    raise AssertionError  # the last try returns or raises


async def _look(run: Run, error: GraphError, draft: EventDraft) -> EventRecord | None:
    if not error.maybe_done and error.code != DUPLICATE_TRANSACTION:
        return None
    found = await find_events(run.graph, draft.mailbox, draft.group_key)
    return found[0] if found else None
