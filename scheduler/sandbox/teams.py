"""The Teams side: the bot connector, channels, and Workflows webhooks."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from dataclasses import dataclass, field

from scheduler.sandbox.api.request import Answer, GraphError, Json, answer_json
from scheduler.sandbox.dice import chance
from scheduler.sandbox.tenant import Tenant

WORKFLOW_LIMIT_BYTES = 28_672
BOT_LIMIT_BYTES = 40_960
# The service counts more than was sent: a request of 24,453 bytes was refused as 28,897.
_WORKFLOW_COUNT = 28_897 / 24_453
_GUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
CARD = "application/vnd.microsoft.card.adaptive"


@dataclass(slots=True)
class Activity:
    """A message of the bot; ``content`` is the newest version."""

    id: str
    content: Json
    posted: dt.datetime
    updates: int = 0
    deleted: bool = False

    def cards(self) -> list[Json]:
        """Return the Adaptive Cards of the message."""
        return [
            attachment["content"]
            for attachment in self.content.get("attachments") or []
            if attachment.get("contentType") == CARD
        ]


@dataclass(slots=True)
class Conversation:
    """A chat with one person (``user`` set) or a channel."""

    id: str
    user: str | None
    activities: dict[str, Activity] = field(default_factory=dict)


@dataclass(slots=True)
class TeamsSide:
    """All conversations, by id; chats also by person."""

    tenant: Tenant
    conversations: dict[str, Conversation] = field(default_factory=dict)
    chats: dict[str, Conversation] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    workflow_posts: list[Json] = field(default_factory=list)

    def is_blocked(self, user: str) -> bool:
        """Say whether somebody has blocked the bot, or never had it installed."""
        share = self.tenant.settings.blocked_share
        draw = chance(self.tenant.organisation.seed, "blocked", self.tenant.members[user].key)
        return user in self.blocked or draw < share

    def open_chat(self, key: str) -> Conversation:
        """Return the chat of the bot with somebody, made when there was none.

        Raises:
            GraphError: 400 for an address instead of an id, 403 for somebody of another tenant,
                or who has blocked the bot.
        """
        user = key.removeprefix("8:orgid:").lower()
        if not _GUID.fullmatch(user):
            raise GraphError(
                400, "BadSyntax", "Bad format of conversation member: a Teams id or the object id "
                "of the directory is needed, no address.",
            )  # fmt: skip
        if user not in self.tenant.directory or user not in self.tenant.members:
            raise GraphError(403, "BotNotInConversationRoster", "The user is not of this tenant.")
        self._refuse_blocked(user)
        if user not in self.chats:
            chat = Conversation(f"a:{uuid.uuid5(uuid.NAMESPACE_OID, user).hex}", user)
            self.chats[user] = self.conversations[chat.id] = chat
        return self.chats[user]

    def _refuse_blocked(self, user: str | None) -> None:
        if user is not None and self.is_blocked(user):
            raise GraphError(
                403, "MessageWritesBlocked", "Message writes to the conversation have been blocked."
            )

    def create_conversation(self, body: Json) -> Answer:
        """``POST /v3/conversations``: a chat with one member, or a post to a channel."""
        channel = ((body.get("channelData") or {}).get("channel") or {}).get("id")
        if channel:
            conversation = self._channel(str(channel))
        else:
            members = body.get("members") or []
            if len(members) != 1:
                raise GraphError(400, "BadArgument", "Exactly one member is needed for a chat.")
            person = members[0]
            conversation = self.open_chat(str(person.get("aadObjectId") or person.get("id") or ""))
        answer: Json = {"id": conversation.id}
        if body.get("activity"):
            answer["activityId"] = self._add(conversation, body["activity"]).id
        return answer_json(answer, 201)

    def _channel(self, channel: str) -> Conversation:
        name = channel.split(";", maxsplit=1)[0]
        if not name.startswith("19:"):
            raise GraphError(404, "ConversationNotFound", f"There is no conversation '{channel}'.")
        return self.conversations.setdefault(name, Conversation(name, None))

    def _find(self, key: str) -> Conversation:
        if key.startswith("19:"):
            return self._channel(key)
        if key not in self.conversations:
            raise GraphError(404, "ConversationNotFound", f"There is no conversation '{key}'.")
        return self.conversations[key]

    def _add(self, conversation: Conversation, content: Json) -> Activity:
        if len(json.dumps(content).encode()) > BOT_LIMIT_BYTES:
            raise GraphError(413, "MessageSizeTooBig", "Message size too large.")
        number = self.tenant.counts["activities posted"]
        activity = Activity(str(1_700_000_000_000 + number), content, self.tenant.now())
        conversation.activities[activity.id] = activity
        self.tenant.counts["activities posted"] += 1
        kind = "chat" if conversation.user else "channel"
        self.tenant.counts[f"cards to {kind}s"] += len(activity.cards())
        return activity

    def post_activity(self, conversation: str, body: Json) -> Answer:
        """``POST /v3/conversations/{id}/activities``."""
        found = self._find(conversation)
        self._refuse_blocked(found.user)
        return answer_json({"id": self._add(found, body).id}, 201)

    def update_activity(self, conversation: str, activity: str, body: Json) -> Answer:
        """``PUT /v3/conversations/{id}/activities/{id}``."""
        found = self._activity(conversation, activity)
        found.content = body
        found.updates += 1
        self.tenant.counts["activities updated"] += 1
        return answer_json({"id": activity})

    def delete_activity(self, conversation: str, activity: str) -> Answer:
        """``DELETE /v3/conversations/{id}/activities/{id}``."""
        self._activity(conversation, activity).deleted = True
        return Answer(200)

    def _activity(self, conversation: str, activity: str) -> Activity:
        found = self._find(conversation)
        self._refuse_blocked(found.user)
        if activity not in found.activities or found.activities[activity].deleted:
            raise GraphError(404, "ActivityNotFoundInConversation", f"No activity '{activity}'.")
        return found.activities[activity]

    def list_members(self, conversation: str) -> Answer:
        """``GET /v3/conversations/{id}/members``."""
        found = self._find(conversation)
        user = self.tenant.directory.get(found.user or "")
        if user is None:
            return Answer(200, b"[]", {"Content-Type": "application/json"})
        member = {
            "id": f"29:{user['id']}", "aadObjectId": user["id"], "name": user["displayName"],
            "email": user["mail"], "userPrincipalName": user["userPrincipalName"],
            "tenantId": self.tenant.id, "userRole": "user",
        }  # fmt: skip
        return Answer(200, json.dumps([member]).encode(), {"Content-Type": "application/json"})

    def post_workflow(self, workflow: str, signature: str, body: bytes) -> Answer:
        """A Workflows webhook: 202, whether or not anything is shown.

        A card without the message around it is accepted and shows nothing, as seen of the service.
        """
        if not signature:
            raise GraphError(
                401, "DirectApiAuthorizationRequired", "The address lacks its signature."
            )
        counted = round(len(body) * _WORKFLOW_COUNT)
        if counted > WORKFLOW_LIMIT_BYTES:
            raise GraphError(
                413, "RequestEntityTooLarge",
                f"Request body is {counted} bytes; the limit is {WORKFLOW_LIMIT_BYTES}.",
            )  # fmt: skip
        try:
            content = json.loads(body)
        except ValueError as error:
            raise GraphError(400, "InvalidRequestContent", "The body is not JSON.") from error
        cards = [
            a["content"]
            for a in (content.get("attachments") or [] if isinstance(content, dict) else [])
            if isinstance(a, dict) and a.get("contentType") == CARD
        ]
        shown = bool(cards) and content.get("type") == "message"
        self.workflow_posts.append({"workflow": workflow, "content": content, "shown": shown})
        self.tenant.counts["workflow posts shown" if shown else "workflow posts not shown"] += 1
        return Answer(202)
