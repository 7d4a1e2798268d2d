"""One job at a time, and none any more where everything was taken down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from scheduler.errors import ScheduleError
from scheduler.store.audit import find_last_audit, write_audit
from scheduler.store.engine import Store, make_engine, parse_url
from scheduler.store.errors import RoundHeldError
from scheduler.store.hold import hold_name

RUNNER = "the job"
"""The name that a running job holds, so that there is one at a time."""
TAKEN_DOWN = "uninstall begun"
"""What the audit trail calls it."""


class TakenDownError(ScheduleError):
    """The job must not begin anew what ``scheduler uninstall`` has taken down."""

    def __init__(self, at: dt.datetime) -> None:
        super().__init__(
            f"This installation was taken down by `scheduler uninstall` on {at:%Y-%m-%d}, so "
            "nothing is planned or booked any more. To begin anew, set SCHEDULER_DATABASE_URL to "
            "a new database."
        )


class JobRunsError(ScheduleError):
    """Something has to be stopped first."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__("A job, `scheduler serve` or `scheduler work` is running. Stop it first.")


@contextmanager
def no_job(where: str | Path | Store) -> Iterator[None]:
    """Make sure that no job runs in the block.

    Args:
        where: The store, or where it is; one that is not open keeps its schema.

    Raises:
        JobRunsError: One runs now.
    """
    store = where if isinstance(where, Store) else Store(make_engine(parse_url(where)))
    with ExitStack() as stack:
        if store is not where:
            stack.callback(store.close)
        try:
            stack.enter_context(hold_name(store, RUNNER))
        except RoundHeldError:
            raise JobRunsError from None
        yield


def is_taken_down(store: Store) -> bool:
    """Whether taking this installation down has begun."""
    return find_last_audit(store, TAKEN_DOWN) is not None


def note_taken_down(store: Store, *, at: dt.datetime, by: str) -> None:
    """From now on no job begins; noting it again changes nothing."""
    if not is_taken_down(store):
        write_audit(store, TAKEN_DOWN, at=at, by=by)


def refuse_if_taken_down(store: Store) -> None:
    """Keep a job from beginning.

    Raises:
        TakenDownError: This installation was taken down.
    """
    if (at := find_last_audit(store, TAKEN_DOWN)) is not None:
        raise TakenDownError(at)
