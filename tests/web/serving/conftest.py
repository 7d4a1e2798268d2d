"""The whole service on loopback, with TLS, beside a tenant in which people sign in for real."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import html.parser
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from scheduler.graph.client import open_graph
from scheduler.graph.settings import read_graph_settings
from scheduler.rounds.context import Context
from scheduler.sandbox import Addresses, SandboxSettings, start_sandbox
from scheduler.settings.loader import load_settings
from scheduler.store.engine import open_store
from scheduler.web.app import create_app
from scheduler.web.service import Service
from scheduler.web.settings import read_web_settings

TODAY = dt.date(2026, 11, 25)
ROOT = Path(__file__).parents[3]


@dataclass(slots=True)
class Clock:
    """The service's clock, which tests turn."""

    at: dt.datetime = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.at


@dataclass(slots=True)
class Serving:
    """A running service and the tenant beside it."""

    url: str
    tenant: Addresses
    context: Context
    service: Service
    app: Any
    clock: Clock
    loop: asyncio.AbstractEventLoop
    people: list[dict[str, Any]]
    repaired: list[str] = field(default_factory=list)
    browsers: list[httpx.Client] = field(default_factory=list)

    def run(self, work: Any) -> Any:
        """Let something happen in the service's own event loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(120)

    def browser(self) -> httpx.Client:
        """Somebody's browser: keeps cookies, trusts the sandbox's certificates."""
        trusted = ssl.create_default_context(cafile=self.tenant.ca_file)
        made = httpx.Client(base_url=self.url, verify=trusted, timeout=60)
        self.browsers.append(made)
        return made

    def sign_in(self, mail: str, browser: httpx.Client | None = None) -> httpx.Client:
        """Sign in as a person would, and click who one is."""
        browser = browser or self.browser()
        step = browser.get(self.pick(browser, mail))
        assert step.status_code == 303, step.text
        return browser

    def pick(self, browser: httpx.Client, mail: str, **query: str) -> str:
        """Begin to sign in and click who one is; the address to which the tenant sends back."""
        step = browser.get("/sign-in", params=query)
        assert step.status_code == 303, step.text
        asked = httpx.URL(step.headers["location"]).copy_merge_params({"login_hint": mail})
        step = browser.get(asked)
        assert step.status_code == 302, step.text
        return str(step.headers["location"])

    def ask(self, path: str) -> Any:
        return httpx.get(f"{self.tenant.http}/sandbox/{path}", timeout=60).json()

    def control(self, path: str, body: Any, method: str = "POST") -> Any:
        answer = httpx.request(method, f"{self.tenant.http}/sandbox/{path}", json=body, timeout=120)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def press(self, person_id: str, button: str, **more: Any) -> Any:
        """Press a button of somebody's newest card; what Teams got for it."""
        return self.control(f"teams/{person_id}/press", {"button": button, **more})["body"]

    def of(self, department: str) -> dict[str, Any]:
        return next(person for person in self.people if person["department"] == department)


def csrf_of(page: str) -> str:
    """The token in the forms of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


@contextlib.contextmanager
def serve(
    tenant: Addresses,
    folder: Path,
    config: Path = ROOT / "config",
    *,
    variables: Mapping[str, str] | None = None,
    database: str | None = None,
    **options: Any,
) -> Iterator[Serving]:
    """Serve on a free port of loopback until the block ends; by default from a SQLite file."""
    environ = tenant.environment() | {"SCHEDULER_DATABASE_URL": str(folder / "scheduler.db")}
    environ |= variables or {}
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    environ["SCHEDULER_ADDRESS"] = f"https://localhost:{port}"
    state = Path(tenant.ca_file).parent
    clock = Clock()
    ready: list[Serving] = []
    people = httpx.get(f"{tenant.http}/sandbox/people", timeout=60).json()
    started, failure = threading.Event(), []
    stop: list[uvicorn.Server] = []

    async def live() -> None:
        with open_store(database or folder / "scheduler.db") as store:
            async with open_graph(read_graph_settings(environ)) as graph:
                context = Context(
                    settings=load_settings(config), store=store, graph=graph, today=TODAY,
                    by="test", effort=0.1,
                )  # fmt: skip
                repaired: list[str] = []

                async def repair(_: Context, round_id: str) -> None:
                    repaired.append(round_id)

                app = create_app(
                    context,
                    web=read_web_settings(environ, port=port),
                    graph=read_graph_settings(environ),
                    environ=environ,
                    clock=clock,
                    **{"repair": repair, **options},
                )
                server = uvicorn.Server(
                    uvicorn.Config(
                        app,
                        log_level="critical",
                        timeout_graceful_shutdown=2,
                        timeout_keep_alive=75,
                        ssl_certfile=str(state / "sandbox-cert.pem"),
                        ssl_keyfile=str(state / "sandbox-key.pem"),
                    )
                )
                stop.append(server)
                ready.append(
                    Serving(
                        environ["SCHEDULER_ADDRESS"], tenant, context, app.state.service, app,
                        clock, asyncio.get_running_loop(),
                        [person for person in people if person["mailbox"] == "ok"], repaired,
                    )
                )  # fmt: skip
                task = asyncio.create_task(server.serve(sockets=[listener]))
                while not server.started and not task.done():  # noqa: ASYNC110 -- no event
                    await asyncio.sleep(0.01)
                started.set()
                await task

    def body() -> None:
        try:
            asyncio.run(live())
        except BaseException as error:
            failure.append(error)
            raise
        finally:
            started.set()

    thread = threading.Thread(target=body, daemon=True)
    thread.start()
    started.wait(60)
    if failure or not ready:
        raise RuntimeError("the service did not start") from (failure[0] if failure else None)
    bot = {"url": f"{environ['SCHEDULER_ADDRESS']}/api/messages"}
    httpx.post(f"{tenant.http}/sandbox/bot", json=bot, timeout=30).raise_for_status()
    try:
        yield ready[0]
    finally:
        for browser in ready[0].browsers:
            browser.close()
        stop[0].should_exit = True
        thread.join(30)


@pytest.fixture(scope="module")
def tenant(tmp_path_factory) -> Iterator[Addresses]:
    """A tenant of 150 people, of which the newest are in HR and IT."""
    settings = SandboxSettings(
        state=tmp_path_factory.mktemp("tenant"), people=150, seed=3, today=TODAY, concurrency=0
    )
    with start_sandbox(settings) as addresses:
        yield addresses


@pytest.fixture(scope="module")
def serving(tenant, tmp_path_factory) -> Iterator[Serving]:
    """The service as it is shipped, except for the clock, and a repair that only takes note."""
    with serve(tenant, tmp_path_factory.mktemp("serving")) as running:
        yield running


@pytest.fixture
def visible_text() -> Callable[[str], str]:
    """What a reader sees of a page."""

    def read(page: str) -> str:
        words: list[str] = []

        class Reader(html.parser.HTMLParser):
            def handle_data(self, data: str) -> None:
                words.append(data)

        Reader().feed(page)
        return " ".join(" ".join(words).split())

    return read
