"""One run of booking: what it works with, what it has counted, and its records in the store."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import structlog

from scheduler.booking.invitation import AgendaParts, Occasion
from scheduler.booking.keys import fingerprint, group_key, transaction_id
from scheduler.booking.recheck import NoLongerFree
from scheduler.graph.client import Graph
from scheduler.graph.errors import (
    GraphDeniedError,
    GraphError,
    GraphSignInError,
    GraphUnreachableError,
)
from scheduler.graph.events import EventRecord, cancel_event
from scheduler.grouping.plan import Group, Plan
from scheduler.people.person import Person
from scheduler.store.bookings import (
    Intention,
    cancel_booking,
    confirm_booking,
    intend_bookings,
    note_problem,
)
from scheduler.store.engine import Store
from scheduler.store.hold import Hold

log = structlog.get_logger(__name__)

FAILURES_MOST = 5
"""Groups that fail one after another before the run gives up: then it is not about a group."""

STOPPERS = (GraphSignInError, GraphUnreachableError, GraphDeniedError)


@dataclass(slots=True)
class Tally:
    """What the run did so far, by group number where it matters."""

    created: int = 0
    adopted: int = 0
    changed: int = 0
    cancelled: int = 0
    done: set[int] = field(default_factory=set)
    problems: dict[int, str] = field(default_factory=dict)
    busy: dict[int, NoLongerFree] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Run:
    """One call of :func:`scheduler.booking.book.book_round`."""

    graph: Graph
    store: Store
    hold: Hold
    people: Mapping[str, Person]
    occasion: Occasion
    agenda: Callable[[Group], AgendaParts]
    clock: Callable[[], dt.datetime]
    progress: Callable[[int, int], None] | None
    tally: Tally = field(default_factory=Tally)
    load: Counter[str] = field(default_factory=Counter)
    failures_in_a_row: int = 0

    def begin_pass(self, load: Counter[str]) -> None:
        """Start over with a plan: what was in the way before is looked at again."""
        self.tally.done.clear()
        self.tally.problems.clear()
        self.tally.busy.clear()
        self.load = load

    def intend(
        self, plan: Plan, items: Sequence[tuple[Group, int]], mailboxes: Mapping[int, str]
    ) -> dict[int, Intention]:
        """Write down what is about to be created: groups with their attempts.

        A group goes to its mailbox in ``mailboxes``, else to the one that has the least to do:
        each has limits of its own. Exchange takes 30 messages a minute from a mailbox and lets the
        rest wait by itself, so the events are not held back here; they are in the calendars.
        """
        intentions: dict[int, Intention] = {}
        for group, attempt in items:
            mailbox = mailboxes.get(group.number) or min(
                self.occasion.organisers, key=lambda m: (self.load[m], m)
            )
            self.load[mailbox] += 1
            intentions[group.number] = Intention(
                round_id=plan.round_id,
                group_number=group.number,
                attempt=attempt,
                transaction_id=transaction_id(group_key(plan.round_id, group.number, attempt)),
                fingerprint=fingerprint(group),
                organiser=mailbox,
            )
        self.hold.check()
        intend_bookings(self.store, list(intentions.values()), at=self.clock())
        return intentions

    def confirm(self, plan: Plan, group: Group, event: EventRecord) -> None:
        """Write down that a group has its event."""
        confirm_booking(
            self.store,
            plan.round_id,
            group,
            event_id=event.id,
            ical_uid=event.ical_uid,
            join_url=event.join_url,
            web_link=event.web_link,
            agenda_attached=event.has_attachments,
            at=self.clock(),
        )

    async def cancel_events(
        self, number: int, events: Sequence[EventRecord], sentence: str
    ) -> None:
        """Take back events that the plan does not want."""
        for event in events:
            log.warning("booking.event_cancelled", group_number=number, key=event.group_key)
            await cancel_event(self.graph, event.mailbox, event.id, sentence)
            self.tally.cancelled += 1

    def cancel_row(
        self, plan: Plan, number: int, state: Literal["cancelled", "removed"] = "cancelled"
    ) -> None:
        """Write down that a group has no event any more."""
        cancel_booking(self.store, plan.round_id, number, at=self.clock(), state=state)

    def note_failure(self, plan: Plan, group: Group, error: GraphError) -> None:
        """One group's failure does not stop the round; one after another does.

        Raises:
            GraphError: The error itself, when going on makes no sense.
        """
        self.failures_in_a_row += 1
        if isinstance(error, STOPPERS) or self.failures_in_a_row >= FAILURES_MOST:
            raise error
        self.tally.problems[group.number] = str(error)
        note_problem(self.store, plan.round_id, group.number, str(error))

    def finish(self, plan: Plan, group: Group) -> None:
        """Count a group as done, whatever came of it."""
        self.tally.done.add(group.number)
        if self.progress is not None:
            self.progress(len(self.tally.done), len(plan.groups))
