"""What the pages of one's own network share: whose they are, and what was typed into them.

No address of these pages holds a person's id: they are about whoever is signed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from scheduler.agendas.about import about_text
from scheduler.people.person import Person
from scheduler.rounds.attending import find_own_meeting
from scheduler.rounds.context import Context
from scheduler.rounds.deeds import RefusedError
from scheduler.store.rounds import Round
from scheduler.texts.catalogue import texts_in
from scheduler.web.access import ForbiddenError, Visitor, signed_in
from scheduler.web.errors import error_response
from scheduler.web.limits import Limiter
from scheduler.web.rendering import render_page
from scheduler.web.service import Service, service_of

SAID: Mapping[str, str] = {
    "kept": "Kept. It counts from the next round on.",
    "same": "That is how it was already; nothing was changed.",
    "joined": "You are in. You hear from us when your group is put together.",
    "left": "You have left. You are not asked again; should you change your mind, just join.",
    "not-now": "Not this time, then. You can join whenever you like.",
    "coming": "You are coming. The others will be glad.",
    "away": "You gave your seat away, and the others are told.",
    "noted": "Kept. Nobody but you can read it.",
    "asked": "Kept as your wish. We try, and cannot promise.",
    "unasked": "Taken back.",
    "thanked": "Thank you. What you noted for yourself stands below.",
}
"""What a page says after something was done; the address names it by its key."""


LANGUAGE = "en"
"""Of the pages. Agendas and calendar files are in the person's own."""


class Blank(dict[str, Any]):
    """Values for a template, in which a name that is not there is an empty text."""

    def __missing__(self, name: str) -> str:
        return ""


def about(person: Person) -> str:
    """``Business analyst · Legal · Berlin``, for templates."""
    return about_text(person, texts_in(LANGUAGE))


@dataclass(frozen=True, slots=True)
class Me:
    """Whoever is signed in, on their own pages."""

    request: Request
    service: Service
    visitor: Visitor
    person: Person
    context: Context

    @property
    def id(self) -> str:
        """The directory's id."""
        return self.person.id

    async def people(self) -> Mapping[str, Person]:
        """Everybody of the directory by id."""
        return await self.service.directory.people()

    def render(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page; it says what its address names as done."""
        said = SAID.get(self.request.query_params.get("said", ""))
        shared = {"message": said, "me": self.person, "about": about}
        return render_page(self.request, template, status=status, **(shared | values))

    def too_much(self, limiter: Limiter) -> Response | None:
        """The refusal of somebody who asks too often."""
        wait = limiter.take(self.id)
        return error_response(self.request, 429, wait_seconds=wait) if wait else None


async def find_me(
    request: Request,
    visitor: Annotated[Visitor, Depends(signed_in)],
    service: Annotated[Service, Depends(service_of)],
) -> Me:
    """Who is signed in, as the directory knows them; a dependency of routes.

    Raises:
        ForbiddenError: The directory does not know them (yet).
    """
    person = await service.directory.find(visitor.person_id)
    if person is None:
        raise ForbiddenError(
            "You are signed in, but the directory does not list you. Somebody who is new appears "
            "within a quarter of an hour after IT has entered them."
        )
    return Me(request, service, visitor, person, service.context(person.id))


Mine = Annotated[Me, Depends(find_me)]


def go_back(path: str, said: str, *, to: str = "", **query: str) -> RedirectResponse:
    """The page that was come from, which says what was done; ``to`` is the part of it to show."""
    part = f"#{to}" if to else ""
    return RedirectResponse(f"{path}?{urlencode({'said': said, **query})}{part}", 303)


async def find_own_round(me: Me, round_id: str, number: int) -> Round:
    """The round of a meeting that the person belongs to.

    Raises:
        HTTPException: 404: there is no such meeting, it was called off, or it is others'.
    """
    try:
        found, _ = await me.service.in_store(
            find_own_meeting, me.context, round_id, number, me.person.id
        )
    except RefusedError as refused:
        raise HTTPException(404) from refused
    return found


def text_of(form: FormData, name: str) -> str:
    """One text of a form; a file is none."""
    value = form.get(name)
    return value if isinstance(value, str) else ""
