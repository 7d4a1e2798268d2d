"""A process that helps the one that leads: it does the parts of big rounds."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress

import structlog
from dbos import DBOS, DBOSConfig

from scheduler.errors import ScheduleError
from scheduler.rounds.context import Context
from scheduler.rounds.crew import (
    APPLICATION,
    PARTS,
    SEATS,
    WORKFLOW,
    database_url,
)
from scheduler.rounds.parts import Kind, do_part
from scheduler.store.engine import Store
from scheduler.store.errors import RoundHeldError
from scheduler.store.hold import hold_name

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.5


class OneMachineError(ScheduleError):
    """SQLite is for one machine, and so for one process that works."""

    def __init__(self) -> None:
        super().__init__(
            "SCHEDULER_DATABASE_URL names a SQLite file; several processes can share the work only "
            "on PostgreSQL. With SQLite, `scheduler serve` or `scheduler run` does everything."
        )


class CrowdError(ScheduleError):
    """All seats are taken."""

    def __init__(self) -> None:
        super().__init__(f"{len(SEATS)} processes help already, which is as many as there can be.")


class _Helper:
    """The one context that parts are done with, and the loop it belongs to."""

    context: Context | None = None
    loop: asyncio.AbstractEventLoop | None = None


@DBOS.workflow(name=WORKFLOW)
async def _part(kind: Kind, sealed: str) -> str:
    context, loop = _Helper.context, _Helper.loop
    assert context is not None and loop is not None  # noqa: S101, PT018 -- set while helping
    sealer = context.store.sealer
    data = await asyncio.to_thread(sealer.open_bytes, sealed)
    # On the context's own loop: the engine has one of its own.
    work = asyncio.run_coroutine_threadsafe(do_part(context.graph, kind, data), loop)
    return await asyncio.to_thread(sealer.seal_bytes, await asyncio.wrap_future(work))


@asynccontextmanager
async def helping(context: Context) -> AsyncIterator[str]:
    """Do parts for the length of an ``async with`` block; the name of our seat.

    Raises:
        OneMachineError: The store is SQLite.
        KeysError: There is no key to seal parts with.
        CrowdError: There are as many helpers as there can be.
    """
    if context.store.file is not None:
        raise OneMachineError
    context.store.sealer.seal_bytes(b"")  # that there is a key is known now, not in the night
    loop = asyncio.get_running_loop()
    with _take_seat(context.store) as seat:
        _Helper.context, _Helper.loop = context, loop
        DBOS(
            config=DBOSConfig(
                name=APPLICATION,
                system_database_url=database_url(context),
                application_version=PARTS,
                executor_id=seat,
                console_log_level="ERROR",
            )
        )
        await asyncio.to_thread(DBOS.launch)
        await asyncio.to_thread(
            _register_queues,
            context.graph.settings.in_flight,
            context.at_once or os.cpu_count() or 1,
        )
        log.info("helping", seat=seat)
        try:
            yield seat
        finally:
            await asyncio.to_thread(DBOS.destroy)
            # DBOS made its own threads the loop's, and has just closed them.
            loop.set_default_executor(ThreadPoolExecutor())
            _Helper.context = _Helper.loop = None


def _register_queues(requests: int, at_once: int) -> None:
    """One place of those that Graph gives us is left for the process that leads."""
    DBOS.register_queue(
        "calendars",
        global_concurrency=max(1, requests - 1),
        polling_interval_sec=POLL_SECONDS,
        on_conflict="always_update",
    )
    DBOS.register_queue(
        "cohorts",
        worker_concurrency=at_once,
        polling_interval_sec=POLL_SECONDS,
        on_conflict="always_update",
    )


@contextmanager
def _take_seat(store: Store) -> Iterator[str]:
    with ExitStack() as stack:
        for seat in SEATS:
            with suppress(RoundHeldError):
                stack.enter_context(hold_name(store, seat))
                break
        else:
            raise CrowdError
        yield seat
