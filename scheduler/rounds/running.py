"""One job at a time, and none any more where everything was taken down."""

from __future__ import annotations

import datetime as dt

from scheduler.errors import ScheduleError
from scheduler.store.audit import find_last_audit, write_audit
from scheduler.store.engine import Store

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


def note_taken_down(store: Store, *, at: dt.datetime, by: str) -> None:
    """From now on no job begins; noting it again changes nothing."""
    if find_last_audit(store, TAKEN_DOWN) is None:
        write_audit(store, TAKEN_DOWN, at=at, by=by)


def refuse_if_taken_down(store: Store) -> None:
    """Keep a job from beginning.

    Raises:
        TakenDownError: This installation was taken down.
    """
    if (at := find_last_audit(store, TAKEN_DOWN)) is not None:
        raise TakenDownError(at)
