"""What Graph posts when an organiser's calendar changes: no more than that something did.

A notification is taken for Graph's when it brings back what we gave to Graph with the
subscription (``clientState``). Nothing in it is kept; the answers are read from the calendar.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from scheduler.rounds.listening import PATH
from scheduler.web.access import anybody
from scheduler.web.guards import address_of
from scheduler.web.service import Service, service_of

log = structlog.get_logger(__name__)

router = APIRouter()
Here = Annotated[Service, Depends(service_of)]

TOKEN_LETTERS = 1024
"""Graph's validation tokens have a hundred or two."""


@router.post(PATH, dependencies=[Depends(anybody)])
async def take_changes(request: Request, service: Here) -> Response:
    """Answer Graph's question whether we are there, or take its notifications."""
    listener, address = service.listener, address_of(request.scope)
    if listener is None:
        return JSONResponse({"error": "refused"}, 403)
    token = request.query_params.get("validationToken")
    if token is not None:
        # Plain text, and browsers are told not to guess: whatever it says, it stays a text.
        return PlainTextResponse(token, 200 if len(token) <= TOKEN_LETTERS else 400)
    if service.forgeries.is_spent(address):
        return JSONResponse({"error": "refused"}, 429)
    told = [one for one in _read(await request.body()) if listener.knows(_text(one, "clientState"))]
    if not told:
        service.forgeries.take(address)
        log.warning("notification-refused")
        return JSONResponse({"error": "refused"}, 403)
    # Lifecycle notifications: renew the subscription, make it anew, or read what was missed.
    lifecycle = {event for one in told if (event := _text(one, "lifecycleEvent"))}
    listener.ring(renew=bool(lifecycle - {"missed"}))
    log.info("notified", changes=len(told), lifecycle=sorted(lifecycle))
    return Response(status_code=202)


def _read(body: bytes) -> list[dict[str, Any]]:
    try:
        value: Any = json.loads(body)
    except ValueError:
        return []
    listed = value.get("value") if isinstance(value, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _text(one: dict[str, Any], name: str) -> str:
    text = one.get(name)
    return text if isinstance(text, str) else ""
