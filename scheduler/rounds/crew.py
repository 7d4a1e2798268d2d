"""Several processes at one round: its parts are shared out among all that help.

``scheduler work`` helps. Parts and what came of them are workflows of the durable engine, sealed,
and are deleted when the round has them. The process that leads works on parts too, from the other
end of the queue; what nobody has begun, or a killed helper had begun, it does itself, so a round
never waits for a helper that is gone (backup tasks: Dean and Ghemawat, MapReduce, 2004). A part's
name follows from its content: a leader that takes over finds what was done before it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog

from scheduler.calendars.freebusy import FreeBusy
from scheduler.calendars.parcels import read_calendars
from scheduler.graph.schedules import read_free_busy
from scheduler.grouping.parcels import read_answers, write_tasks
from scheduler.rounds.context import Context
from scheduler.rounds.parts import Kind, ask_calendars, do_part, pack_cohorts
from scheduler.store.engine import now
from scheduler.store.hold import find_held

if TYPE_CHECKING:
    from dbos import DBOSClient

    from scheduler.grouping.tasks import CohortAnswer, CohortTask

log = structlog.get_logger(__name__)

APPLICATION = "networking-scheduler"
"""The name that our workflows stand under in the engine's tables."""
PARTS = "parts 1"
"""Of the form of parts: a helper of a release with another form takes none of these."""
WORKFLOW = "part"
SEATS = tuple(f"helper {number}" for number in range(1, 65))
"""What helpers hold while they live, each one of them; it is also their name in the engine."""
SHARED_FROM = 2_000
"""People from which a round's parts are shared out; smaller rounds are sooner planned alone."""
FRESH = dt.timedelta(hours=2)
"""What came of a part counts for so long: calendars change."""
POLL_SECONDS = 0.3

Step = Callable[[int], None]


def database_url(context: Context) -> str:
    """Where the durable engine keeps its tables: beside SQLite's file, or in the same database."""
    if context.store.file is not None:
        return f"sqlite:///{context.store.file.resolve()}.dbos"
    url = context.store.engine.url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


async def find_crew(context: Context, people: int) -> Crew | None:
    """The crew for a round of so many people; ``None`` where one process plans it sooner."""
    if context.store.file is not None or people < SHARED_FROM:
        return None
    helpers = await asyncio.to_thread(find_held, context.store, SEATS)
    return Crew(context) if helpers else None


class Crew:
    """Those who help, seen from the process that leads."""

    def __init__(self, context: Context) -> None:
        """Take what the round is planned with."""
        self._context = context

    async def read_calendars(
        self,
        mails: Sequence[str],
        start: dt.datetime,
        end: dt.datetime,
        done: Step,
        *,
        zones: Mapping[str, str],
        through: Sequence[str],
    ) -> dict[str, FreeBusy]:
        """Read calendars, all processes together with no more requests at once than one has.

        Raises:
            GraphError: Graph cannot be asked at all.
        """
        if self._context.graph.settings.in_flight == 1:  # there is nothing to share
            return await read_free_busy(
                self._context.graph, mails, start, end, done, zones=zones, through=through
            )
        unique = list(dict.fromkeys(mails))
        parcels = ask_calendars(unique, start, end, zones=zones, through=through)
        each = len(unique) / max(1, len(parcels))
        answers = await self._do("calendars", parcels, 1, lambda count: done(round(each * count)))
        found: dict[str, FreeBusy] = {}
        for answer in answers:
            found.update(read_calendars(answer))
        return {mail: found[mail] for mail in unique}

    def share_cohorts(
        self, loop: asyncio.AbstractEventLoop, done: Callable[[float], None]
    ) -> Callable[[Sequence[CohortTask]], list[CohortAnswer]]:
        """What :func:`scheduler.grouping.engine.solve` takes as ``share``, for another thread.

        Args:
            loop: That of the context.
            done: Is told the share done.
        """

        def share(tasks: Sequence[CohortTask]) -> list[CohortAnswer]:
            packed = pack_cohorts(tasks)
            parcels = [write_tasks([tasks[number] for number in some]) for some in packed]
            at_once = self._context.at_once or os.cpu_count() or 1
            work = self._do("cohorts", parcels, at_once, lambda count: done(count / len(parcels)))
            data = asyncio.run_coroutine_threadsafe(work, loop).result()
            answers: dict[int, CohortAnswer] = {}
            for some, parcel in zip(packed, data, strict=True):
                answers.update(zip(some, read_answers(parcel), strict=True))
            return [answers[number] for number in range(len(tasks))]

        return share

    async def _do(
        self, kind: Kind, parcels: Sequence[bytes], lanes: int, done: Step
    ) -> list[bytes]:
        """What comes of each part, whoever does it; ``lanes``: of ours at the same time."""
        from dbos import DBOSClient  # noqa: PLC0415 -- slow import

        client = await asyncio.to_thread(
            lambda: DBOSClient(
                system_database_url=database_url(self._context), application_name=APPLICATION
            )
        )
        try:
            job = _Job(self._context, client, kind, dict(_name_parts(kind, parcels)), done)
            await job.begin()
            await job.see_through(lanes)
            return [job.results[name] for name in job.parcels]
        finally:
            await asyncio.to_thread(client.destroy)


def _name_parts(kind: Kind, parcels: Iterable[bytes]) -> Iterable[tuple[str, bytes]]:
    for parcel in parcels:
        yield f"{kind} {hashlib.sha256(parcel).hexdigest()[:40]}", parcel


@dataclass
class _Job:
    """Parts of one kind, by name, and how far they are."""

    context: Context
    client: DBOSClient
    kind: Kind
    parcels: dict[str, bytes]
    done: Step
    results: dict[str, bytes] = field(default_factory=dict)
    ours: dict[asyncio.Task[bytes], str] = field(default_factory=dict)
    helped: int = 0
    alone: bool = False

    async def begin(self) -> None:
        """Put into the queue what is not in it, and throw out what is of no use any more."""
        await asyncio.to_thread(forget_parts, self.client)
        known = await self._look(list(self.parcels))
        useless = [name for name, status in known.items() if status in {"ERROR", "CANCELLED"}]
        if useless:
            await asyncio.to_thread(self.client.delete_workflows, useless)
        await asyncio.to_thread(self._enqueue, self.parcels.keys() - known.keys() | set(useless))

    def _enqueue(self, names: set[str]) -> None:
        for name in (name for name in self.parcels if name in names):
            self.client.enqueue(
                {
                    "workflow_name": WORKFLOW,
                    "queue_name": self.kind,
                    "workflow_id": name,
                    "app_version": PARTS,
                },
                self.kind,
                self.context.store.sealer.seal_bytes(self.parcels[name]),
            )

    async def see_through(self, lanes: int) -> None:
        """Collect what helpers have done, and do the rest, until all is there."""
        try:
            while len(self.results) < len(self.parcels):
                left = [name for name in self.parcels if name not in self.results]
                known = await self._look(left)
                await self._collect([n for n in left if known.get(n) == "SUCCESS"])
                await self._take(known, lanes)
                if self.ours:
                    finished, _ = await asyncio.wait(
                        self.ours, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED
                    )
                    for task in finished:
                        self.results[self.ours.pop(task)] = task.result()
                else:
                    await asyncio.sleep(POLL_SECONDS)
                self.done(len(self.results))
        finally:
            for task in self.ours:
                task.cancel()
        log.info("parts-done", kind=self.kind, parts=len(self.parcels), by_helpers=self.helped)
        await asyncio.to_thread(self.client.delete_workflows, list(self.parcels))

    async def _look(self, names: list[str]) -> dict[str, str]:
        """The state of parts by name; of one that a dead helper was at, ``LOST``.

        Notes whether anybody helps still.
        """
        found = await asyncio.to_thread(
            lambda: self.client.list_workflows(
                workflow_ids=names, load_input=False, load_output=False
            )
        )
        states = {one.workflow_id: str(one.status) for one in found}
        at_work = {one.workflow_id: one.executor_id for one in found if one.status == "PENDING"}
        alive = await asyncio.to_thread(find_held, self.context.store, SEATS)
        self.alone = not alive
        return states | {name: "LOST" for name, seat in at_work.items() if seat not in alive}

    async def _collect(self, names: list[str]) -> None:
        if not names:
            return
        found = await asyncio.to_thread(
            lambda: self.client.list_workflows(workflow_ids=names, load_input=False)
        )
        for one in found:
            self.results[one.workflow_id] = self.context.store.sealer.open_bytes(str(one.output))
        self.helped += len(found)

    async def _take(self, known: Mapping[str, str], lanes: int) -> None:
        """Begin what nobody is at: parts that failed elsewhere, then the last in the queue."""
        at = set(self.ours.values()) | self.results.keys()
        states = {name: known.get(name) for name in self.parcels if name not in at}
        free = [name for name, state in states.items() if state == "ENQUEUED"]
        if (
            self.kind == "calendars"
            and "PENDING" in states.values()
            and len(free) <= self.context.graph.settings.in_flight
        ):
            # The last ones are the helpers': should both begin one at the same moment, there would
            # be a request more on the way to Graph than it allows.
            free = []
        free += [
            n for n, state in states.items() if state not in {"ENQUEUED", "PENDING", "SUCCESS"}
        ]
        if self.kind == "calendars" and self.alone:
            lanes = self.context.graph.settings.in_flight
        while free and len(self.ours) < lanes:
            name = free.pop()
            # Out of the helpers' queue; one that began it in this moment does it for nothing.
            await asyncio.to_thread(self.client.cancel_workflow, name)
            work = do_part(self.context.graph, self.kind, self.parcels[name])
            self.ours[asyncio.create_task(work)] = name


def forget_parts(client: Any, *, all_of_them: bool = False) -> None:
    """Delete parts that are too old to count; calendars of people are in them.

    Args:
        client: Of the durable engine: ``DBOS`` itself, or a client.
        all_of_them: Also those that still count.
    """
    end = None if all_of_them else (now() - FRESH).isoformat()
    old = client.list_workflows(name=WORKFLOW, end_time=end, load_input=False, load_output=False)
    if old:
        client.delete_workflows([one.workflow_id for one in old])
