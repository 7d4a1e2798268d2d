"""Creating the events of groups that have none, each certainly once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from scheduler.booking.invitation import make_draft
from scheduler.booking.keys import group_key
from scheduler.booking.recheck import find_no_longer_free
from scheduler.booking.run import Run
from scheduler.graph.errors import GraphError
from scheduler.graph.events import EventDraft, EventRecord, create_event, find_events
from scheduler.graph.workers import run_all
from scheduler.grouping.plan import Group, Plan
from scheduler.store.bookings import Booking, Intention

CHUNK = 40
"""Groups whose free/busy is read together: the answer is seconds old when they are booked."""

CREATE_TRIES = 12
DUPLICATE_TRANSACTION = "ErrorDuplicateTransactionId"


async def book_missing(
    run: Run, plan: Plan, items: Sequence[tuple[Group, int]], rows: Mapping[int, Booking]
) -> None:
    """Book groups (with their attempts), in their order, if everybody is still free.

    While some are created, free/busy of the next ones is read, so that no turn is left unused.
    """
    queue: asyncio.Queue[tuple[Group, Intention] | None] = asyncio.Queue(CHUNK)
    workers = run.graph.workers

    async def check() -> None:
        for first in range(0, len(items), CHUNK):
            for group, intention in await _check_chunk(
                run, plan, items[first : first + CHUNK], rows
            ):
                await queue.put((group, intention))
        for _ in range(workers):
            await queue.put(None)

    async def book() -> None:
        while (item := await queue.get()) is not None:
            await _book_one(run, plan, *item)

    async def begin(job: Callable[[], Awaitable[None]]) -> None:
        await job()

    await run_all([check, *[book] * workers], begin, workers=workers + 1)


async def _check_chunk(
    run: Run, plan: Plan, items: Sequence[tuple[Group, int]], rows: Mapping[int, Booking]
) -> list[tuple[Group, Intention]]:
    """Whose members and room are still free, with their intentions written down."""
    groups = [group for group, _ in items]
    busy = await find_no_longer_free(
        run.graph,
        groups,
        run.people,
        tentative_blocks=run.occasion.tentative_blocks,
        members_count=run.occasion.members_count,
        through=run.occasion.organisers,
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
    return [(group, intentions[group.number]) for group, _ in free]


async def _book_one(run: Run, plan: Plan, group: Group, intention: Intention) -> None:
    try:
        event = await _create(run, plan, group, intention)
    except GraphError as error:
        run.note_failure(plan, group, error)
    else:
        run.failures_in_a_row = 0
        run.confirm(plan, group, event)
        run.tally.created += 1
    run.finish(plan, group)


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
