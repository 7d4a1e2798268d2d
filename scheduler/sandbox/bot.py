"""People who press buttons and write to the bot: activities sent to its messaging endpoint."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from scheduler.sandbox.api.request import GraphError, Json
from scheduler.sandbox.outgoing import is_loopback, post
from scheduler.sandbox.signin import BOT_ISSUER, Authority
from scheduler.sandbox.teams import CARD, Activity, Conversation, TeamsSide


@dataclass(slots=True)
class Bot:
    """The registered bot: where its messages go, and who it is."""

    teams: TeamsSide
    authority: Authority
    url: str = ""
    app: str = ""

    def register(self, body: Json) -> Json:
        """Set the messaging endpoint, and the app id when it is not that of the tenant's app.

        Raises:
            GraphError: 400 for an address that is not on this computer.
        """
        url = str(body.get("url") or "")
        if not is_loopback(url):
            raise GraphError(
                400, "BadArgument", 'Give {"url": …} with an address on this computer.'
            )
        self.url, self.app = url, str(body.get("app") or self.authority.client)
        return {"url": self.url, "app": self.app}

    def describe_keys(self) -> Json:
        """Return the keys that sign what the connector sends, endorsed for Teams."""
        keys = self.authority.keys()["keys"]
        return {"keys": [{**key, "endorsements": ["msteams"]} for key in keys]}

    def describe(self) -> Json:
        """Return the OpenID configuration of the connector."""
        root = f"{self.authority.base}/teams"
        return {
            "issuer": BOT_ISSUER,
            "authorization_endpoint": f"{root}/invalid",
            "jwks_uri": f"{root}/.well-known/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }

    async def press(self, user: str, body: Json) -> Json:
        """Press a button of a card as a person would.

        Args:
            user: who presses.
            body: ``activity`` (the newest card without it), ``conversation`` for a channel,
                ``button`` (its title, verb or id; the first without it), ``inputs`` filled in.

        Raises:
            GraphError: 404 without such a card or button, 502 when the bot does not answer.
        """
        conversation, activity = self._find_card(user, body)
        action = _find_action(activity, body.get("button"))
        data = {**_as_object(action.get("data")), **(body.get("inputs") or {})}
        base = self._begin(user, conversation, activity.id)
        if action.get("type") == "Action.Submit":
            return await self._send({**base, "type": "message", "value": data})
        value = {
            "action": {
                "type": "Action.Execute", "id": action.get("id"), "title": action.get("title"),
                "verb": action.get("verb"), "data": data,
            },
            "trigger": "manual",
        }  # fmt: skip
        answer = await self._send(
            {**base, "type": "invoke", "name": "adaptiveCard/action", "value": value}
        )
        said = answer.get("body")
        if (
            isinstance(said, dict)
            and said.get("type") == CARD
            and isinstance(said.get("value"), dict)
        ):
            replaced = {"contentType": CARD, "content": said["value"]}
            activity.content = {**activity.content, "attachments": [replaced]}
            activity.updates += 1
        self.teams.tenant.counts["buttons pressed"] += 1
        return answer

    async def say(self, user: str, text: str) -> Json:
        """Write to the bot."""
        member = self.teams.tenant.find_member(user)
        conversation = self.teams.open_chat(member.id)
        return await self._send(
            {**self._begin(member.id, conversation, None), "type": "message", "text": text,
             "textFormat": "plain"}
        )  # fmt: skip

    def _find_card(self, user: str, body: Json) -> tuple[Conversation, Activity]:
        member = self.teams.tenant.find_member(user)
        key = body.get("conversation")
        conversation = (
            self.teams.conversations.get(str(key)) if key else self.teams.chats.get(member.id)
        )
        activities = [
            a for a in (conversation.activities.values() if conversation else ())
            if a.cards() and not a.deleted and body.get("activity") in (None, a.id)
        ]  # fmt: skip
        if conversation is None or not activities:
            raise GraphError(404, "NotFound", f"{member.name} has no such card.")
        return conversation, activities[-1]

    def _begin(self, user: str, conversation: Conversation, reply_to: str | None) -> Json:
        tenant = self.teams.tenant
        member = tenant.find_member(user)
        personal = conversation.user is not None
        return {
            "id": str(uuid.uuid4()) if reply_to is None else f"f:{uuid.uuid4()}",
            "timestamp": f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
            "channelId": "msteams",
            "serviceUrl": f"{self.authority.base}/teams/",
            "from": {"id": f"29:{member.id}", "name": member.name, "aadObjectId": member.id},
            "conversation": {
                "id": conversation.id, "tenantId": tenant.id,
                "conversationType": "personal" if personal else "channel",
                **({} if personal else {"isGroup": True}),
            },
            "recipient": {"id": f"28:{self.app}", "name": "Networking"},
            "channelData": {"tenant": {"id": tenant.id}},
            "locale": member.language or "en-US",
            "localTimezone": member.zone,
            **({"replyToId": reply_to} if reply_to else {}),
        }  # fmt: skip

    async def _send(self, activity: Json) -> Json:
        if not self.url:
            raise GraphError(
                409, "NoBot", "No bot is registered; POST its address to /sandbox/bot."
            )
        token = self.authority.sign(
            {"iss": BOT_ISSUER, "aud": self.app, "serviceurl": activity["serviceUrl"]}, 3600
        )
        started = time.monotonic()
        try:
            answer = await post(
                self.url, json=activity, headers={"Authorization": f"Bearer {token}"}
            )
        except httpx.HTTPError as error:
            raise GraphError(502, "BotNotReachable", f"{type(error).__name__}: {error}") from error
        said: Any = answer.text
        with contextlib.suppress(ValueError):
            said = json.loads(answer.text) if answer.text else None
        seconds = round(time.monotonic() - started, 3)
        return {"status": answer.status_code, "body": said, "seconds": seconds}


def _as_object(value: object) -> Json:
    return dict(value) if isinstance(value, dict) else {}


def find_actions(value: object) -> Iterator[Json]:
    """Yield every action in a card, in the order in which they stand there."""
    if isinstance(value, dict):
        if str(value.get("type", "")).startswith("Action."):
            yield value
        for inner in value.values():
            yield from find_actions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from find_actions(inner)


def _find_action(activity: Activity, button: object) -> Json:
    actions = [
        action
        for action in find_actions(activity.cards())
        if action["type"] in ("Action.Execute", "Action.Submit")
    ]
    for action in actions:
        if button in (None, action.get("title"), action.get("verb"), action.get("id")):
            return action
    titles = ", ".join(str(action.get("title")) for action in actions) or "none"
    raise GraphError(404, "NotFound", f"The card has no button '{button}'; it has: {titles}.")
