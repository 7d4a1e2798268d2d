"""Connections that can be broken from inside: what the web server does not offer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request as WebRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol


class CuttableProtocol(H11Protocol):
    """uvicorn's protocol that shows its transport to the application, in ``scope["state"]``."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the transport of this connection."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class CutResponse(Response):
    """An answer whose connection breaks: before it, or in its middle."""

    def __init__(
        self, web: WebRequest, place: str, body: bytes, headers: Mapping[str, str]
    ) -> None:
        super().__init__(body, 200, dict(headers))
        self._transport: Any = web.scope.get("state", {}).get("transport")
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send nothing, or the half of it, and break the connection."""
        del scope, receive
        if self._place == "middle":
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            half = self.body[: len(self.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await asyncio.sleep(0.01)  # let the half leave before the end
        if self._transport is not None:
            self._transport.abort()
