from __future__ import annotations

import datetime as dt
import json
import socket
import threading
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import uvicorn

from tests.sandbox.conftest import ORGANISER


class Receiver:
    """Takes notifications; ``validates`` says what it answers to a validation."""

    def __init__(self):
        self.got, self.validates, self.failures = [], True, 0

    async def __call__(self, scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        token = parse_qs(scope["query_string"].decode()).get("validationToken", [""])[0]
        status, text = 202, b""
        if token:
            status, text = 200, token.encode() if self.validates else b"no"
        elif self.failures:
            self.failures -= 1
            status = 503
        else:
            self.got += json.loads(body)["value"]
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(b"content-type", b"text/plain")],
            }
        )
        await send({"type": "http.response.body", "body": text})

    def wait(self, number):
        deadline = time.monotonic() + 10
        while len(self.got) < number and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.got


@pytest.fixture
def receiver():
    made = Receiver()
    listener = socket.create_server(("127.0.0.1", 0))
    made.url = f"http://127.0.0.1:{listener.getsockname()[1]}/notify"
    server = uvicorn.Server(uvicorn.Config(made, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield made
    server.should_exit = True
    thread.join()


def in_time(**span):
    """A moment as Graph writes it, from the real clock on: whatever day these tests run on."""
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(**span)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.0000000Z"


def wish(receiver, **more):
    return {
        "changeType": "created,updated,deleted",
        "notificationUrl": receiver.url,
        "resource": f"users/{ORGANISER}/events",
        "expirationDateTime": in_time(days=2),
        "clientState": "secret",
        **more,
    }


def test_changes_are_told_to_who_subscribed(wire, receiver):
    made = wire.graph("POST", "subscriptions", wish(receiver))
    event = wire.book([]).json()["id"]
    wire.graph("PATCH", f"users/{ORGANISER}/events/{event}", {"subject": "Other"})
    wire.graph("DELETE", f"users/{ORGANISER}/events/{event}")
    got = receiver.wait(3)
    wire.graph("DELETE", f"subscriptions/{made.json()['id']}")

    assert made.status_code == 201
    assert [(n["changeType"], n["resourceData"]["id"], n["clientState"]) for n in got] == [
        ("created", event, "secret"), ("updated", event, "secret"), ("deleted", event, "secret"),
    ]  # fmt: skip
    assert {n["subscriptionId"] for n in got} == {made.json()["id"]}


def test_notification_is_posted_again_when_the_receiver_fails(wire, receiver):
    made = wire.graph("POST", "subscriptions", wish(receiver)).json()
    receiver.failures = 1
    wire.book([])

    got = receiver.wait(1)
    wire.graph("DELETE", f"subscriptions/{made['id']}")

    assert [n["changeType"] for n in got] == ["created"]


def test_other_mailboxes_and_other_changes_are_not_told(wire, receiver):
    made = wire.graph("POST", "subscriptions", wish(receiver, changeType="deleted")).json()
    wire.book([], user="networking-2@lindenhof.example")
    event = wire.book([]).json()["id"]
    wire.graph("DELETE", f"users/{ORGANISER}/events/{event}")

    got = receiver.wait(1)
    wire.graph("DELETE", f"subscriptions/{made['id']}")

    assert [n["changeType"] for n in got] == ["deleted"]


def test_receiver_that_fails_the_validation_gets_no_subscription(wire, receiver):
    receiver.validates = False

    answer = wire.graph("POST", "subscriptions", wish(receiver))

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "ValidationError")


def test_subscription_is_renewed_read_and_deleted(wire, receiver):
    made = wire.graph("POST", "subscriptions", wish(receiver)).json()
    path = f"subscriptions/{made['id']}"
    later = in_time(days=3)

    renewed = wire.graph("PATCH", path, {"expirationDateTime": later}).json()
    listed = wire.rows("subscriptions")
    gone = wire.graph("DELETE", path)

    assert renewed["expirationDateTime"][:19] == later[:19]
    assert made["id"] in {one["id"] for one in listed}
    assert (gone.status_code, wire.graph("GET", path).status_code) == (204, 404)


@pytest.mark.parametrize(
    "change",
    [
        {"expirationDateTime": in_time(days=7, hours=1)},  # more than 10,080 minutes
        {"expirationDateTime": in_time(days=-400)},
        {"clientState": "x" * 129},
        {"changeType": "moved"},
        {"resource": "users"},
        {"notificationUrl": "http://elsewhere.example/notify"},
        {"notificationUrl": "https://elsewhere.example/notify"},
        {"includeResourceData": True},
    ],
)
def test_subscriptions_that_are_refused(client, receiver, change):
    assert client.graph("POST", "subscriptions", wish(receiver, **change)).status_code == 400


def test_life_below_45_minutes_is_raised(wire, receiver):
    soon = wish(receiver, expirationDateTime=in_time(minutes=10))

    made = wire.graph("POST", "subscriptions", soon).json()
    wire.graph("DELETE", f"subscriptions/{made['id']}")

    assert made["expirationDateTime"] > in_time(minutes=44)


def test_url_of_the_receiver_is_kept_whole(wire, receiver):
    receiver.url += "?key=a%2Fb"

    made = wire.graph("POST", "subscriptions", wish(receiver)).json()
    wire.graph("DELETE", f"subscriptions/{made['id']}")

    assert urlsplit(made["notificationUrl"]).query == "key=a%2Fb"
