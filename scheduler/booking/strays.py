"""Events that carry our mark and belong to no round that the store knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from scheduler.booking.keys import split_group_key
from scheduler.graph.client import Graph
from scheduler.graph.events import EventRecord, cancel_event, list_marked_events
from scheduler.graph.workers import run_all
from scheduler.store.engine import Store
from scheduler.store.rounds import list_rounds


async def find_strays(
    graph: Graph, store: Store, organisers: Collection[str], *, at: dt.datetime
) -> tuple[tuple[str, EventRecord], ...]:
    """Events ahead of ``at`` with their round's name, of rounds unknown to ``store`` or cancelled.

    They are left by a store that was lost, or belong to another installation that shares the
    mailboxes: so nobody cancels them unasked.

    Raises:
        GraphError: A mailbox cannot be read.
    """
    known = {found.id for found in list_rounds(store) if found.state != "cancelled"}
    strays: list[tuple[str, EventRecord]] = []

    async def look(mailbox: str) -> None:
        for event in await list_marked_events(graph, mailbox):
            key = split_group_key(event.group_key)
            ahead = event.end is None or event.end > at
            if key is not None and key[0] not in known and ahead:
                strays.append((key[0], event))

    await run_all(sorted(set(organisers)), look, workers=graph.workers)
    return tuple(sorted(strays, key=lambda stray: (stray[0], stray[1].id)))


async def cancel_strays(
    graph: Graph, strays: Collection[tuple[str, EventRecord]], message: str
) -> int:
    """Cancel them with a message to their members; returns how many there were."""

    async def cancel(stray: tuple[str, EventRecord]) -> None:
        await cancel_event(graph, stray[1].mailbox, stray[1].id, message)

    await run_all(strays, cancel, workers=graph.workers)
    return len(strays)
