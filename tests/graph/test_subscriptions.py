from __future__ import annotations

import asyncio
import datetime as dt
import json

import httpx
import pytest

from scheduler.graph.subscriptions import keep_subscription, list_subscriptions

AT = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
DOOR = "https://scheduler.contoso.example/graph"


class Service:
    """Keeps subscriptions as Graph does."""

    def __init__(self, *present):
        self.present = {str(number): dict(data) for number, data in enumerate(present)}
        self.calls = []

    def __call__(self, request):
        name = request.url.path.rpartition("/")[2]
        body = json.loads(request.content) if request.content else None
        self.calls.append((request.method, body))
        if request.method == "GET":
            value = [{"id": key, **data} for key, data in self.present.items()]
            return httpx.Response(200, json={"value": value})
        if request.method == "POST":
            self.present["new"] = body
            return httpx.Response(201, json={"id": "new", **body})
        if name not in self.present:
            return httpx.Response(404)
        if request.method == "DELETE":
            del self.present[name]
            return httpx.Response(204)
        self.present[name] |= body
        return httpx.Response(200, json={"id": name, **self.present[name]})


def subscription(mailbox="o@x", *, days=6, address=DOOR):
    return {
        "resource": f"/users/{mailbox}/events",
        "notificationUrl": address,
        "expirationDateTime": f"{AT + dt.timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}",
    }


def keep(connect, service):
    async def run():
        async with connect(service) as graph:
            return await keep_subscription(graph, "O@x", DOOR, "hush", at=AT)

    return asyncio.run(run())


def test_missing_subscription_is_made_for_less_than_a_week(connect):
    service = Service({"resource": "/teams/7", "notificationUrl": DOOR})

    made = keep(connect, service)

    body = service.calls[-1][1]
    assert (body["resource"], body["clientState"]) == ("/users/O@x/events", "hush")
    assert dt.timedelta(days=6) < made.expires - AT < dt.timedelta(minutes=10_080)
    assert "0" in service.present


def test_subscription_with_days_to_go_is_left_alone(connect):
    service = Service(subscription(days=6))

    assert keep(connect, service).id == "0"
    assert [method for method, _ in service.calls] == ["GET"]


@pytest.mark.parametrize("days", [1, -1])
def test_subscription_near_its_end_is_renewed(connect, days):
    service = Service(subscription(days=days))

    assert keep(connect, service).id == "0"
    assert [method for method, _ in service.calls] == ["GET", "PATCH"]
    assert list(service.calls[-1][1]) == ["expirationDateTime"]


def test_superfluous_subscriptions_of_the_mailbox_are_removed(connect):
    service = Service(
        subscription(), subscription(), subscription(address="https://old.example"),
        subscription("p@x"),
    )  # fmt: skip

    keep(connect, service)

    assert list(service.present) == ["0", "3"]


def test_subscriptions_to_events_are_listed(connect):
    service = Service(subscription("A@x"), {"resource": "/chats", "notificationUrl": "u"})

    async def run():
        async with connect(service) as graph:
            return await list_subscriptions(graph)

    (found,) = asyncio.run(run())
    assert (found.mailbox, found.address) == ("a@x", DOOR)
