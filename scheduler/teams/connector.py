"""The bot connector: opens chats, sends and updates cards, and waits when Teams says so.

Microsoft's SDK makes the requests (measured against bare httpx: 0.6 s more to import, 1 ms more
a card); the repeats are ours, because the SDK has none.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from microsoft_teams.api.activities.message.message import MessageActivityInput
from microsoft_teams.api.clients.conversation import ConversationClient, CreateConversationParams
from microsoft_teams.api.models.account import Account
from microsoft_teams.api.models.attachment import Attachment
from microsoft_teams.common.http import Client, ClientOptions
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_delay

from scheduler.teams.cards.kit import Card
from scheduler.teams.repeats import may_pass_later, wait_seconds
from scheduler.teams.settings import SCOPE, TeamsSettings

CARD_TYPE = "application/vnd.microsoft.card.adaptive"

GetToken = Callable[[str], Awaitable[str]]
"""Gives an access token for a scope."""

T = TypeVar("T")


class TeamsError(Exception):
    """Teams did not do what was asked; ``status`` is 0 when there was no answer."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(f"{status} {code}: {text}" if status else f"{code}: {text}")
        self.status = status
        self.code = code


class UnreachableError(TeamsError):
    """The bot cannot write to this person: blocked, not installed, a guest, not in the tenant."""


class Connector:
    """Speaks to the bot connector of one tenant. Use as an asynchronous context manager."""

    def __init__(self, settings: TeamsSettings, get_token: GetToken) -> None:
        """Take the settings, and what gives a token for a scope; the caller keeps tokens."""
        self._settings = settings
        self._get_token = get_token
        self._hold_until = 0.0

    async def __aenter__(self) -> Self:
        """Open the connections."""
        trusted = ssl.create_default_context(cafile=self._settings.ca_file)
        in_flight = self._settings.in_flight
        self._http = httpx.AsyncClient(
            timeout=self._settings.call_seconds,
            verify=trusted,
            limits=httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight),
        )
        client = Client(ClientOptions(token=self._token))
        await client.http.aclose()
        client.http = self._http
        self._conversations = ConversationClient(self._settings.url, client)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def open_chat(self, person_id: str) -> str:
        """The id of the personal chat with somebody, by their directory object id.

        Raises:
            UnreachableError: The bot cannot write to this person.
            TeamsError: Teams refused for another reason, or for longer than the settings allow.
        """
        wanted = CreateConversationParams(
            members=[Account(id=person_id, aad_object_id=person_id)],
            tenant_id=self._settings.tenant_id,
            channel_data={"tenant": {"id": self._settings.tenant_id}},
        )
        opened = await self._call(lambda: self._conversations.create(wanted), nobody={403, 404})
        return str(opened.id)

    async def send(self, conversation_id: str, card: Card) -> str:
        """Send a card to a chat or channel; the activity's id, by which it can be updated.

        Raises:
            UnreachableError: The bot cannot write there.
            TeamsError: As for :meth:`open_chat`; status 404 when there is no such conversation.
        """
        message = _message(card)
        sent = await self._call(
            lambda: self._conversations.create_activity(conversation_id, message), nobody={403}
        )
        return str(sent.id)

    async def say(self, conversation_id: str, text: str) -> str:
        """Send plain text to a chat; the activity's id.

        Raises:
            UnreachableError: The bot cannot write there.
            TeamsError: As for :meth:`send`.
        """
        message = MessageActivityInput(text=text, text_format="plain")
        sent = await self._call(
            lambda: self._conversations.create_activity(conversation_id, message), nobody={403}
        )
        return str(sent.id)

    async def update(self, conversation_id: str, activity_id: str, card: Card) -> None:
        """Put another card in the place of one that was sent.

        Raises:
            UnreachableError: The bot cannot write there any more.
            TeamsError: As for :meth:`send`; status 404 when the message is gone.
        """
        message = _message(card)
        await self._call(
            lambda: self._conversations.update_activity(conversation_id, activity_id, message),
            nobody={403},
        )

    async def _token(self) -> str:
        return await self._get_token(SCOPE)

    async def _call(self, request: Callable[[], Awaitable[T]], *, nobody: set[int]) -> T:
        attempts = AsyncRetrying(
            retry=retry_if_exception(may_pass_later),
            stop=stop_after_delay(self._settings.total_seconds),
            wait=self._wait,
            reraise=True,
        )
        try:
            async for attempt in attempts:
                with attempt:
                    await self._take_turn()
                    return await request()
        except httpx.HTTPStatusError as error:
            raise _told(error.response, nobody) from error
        except httpx.HTTPError as error:
            raise TeamsError(0, type(error).__name__, "Teams did not answer") from error
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _take_turn(self) -> None:
        """Wait while Teams wants nobody to call: it counts all calls of the bot together."""
        await asyncio.sleep(max(0.0, self._hold_until - time.monotonic()))

    def _wait(self, state: RetryCallState) -> float:
        seconds = wait_seconds(state)
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, httpx.HTTPStatusError) and error.response.status_code == 429:
            self._hold_until = max(self._hold_until, time.monotonic() + seconds)
        return seconds


def _message(card: Card) -> MessageActivityInput:
    attachment = Attachment(content_type=CARD_TYPE, content=dict(card.content))
    return MessageActivityInput(summary=card.summary).add_attachments(attachment)


def _told(response: httpx.Response, nobody: set[int]) -> TeamsError:
    try:
        answer: Any = response.json()
        error = answer.get("error", answer)
        code, text = str(error.get("code", "")), str(error.get("message", ""))
    except (ValueError, AttributeError):
        code, text = "", response.text[:200]
    kind = UnreachableError if response.status_code in nobody else TeamsError
    return kind(response.status_code, code or response.reason_phrase, text)
