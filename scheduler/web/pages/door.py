"""Signing in and out."""

from __future__ import annotations

from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scheduler.web.access import anybody, begin_session, signed_in
from scheduler.web.errors import error_response
from scheduler.web.rendering import render_page
from scheduler.web.service import Service, service_of
from scheduler.web.sign_in import SignInError

log = structlog.get_logger(__name__)

router = APIRouter()
Here = Annotated[Service, Depends(service_of)]
_FLOW, _NEXT = "flow", "next"


@router.get("/sign-in", dependencies=[Depends(anybody)])
async def sign_in(request: Request, service: Here, next: str = "/") -> Response:  # noqa: A002
    """Send the browser to Entra ID; ``next`` is the page of ours to come back to."""
    try:
        flow = await service.sign_in.begin()
    except SignInError as error:
        log.warning("sign-in-not-begun", error=str(error))
        return error_response(request, 502)
    address = str(flow.pop("auth_uri"))
    request.session[_FLOW] = flow
    request.session[_NEXT] = own_path(next)
    return RedirectResponse(address, 303)


@router.get("/sign-in/answer", dependencies=[Depends(anybody)])
async def take_answer(request: Request, service: Here) -> Response:
    """Entra ID's answer: the person is signed in, once for each time it was asked."""
    flow: Any = request.session.pop(_FLOW, None)
    wanted = own_path(str(request.session.pop(_NEXT, "/")))
    if not isinstance(flow, dict):
        return error_response(request, 400, "This sign-in was not begun here. Begin it once more.")
    try:
        person = await service.sign_in.finish(flow, dict(request.query_params))
    except SignInError as error:
        log.warning("sign-in-refused", error=str(error))
        return error_response(request, 403, "Microsoft 365 did not sign you in. Try once more.")
    begin_session(request, person_id=person.person_id, name=person.name, roles=person.roles)
    log.info("signed-in", person=person.person_id, roles=sorted(person.roles))
    return RedirectResponse(wanted, 303)


@router.post("/sign-out", dependencies=[Depends(signed_in)])
async def sign_out(request: Request, service: Here) -> Response:
    """End the session here; Entra ID's own is ended by a link."""
    request.session.clear()
    return render_page(
        request,
        "signed_out.html.j2",
        title="You are signed out here",
        everywhere=service.sign_in.sign_out_url,
    )


def own_path(wanted: str) -> str:
    """A path of ours, whatever was asked for: a link to us never leads elsewhere."""
    sound = wanted.startswith("/") and not wanted.startswith(("//", "/\\", "/sign-in"))
    return wanted if sound and wanted.isprintable() and "\\" not in wanted else "/"
