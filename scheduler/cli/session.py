"""Opening what a command works with: settings, store, Graph."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from scheduler.cli.progress import Bars
from scheduler.errors import ScheduleError

if TYPE_CHECKING:
    from scheduler.rounds.context import Context
    from scheduler.store.engine import Store

Result = TypeVar("Result")


def today() -> dt.date:
    """This day, or ``SCHEDULER_TODAY`` where a run has to be repeated as of another day."""
    given = os.environ.get("SCHEDULER_TODAY")
    try:
        return dt.date.fromisoformat(given) if given else dt.datetime.now(dt.UTC).date()
    except ValueError:
        raise ScheduleError(
            f"SCHEDULER_TODAY is {given!r} (environment). Write a date like 2026-12-07."
        ) from None


def effort() -> float:
    """``SCHEDULER_EFFORT``: how long plans are searched for, 1 being usual.

    Raises:
        ScheduleError: it is no number from 0.01 to 100.
    """
    given = os.environ.get("SCHEDULER_EFFORT", "1")
    try:
        value = float(given)
    except ValueError:
        value = 0.0
    if not 0.01 <= value <= 100:
        raise ScheduleError(
            f"SCHEDULER_EFFORT is {given!r} (environment). Set it to a number from 0.01 to 100; "
            "1 is usual."
        )
    return value


def user_name() -> str:
    """Who runs the command, for the audit trail; a container's user may have no name."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return f"cli:{os.getuid()}"


@contextmanager
def open_own_store() -> Iterator[Store]:
    """The store that ``SCHEDULER_DATABASE_URL`` names, without a connection to Graph.

    Raises:
        StoreError: it cannot be opened.
    """
    from scheduler.store.engine import open_store, read_database_url  # noqa: PLC0415 -- slow import

    with open_store(read_database_url(os.environ)) as store:
        yield store


@asynccontextmanager
async def open_context(
    config: Path, progress: Bars | None = None, *, log: Path | None = None
) -> AsyncIterator[Context]:
    """Everything that the steps of a round need, read from ``config`` and the environment.

    Raises:
        SettingsError: the configuration has mistakes.
        ConnectionSettingsError: the environment does not say how to reach Graph.
        StoreError: the database cannot be opened.
    """
    from scheduler.settings.loader import load_settings  # noqa: PLC0415 -- slow import

    settings = load_settings(config, today=today())
    from scheduler.graph.settings import read_graph_settings  # noqa: PLC0415 -- slow import

    graph_settings = read_graph_settings(os.environ)
    from scheduler.graph.client import open_graph  # noqa: PLC0415 -- slow import
    from scheduler.rounds.context import Context  # noqa: PLC0415 -- slow import
    from scheduler.rounds.watching import WatchedProgress  # noqa: PLC0415 -- slow import

    with open_own_store() as store:
        async with open_graph(graph_settings) as graph:
            yield Context(
                settings=settings,
                store=store,
                graph=graph,
                today=today(),
                by=user_name(),
                effort=effort(),
                log=None if str(log) == "-" else log,
                progress=WatchedProgress(progress or Bars()),
            )


def run(
    config: Path,
    work: Callable[[Context], Awaitable[Result]],
    *,
    log: Path | None = None,
    progress: Bars | None = None,
    ends_on_sigterm: bool = False,
) -> Result:
    """Run one piece of work to its end, with one event loop and one connection.

    ``ends_on_sigterm``: leave off in order, with exit code 143. A container's first process does
    not hear of SIGTERM otherwise.
    """
    import asyncio  # noqa: PLC0415 -- slow import

    from scheduler.cli.log import set_up_log  # noqa: PLC0415 -- slow import
    from scheduler.telemetry.starting import telemetry  # noqa: PLC0415 -- slow import

    set_up_log(log)

    async def body() -> Result:
        if ends_on_sigterm and (task := asyncio.current_task()):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        async with open_context(config, progress, log=log) as context:
            return await work(context)

    with telemetry(os.environ):
        try:
            return asyncio.run(body())
        except asyncio.CancelledError:
            if not ends_on_sigterm:
                raise
            raise SystemExit(128 + signal.SIGTERM) from None
