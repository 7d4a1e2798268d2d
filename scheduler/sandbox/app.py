"""The web application: Graph, sign-in, Teams, and the witness, on one address."""

from __future__ import annotations

import datetime as dt
import sys
import traceback
import uuid
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request as WebRequest
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from scheduler.sandbox.api.attachments import Uploads, upload_range
from scheduler.sandbox.api.request import Answer, GraphError, Request, make_request
from scheduler.sandbox.api.router import Router
from scheduler.sandbox.api.subscriptions import Subscriptions
from scheduler.sandbox.batch import answer_batch
from scheduler.sandbox.bot import Bot
from scheduler.sandbox.connection import CutResponse
from scheduler.sandbox.control import control_routes, tell
from scheduler.sandbox.faults import Faults
from scheduler.sandbox.gateway import Gateway, write_error
from scheduler.sandbox.organisation.member import DOMAIN
from scheduler.sandbox.pages import page_routes
from scheduler.sandbox.picker import pick_person
from scheduler.sandbox.settings import SandboxSettings
from scheduler.sandbox.signin import BOT, GRAPH, Authority, SignInError
from scheduler.sandbox.teams import TeamsSide
from scheduler.sandbox.tenant import Tenant
from scheduler.sandbox.throttling import Throttle


class Sandbox:
    """All parts of a running tenant, and the functions behind its addresses."""

    def __init__(self, tenant: Tenant, settings: SandboxSettings, authority: Authority) -> None:
        self.tenant, self.settings, self.authority = tenant, settings, authority
        self.uploads = Uploads()
        self.faults = Faults(tenant.vanish)
        self.throttle = Throttle(settings.concurrency)
        self.teams = TeamsSide(tenant)
        self.bot = Bot(self.teams, authority)
        self.subscriptions = Subscriptions(tenant)
        self.gateway = Gateway(
            Router(tenant, self.uploads, self.subscriptions),
            authority,
            self.throttle,
            self.faults,
            settings.latency_seconds,
        )

    async def graph(self, web: WebRequest) -> Response:
        """Serve a request to Graph, a batch included."""
        request = await read_request(web)
        if [s.lower() for s in request.segments] == ["$batch"] and request.method == "POST":
            token = request.headers.get("authorization", "")
            try:
                request.claims = self.authority.check(token, GRAPH)
            except GraphError as error:
                return send(web, request, write_error(error, request))
            return send(web, request, await answer_batch(self.gateway, request))
        return send(web, request, await self.gateway.serve(request))

    async def upload(self, web: WebRequest) -> Response:
        """Serve the upload address of an attachment."""
        request = await read_request(web)
        try:
            key = web.query_params.get("authtoken", "")
            answer = upload_range(self.tenant, self.uploads, key, request)
        except GraphError as error:
            answer = write_error(error, request)
        return send(web, request, answer)

    async def token(self, web: WebRequest) -> Response:
        """Serve the token endpoint."""
        form = dict(parse_qsl((await web.body()).decode("utf-8", "replace")))
        try:
            self._check_tenant(web.path_params["tenant"])
            return JSONResponse(self.authority.issue(form), headers={"Cache-Control": "no-store"})
        except SignInError as error:
            return JSONResponse(
                {
                    "error": error.error,
                    "error_description": f"{error.text} Trace ID: {uuid.uuid4()}",
                    "error_codes": [int("".join(c for c in error.text[:20] if c.isdigit()) or 0)],
                    "timestamp": f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%SZ}",
                },
                error.status,
            )

    def _check_tenant(self, tenant: str) -> None:
        if tenant.lower() not in (self.tenant.id, DOMAIN, "botframework.com", "organizations"):
            raise SignInError(400, "invalid_request", f"AADSTS90002: Tenant '{tenant}' not found.")

    async def authorize(self, web: WebRequest) -> Response:
        """Serve the authorisation endpoint: ``login_hint`` says who signs in, or a click does."""
        query = dict(web.query_params)
        if query.get("client_id") != self.authority.client or not query.get("redirect_uri"):
            return Response("AADSTS700016: The application was not found.", 400)
        if not query.get("login_hint"):
            return pick_person(self.tenant, self.authority, query)
        try:
            member = self.tenant.find_member(query["login_hint"])
        except GraphError:
            return Response("AADSTS50034: The user account does not exist in the directory.", 400)
        if not self.tenant.directory[member.id]["accountEnabled"]:
            return Response("AADSTS50057: The user account is disabled.", 400)
        person = self.tenant.directory[member.id]
        return RedirectResponse(self.authority.grant_code(person, query), 302)

    async def connector(self, web: WebRequest) -> Response:
        """Serve the bot connector."""
        request = await read_request(web)
        try:
            self.authority.check(request.headers.get("authorization", ""), BOT)
            answer = self._connect(request)
        except GraphError as error:
            answer = write_error(error, request)
        return send(web, request, answer)

    def _connect(self, request: Request) -> Answer:
        match (request.method, *request.segments[2:]):
            case ("POST", "conversations"):
                return self.teams.create_conversation(request.read_object())
            case ("POST", "conversations", conversation, "activities"):
                return self.teams.post_activity(conversation, request.read_object())
            case ("POST", "conversations", conversation, "activities", _):
                return self.teams.post_activity(conversation, request.read_object())
            case ("PUT", "conversations", conversation, "activities", activity):
                return self.teams.update_activity(conversation, activity, request.read_object())
            case ("DELETE", "conversations", conversation, "activities", activity):
                return self.teams.delete_activity(conversation, activity)
            case ("GET", "conversations", conversation, "members"):
                return self.teams.list_members(conversation)
            case _:
                raise GraphError(404, "NotFound", "There is no such address of the connector.")

    async def workflow(self, web: WebRequest) -> Response:
        """Serve a Workflows webhook."""
        request = await read_request(web)
        try:
            answer = self.teams.post_workflow(
                web.path_params["workflow"], web.query_params.get("sig", ""), request.body
            )
        except GraphError as error:
            answer = write_error(error, request)
        return send(web, request, answer)


def make_app(sandbox: Sandbox) -> Starlette:
    """Make the application with all its addresses."""
    every = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    authority, bot = sandbox.authority, sandbox.bot
    return Starlette(
        routes=[
            Route("/common/discovery/instance", tell(lambda _: authority.describe_instance())),
            Route(
                "/{tenant}/v2.0/.well-known/openid-configuration",
                tell(lambda web: authority.describe(web.path_params["tenant"])),
            ),
            Route("/{tenant}/discovery/v2.0/keys", tell(lambda _: authority.keys())),
            Route("/{tenant}/oauth2/v2.0/token", sandbox.token, methods=["POST"]),
            Route("/{tenant}/oauth2/v2.0/authorize", sandbox.authorize),
            Route("/teams/.well-known/openidconfiguration", tell(lambda _: bot.describe())),
            Route("/teams/.well-known/keys", tell(lambda _: bot.describe_keys())),
            Route("/teams/workflows/{workflow}", sandbox.workflow, methods=["POST"]),
            Route("/teams/{rest:path}", sandbox.connector, methods=every),
            Route("/upload/{rest:path}", sandbox.upload, methods=["PUT", "DELETE"]),
            *control_routes(sandbox),
            *page_routes(sandbox),
            Route("/v1.0", sandbox.graph, methods=every),
            Route("/v1.0/{rest:path}", sandbox.graph, methods=every),
        ],
        exception_handlers={Exception: _confess},
    )


async def _confess(web: WebRequest, error: Exception) -> Response:
    """Answer for a mistake of our own, and write where it was made."""
    sys.stderr.write("".join(traceback.format_exception(error)))
    request = Request(web.method, [], {}, {}, b"", "")
    failure = GraphError(500, "SandboxMistake", f"{type(error).__name__}: {error}")
    return send(web, request, write_error(failure, request))


async def read_request(web: WebRequest) -> Request:
    """Read a request from the web framework, its path still encoded."""
    raw: bytes = web.scope.get("raw_path") or web.scope["path"].encode()
    path = raw.split(b"?")[0].decode("latin-1")
    query = web.scope["query_string"].decode("latin-1")
    base = f"{web.url.scheme}://{web.headers.get('host', web.url.netloc)}"
    url = path + ("?" + query if query else "")
    return make_request(web.method, url, dict(web.headers), await web.body(), base)


def send(web: WebRequest, request: Request, answer: Answer) -> Response:
    """Send an answer with the headers that every answer of Graph has."""
    request_id = answer.headers.get("request-id") or str(uuid.uuid4())
    headers = {
        "request-id": request_id,
        "client-request-id": request.headers.get("client-request-id", request_id),
        "OData-Version": "4.0",
        "Cache-Control": "no-cache",
        **answer.headers,
    }
    if answer.cut:
        return CutResponse(web, answer.cut, answer.body, headers)
    return Response(answer.body, answer.status, headers)
