from __future__ import annotations

import asyncio
import datetime as dt
import json

import httpx
import pytest
import time_machine
from structlog.testing import capture_logs

from scheduler.graph.answers import read_retry_after
from scheduler.graph.errors import (
    GraphAnswerLostError,
    GraphConflictError,
    GraphDeniedError,
    GraphError,
    GraphNotFoundError,
    GraphRefusedError,
    GraphThrottledError,
    GraphUnavailableError,
    GraphUnreachableError,
)
from scheduler.graph.requests import get, post

OK = {"value": [1]}


def error_answer(status, code="SomeCode", **headers):
    body = {"error": {"code": code, "message": "Somebody's secret subject"}}
    return httpx.Response(status, json=body, headers={"request-id": "r-1", **headers})


def send(connect, handler, *, repeatable=True, **settings):
    async def run():
        async with connect(handler, **settings) as graph:
            request = post(graph.sdk.users.by_user_id("a@b.example").events, {"x": 1})
            return await graph.send(request, repeatable=repeatable, mailbox="a@b.example")

    return asyncio.run(run())


@pytest.mark.parametrize(
    "failure",
    [
        error_answer(429, **{"Retry-After": "0"}),
        error_answer(429),
        error_answer(500),
        error_answer(502),
        error_answer(503),
        error_answer(504),
        httpx.Response(200, content=b'{"value": [1'),
        httpx.ReadError("cut"),
        httpx.RemoteProtocolError("cut"),
        httpx.ReadTimeout("late"),
        httpx.ConnectError("nobody there"),
    ],
    ids=repr,
)
def test_call_that_can_be_repeated_is_repeated(connect, script, failure):
    handler = script(failure, failure, httpx.Response(200, json=OK))

    answer = send(connect, handler)

    assert answer.data == OK
    assert len(handler.requests) == 3


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (error_answer(429), GraphThrottledError),
        (error_answer(500), GraphUnavailableError),
        (error_answer(503), GraphUnavailableError),
        (error_answer(504), GraphUnavailableError),
        (httpx.Response(201, content=b"<html>"), GraphAnswerLostError),
        (httpx.ReadError("cut"), GraphAnswerLostError),
        (httpx.ReadTimeout("late"), GraphAnswerLostError),
    ],
    ids=repr,
)
def test_create_with_open_outcome_is_sent_once_and_says_so(connect, script, failure, kind):
    handler = script(failure)

    with pytest.raises(kind) as raised:
        send(connect, handler, repeatable=False)

    assert raised.value.maybe_done is True
    assert len(handler.requests) == 1


def test_create_that_was_never_sent_is_repeated(connect, script):
    handler = script(httpx.ConnectError("nobody there"), httpx.Response(201, json=OK))

    assert send(connect, handler, repeatable=False).status == 201


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, GraphRefusedError),
        (403, GraphDeniedError),
        (404, GraphNotFoundError),
        (409, GraphConflictError),
        (410, GraphNotFoundError),
        (412, GraphConflictError),
    ],
)
def test_refusal_is_not_repeated_and_carries_what_graph_said(connect, script, status, kind):
    handler = script(error_answer(status, "ErrorSomething"))

    with pytest.raises(kind) as raised:
        send(connect, handler)

    error = raised.value
    assert (error.status, error.code, error.request_id) == (status, "ErrorSomething", "r-1")
    assert "secret" not in str(error)


def test_call_gives_up_after_its_tries(connect, script):
    handler = script(*[error_answer(500)] * 20)

    with pytest.raises(GraphUnavailableError):
        send(connect, handler)

    assert len(handler.requests) == 12


def test_call_gives_up_at_its_deadline(connect, script):
    handler = script(*[error_answer(429, **{"Retry-After": "30"})] * 3)

    with pytest.raises(GraphThrottledError) as raised:
        send(connect, handler, total_seconds=20)

    assert raised.value.retry_after_seconds == 30
    assert len(handler.requests) == 1


def test_graph_that_was_never_reached_is_given_up_quickly(connect, script):
    handler = script(*[httpx.ConnectError("refused")] * 20)

    with pytest.raises(GraphUnreachableError, match=r"https://localhost:9/v1\.0 cannot be reached"):
        send(connect, handler)

    assert len(handler.requests) == 3


def test_answer_that_takes_too_long_is_lost(connect):
    async def handler(_request):
        await asyncio.sleep(30)

    with pytest.raises(GraphAnswerLostError, match="time ran out"):
        send(connect, handler, repeatable=False, call_seconds=0.05)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        ("1.5", 1.5),
        ("-3", 0.0),
        ("Mon, 07 Dec 2026 11:00:20 GMT", 20.0),
        ("Mon, 07 Dec 2026 10:00:00 GMT", 0.0),
        ("soon", None),
    ],
)
def test_retry_after_is_read(value, seconds):
    with time_machine.travel(dt.datetime(2026, 12, 7, 11, tzinfo=dt.UTC), tick=False):
        assert read_retry_after(value) == seconds


def test_wait_is_what_graph_asks_for_else_grows(connect, script):
    async def run():
        async with connect(script(), backoff_seconds=1.0) as graph:
            asked = GraphThrottledError("x", retry_after_seconds=17)
            silent = GraphUnavailableError("x")
            return graph.choose_wait(asked, 1), [graph.choose_wait(silent, n) for n in (1, 3, 99)]

    asked, grown = asyncio.run(run())

    assert asked == 17
    assert 0.5 <= grown[0] <= 1
    assert 2 <= grown[1] <= 4
    assert 15 <= grown[2] <= 30


def test_no_more_calls_are_in_flight_than_allowed(connect):
    running = most = 0

    async def handler(_request):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.002)
        running -= 1
        return httpx.Response(200, json=OK)

    async def run():
        async with connect(handler, in_flight=3) as graph:
            await asyncio.gather(*(graph.send(get(graph.sdk.users)) for _ in range(40)))

    asyncio.run(run())

    assert most == 3


def test_pages_are_followed_across_an_empty_one(connect, script):
    first = "https://localhost:9/v1.0/users?$skiptoken=1"
    second = "https://localhost:9/v1.0/users?$skiptoken=2"
    handler = script(
        httpx.Response(200, json={"value": ["a", "b"], "@odata.nextLink": first}),
        httpx.Response(200, json={"value": [], "@odata.nextLink": second}),
        httpx.Response(200, json={"value": ["c"]}),
    )

    async def run():
        async with connect(handler) as graph:
            return [page async for page in graph.read_pages(get(graph.sdk.users))]

    assert asyncio.run(run()) == [["a", "b"], [], ["c"]]
    assert [str(r.url) for r in handler.requests[1:]] == [first, second]


def test_pages_that_lead_in_a_circle_are_refused(connect, script):
    link = "https://localhost:9/v1.0/users?$skiptoken=1"
    page = {"value": [], "@odata.nextLink": link}
    handler = script(*[httpx.Response(200, json=page) for _ in range(3)])

    async def run():
        async with connect(handler) as graph:
            return [page async for page in graph.read_pages(get(graph.sdk.users))]

    with pytest.raises(GraphRefusedError, match="circle"):
        asyncio.run(run())


def test_token_goes_to_no_other_host(connect, script):
    handler = script(
        httpx.Response(200, json={"value": [], "@odata.nextLink": "https://evil.example/users"}),
        httpx.Response(200, json={"value": []}),
    )

    async def run():
        async with connect(handler) as graph:
            return [page async for page in graph.read_pages(get(graph.sdk.users))]

    asyncio.run(run())

    assert handler.requests[0].headers["authorization"] == "Bearer a-token"
    assert "authorization" not in handler.requests[1].headers


def test_each_try_has_its_own_request_id_and_a_token(connect, script):
    handler = script(error_answer(500), httpx.Response(200, json=OK))

    send(connect, handler)

    ids = {request.headers["client-request-id"] for request in handler.requests}
    assert len(ids) == 2
    assert {request.headers["authorization"] for request in handler.requests} == {"Bearer a-token"}


def test_body_is_sent_as_it_was_given(connect, script):
    handler = script(httpx.Response(200, json=OK))

    async def run():
        async with connect(handler) as graph:
            await graph.send(post(graph.sdk.users, {"name": "Zoë Łukasz"}))

    asyncio.run(run())

    assert json.loads(handler.requests[0].content) == {"name": "Zoë Łukasz"}
    assert handler.requests[0].headers["content-type"] == "application/json"


def test_log_holds_no_address(connect, script):
    handler = script(error_answer(500), httpx.Response(200, json=OK))

    with capture_logs() as logs:
        send(connect, handler)

    assert [entry["event"] for entry in logs] == ["graph-call-failed"]
    assert "b.example" not in repr(logs)
    assert "secret" not in repr(logs)
    assert logs[0]["request_id"] == "r-1"


def test_every_error_says_whether_it_may_have_been_done():
    open_ = {kind.__name__ for kind in GraphError.__subclasses__() if kind.maybe_done}
    assert open_ == {"GraphThrottledError", "GraphUnavailableError", "GraphAnswerLostError"}
