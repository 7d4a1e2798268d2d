"""Everything about me: to take along, or to have erased."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from scheduler.privacy.person import person_as_json, person_as_page
from scheduler.rounds.deeds import save_choices
from scheduler.rounds.erasing import UnknownPersonError, erase
from scheduler.rounds.exporting import export_person
from scheduler.web.access import Visitor, signed_in
from scheduler.web.errors import error_response
from scheduler.web.me import text_of
from scheduler.web.rendering import render_page
from scheduler.web.service import Service, service_of

router = APIRouter(prefix="/me/data")
Here = Annotated[Service, Depends(service_of)]
Who = Annotated[Visitor, Depends(signed_in)]
"""Whoever is signed in: their data is theirs even where the directory knows them no more."""

BY = "the person"
"""Who erased, in the audit trail: it must not name them again."""


@router.get("")
async def my_data(request: Request, visitor: Who, service: Here) -> Response:
    """What can be had and done here."""
    del visitor
    return render_page(
        request,
        "me_data.html.j2",
        title="My data",
        retention=service.context().settings.organisation.retention,
    )


@router.post("/download")
async def download_my_data(request: Request, visitor: Who, service: Here) -> Response:
    """Everything that is known about the person, for people or for programs."""
    wait = service.presses.take(visitor.person_id)
    if wait:
        return error_response(request, 429, wait_seconds=wait)
    kind = text_of(await request.form(), "format")
    context = service.context(visitor.person_id)
    try:
        sections = await export_person(
            context, visitor.person_id, people=await service.directory.people()
        )
    except UnknownPersonError:
        return error_response(request, 404, "Nothing is stored about you.")
    if kind == "json":
        text, media, ending = person_as_json(sections), "application/json", "json"
    else:
        retention = context.settings.organisation.retention
        text, media, ending = person_as_page(sections, retention), "text/html", "html"
    headers = {"Content-Disposition": f'attachment; filename="everything-about-me.{ending}"'}
    return Response(text, media_type=f"{media}; charset=utf-8", headers=headers)


@router.get("/erase")
async def before_erasing(request: Request, visitor: Who) -> Response:
    """What erasing does, and the question whether it is meant."""
    del visitor
    return _ask(request)


@router.post("/erase")
async def erase_my_data(request: Request, visitor: Who, service: Here) -> Response:
    """Erase the person, and sign them out."""
    form = await request.form()
    if text_of(form, "sure") != "yes":
        return _ask(request, problem="Please tick the box: what is erased cannot be had back.")
    context = service.context(BY)
    try:
        done = await erase(context, visitor.person_id)
    except UnknownPersonError:
        done = None
    silent = text_of(form, "silent") == "yes"
    if silent:
        await service.in_store(
            save_choices, service.context(visitor.person_id), visitor.person_id,
            {"leave": ["all"]}, people={},
        )  # fmt: skip
    request.session.clear()
    return render_page(
        request,
        "me_erased.html.j2",
        title="You are erased here",
        rounds=done.rounds if done else 0,
        rows=done.erased.rows if done else 0,
        silent=silent,
    )


def _ask(request: Request, problem: str = "") -> Response:
    return render_page(
        request,
        "me_erase.html.j2",
        status=400 if problem else 200,
        title="Erase everything about me",
        problem=problem,
    )
