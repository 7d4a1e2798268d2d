"""Being told by Graph when something changes in an organiser's calendar.

A subscription lives for less than seven days, so it is renewed well before; and because a
notification can be lost, reading changes on schedule stays the truth.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from scheduler.graph.client import Graph
from scheduler.graph.errors import GraphNotFoundError
from scheduler.graph.events import read_stamp
from scheduler.graph.requests import delete, get, patch, post

LIFETIME = dt.timedelta(minutes=10_000)
"""An Outlook event subscription may last 10,080 minutes (Graph's page on subscriptions); a
little less leaves room for clocks that differ."""

RENEW_BEFORE = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription of ours."""

    id: str
    mailbox: str
    address: str
    expires: dt.datetime | None


async def keep_subscription(
    graph: Graph,
    mailbox: str,
    address: str,
    secret: str,
    *,
    at: dt.datetime,
    renew_before: dt.timedelta = RENEW_BEFORE,
) -> Subscription:
    """Make sure that changes of ``mailbox``'s events are reported to ``address``.

    Creates, renews, or leaves alone; superfluous ones for the same mailbox are removed.

    Args:
        graph: An open connection.
        mailbox: An organiser.
        address: Where Graph posts to, https; it answers Graph's question during this call.
        secret: At most 128 characters; comes back with every notification.
        at: The present.
        renew_before: One with less time than this to go is renewed.

    Raises:
        GraphError: Graph refuses, for example because ``address`` did not answer.
    """
    ours = [s for s in await list_subscriptions(graph) if s.mailbox == mailbox.casefold()]
    kept = next((s for s in ours if s.address == address), None)
    for other in ours:
        if other is not kept:
            await remove_subscription(graph, other.id)
    if kept is not None and kept.expires is not None and kept.expires - at > renew_before:
        return kept
    expires = (at + LIFETIME).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if kept is not None:
        builder = graph.sdk.subscriptions.by_subscription_id(kept.id)
        try:
            answer = await graph.send(patch(builder, {"expirationDateTime": expires}))
            return _read(answer.data)
        except GraphNotFoundError:
            pass  # it lapsed since it was listed
    body = {
        "changeType": "created,updated,deleted",
        "resource": f"/users/{mailbox}/events",
        "notificationUrl": address,
        "lifecycleNotificationUrl": address,
        "expirationDateTime": expires,
        "clientState": secret,
    }
    # A second subscription after a lost answer is removed by the next call.
    answer = await graph.send(post(graph.sdk.subscriptions, body))
    return _read(answer.data)


async def list_subscriptions(graph: Graph) -> tuple[Subscription, ...]:
    """All subscriptions of this app to events."""
    found: list[Subscription] = []
    async for page in graph.read_pages(get(graph.sdk.subscriptions)):
        found += [_read(data) for data in page if _mailbox(data) is not None]
    return tuple(found)


async def remove_subscription(graph: Graph, subscription_id: str) -> None:
    """Remove a subscription; no error when it is gone."""
    builder = graph.sdk.subscriptions.by_subscription_id(subscription_id)
    try:
        await graph.send(delete(builder))
    except GraphNotFoundError:
        return


def _mailbox(data: dict[str, Any]) -> str | None:
    """The mailbox of ``/users/{mailbox}/events``, None for any other resource."""
    parts = str(data.get("resource", "")).strip("/").casefold().split("/")
    return parts[1] if len(parts) == 3 and (parts[0], parts[2]) == ("users", "events") else None


def _read(data: dict[str, Any]) -> Subscription:
    return Subscription(
        id=str(data["id"]),
        mailbox=_mailbox(data) or "",
        address=str(data.get("notificationUrl")),
        expires=read_stamp(data.get("expirationDateTime")),
    )
