from __future__ import annotations

import json

import httpx
import pytest

from scheduler.sandbox.faults import FaultScriptError, read_script
from tests.sandbox.conftest import ORGANISER

EVENTS = f"users/{ORGANISER}/events"


@pytest.mark.parametrize(
    ("kind", "status", "code", "done"),
    [
        ("429", 429, "TooManyRequests", 0),
        ("429-bare", 429, "TooManyRequests", 0),
        ("429-done", 429, "TooManyRequests", 1),
        ("500", 500, "InternalServerError", 0),
        ("502", 502, "BadGateway", 0),
        ("503", 503, "ServiceUnavailable", 0),
        ("503-saved", 503, "ConcurrentItemSave", 1),
        ("504", 504, "GatewayTimeout", 0),
        ("504-done", 504, "GatewayTimeout", 1),
        ("expired", 401, "InvalidAuthenticationToken", 0),
    ],
)
def test_fault_has_its_status_and_is_done_or_not(client, people, kind, status, code, done):
    client.control("faults", {"rules": [{"kinds": [kind], "match": "POST users", "limit": 1}]})

    answer = client.book([people[0]["mail"]], transactionId="t")
    again = client.book([people[0]["mail"]], transactionId="t")

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert again.status_code == 201
    assert client.see("report")["replays"] == done
    assert client.see("report")["events"] == 1


def test_retry_after_is_there_or_not(client):
    headers = []
    for kind in ("429", "429-bare"):
        client.control("faults", {"rules": [{"kinds": [kind], "retry_after": 7}]})
        headers.append(client.graph("GET", EVENTS).headers.get("retry-after"))

    assert headers == ["7", None]


def test_malformed_answer_is_no_json(client):
    client.control("faults", {"rules": [{"kinds": ["malformed"]}]})

    answer = client.graph("GET", EVENTS)

    assert answer.status_code == 200
    with pytest.raises(UnicodeDecodeError):
        json.loads(answer.content)


@pytest.mark.parametrize(
    ("kind", "events"), [("cut-before", 0), ("cut-after", 1), ("cut-middle", 1)]
)
def test_connection_that_breaks(wire, kind, events):
    before = wire.see("report")["events_created"]
    rule = {"kinds": [kind], "match": "POST users", "limit": 1}
    wire.control("faults", {"rules": [rule]})

    with pytest.raises(httpx.TransportError):
        wire.book(["somebody@elsewhere.example"], subject=kind)
    wire.control("faults", {})

    assert wire.see("report")["events_created"] == before + events


def test_cut_in_the_middle_had_begun_to_answer(wire):
    wire.control("faults", {"rules": [{"kinds": ["cut-middle"], "match": "GET users", "limit": 1}]})

    with pytest.raises(httpx.RemoteProtocolError, match=r"incomplete|without sending complete"):
        wire.graph("GET", "users?$top=5")
    wire.control("faults", {})


def test_share_of_the_requests_is_hit_the_same_way_each_time(client, start_tenant):
    script = {"seed": 3, "rules": [{"kinds": {"503": 2, "500": 1}, "share": 0.3}]}
    runs = []
    for tenant in (client, start_tenant(concurrency=0)):
        tenant.control("faults", script)
        runs.append([tenant.graph("GET", EVENTS).status_code for _ in range(200)])

    assert runs[0] == runs[1]
    assert 0.2 < sum(s >= 500 for s in runs[0]) / 200 < 0.4
    assert runs[0].count(503) > runs[0].count(500) > 0
    counts = client.see("faults")["counts"]
    assert counts == {"503": runs[0].count(503), "500": runs[0].count(500)}


def test_rule_begins_after_some_requests_and_ends(client):
    client.control("faults", {"rules": [{"kinds": ["500"], "after": 2, "limit": 1}]})

    assert [client.graph("GET", EVENTS).status_code for _ in range(4)] == [200, 200, 500, 200]


def test_mailbox_vanishes_after_some_requests(client, people):
    client.control("faults", {"vanish": {people[0]["mail"]: 2}})
    path = f"users/{people[0]['id']}/events"

    states = [client.graph("GET", path).status_code for _ in range(3)]

    assert states == [200, 404, 404]
    assert client.graph("GET", f"users/{people[0]['id']}").status_code == 200


def test_script_says_how_people_and_rooms_answer(client, people):
    room = client.rows("places/microsoft.graph.room")[0]["emailAddress"]
    answers = {"shares": {"declined": 1}, "declining_rooms": [room]}
    client.control("faults", {"answers": answers})
    client.book([people[0]["mail"], {"emailAddress": {"address": room}, "type": "resource"}])
    client.control("settle")

    report = client.see("report")
    assert (report["answers"], report["room_answers"]) == ({"declined": 1}, {"declined": 1})


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ({"rules": {}}, "'rules' must be a list"),
        ({"rules": [{"kinds": ["thunder"]}]}, "Rule 1: 'kinds' must name some of 429, "),
        ({"rules": [{"kinds": ["500"], "chance": 1}]}, "Rule 1: 'chance' is unknown"),
        ({"speed": 1}, "'speed' is unknown"),
        ({"answers": {"shares": {"perhaps": 1}}}, "'answers': shares must be of accepted"),
    ],
)
def test_script_that_cannot_be_read_says_why(client, script, message):
    answer = client.http.post("/sandbox/faults", json=script)

    assert answer.status_code == 400
    assert message in answer.json()["error"]


def test_script_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(FaultScriptError, match=r"nothing\.json"):
        read_script(tmp_path / "nothing.json")
