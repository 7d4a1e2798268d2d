"""What every step of a round is given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.graph.client import Graph
from scheduler.rounds.progress import Progress, Unwatched
from scheduler.settings.settings import Settings
from scheduler.store.engine import Store, now


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Settings, store and connection of one run; ``today`` is its day, ``by`` who started it.

    ``effort``: how long plans are searched for, 1 being usual. ``at_once``: cohorts that are solved
    at the same time, as many as there are cores if ``None``. ``log``: the file that the log is
    written to, if any.
    """

    settings: Settings
    store: Store
    graph: Graph
    today: dt.date
    by: str
    effort: float = 1.0
    at_once: int | None = None
    log: Path | None = None
    progress: Progress = field(default_factory=Unwatched)

    def moment(self) -> dt.datetime:
        """The present, in UTC, on the run's own day: a run may be repeated as of another one."""
        at = now()
        return at + dt.timedelta(days=(self.today - at.date()).days)
