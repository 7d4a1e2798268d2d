"""Getting out again: nothing of ours is left in Microsoft 365, and what is known is written out.

Meetings that took place stay in people's calendars as ordinary meetings. Every part may be
repeated: whoever was interrupted runs it again, and what is done already is not found any more.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import structlog

from scheduler.booking.cancel import cancel_round
from scheduler.booking.keys import split_group_key
from scheduler.errors import ScheduleError
from scheduler.graph.errors import GraphNotFoundError
from scheduler.graph.events import EventRecord, cancel_event, list_marked_events, remove_marks
from scheduler.graph.subscriptions import Subscription, list_subscriptions, remove_subscription
from scheduler.graph.workers import run_all
from scheduler.rounds.context import Context
from scheduler.rounds.crew import APPLICATION, database_url
from scheduler.rounds.running import is_taken_down, no_job, note_taken_down
from scheduler.store.bookings import read_bookings
from scheduler.store.engine import Store
from scheduler.store.exporting import count_exported, count_rows, export_store
from scheduler.store.old_sqlite import teach_old_sqlite
from scheduler.store.rounds import Round, State, list_rounds

log = structlog.get_logger(__name__)

TO_COME: frozenset[State] = frozenset({"planned", "approved", "booking", "cancelling"})
"""States of rounds that are cancelled even where nobody has been invited yet."""


class UninstallIncompleteError(ScheduleError):
    """Something of ours is left; the same command tries again."""

    exit_code = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """What is left of ours: meetings ahead by round, marks on meetings that took place,
    subscriptions, rows in the store by table.

    ``rounds`` would be cancelled. ``strays`` are events, ahead or past, that carry our mark and
    belong to no round that we know.
    """

    rounds: tuple[str, ...]
    ahead: dict[str, int]
    held: int
    strays: int
    subscriptions: int
    records: dict[str, int]

    @property
    def nothing(self) -> bool:
        """Whether nothing is left in Microsoft 365 that we know to be ours."""
        return not (self.rounds or self.ahead or self.held or self.subscriptions)

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Found:
    """Marked events of rounds that we know, those of others, and all subscriptions."""

    ours: tuple[tuple[str, EventRecord], ...]
    strays: tuple[tuple[str, EventRecord], ...]
    subscriptions: tuple[Subscription, ...]
    rounds: tuple[Round, ...]


async def look_what_is_left(context: Context, *, at: dt.datetime) -> Remains:
    """Say what taking everything down would touch; nothing is changed.

    Raises:
        GraphError: A mailbox cannot be read.
    """
    return _sum_up(context, await _find(context), at)


async def uninstall(
    context: Context, *, message: str, folder: Path, strays: bool, at: dt.datetime
) -> Remains:
    """Write out what is known, cancel what is ahead, take marks and subscriptions away.

    What the durable engine keeps goes first: calendars may be in it, and no round goes on anyway.

    Args:
        context: Settings, store, connection.
        message: What the members of meetings ahead are told.
        folder: A new one, where the store's tables are written to, first of all.
        strays: Treat marked events that belong to no round that we know in the same way.
        at: The present.

    Returns:
        What is left afterwards, with the records that were written.

    Raises:
        JobRunsError: A job, `scheduler serve` or `scheduler work` runs.
        UninstallIncompleteError: Something is left, or the folder cannot be written.
        GraphError: Graph cannot be reached; the next call goes on.
    """
    with no_job(context.store):
        exported = _export(context, folder)
        note_taken_down(context.store, at=at, by=context.by)
        await asyncio.to_thread(_empty_engine, context.store, database_url(context))
        found = await _find(context)
        for round_ in _list_rounds_to_cancel(found, at):
            await cancel_round(
                context.graph,
                context.store,
                round_.id,
                message,
                organisers=context.settings.organisation.organisers,
                by=context.by,
                clock=lambda: at,
            )
        await _clear_events(context, await _find(context), message, strays=strays, at=at)
        for subscription in found.subscriptions:
            await remove_subscription(context.graph, subscription.id)
        left = _sum_up(context, await _find(context), at)
    log.info("taken-down", left=left.held + sum(left.ahead.values()), strays=left.strays)
    if not left.nothing:
        raise UninstallIncompleteError(
            f"{sum(left.ahead.values())} meetings ahead, {left.held} marks and "
            f"{left.subscriptions} subscriptions could not be taken away (see the log). The same "
            "command tries again."
        )
    return replace(left, records=exported)


def _export(context: Context, folder: Path) -> dict[str, int]:
    """Write out what is known, once: an interrupted call has begun to forget it."""
    if is_taken_down(context.store) and folder.exists():
        return count_exported(folder)
    try:
        return export_store(context.store, folder)
    except OSError as error:
        raise UninstallIncompleteError(
            f"{folder} cannot be written: {error.strerror}. Nothing was cancelled now; choose a "
            "new folder with --export."
        ) from error


def _empty_engine(store: Store, url: str) -> None:
    """Delete what the durable engine keeps of ours: how far rounds were, and parts of big ones.

    Nothing where it never ran: a client brings no tables with it.
    """
    if store.file is None:
        there = store.has_table("workflow_status", schema="dbos")
    else:
        there = Path(url.removeprefix("sqlite:///")).exists()
    if not there:
        return
    from dbos import DBOSClient  # noqa: PLC0415 -- slow import

    teach_old_sqlite()
    client = DBOSClient(system_database_url=url, application_name=APPLICATION)
    try:
        kept = client.list_workflows(load_input=False, load_output=False)
        client.delete_workflows([one.workflow_id for one in kept])
    finally:
        client.destroy()
    log.info("engine-emptied", workflows=len(kept))


async def _find(context: Context) -> _Found:
    rounds = list_rounds(context.store)
    known = {round_.id for round_ in rounds}
    mailboxes = set(context.settings.organisation.organisers)
    for round_ in rounds:
        mailboxes |= {row.organiser for row in read_bookings(context.store, round_.id).values()}
    events: list[tuple[str, EventRecord]] = []

    async def look(mailbox: str) -> None:
        try:
            marked = await list_marked_events(context.graph, mailbox)
        except GraphNotFoundError:
            return  # a mailbox that is gone has taken its meetings with it
        keyed = ((split_group_key(event.group_key), event) for event in marked)
        events.extend((key[0], event) for key, event in keyed if key is not None)

    await run_all(sorted(mailboxes), look, workers=context.graph.workers)
    return _Found(
        ours=tuple(found for found in events if found[0] in known),
        strays=tuple(found for found in events if found[0] not in known),
        subscriptions=await list_subscriptions(context.graph),
        rounds=rounds,
    )


def _is_ahead(event: EventRecord, at: dt.datetime) -> bool:
    return event.end is None or event.end > at


def _count_ahead(events: Iterable[tuple[str, EventRecord]], at: dt.datetime) -> Counter[str]:
    return Counter(round_id for round_id, event in events if _is_ahead(event, at))


def _list_rounds_to_cancel(found: _Found, at: dt.datetime) -> list[Round]:
    ahead = _count_ahead(found.ours, at)
    return [r for r in found.rounds if r.state in TO_COME or ahead[r.id]]


def _sum_up(context: Context, found: _Found, at: dt.datetime) -> Remains:
    return Remains(
        rounds=tuple(round_.id for round_ in _list_rounds_to_cancel(found, at)),
        ahead=dict(sorted(_count_ahead(found.ours, at).items())),
        held=sum(not _is_ahead(event, at) for _, event in found.ours),
        strays=len(found.strays),
        subscriptions=len(found.subscriptions),
        records=count_rows(context.store),
    )


async def _clear_events(
    context: Context, found: _Found, message: str, *, strays: bool, at: dt.datetime
) -> None:
    """Cancel what is still ahead (strays, what an earlier cancelling missed), unmark the rest."""

    async def clear(item: tuple[str, EventRecord]) -> None:
        event = item[1]
        if _is_ahead(event, at):
            await cancel_event(context.graph, event.mailbox, event.id, message)
        else:
            await remove_marks(context.graph, event.mailbox, event.id)

    jobs = found.ours + (found.strays if strays else ())
    await run_all(jobs, clear, workers=context.graph.workers)
