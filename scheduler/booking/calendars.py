"""What the organisers' calendars hold of a round, sorted by group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from scheduler.booking.keys import split_group_key
from scheduler.graph.client import Graph
from scheduler.graph.events import EventRecord, list_events
from scheduler.graph.workers import run_all
from scheduler.grouping.plan import Group
from scheduler.people.person import Person
from scheduler.store.bookings import Booking


async def list_round_events(
    graph: Graph, round_id: str, mailboxes: Iterable[str]
) -> dict[int, list[EventRecord]]:
    """All events of a round in all ``mailboxes``, by group number.

    Raises:
        GraphError: A mailbox cannot be read; then nobody knows what it holds.
    """
    found: defaultdict[int, list[EventRecord]] = defaultdict(list)

    async def read(mailbox: str) -> None:
        for event in await list_events(graph, mailbox, round_id):
            key = split_group_key(event.group_key)
            if key is not None and key[0] == round_id:
                found[key[1]].append(event)

    await run_all(sorted(set(mailboxes)), read, workers=graph.workers)
    return {number: sorted(events, key=lambda event: event.id) for number, events in found.items()}


def find_mailboxes(organisers: Collection[str], bookings: Mapping[int, Booking]) -> set[str]:
    """The mailboxes that may hold events: those of today and those of earlier runs."""
    return {*organisers, *(booking.organiser for booking in bookings.values())}


def is_event_of(event: EventRecord, group: Group, people: Mapping[str, Person]) -> bool:
    """Whether an event invites this group, at its time. Members may have forwarded it to others."""
    if event.start != group.slot.start:
        return False
    invited = {a.mail for a in event.attendees if a.kind != "resource"}
    invited.discard(event.mailbox.casefold())
    members = {people[p].mail.casefold() if p in people else p for p in group.member_ids}
    return members <= invited
