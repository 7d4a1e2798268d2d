from __future__ import annotations

import asyncio
import json

import httpx

from scheduler.graph.answers import Answer
from scheduler.graph.batch import send_batch
from scheduler.graph.errors import GraphNotFoundError
from scheduler.graph.requests import get, post


def run_batch(connect, handler, make_requests, **settings):
    async def run():
        async with connect(handler, **settings) as graph:
            return await send_batch(graph, make_requests(graph))

    return asyncio.run(run())


def answers(*items):
    return httpx.Response(
        200,
        json={
            "responses": [
                {"id": i, "status": status, "headers": headers, "body": body}
                for i, status, headers, body in items
            ]
        },
    )


def users(graph, *ids):
    return [get(graph.sdk.users.by_user_id(i)) for i in ids]


def test_answers_come_back_in_the_order_of_the_requests(connect, script):
    handler = script(answers(("1", 200, {}, {"n": "b"}), ("0", 200, {}, {"n": "a"})))

    results = run_batch(connect, handler, lambda graph: users(graph, "a", "b"))

    assert [result.data for result in results] == [{"n": "a"}, {"n": "b"}]


def test_addresses_are_relative_even_after_an_ordinary_call(connect, script):
    handler = script(
        httpx.Response(200, json={}),
        answers(("0", 200, {}, None)),
    )

    async def run():
        async with connect(handler) as graph:
            await graph.send(get(graph.sdk.users))
            request = post(
                graph.sdk.users.by_user_id("a@b.example").calendar.get_schedule, {"k": 1}
            )
            await send_batch(graph, [request])

    asyncio.run(run())

    (item,) = json.loads(handler.requests[1].content)["requests"]
    assert item["url"] == "/users/a%40b.example/calendar/getSchedule"
    assert (item["method"], item["body"]) == ("POST", {"k": 1})
    assert item["headers"]["content-type"] == "application/json"


def test_throttled_item_is_sent_again_alone(connect, script):
    handler = script(
        answers(("0", 200, {}, {"n": "a"}), ("1", 429, {"Retry-After": "0"}, {"error": {}})),
        httpx.Response(200, json={"n": "b"}),
    )

    results = run_batch(connect, handler, lambda graph: users(graph, "a", "b"))

    assert [result.data for result in results] == [{"n": "a"}, {"n": "b"}]
    assert handler.requests[1].url.path == "/v1.0/users/b"


def test_missing_item_is_sent_again(connect, script):
    handler = script(answers(("0", 200, {}, 1)), httpx.Response(200, json=2))

    results = run_batch(connect, handler, lambda graph: users(graph, "a", "b"))

    assert [result.data for result in results] == [1, 2]


def test_refused_item_is_an_error_in_its_place(connect, script):
    refusal = {"error": {"code": "ErrorItemNotFound"}}
    handler = script(answers(("0", 404, {}, refusal), ("1", 200, {}, {"n": "b"})))

    first, second = run_batch(connect, handler, lambda graph: users(graph, "a", "b"))

    assert isinstance(first, GraphNotFoundError)
    assert first.code == "ErrorItemNotFound"
    assert isinstance(second, Answer)


def test_batch_is_no_larger_than_what_may_be_in_flight(connect):
    sizes = []

    def handler(request):
        items = json.loads(request.content)["requests"]
        sizes.append(len(items))
        return answers(*[(item["id"], 200, {}, item["url"]) for item in items])

    names = [f"u{n}" for n in range(10)]
    results = run_batch(connect, handler, lambda graph: users(graph, *names))

    assert sizes == [4, 4, 2]
    assert [result.data for result in results] == [f"/users/{name}" for name in names]
