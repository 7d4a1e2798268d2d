"""Posting to a channel through a Workflows webhook, where the bot is not allowed.

Such a post is a card without us behind it: its buttons can only open addresses. Whoever knows the
webhook's address can post, so the address is a secret and is sent exactly as it was given.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from tenacity import AsyncRetrying, retry_if_exception, stop_after_delay

from scheduler.teams.cards.kit import Card
from scheduler.teams.connector import CARD_TYPE, TeamsError
from scheduler.teams.repeats import may_pass_later, wait_seconds

_LINKS = frozenset({"Action.OpenUrl", "Action.ToggleVisibility"})


async def post_to_workflow(
    url: str, card: Card, *, ca_file: Path | None = None, total_seconds: float = 60.0
) -> None:
    """Post a card to the channel behind a webhook, without the buttons that only a bot can answer.

    Args:
        url: The webhook's address, with its signature.
        card: The card.
        ca_file: Certificates (PEM) to trust instead of the public ones.
        total_seconds: How long to try.

    Raises:
        TeamsError: The webhook refused, or did not answer. The message never holds its address.
    """
    message = {
        "type": "message",
        "attachments": [
            {"contentType": CARD_TYPE, "contentUrl": None, "content": keep_links(card.content)}
        ],
    }
    attempts = AsyncRetrying(
        retry=retry_if_exception(may_pass_later),
        stop=stop_after_delay(total_seconds),
        wait=wait_seconds,
        reraise=True,
    )
    trusted = ssl.create_default_context(cafile=ca_file)
    async with httpx.AsyncClient(verify=trusted, timeout=30.0) as client:
        try:
            async for attempt in attempts:
                with attempt:
                    response = await client.post(url, json=message)
                    response.raise_for_status()
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            raise TeamsError(status, error.response.reason_phrase, _HINTS.get(status, "")) from None
        except httpx.HTTPError as error:
            text = "The webhook did not answer."
            raise TeamsError(0, type(error).__name__, text) from None


_HINTS = {
    401: "The address lacks its signature; copy it whole from Workflows.",
    404: "There is no such webhook any more; make a new one in Workflows.",
    413: "The card is too large for a webhook.",
}


def keep_links(content: Mapping[str, Any]) -> dict[str, Any]:
    """The card's content with the buttons that work without a bot."""
    kept = [action for action in content.get("actions", ()) if action["type"] in _LINKS]
    rest = {key: value for key, value in content.items() if key != "actions"}
    return rest | ({"actions": kept} if kept else {})
