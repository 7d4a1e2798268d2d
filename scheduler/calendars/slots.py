"""Slots: the instants at which a group may meet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A start (UTC) and a length in minutes."""

    start: dt.datetime
    minutes: int

    @property
    def end(self) -> dt.datetime:
        """The first instant after the slot."""
        return self.start + dt.timedelta(minutes=self.minutes)
