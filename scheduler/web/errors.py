"""What people read when something cannot be done: what, and what they can do. Never a traceback."""

from __future__ import annotations

import math
from collections.abc import Callable
from urllib.parse import quote

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from scheduler.errors import ScheduleError
from scheduler.graph.errors import GraphError
from scheduler.store.errors import UnknownRoundError
from scheduler.web.access import ForbiddenError, SignInNeededError
from scheduler.web.rendering import render_page

log = structlog.get_logger(__name__)

_TEXTS = {
    400: ("That did not work", "Something in what was sent is not right."),
    403: ("This is not for you", "You may not see this page."),
    404: ("There is nothing here", "The address may be misspelt, or what was here is gone."),
    405: ("That did not work", "This page cannot be used like that."),
    413: ("That is too much at once", "What you sent is too large. Nothing was changed."),
    429: ("That was a lot at once", "Please try again in a minute. Nothing was changed."),
    502: ("Microsoft 365 does not answer", "Nothing was changed. Please try again in a minute."),
    500: ("Something went wrong here", "It is written down, and will be looked at."),
}


def error_response(
    request: Request, status: int, text: str | None = None, *, wait_seconds: float = 0
) -> Response:
    """A page for people, or JSON for programs."""
    title, usual = _TEXTS.get(status, _TEXTS[500] if status >= 500 else _TEXTS[400])
    headers = {"Retry-After": str(math.ceil(wait_seconds))} if wait_seconds else {}
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": text or usual}, status, headers)
    return render_page(
        request, "error.html.j2", status=status, headers=headers, title=title, text=text or usual
    )


def refuse(scope: Scope, status: int, wait_seconds: float) -> ASGIApp:
    """The answer of a guard that lets a request not pass."""

    async def answer(_: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await error_response(request, status, wait_seconds=wait_seconds)(scope, receive, send)

    return answer


def add_error_pages(app: FastAPI) -> None:
    """Answer every error of a route."""

    def on(kind: type[Exception], answer: Callable[[Request, Exception], Response]) -> None:
        async def handle(request: Request, error: Exception) -> Response:
            return answer(request, error)

        app.add_exception_handler(kind, handle)

    on(SignInNeededError, lambda request, _: _ask_to_sign_in(request))
    on(ForbiddenError, lambda request, error: error_response(request, 403, str(error)))
    on(RequestValidationError, lambda request, _: error_response(request, 400))
    on(UnknownRoundError, lambda request, error: error_response(request, 404, str(error)))
    on(GraphError, _graph_failed)
    on(ScheduleError, lambda request, error: error_response(request, 400, str(error)))
    on(HTTPException, _http_error)
    on(Exception, _unexpected)


def _ask_to_sign_in(request: Request) -> Response:
    if request.url.path.startswith("/api/"):
        return error_response(request, 401, "Sign in first.")
    if request.method != "GET":
        text = "You are not signed in any more. Sign in, and send it once more."
        return error_response(request, 401, text)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(wanted, safe='')}", 303)


def _graph_failed(request: Request, error: Exception) -> Response:
    log.warning("graph-failed", error=type(error).__name__)
    return error_response(request, 502)


def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return error_response(request, status)


def _unexpected(request: Request, error: Exception) -> Response:
    log.error("request-failed", error=type(error).__name__, exc_info=error)
    return error_response(request, 500)
