from __future__ import annotations

import pytest

from tests.sandbox.conftest import ORGANISER


def batch(client, *items):
    """Send items of (method, url, more) with ids 1, 2, …; the answers by id."""
    requests = [
        {"id": str(n), "method": method, "url": url, **more}
        for n, (method, url, more) in enumerate(items, 1)
    ]
    answer = client.graph("POST", "$batch", {"requests": requests})
    assert answer.status_code == 200, answer.text
    return {one["id"]: one for one in answer.json()["responses"]}


def event_item(people, name):
    body = {
        "subject": name,
        "transactionId": name,
        "start": {"dateTime": "2026-12-07T12:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2026-12-07T13:00:00", "timeZone": "UTC"},
        "attendees": [{"emailAddress": {"address": people[0]["mail"]}}],
    }
    more = {"body": body, "headers": {"Content-Type": "application/json"}}
    return "POST", f"/users/{ORGANISER}/events", more


def test_each_item_has_status_headers_and_body(client, people):
    answers = batch(
        client,
        ("GET", f"/users/{people[0]['id']}?$select=id", {}),
        ("GET", "/users/nobody", {}),
        event_item(people, "t-1"),
    )

    assert [answers[n]["status"] for n in "123"] == [200, 404, 201]
    assert answers["1"]["body"]["id"] == people[0]["id"]
    assert answers["2"]["body"]["error"]["code"] == "Request_ResourceNotFound"
    assert answers["3"]["headers"]["Content-Type"].startswith("application/json")


def test_items_run_in_the_order_of_their_dependence(client, people):
    answers = batch(
        client,
        event_item(people, "t-1"),
        ("GET", f"/users/{ORGANISER}/events", {"dependsOn": ["1"]}),
        ("GET", "/users/nobody", {}),
        ("GET", "/organization", {"dependsOn": ["3"]}),
    )

    assert [row["subject"] for row in answers["2"]["body"]["value"]] == ["t-1"]
    assert answers["4"]["status"] == 424


@pytest.mark.parametrize(
    "requests",
    [
        [{"id": str(n), "method": "GET", "url": "/organization"} for n in range(21)],
        [{"id": "1", "method": "GET", "url": "/organization"}] * 2,
        [{"id": "1", "method": "GET", "url": "https://localhost/v1.0/organization"}],
        [{"id": "1", "method": "GET", "url": "/organization", "dependsOn": ["2"]}],
        [{"id": "1", "method": "GET"}],
        [],
    ],
)
def test_batches_that_are_refused(client, requests):
    answer = client.graph("POST", "$batch", {"requests": requests})

    assert answer.status_code == 400


def test_a_batch_needs_a_token(client):
    answer = client.http.post("/v1.0/$batch", json={"requests": []})

    assert answer.status_code == 401


def test_each_item_is_throttled_on_its_own(start_tenant, people):
    client = start_tenant(concurrency=4, latency_seconds=0.01)

    answers = batch(client, *(event_item(people, f"t-{n}") for n in range(10)))

    states = [answer["status"] for answer in answers.values()]
    assert states == [201] * 4 + [429] * 6
    assert answers["10"]["headers"]["Retry-After"] == "1"
    assert client.see("report")["events"] == 4


def test_fault_inside_a_batch_hits_one_item(client, people):
    client.control(
        "faults", {"rules": [{"kinds": ["429-done"], "match": "POST users", "limit": 1}]}
    )

    answers = batch(client, event_item(people, "t-1"), event_item(people, "t-2"))

    assert [answers[n]["status"] for n in "12"] == [429, 201]
    assert client.see("report")["events"] == 2


def test_answers_can_come_in_another_order(client):
    client.control("faults", {"rules": [{"kinds": ["shuffled"]}]})
    requests = [{"id": str(n), "method": "GET", "url": "/organization"} for n in range(5)]

    answer = client.graph("POST", "$batch", {"requests": requests})

    assert [one["id"] for one in answer.json()["responses"]] == ["4", "3", "2", "1", "0"]
