"""The witness and the strings behind the scenes: what a test sees and sets under ``/sandbox``.

Seen with GET: ``report``, ``people``, ``ties``, ``mailboxes/{user}``, ``teams/{user}``,
``channels``, ``workflows``, ``faults``. Set with POST and a JSON object: ``faults`` (a script),
``answers`` (``shares``, ``declining_rooms``), ``limits``, ``permissions`` (``roles``,
``mailboxes``), ``today``, ``settle``, ``expire``, ``bot`` (``url``), ``teams/{user}/press``
(``button``, ``inputs``), ``teams/{user}/say`` (``text``). ``people/{user}`` takes PATCH
(properties, ``mailbox``: ``vanish``, ``blocked``) and DELETE. None of them needs a token.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request as WebRequest
from starlette.responses import Response
from starlette.routing import Route

from scheduler.sandbox.api.request import GraphError, Json
from scheduler.sandbox.faults import FaultScriptError
from scheduler.sandbox.tenant import ANSWER_SHARES, Tenant
from scheduler.sandbox.witness import list_people, report, show_channels, show_mailbox, show_teams

if TYPE_CHECKING:
    from scheduler.sandbox.app import Sandbox

Handler = Callable[[WebRequest], Awaitable[Response]]
Change = Callable[[WebRequest, Json], Any]


class ControlError(Exception):
    """A wish that cannot be met; the text says what would be right."""


def tell(what: Callable[[WebRequest], Any]) -> Handler:
    """Return a handler that answers with a JSON value, or says why there is none."""

    async def answer(web: WebRequest) -> Response:
        try:
            return _write(what(web))
        except GraphError as error:
            return _write({"error": error.message}, error.status)

    return answer


def change(what: Change) -> Handler:
    """Return a handler that reads a JSON object, changes something, and says what holds now."""

    async def answer(web: WebRequest) -> Response:
        try:
            value = what(web, _read_object(await web.body()))
            return _write(await value if isinstance(value, Awaitable) else value)
        except GraphError as error:
            return _write({"error": error.message}, error.status)
        except (ControlError, FaultScriptError, ValueError, KeyError, TypeError) as error:
            return _write({"error": f"{type(error).__name__}: {error}"}, 400)

    return answer


def _read_object(text: bytes) -> Json:
    body = json.loads(text) if text else {}
    if not isinstance(body, dict):
        raise ControlError("A JSON object is expected.")
    return body


def _write(value: Any, status: int = 200) -> Response:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return Response(text, status, media_type="application/json")


class Control:
    """Changes to a running tenant."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._tenant = sandbox.tenant

    def install_faults(self, _: WebRequest, body: Json) -> Json:
        """Put a fault script in force; ``{}`` ends it."""
        install_script(self._sandbox, body)
        return {"rules": len(self._sandbox.faults.rules)}

    def show_faults(self, _: WebRequest) -> Json:
        """Count the faults that happened, and what the limits refused."""
        throttle = self._sandbox.throttle
        return {
            "counts": self._sandbox.faults.counts,
            "throttled": throttle.refused,
            "most_under_way": throttle.most_under_way,
            "requests": throttle.admitted,
        }

    def set_limits(self, _: WebRequest, body: Json) -> Json:
        """Set ``concurrency`` (0 for no limits) and the other limits by their names."""
        throttle, gateway = self._sandbox.throttle, self._sandbox.gateway
        throttle.concurrency = int(body.get("concurrency", throttle.concurrency))
        throttle.window_requests = int(body.get("window_requests", throttle.window_requests))
        throttle.directory_units = int(body.get("directory_units", throttle.directory_units))
        gateway.latency_seconds = float(body.get("latency_seconds", gateway.latency_seconds))
        return {
            "concurrency": throttle.concurrency,
            "window_requests": throttle.window_requests,
            "directory_units": throttle.directory_units,
            "latency_seconds": gateway.latency_seconds,
        }

    def set_today(self, _: WebRequest, body: Json) -> Json:
        """Turn the tenant's clock to another day."""
        self._tenant.set_today(dt.date.fromisoformat(str(body["today"])))
        return {"today": self._tenant.today}

    def set_answers(self, _: WebRequest, body: Json) -> Json:
        """Set how people answer (``shares`` by kind) and which rooms always decline."""
        set_answers(self._tenant, body)
        return {
            "shares": self._tenant.answer_shares,
            "declining_rooms": sorted(self._tenant.declining_rooms),
        }

    def set_permissions(self, _: WebRequest, body: Json) -> Json:
        """Set the ``roles`` of tokens issued from now on, and the ``mailboxes`` they reach."""
        authority, gateway = self._sandbox.authority, self._sandbox.gateway
        authority.roles = tuple(body.get("roles", authority.roles))
        mailboxes = {str(mail).lower() for mail in body.get("mailboxes", gateway.mailboxes)}
        members = [self._tenant.find_member(mail) for mail in mailboxes]
        gateway.mailboxes = frozenset(mailboxes | {m.id for m in members})
        return {"roles": authority.roles, "mailboxes": sorted(gateway.mailboxes)}

    def change_person(self, web: WebRequest, body: Json) -> Json:
        """Change properties in the directory; ``mailbox``: ``vanish``, ``blocked``: true,
        ``roles``: of the app, in their sign-in.
        """
        member = self._tenant.find_member(web.path_params["user"])
        mailbox, blocked = body.pop("mailbox", None), body.pop("blocked", None)
        if (roles := body.pop("roles", None)) is not None:
            self._sandbox.authority.app_roles[member.id] = tuple(map(str, roles))
        if mailbox is not None and member.id in self._tenant.mailboxes:
            self._tenant.mailboxes[member.id].vanished = mailbox == "vanish"
        if blocked is not None:
            known = self._sandbox.teams.blocked
            (known.add if blocked else known.discard)(member.id)
        unknown = set(body) - set(self._tenant.directory[member.id])
        if unknown:
            raise ControlError(f"'{min(unknown)}' is no property of a user.")
        if web.method == "DELETE":
            self._tenant.change_member(member, None)
        elif body:
            self._tenant.change_member(member, body)
        return {"id": member.id, "name": member.name}

    def settle(self, _: WebRequest, __: Json) -> Json:
        """Let everybody answer now who was going to."""
        return {"done": self._tenant.settle()}

    def expire(self, _: WebRequest, __: Json) -> Json:
        """Let every token issued so far expire."""
        self._sandbox.authority.forget_tokens()
        return {}

    def register_bot(self, _: WebRequest, body: Json) -> Json:
        """Say where the bot listens."""
        return self._sandbox.bot.register(body)

    async def press(self, web: WebRequest, body: Json) -> Json:
        """Press a button of a card."""
        return await self._sandbox.bot.press(web.path_params["user"], body)

    async def say(self, web: WebRequest, body: Json) -> Json:
        """Write to the bot."""
        return await self._sandbox.bot.say(web.path_params["user"], str(body["text"]))


def set_answers(tenant: Tenant, wish: Json) -> None:
    """Set ``shares`` of answers by kind, and ``declining_rooms`` by address.

    Raises:
        ControlError: for a kind of answer that nobody gives.
    """
    shares = wish.get("shares", tenant.answer_shares)
    if not shares or set(shares) - set(ANSWER_SHARES):
        raise ControlError(f"shares must be of {', '.join(ANSWER_SHARES)}")
    tenant.answer_shares = {str(name): float(share) for name, share in shares.items()}
    tenant.declining_rooms = {
        str(room).lower() for room in wish.get("declining_rooms", tenant.declining_rooms)
    }


def install_script(sandbox: Sandbox, script: Json) -> None:
    """Put a whole script in force: faults, and under ``answers`` how people and rooms answer.

    Raises:
        FaultScriptError: when it is not of the form that ``Faults.install`` and ``set_answers``
            describe.
    """
    answers = script.get("answers", {"shares": ANSWER_SHARES, "declining_rooms": []})
    sandbox.faults.install({name: part for name, part in script.items() if name != "answers"})
    try:
        set_answers(sandbox.tenant, answers)
    except (ControlError, AttributeError, TypeError, ValueError) as error:
        raise FaultScriptError(f"'answers': {error}") from error


def control_routes(sandbox: Sandbox) -> list[Route]:
    """Return the addresses under ``/sandbox``."""
    tenant, teams, control = sandbox.tenant, sandbox.teams, Control(sandbox)
    shown: dict[str, Callable[[WebRequest], Any]] = {
        "report": lambda _: report(tenant, teams),
        "people": lambda _: list_people(tenant),
        "ties": lambda _: tenant.organisation.ties,
        "mailboxes/{user}": lambda web: show_mailbox(tenant, web.path_params["user"]),
        "teams/{user}": lambda web: show_teams(tenant, teams, web.path_params["user"]),
        "channels": lambda _: show_channels(teams),
        "workflows": lambda _: teams.workflow_posts,
        "faults": control.show_faults,
    }
    changed: dict[str, Change] = {
        "faults": control.install_faults,
        "limits": control.set_limits,
        "today": control.set_today,
        "answers": control.set_answers,
        "permissions": control.set_permissions,
        "settle": control.settle,
        "expire": control.expire,
        "bot": control.register_bot,
        "teams/{user}/press": control.press,
        "teams/{user}/say": control.say,
    }
    return [
        *(Route(f"/sandbox/{path}", tell(what)) for path, what in shown.items()),
        *(
            Route(f"/sandbox/{path}", change(what), methods=["POST"])
            for path, what in changed.items()
        ),
        Route("/sandbox/people/{user}", change(control.change_person), methods=["PATCH", "DELETE"]),
    ]
