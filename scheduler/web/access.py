"""Who may use a route. Every route carries one of these as a dependency, or the app does not start.

    router.get("/rounds", dependencies=[Depends(require_role("HR"))])
    async def page(visitor: Annotated[Visitor, Depends(signed_in)]): ...

A route that changes something also needs the page's CSRF token; a route with ``person_id`` in its
path is that person's alone.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from fastapi.dependencies.models import Dependant
from starlette.requests import Request

Role = Literal["HR", "Administrator"]
ROLES: tuple[Role, ...] = ("HR", "Administrator")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SESSION_SECONDS = 8 * 3600
"""A working day; afterwards one click signs in again."""
CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"
_KEY = "visitor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who signed in. ``person_id`` is the directory's object id."""

    person_id: str
    name: str
    roles: frozenset[str]
    csrf: str

    def has(self, *roles: str) -> bool:
        """Whether they have one of these roles."""
        return bool(self.roles & set(roles))


class SignInNeededError(Exception):
    """Nobody is signed in."""


class ForbiddenError(Exception):
    """Somebody is signed in who may not do this; the text says why."""


class Access:
    """What a route asks of its visitor; the table of routes is checked for it."""

    public = False
    roles: frozenset[str] = frozenset()


class Anybody(Access):
    """Open to everybody. Such a route only shows, or checks its caller by itself."""

    public = True

    async def __call__(self) -> None:
        """Let everybody pass."""


class SignedIn(Access):
    """Open to people who signed in, or to those among them with one of ``roles``."""

    def __init__(self, roles: frozenset[str] = frozenset()) -> None:
        self.roles = roles

    async def __call__(self, request: Request) -> Visitor:
        """The visitor.

        Raises:
            SignInNeededError: Nobody is signed in.
            ForbiddenError: Another role is needed, the page is somebody else's, or what was sent
                does not come from our own page.
        """
        visitor = find_visitor(request)
        if visitor is None:
            raise SignInNeededError
        if self.roles and not visitor.has(*self.roles):
            raise ForbiddenError("This page is for people with another task.")
        owner = request.path_params.get("person_id")
        if owner is not None and owner != visitor.person_id:
            raise ForbiddenError("This page is somebody else's.")
        if request.method not in SAFE:
            await _check_form(request, visitor)
        return visitor


anybody = Anybody()
signed_in = SignedIn()


def require_role(*roles: Role) -> SignedIn:
    """A dependency that lets people with one of the roles pass."""
    return SignedIn(frozenset(roles))


def find_visitor(request: Request) -> Visitor | None:
    """Who is signed in, by the session's signed cookie."""
    kept: Any = request.session.get(_KEY)
    if not isinstance(kept, dict) or time.time() > kept.get("until", 0):
        return None
    return Visitor(kept["person"], kept["name"], frozenset(kept["roles"]), kept["csrf"])


def begin_session(request: Request, *, person_id: str, name: str, roles: frozenset[str]) -> None:
    """Let somebody be signed in; nothing of the session before stays."""
    request.session.clear()
    request.session[_KEY] = {
        "person": person_id,
        "name": name,
        "roles": sorted(roles),
        "csrf": secrets.token_urlsafe(24),
        "until": int(time.time()) + SESSION_SECONDS,
    }


def list_access(dependant: Dependant) -> Iterator[Access]:
    """What a route asks, found in its dependencies and theirs."""
    asked: object = dependant.call
    if isinstance(asked, Access):
        yield asked
    for inner in dependant.dependencies:
        yield from list_access(inner)


async def _check_form(request: Request, visitor: Visitor) -> None:
    sent: Any = request.headers.get(CSRF_HEADER)
    if sent is None and request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        sent = (await request.form()).get(CSRF_FIELD)
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), visitor.csrf.encode()):
        raise ForbiddenError(
            "This form is out of date. Open the page again, and send it once more."
        )
