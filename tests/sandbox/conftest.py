"""A tenant in this process for most tests, and one as a process for clients from elsewhere."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.types import ASGIApp

from scheduler.sandbox import Addresses, SandboxSettings, start_sandbox
from scheduler.sandbox.app import Sandbox, make_app
from scheduler.sandbox.organisation import Organisation, build_organisation
from scheduler.sandbox.signin import BOT, GRAPH, Authority
from scheduler.sandbox.tenant import make_tenant

TODAY = dt.date(2026, 11, 25)
CLIENT = "c26e3613-ad63-5aee-82cf-b86a02ffc088"
ORGANISER = "networking-1@lindenhof.example"
TYPES = Path(__file__).parents[2] / "../shared/data/graph/types.json"
TAG = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Group"


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
"""One signing key for all tenants in this process: making one takes longer than most tests."""


class AppTransport(httpx.BaseTransport):
    """Brings requests to an application in this process, without a socket."""

    def __init__(self, app: ASGIApp, loop: asyncio.AbstractEventLoop) -> None:
        self._inner = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._loop = loop

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def handle() -> httpx.Response:
            answer = await self._inner.handle_async_request(request)
            body = b"".join([part async for part in answer.aiter_raw()])
            return httpx.Response(answer.status_code, headers=answer.headers, content=body)

        return self._loop.run_until_complete(handle())


@dataclass
class Client:
    """Speaks HTTP to a tenant with a token for the right audience."""

    http: Any
    sandbox: Sandbox | None
    tokens: dict[str, str]
    token_path: str
    secret: str

    def token(self, resource: str) -> str:
        if resource not in self.tokens:
            form = {
                "grant_type": "client_credentials",
                "client_id": CLIENT,
                "client_secret": self.secret,
                "scope": f"{resource}/.default",
            }
            self.tokens[resource] = self.http.post(self.token_path, data=form).json()[
                "access_token"
            ]
        return self.tokens[resource]

    def graph(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Send a request to a path below ``/v1.0``; ``_`` in header names stands for ``-``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["Authorization"] = f"Bearer {self.token(GRAPH)}"
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            named["Content-Type"] = "application/json"
        url = path if path.startswith("http") else f"/v1.0/{path}"
        return self.http.request(method, url, content=content, headers=named)

    def teams(self, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(BOT)}"}
        return self.http.request(method, f"/teams/v3/{path}", json=body, headers=headers)

    def control(self, path: str, body: Any = None) -> Any:
        answer = self.http.post(f"/sandbox/{path}", json=body or {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def see(self, path: str) -> Any:
        return self.http.get(f"/sandbox/{path}").json()

    def pages(self, path: str, **headers: str) -> list[dict[str, Any]]:
        """Follow every next link; the answers in order."""
        answers = [self.graph("GET", path, **headers).json()]
        while "@odata.nextLink" in answers[-1]:
            assert len(answers) < 200, "the links go round in circles"
            answers.append(self.graph("GET", answers[-1]["@odata.nextLink"], **headers).json())
        return answers

    def rows(self, path: str, **headers: str) -> list[dict[str, Any]]:
        return [row for page in self.pages(path, **headers) for row in page["value"]]

    def book(self, attendees: list[Any], user: str = ORGANISER, **more: Any) -> httpx.Response:
        """Create an event; attendees are addresses or whole entries."""
        event = {
            "subject": "Lunch",
            "body": {"contentType": "html", "content": "<p>Hello</p>"},
            "start": {"dateTime": "2026-12-07T12:00:00", "timeZone": "GMT Standard Time"},
            "end": {"dateTime": "2026-12-07T13:00:00", "timeZone": "GMT Standard Time"},
            "attendees": [
                {"emailAddress": {"address": a}, "type": "required"} if isinstance(a, str) else a
                for a in attendees
            ],
            **more,
        }
        return self.graph("POST", f"users/{user}/events", event)


@pytest.fixture(scope="session")
def organisation() -> Organisation:
    return build_organisation(people=200, seed=7, today=TODAY)


def make_sandbox(organisation: Organisation, **settings: Any) -> Sandbox:
    chosen = SandboxSettings(**{"state": Path("unused"), "answer_seconds": 3600, **settings})
    tenant = make_tenant(organisation, chosen)
    authority = Authority(
        tenant.id, CLIENT, chosen.token_seconds, base="https://localhost:1", _key=KEY
    )
    return Sandbox(tenant, chosen, authority)


def make_client(sandbox: Sandbox, loop: asyncio.AbstractEventLoop) -> Client:
    http = httpx.Client(
        transport=AppTransport(make_app(sandbox), loop), base_url="http://127.0.0.1"
    )
    path = f"/{sandbox.tenant.id}/oauth2/v2.0/token"
    return Client(http, sandbox, {}, path, sandbox.authority.client_secret)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.run_until_complete(made.shutdown_asyncgens())
    made.close()


@pytest.fixture
def start_tenant(
    organisation: Organisation, loop: asyncio.AbstractEventLoop
) -> Callable[..., Client]:
    """Start a tenant with other settings in this process."""

    def make(**settings: Any) -> Client:
        return make_client(make_sandbox(organisation, **settings), loop)

    return make


@pytest.fixture
def client(start_tenant: Callable[..., Client]) -> Client:
    """A fresh tenant without limits, in this process; nobody answers before ``settle``."""
    return start_tenant(concurrency=0)


@pytest.fixture
def people(client: Client) -> list[dict[str, Any]]:
    """People whose mailboxes work."""
    return [person for person in client.see("people") if person["mailbox"] == "ok"]


@pytest.fixture
def all_accept(client: Client) -> None:
    client.control("answers", {"shares": {"accepted": 1}})


@pytest.fixture(scope="session")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    """A tenant as a process of its own, over HTTP and HTTPS."""
    settings = SandboxSettings(
        state=tmp_path_factory.mktemp("sandbox"), people=130, today=TODAY, concurrency=0
    )
    with start_sandbox(settings) as started:
        yield started


@pytest.fixture(scope="session")
def wire(addresses: Addresses) -> Iterator[Client]:
    """A client of the process."""
    with httpx.Client(base_url=addresses.http) as http:
        path = f"/{addresses.tenant_id}/oauth2/v2.0/token"
        yield Client(http, None, {}, path, addresses.client_secret)
