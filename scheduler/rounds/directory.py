"""The people of the directory for those who stay: pages and the bot, which ask again and again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

import structlog

from scheduler.errors import ScheduleError
from scheduler.graph.groups import UnknownGroupError, read_group_members
from scheduler.people.person import Person
from scheduler.rounds.booking import read_settled_people
from scheduler.rounds.context import Context

log = structlog.get_logger(__name__)

FRESH_SECONDS = 900.0
"""Somebody new appears, and somebody gone disappears, a quarter of an hour later. Whoever asks
after that still gets what was read, while it is read again; nobody gets what is twice as old."""


async def read_audience_groups(context: Context) -> Mapping[str, frozenset[str]]:
    """The members of each Entra group that the audience of a programme names, by group.

    A group that cannot be found has no members here; `scheduler check` and planning say so.

    Raises:
        GraphError: The directory cannot be read.
    """
    programmes = context.settings.programmes.values()
    members: dict[str, frozenset[str]] = {}
    for group in sorted({group for one in programmes for group in one.audience.groups}):
        try:
            members |= await read_group_members(context.graph, [group])
        except UnknownGroupError:
            log.warning("group-unknown", group=group)
    return members


class Directory:
    """Everybody by id, read at the first need and then about every quarter of an hour."""

    def __init__(self, context: Context, *, fresh_seconds: float = FRESH_SECONDS) -> None:
        self._context = context
        self._fresh_seconds = fresh_seconds
        self._people: Mapping[str, Person] | None = None
        self._members: Mapping[str, frozenset[str]] = {}
        self._read_at = 0.0
        self._reading = asyncio.Lock()
        self._behind: asyncio.Task[None] | None = None

    async def people(self) -> Mapping[str, Person]:
        """Everybody by id.

        Raises:
            GraphError: The directory cannot be read, and never was.
        """
        age = time.monotonic() - self._read_at
        if self._people is not None and age < 2 * self._fresh_seconds:
            if age >= self._fresh_seconds and (self._behind is None or self._behind.done()):
                self._behind = asyncio.create_task(self.warm())
            return self._people
        return await self._read()

    async def warm(self) -> None:
        """Read what is needed soon, before anybody waits for it; a failure is logged."""
        try:
            await self._read()
        except ScheduleError as error:
            log.warning("directory-not-read", error=type(error).__name__)

    async def _read(self) -> Mapping[str, Person]:
        async with self._reading:
            if self._people is None or time.monotonic() >= self._read_at + self._fresh_seconds:
                people = await read_settled_people(self._context)
                self._members = await read_audience_groups(self._context)
                self._people = {p.id: p for p in people.values() if not p.guest}
                self._read_at = time.monotonic()
            return self._people

    async def group_members(self) -> Mapping[str, frozenset[str]]:
        """The ids of the members of each Entra group that an audience names.

        Raises:
            GraphError: They cannot be read, and never were.
        """
        await self.people()
        return self._members

    async def find(self, person_id: str) -> Person | None:
        """One person; None for somebody who is not, or not yet, in the directory."""
        return (await self.people()).get(person_id)
