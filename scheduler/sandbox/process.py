"""A sandbox as a process: served here, or started from another program."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from scheduler.sandbox.settings import SandboxSettings

if TYPE_CHECKING:
    from scheduler.sandbox.app import Sandbox

START_SECONDS = 120.0
STOP_SECONDS = 60.0
"""Long enough to keep what happened to many people."""


class SandboxError(Exception):
    """The sandbox did not start; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a running sandbox is reached, and what its clients need."""

    tenant_id: str
    client_id: str
    client_secret: str
    https: str
    http: str
    ca_file: str
    env_file: str

    def environment(self) -> dict[str, str]:
        """Return the variables of ``sandbox.env``."""
        return {
            "AZURE_TENANT_ID": self.tenant_id,
            "AZURE_CLIENT_ID": self.client_id,
            "AZURE_CLIENT_SECRET": self.client_secret,
            "AZURE_AUTHORITY_HOST": self.https,
            "SCHEDULER_GRAPH_URL": f"{self.https}/v1.0",
            "SCHEDULER_TEAMS_URL": f"{self.https}/teams",
            "SCHEDULER_TEAMS_KEYS_URL": f"{self.https}/teams/.well-known/openidconfiguration",
            "SCHEDULER_CA_FILE": self.ca_file,
            "SCHEDULER_SANDBOX_HTTP_URL": self.http,
        }


def _listen(port: int) -> socket.socket:
    # asyncio switches Nagle's algorithm off only where the protocol is named: 40 ms a request.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise SandboxError(
            f"Port {port} on 127.0.0.1 cannot be used: {error.strerror}. Choose another, or 0 for "
            f"a free one."
        ) from error
    listener.listen(512)
    return listener


def serve(settings: SandboxSettings, *, until_stdin_closes: bool = False) -> None:
    """Serve a tenant until SIGINT or SIGTERM; prints one JSON line with the addresses when ready.

    Raises:
        SandboxError: when the port is taken.
        OrganisationFileError: when the given organisation cannot be read.
        FaultScriptError: when the fault script cannot be read.
    """
    asyncio.run(_serve(settings, until_stdin_closes=until_stdin_closes))


def _make_sandbox(settings: SandboxSettings) -> Sandbox:
    """Make the tenant, and put back what the folder keeps of the last one."""
    # The dice and the names are needed by the serving process alone.
    from scheduler.sandbox.app import Sandbox  # noqa: PLC0415
    from scheduler.sandbox.control import install_script  # noqa: PLC0415
    from scheduler.sandbox.faults import read_script  # noqa: PLC0415
    from scheduler.sandbox.keeping import (  # noqa: PLC0415
        KeptStateError,
        recall_settings,
        recall_tenant,
    )
    from scheduler.sandbox.organisation import build_organisation  # noqa: PLC0415
    from scheduler.sandbox.organisation.member import make_id  # noqa: PLC0415
    from scheduler.sandbox.signin import Authority  # noqa: PLC0415
    from scheduler.sandbox.tenant import make_tenant  # noqa: PLC0415

    try:
        settings = recall_settings(settings) if settings.keep else settings
        today = settings.today or dt.datetime.now(dt.UTC).date()
        settings = replace(settings, today=today)
        settings.state.mkdir(parents=True, exist_ok=True)
        script = read_script(settings.faults) if settings.faults else None
        organisation = build_organisation(
            people=settings.people, seed=settings.seed, today=today, path=settings.organisation
        )
        tenant = make_tenant(organisation, settings)
        client = str(uuid.UUID(make_id(settings.seed, "client")))
        sandbox = Sandbox(tenant, settings, Authority(tenant.id, client, settings.token_seconds))
        if settings.keep:
            recall_tenant(sandbox)
    except KeptStateError as error:
        raise SandboxError(str(error)) from error
    if script is not None:
        install_script(sandbox, script)
    return sandbox


async def _serve(settings: SandboxSettings, *, until_stdin_closes: bool) -> None:
    # The web server is needed by the serving process alone.
    import uvicorn  # noqa: PLC0415

    from scheduler.sandbox.app import make_app  # noqa: PLC0415
    from scheduler.sandbox.certificates import write_certificates  # noqa: PLC0415
    from scheduler.sandbox.connection import CuttableProtocol  # noqa: PLC0415
    from scheduler.sandbox.keeping import keep_tenant  # noqa: PLC0415

    sandbox = _make_sandbox(settings)
    tenant, authority, client = sandbox.tenant, sandbox.authority, sandbox.authority.client
    app = make_app(sandbox)
    ca_file, certificate, key = write_certificates(settings.state)
    secure, plain = _listen(settings.port), _listen(settings.page_port)
    authority.base = f"https://localhost:{secure.getsockname()[1]}"
    authority.pages = f"http://localhost:{plain.getsockname()[1]}"
    env_file = settings.state / "sandbox.env"
    addresses = Addresses(
        tenant_id=tenant.id, client_id=client, client_secret=authority.client_secret,
        https=authority.base, http=f"http://127.0.0.1:{plain.getsockname()[1]}",
        ca_file=str(ca_file.resolve()), env_file=str(env_file.resolve()),
    )  # fmt: skip
    shared = {"log_level": "critical", "http": CuttableProtocol, "lifespan": "off", "ws": "none"}
    servers = [
        uvicorn.Server(
            uvicorn.Config(app, ssl_certfile=str(certificate), ssl_keyfile=str(key), **shared)  # type: ignore[arg-type]
        ),
        uvicorn.Server(uvicorn.Config(app, **shared)),  # type: ignore[arg-type]
    ]
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no such handlers
            loop.add_signal_handler(number, stop.set)
    if until_stdin_closes:
        threading.Thread(target=_wait_for_end, args=(loop, stop), daemon=True).start()
    for server in servers:
        server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    tasks = [
        asyncio.create_task(server.serve(sockets=[listener]))
        for server, listener in zip(servers, (secure, plain), strict=True)
    ]
    while not all(server.started for server in servers):  # noqa: ASYNC110 -- uvicorn has no event
        await asyncio.sleep(0.01)
    env_file.touch(mode=0o600)
    env_file.write_text(
        "".join(f"{name}={value}\n" for name, value in addresses.environment().items()),
        encoding="utf-8",
    )
    sys.stdout.write(json.dumps(asdict(addresses)) + "\n")
    sys.stdout.flush()
    await stop.wait()
    for server in servers:
        server.should_exit = server.force_exit = True
    await asyncio.gather(*tasks)
    if settings.keep:
        keep_tenant(sandbox)


def _wait_for_end(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Stop when the program that started this process is gone."""
    while os.read(0, 4096):  # the buffered stream would hold a lock when the program ends
        pass
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(stop.set)


@contextlib.contextmanager
def start_sandbox(settings: SandboxSettings) -> Iterator[Addresses]:
    """Run a sandbox as a process of its own for the time of a ``with`` block.

    The process ends with this one, whatever ends this one.

    Raises:
        SandboxError: when it does not start, with the reason that it gave.
    """
    settings.state.mkdir(parents=True, exist_ok=True)
    log = settings.state / "sandbox.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(  # noqa: S603 -- our own module, no shell
            [
                sys.executable,
                "-m",
                "scheduler.sandbox",
                "--until-stdin-closes",
                *_arguments(settings),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        ) as process,
    ):
        try:
            yield _read_addresses(process, log)
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
            process.kill()


def _arguments(settings: SandboxSettings) -> list[str]:
    named = {
        "state": settings.state, "people": settings.people, "seed": settings.seed,
        "organisation": settings.organisation, "today": settings.today, "port": settings.port,
        "page-port": settings.page_port,
        "faults": settings.faults, "concurrency": settings.concurrency,
        "latency-seconds": settings.latency_seconds, "answer-seconds": settings.answer_seconds,
        "blocked-share": settings.blocked_share, "replay": settings.replay,
        "token-seconds": settings.token_seconds,
    }  # fmt: skip
    given = [
        part
        for name, value in named.items()
        if value is not None
        for part in (f"--{name}", str(value))
    ]
    return [*given, "--keep"] if settings.keep else given


def _read_addresses(process: subprocess.Popen[bytes], log: Path) -> Addresses:
    output: IO[bytes] | None = process.stdout
    if output is None:
        raise SandboxError("The sandbox has no output.")
    line, deadline = b"", time.monotonic() + START_SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while not line.endswith(b"\n") and time.monotonic() < deadline:
            if selector.select(timeout=0.5):
                part = os.read(output.fileno(), 65536)
                if not part:
                    break
                line += part
    if not line.endswith(b"\n"):
        process.terminate()
        process.wait(10)
        reason = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise SandboxError(
            f"The sandbox did not start: {reason[-1] if reason else 'no reason given'}"
        )
    return Addresses(**json.loads(line))
