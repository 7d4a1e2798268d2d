"""The first page, what is read and kept, the terms, and whether all is well."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from scheduler.store.rounds import list_rounds
from scheduler.web.access import anybody, find_visitor
from scheduler.web.me import Me
from scheduler.web.pages.me import show_network
from scheduler.web.rendering import render_page
from scheduler.web.service import Service, service_of

router = APIRouter(dependencies=[Depends(anybody)])
Here = Annotated[Service, Depends(service_of)]


@router.get("/")
async def first_page(request: Request, service: Here) -> Response:
    """Who is signed in sees their network; everybody else, what this is."""
    visitor = find_visitor(request)
    if visitor is None:
        return render_page(request, "home.html.j2")
    if visitor.has("HR"):
        store = service.context().store
        request.state.for_approval = await service.in_store(
            list_rounds, store, states=frozenset({"planned"})
        )
    person = await service.directory.find(visitor.person_id)
    if person is None:
        return render_page(request, "home.html.j2")
    return await show_network(
        Me(request, service, visitor, person, service.context(visitor.person_id))
    )


@router.get("/privacy")
async def privacy_page(request: Request, service: Here) -> Response:
    """What is read, what is kept, and who sees it."""
    organisation = service.context().settings.organisation
    return render_page(
        request,
        "privacy.html.j2",
        title="What is read and kept",
        company=organisation.company,
        contact=organisation.contact,
        retention=organisation.retention,
        hr_export=service.context().settings.people.hr_export is not None,
    )


@router.get("/terms")
async def terms_page(request: Request, service: Here) -> Response:
    """What is expected of whoever takes part."""
    organisation = service.context().settings.organisation
    return render_page(
        request,
        "terms.html.j2",
        title="Terms of use",
        company=organisation.company,
        contact=organisation.contact,
    )


@router.get("/health")
async def health() -> Response:
    """The process is alive."""
    return JSONResponse({"health": "ok"})


@router.get("/ready")
async def ready(service: Here) -> Response:
    """The database answers, so requests can be served."""
    if await service.in_store(service.context().store.answers):
        return JSONResponse({"ready": True})
    return JSONResponse({"ready": False, "why": "the database does not answer"}, 503)
