"""The web application: pages for people, and the bot's door, behind the same guards."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.sessions import SessionMiddleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from scheduler.graph.settings import GraphSettings
from scheduler.rounds.attending import Repair, leave_to_the_job
from scheduler.rounds.context import Context
from scheduler.rounds.listening import Listener
from scheduler.rounds.secrets import read_secrets
from scheduler.store.engine import now
from scheduler.teams.settings import read_teams_settings
from scheduler.web import changes, messages
from scheduler.web.access import SESSION_SECONDS, Access, list_access
from scheduler.web.desk import Desk
from scheduler.web.errors import add_error_pages, refuse
from scheduler.web.guards import Guard
from scheduler.web.limits import ADDRESS, PERSON, Limit, Limiter
from scheduler.web.pages import ROUTERS
from scheduler.web.service import Service
from scheduler.web.settings import WebSettings
from scheduler.web.sign_in import SignIn

STATIC = Path(__file__).with_name("static")
SALT = "scheduler.web.session"


class UnguardedRouteError(Exception):
    """A route that does not say who may use it. The app does not start with one."""


def create_app(
    context: Context,
    *,
    web: WebSettings,
    graph: GraphSettings,
    environ: Mapping[str, str],
    clock: Callable[[], dt.datetime] = now,
    repair: Repair = leave_to_the_job,
    listener: Listener | None = None,
    routers: Iterable[APIRouter] = (),
    per_person: Limit = PERSON,
    per_address: Limit = ADDRESS,
) -> FastAPI:
    """Make the application.

    Args:
        context: Settings, store and connection, open as long as the application runs.
        web: How it is reached.
        graph: With which proof people's sign-in is asked for: the product's own.
        environ: Where the secrets and the bot's settings are read.
        clock: The present, in UTC.
        repair: Called once a seat was given away, after the answer; one at a time for each round.
        listener: Rung when Graph tells of a change in an organiser's calendar.
        routers: Further pages.
        per_person: How much one person may ask.
        per_address: How much one address may ask without a sign-in.

    Raises:
        SecretError: There is no secret to sign with.
        TeamsSettingsError: The environment speaks of Teams, but not well.
        UnguardedRouteError: A route says nothing of who may use it.
    """
    secrets = read_secrets(environ, context.store)
    service = Service(
        context,
        web=web,
        sign_in=SignIn(web, graph, context.graph.get_token),
        secrets=secrets,
        teams=read_teams_settings(environ),
        clock=clock,
        repair=repair,
        listener=listener,
    )

    desk = Desk(service)

    @asynccontextmanager
    async def live(_: FastAPI) -> AsyncIterator[None]:
        yield
        await desk.close()
        await service.close()

    app = FastAPI(
        title="Networking", lifespan=live, openapi_url=None, docs_url=None, redoc_url=None
    )
    app.state.service = service
    app.state.desk = desk
    for router in (messages.router, changes.router, *ROUTERS, *routers):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    check_routes(app.routes)
    add_error_pages(app)
    app.add_middleware(
        Guard,
        secure=web.secure,
        persons=Limiter(per_person),
        addresses=Limiter(per_address),
        refuse=refuse,
    )
    app.add_middleware(
        SessionMiddleware,
        secret_key=f"{SALT} {secrets[-1]}",
        session_cookie="__Host-networking" if web.secure else "networking",
        max_age=SESSION_SECONDS,
        same_site="lax",  # the way back from Entra ID is a link of another site
        https_only=web.secure,
    )
    return app


def list_routes(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """Every route of an application, those of included routers too; our static files aside.

    Raises:
        UnguardedRouteError: One is of a kind that cannot be checked.
    """
    for route in routes:
        included = getattr(route, "original_router", None)  # FastAPI resolves these at a request
        if isinstance(included, APIRouter):
            yield from list_routes(included.routes)
        elif isinstance(route, APIRoute):
            yield route
        elif not (isinstance(route, Mount) and route.name == "static"):
            raise UnguardedRouteError(f"{route} is no route of FastAPI's, which could be checked.")


def check_routes(routes: Iterable[BaseRoute]) -> None:
    """Make sure that every route says who may use it.

    Raises:
        UnguardedRouteError: One does not.
    """
    for route in list_routes(routes):
        if not route_access(route):
            raise UnguardedRouteError(
                f"{route.path} says nothing of who may use it. Give it a dependency: anybody, "
                "signed_in or require_role(...)."
            )


def route_access(route: APIRoute) -> tuple[Access, ...]:
    """What a route asks of its visitor."""
    return tuple(list_access(route.dependant))
