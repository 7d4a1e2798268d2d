"""A Graph client over a scripted transport: beneath it is everything that the SDK adds."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager

import httpx
import pytest
from azure.core.credentials import AccessToken

from scheduler.graph.client import open_graph
from scheduler.graph.settings import GraphSettings


class Credential:
    """Hands out a token without asking anybody."""

    async def get_token(self, *_scopes, **_options):
        return AccessToken("a-token", int(time.time()) + 3600)

    async def close(self):
        pass


@pytest.fixture
def connect():
    """``async with connect(handler) as graph``; the handler takes and gives httpx objects."""

    @asynccontextmanager
    async def connect(handler, **settings):
        settings = {"url": "https://localhost:9/v1.0", "backoff_seconds": 0.0, **settings}
        async with open_graph(
            GraphSettings(**settings),
            credential=Credential(),
            transport=httpx.MockTransport(handler),
        ) as graph:
            yield graph

    return connect


@pytest.fixture
def script():
    """A handler that gives prepared answers in order and keeps the requests."""

    def script(*answers):
        waiting = list(answers)

        def handle(request):
            handle.requests.append(request)
            answer = waiting.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        handle.requests = []
        return handle

    return script
