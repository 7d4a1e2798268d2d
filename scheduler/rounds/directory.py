"""The people of the directory for those who stay: pages and the bot, which ask again and again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from scheduler.people.person import Person
from scheduler.rounds.booking import read_settled_people
from scheduler.rounds.context import Context

FRESH_SECONDS = 900.0
"""Somebody new appears, and somebody gone disappears, within a quarter of an hour."""


class Directory:
    """Everybody by id, read at the first need and then every quarter of an hour."""

    def __init__(self, context: Context, *, fresh_seconds: float = FRESH_SECONDS) -> None:
        self._context = context
        self._fresh_seconds = fresh_seconds
        self._people: Mapping[str, Person] | None = None
        self._read_at = 0.0
        self._reading = asyncio.Lock()

    async def people(self) -> Mapping[str, Person]:
        """Everybody by id.

        Raises:
            GraphError: The directory cannot be read, and never was.
        """
        if self._people is not None and time.monotonic() < self._read_at + self._fresh_seconds:
            return self._people
        async with self._reading:
            if self._people is None or time.monotonic() >= self._read_at + self._fresh_seconds:
                people = await read_settled_people(self._context)
                self._people = {p.id: p for p in people.values() if not p.guest}
                self._read_at = time.monotonic()
            return self._people

    async def find(self, person_id: str) -> Person | None:
        """One person; None for somebody who is not, or not yet, in the directory."""
        return (await self.people()).get(person_id)
