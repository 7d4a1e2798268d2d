"""Cards for a group, the official schema to check them with, and a connector that can fail."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
import uvicorn
from jsonschema.exceptions import best_match
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scheduler.agendas.agenda import Agenda, write_agenda
from scheduler.people.person import Person
from scheduler.programmes.programme import AgendaItem, AgendaPlan
from scheduler.teams.cards.kit import Buttons
from scheduler.teams.settings import TeamsSettings
from scheduler.teams.signing import Signer

ROUND = "cross-team-lunch/2026-12-07"


@pytest.fixture
def signer() -> Signer:
    return Signer(["a secret that only the tests know of"])


@pytest.fixture
def buttons(signer) -> Buttons:
    return Buttons(signer, ROUND, "1", about="12")


@pytest.fixture
def members() -> list[Person]:
    return [
        Person(
            id=str(number),
            name=name,
            mail=f"{number}@example.com",
            department=department,
            title="Analyst",
            office="Berlin",
            zone="Europe/Berlin",
        )
        for number, (name, department) in enumerate(
            [("Zoë Łukasiewicz", "Sales"), ("José *Star* O'Neil", "Legal"), ("王伟", "Research")], 1
        )
    ]


@pytest.fixture
def agenda(members) -> Agenda:
    plan = AgendaPlan(
        purpose="Meet people from other teams.",
        items=(
            AgendaItem(minutes=10, title="Arrive", text="Order first."),
            AgendaItem(minutes=50, title="Talk"),
        ),
    )
    return write_agenda(
        plan,
        title="Cross-team lunch",
        members=members,
        starts=dt.datetime(2026, 12, 7, 12, tzinfo=ZoneInfo("Europe/Berlin")),
        minutes=60,
        place="Café Linde, table 4",
        why=("None of you has met before.",),
    )


@pytest.fixture(scope="session")
def check_card() -> Callable[[Any], None]:
    """Fails with the path and the reason where a card breaks the Adaptive Cards 1.5 schema."""
    schema = json.loads(files("adaptive_cards").joinpath("schemas/schema-1.5.json").read_text())
    validator = jsonschema.Draft6Validator(schema)

    def check(content: Any) -> None:
        error = best_match(validator.iter_errors(json.loads(json.dumps(content))))
        assert error is None, f"{error.json_path}: {error.message[:300]}"

    return check


def texts_of(content: Any) -> list[str]:
    """All that a card says, in order: texts, titles, labels, and choices."""
    found = []
    if isinstance(content, dict):
        for key, value in content.items():
            if key in {"text", "title", "label", "placeholder"} and isinstance(value, str):
                found.append(value)
            elif key != "fallback":
                found += texts_of(value)
    elif isinstance(content, list):
        for value in content:
            found += texts_of(value)
    return found


@pytest.fixture
def say() -> Callable[[Any], str]:
    return lambda card: "\n".join(texts_of(card.content))


Answer = tuple[int, dict[str, Any], dict[str, str]]


@dataclass
class FakeConnector:
    """The connector's HTTP as Teams documents it, with answers that a test can put in the way.

    ``script`` holds, for each path, answers that are given before the good one.
    """

    url: str = ""
    seen: list[tuple[str, str, Any, str]] = field(default_factory=list)
    script: dict[str, list[Answer]] = field(default_factory=dict)
    most_at_once: int = 0
    at_once: int = 0

    async def serve(self, request: Request) -> Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        body = json.loads(await request.body() or b"null")
        path = request.url.path.removeprefix("/teams")
        await asyncio.sleep(0.005)
        self.at_once -= 1
        self.seen.append((request.method, path, body, request.headers.get("authorization", "")))
        who = body["members"][0]["id"] if path == "/v3/conversations" else path
        if self.script.get(who):
            status, answer, headers = self.script[who].pop(0)
            return JSONResponse(answer, status, headers)
        if path == "/v3/conversations":
            return JSONResponse({"id": f"a:{who}"}, 201)
        return JSONResponse({"id": f"{len(self.seen)}"}, 201)

    def fail(self, who: str, status: int, code: str, *, times: int = 1, after: str = "") -> None:
        """Answer ``times`` requests about a person or a path with an error."""
        answer = {"error": {"code": code, "message": "As the test wants it."}}
        headers = {"Retry-After": after} if after else {}
        self.script.setdefault(who, []).extend([(status, answer, headers)] * times)

    def posts(self) -> list[tuple[str, Any]]:
        """Messages that were accepted or refused, by conversation."""
        return [(path, body) for _, path, body, _ in self.seen if path.endswith("/activities")]


@pytest.fixture
def connector() -> Iterator[FakeConnector]:
    fake = FakeConnector()
    app = Starlette(
        routes=[Route("/{path:path}", fake.serve, methods=["POST", "PUT", "DELETE", "GET"])]
    )
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    port = server.servers[0].sockets[0].getsockname()[1]
    fake.url = f"http://127.0.0.1:{port}/teams"
    yield fake
    server.should_exit = True
    thread.join()


@pytest.fixture
def settings(connector) -> TeamsSettings:
    return TeamsSettings(
        app_id="bot",
        tenant_id="tenant",
        url=connector.url,
        in_flight=4,
        call_seconds=5,
        total_seconds=5,
    )
