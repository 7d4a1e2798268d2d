"""``scheduler serve``: the pages and the bot's door."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import importlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.cli.options import DEFAULT_CONFIG, ConfigOption, LogOption

if TYPE_CHECKING:
    from scheduler.rounds.context import Context


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8080,
    config: ConfigOption = DEFAULT_CONFIG,
    log: LogOption = None,
) -> None:
    """Serve pages, take presses from Teams, and do what is due on schedule, until Ctrl-C."""
    from scheduler.cli.session import run  # noqa: PLC0415 -- slow import

    run(config, lambda context: _serve(context, host, port), log=log or Path("-"))


async def _serve(context: Context, host: str, port: int) -> None:
    import asyncio  # noqa: PLC0415 -- slow import

    import uvicorn  # noqa: PLC0415 -- slow import

    from scheduler.graph.settings import read_graph_settings  # noqa: PLC0415 -- slow import
    from scheduler.rounds.listening import Listener  # noqa: PLC0415 -- slow import
    from scheduler.rounds.progress import Unwatched  # noqa: PLC0415 -- slow import
    from scheduler.rounds.secrets import read_secrets  # noqa: PLC0415 -- slow import
    from scheduler.web.app import create_app  # noqa: PLC0415 -- slow import
    from scheduler.web.settings import read_web_settings  # noqa: PLC0415 -- slow import

    web = read_web_settings(os.environ, port=port)
    clock = _clock()
    # Graph posts to addresses with TLS alone; on this computer answers are read on schedule.
    secrets = read_secrets(os.environ, context.store)
    listener = Listener(web.address, secrets) if web.secure else None
    app = create_app(
        dataclasses.replace(context, progress=Unwatched()),
        web=web,
        graph=read_graph_settings(os.environ),
        environ=os.environ,
        clock=clock,
        repair=_repair,
        listener=listener,
    )
    typer.echo(f"Serving {web.address} from {host}:{port}; Ctrl-C ends it.", err=True)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,  # requests are in our own log, without names
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=20,
            # Longer than proxies keep idle connections (a minute): else they send requests into
            # connections that we are closing.
            timeout_keep_alive=75,
        )
    )

    async def keep_rounds() -> None:
        while not server.started:  # noqa: ASYNC110 -- uvicorn has no event
            await asyncio.sleep(0.05)
        # Not before: Graph asks whether we are there while it makes a subscription, and what keeps
        # rounds going takes a second to import.
        life = await asyncio.to_thread(importlib.import_module, "scheduler.rounds.life")
        app.state.service.go_on(app.state.service.directory.warm(), "directory")
        await life.stay(context, lambda: clock().date(), listener=listener)

    rounds = asyncio.create_task(keep_rounds())
    rounds.add_done_callback(lambda _: setattr(server, "should_exit", True))
    try:
        await server.serve()
    finally:
        rounds.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await rounds


async def _repair(context: Context, round_id: str) -> None:
    from scheduler.rounds.repairing import repair_round  # noqa: PLC0415 -- slow import

    await repair_round(context, round_id)


def _clock() -> Callable[[], dt.datetime]:
    """The present; with ``SCHEDULER_TODAY`` on that day, which goes on as days do."""
    from scheduler.cli.session import today  # noqa: PLC0415 -- slow import

    def now() -> dt.datetime:
        return dt.datetime.now(dt.UTC) + ahead

    ahead = dt.timedelta(0)
    ahead = dt.timedelta(days=(today() - now().date()).days)
    return now
