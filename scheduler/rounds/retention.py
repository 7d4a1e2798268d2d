"""Forgetting what is older than the settings allow, once a day.

What goes when stands in the table of :mod:`scheduler.privacy`: this is what makes it true.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from scheduler.graph.errors import GraphError
from scheduler.privacy.item import Category, find_cutoff
from scheduler.privacy.storing import CLOCKS, STORED
from scheduler.rounds.company import read_company
from scheduler.rounds.context import Context
from scheduler.rounds.log_file import forget_old_lines
from scheduler.store.audit import find_last_audit, write_audit
from scheduler.store.engine import now
from scheduler.store.forgetting import forget_rounds, forget_rows

log = structlog.get_logger(__name__)

FORGOTTEN = "old records forgotten"
KEPT: Mapping[str, Category] = {
    item.place.removeprefix("table "): item.kept
    for item in STORED
    if item.place.startswith("table ")
}
"""The category of each table."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Rows deleted by table, and lines of the log; rounds stand for all that belonged to them."""

    rows: Mapping[str, int]
    log_lines: int


async def forget_what_is_due(context: Context, today: dt.date) -> Forgotten | None:
    """Delete everything that is too old, unless that was done today already (None).

    Choices of people who are no longer in the directory go with the history; when the directory
    cannot be read they wait for the next day.
    """
    last = find_last_audit(context.store, FORGOTTEN)
    if last is not None and last.date() >= today:
        return None
    forgotten = await _forget(context, today)
    write_audit(
        context.store,
        FORGOTTEN,
        at=max(now(), dt.datetime.combine(today, dt.time(), dt.UTC)),
        by=context.by,
        details={"rows": dict(forgotten.rows), "log_lines": forgotten.log_lines},
    )
    log.info("old-records-forgotten", rows=sum(forgotten.rows.values()))
    return forgotten


async def _forget(context: Context, today: dt.date) -> Forgotten:
    retention = context.settings.organisation.retention
    rows = {"rounds": forget_rounds(context.store, find_cutoff("history", retention, today))}
    for table, clock in CLOCKS.items():
        if clock.column is None:
            continue
        people = None
        if clock.of_leavers:
            try:
                people = {person.id for person in (await read_company(context)).people}
            except GraphError as error:
                log.warning("leavers-not-forgotten", reason=str(error))
                continue
        cutoff = find_cutoff(KEPT[table], retention, today)
        rows[table] = forget_rows(context.store, table, clock.column, cutoff, keep_people=people)
    lines = 0
    if context.log is not None:
        lines = forget_old_lines(context.log, find_cutoff("log", retention, today))
    return Forgotten({table: count for table, count in rows.items() if count}, lines)
