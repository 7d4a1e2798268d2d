from __future__ import annotations

import asyncio

import httpx

from scheduler.sandbox.app import make_app
from scheduler.sandbox.signin import GRAPH
from tests.sandbox.conftest import ORGANISER

PATH = f"/v1.0/users/{ORGANISER}/events"


def ask_at_once(client, loop, number, path=PATH):
    """Send requests side by side; their statuses in order."""

    async def run():
        transport = httpx.ASGITransport(make_app(client.sandbox))
        headers = {"Authorization": f"Bearer {client.token(GRAPH)}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://x", headers=headers
        ) as http:
            return await asyncio.gather(*(http.get(path) for _ in range(number)))

    client.token(GRAPH)
    return loop.run_until_complete(run())


def test_the_fifth_request_at_once_is_refused(start_tenant, loop):
    client = start_tenant(concurrency=4, latency_seconds=0.01)

    answers = ask_at_once(client, loop, 6)

    assert sorted(a.status_code for a in answers) == [200] * 4 + [429] * 2
    refused = next(a for a in answers if a.status_code == 429)
    assert refused.headers["retry-after"] == "1"
    assert refused.json()["error"]["code"] == "ApplicationThrottled"


def test_four_at_once_again_and_again_are_never_refused(start_tenant, loop):
    client = start_tenant(concurrency=4, latency_seconds=0.001)

    states = [a.status_code for _ in range(5) for a in ask_at_once(client, loop, 4)]

    assert states == [200] * 20
    assert client.see("faults")["most_under_way"] == 4


def test_the_directory_is_not_bound_by_the_limit_of_mailboxes(start_tenant, loop):
    client = start_tenant(concurrency=4, latency_seconds=0.01)

    answers = ask_at_once(client, loop, 8, "/v1.0/organization")

    assert [a.status_code for a in answers] == [200] * 8


def test_so_many_requests_for_one_mailbox_in_ten_minutes(start_tenant):
    client = start_tenant(concurrency=4)
    client.control("limits", {"window_requests": 3})

    states = [client.graph("GET", f"users/{ORGANISER}/events").status_code for _ in range(4)]
    other = client.graph("GET", "users/networking-2@lindenhof.example/events")
    wait = client.graph("GET", f"users/{ORGANISER}/events").headers["retry-after"]

    assert states == [200, 200, 200, 429]
    assert other.status_code == 200
    assert 590 <= int(wait) <= 600


def test_the_limit_of_a_mailbox_is_that_of_the_documentation(start_tenant):
    assert start_tenant().sandbox.throttle.window_requests == 10_000
    assert start_tenant().sandbox.throttle.concurrency == 4


def test_directory_units_run_out(start_tenant):
    """A list of users costs two units, one user costs one."""
    client = start_tenant(concurrency=4)
    client.control("limits", {"directory_units": 5})

    lists = [client.graph("GET", "users?$top=1").status_code for _ in range(3)]
    one = client.graph("GET", f"users/{ORGANISER}")

    assert (lists, one.status_code) == ([200, 200, 429], 200)


def test_without_limits_nothing_is_refused(start_tenant, loop):
    client = start_tenant(concurrency=0, latency_seconds=0.01)

    assert {a.status_code for a in ask_at_once(client, loop, 30)} == {200}
