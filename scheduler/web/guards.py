"""What every request passes before a route sees it: size, pace, headers, and the log."""

from __future__ import annotations

import time
import uuid
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scheduler.rounds.listening import PATH
from scheduler.web.limits import Limiter

log = structlog.get_logger(__name__)

BODY_LIMIT_BYTES = 512 * 1024
"""Forms and cards are small; Teams' largest message has 100 KB."""
UNCOUNTED = ("/health", "/ready", "/static/")
DOORS = frozenset({"/api/messages", PATH})
"""Of Teams and of Graph; they count by themselves, once they know who is there."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
HSTS = "max-age=31536000"


def make_policy(*, scripts: Iterable[str] = (), styles: Iterable[str] = ()) -> str:
    """The Content-Security-Policy: everything from this address alone, nothing inline.

    ``scripts`` and ``styles`` are further sources, such as the hash of an inline block.
    """
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *scripts]),
            " ".join(["style-src 'self'", *styles]),
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ]
    )


Refuse = Callable[[Scope, int, float], Awaitable[ASGIApp]]
"""Makes the answer of a status, with the seconds to wait."""


class Guard:
    """ASGI middleware; the session's middleware stands before it."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        secure: bool,
        persons: Limiter,
        addresses: Limiter,
        refuse: Callable[[Scope, int, float], ASGIApp],
    ) -> None:
        self._app = app
        self._secure = secure
        self._persons = persons
        self._addresses = addresses
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = str(uuid.uuid4())
        began = time.perf_counter()
        status = 500

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                if scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "public, max-age=3600")
                self._add_headers(headers, request_id)
            await send(message)

        person = _person(scope)
        try:
            with structlog.contextvars.bound_contextvars(request=request_id):
                app = self._admit(scope, person) or self._app
                await app(scope, _limit(receive), send_guarded)
        except TooLargeError:
            await self._refuse(scope, 413, 0)(scope, receive, send_guarded)
        finally:
            route = scope.get("route")
            # As the session is now: who has just been erased or signed out is named no more.
            log.info(
                "request", request=request_id, method=scope["method"], status=status,
                route=getattr(route, "path", "-"), person=_person(scope),
                ms=round(1000 * (time.perf_counter() - began)),
            )  # fmt: skip

    def _admit(self, scope: Scope, person: str | None) -> ASGIApp | None:
        """The refusal that this request meets, None when it may pass."""
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > BODY_LIMIT_BYTES:
            return self._refuse(scope, 413, 0)
        path: str = scope["path"]
        if path in DOORS or path.startswith(UNCOUNTED):
            return None
        wait = self._persons.take(person) if person else self._addresses.take(address_of(scope))
        return self._refuse(scope, 429, wait) if wait else None

    def _add_headers(self, headers: MutableHeaders, request_id: str) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", make_policy())
        headers["X-Request-Id"] = request_id
        if self._secure:
            headers["Strict-Transport-Security"] = HSTS


class TooLargeError(Exception):
    """A body without a length turned out too large."""


def address_of(scope: Scope) -> str:
    """Where a request comes from; uvicorn has put the proxy's word in its place."""
    client = scope.get("client")
    return str(client[0]) if client else "unknown"


def _person(scope: Scope) -> str | None:
    kept: Any = scope.get("session", {}).get("visitor")
    return str(kept["person"]) if isinstance(kept, dict) and "person" in kept else None


def _limit(receive: Receive) -> Receive:
    got = 0

    async def limited() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > BODY_LIMIT_BYTES:
            raise TooLargeError
        return message

    return limited
