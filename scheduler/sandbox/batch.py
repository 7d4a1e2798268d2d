"""``$batch``: up to 20 requests in one, each with its own limits and faults."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

from scheduler.sandbox.api.request import (
    Answer,
    GraphError,
    Json,
    Request,
    answer_json,
    make_request,
)
from scheduler.sandbox.gateway import Gateway, write_error

MAX_ITEMS = 20


async def answer_batch(gateway: Gateway, request: Request) -> Answer:
    """Answer a batch: 200 outside, whatever happened inside."""
    fault = gateway.faults.choose(request)
    try:
        fault.before()
        answer = await _answer_items(gateway, request)
        if fault.kind == "shuffled":
            answer["responses"].reverse()
        return fault.after(answer_json(answer))
    except GraphError as error:
        return write_error(error, request)


async def _answer_items(gateway: Gateway, request: Request) -> Json:
    items = _read_items(request)
    done: dict[str, asyncio.Future[Answer]] = {
        str(item["id"]): asyncio.get_running_loop().create_future() for item in items
    }

    async def run(item: Json) -> None:
        name = str(item["id"])
        before = [await done[str(other)] for other in item.get("dependsOn") or []]
        if any(answer.status >= 400 for answer in before):
            error = GraphError(424, "FailedDependency", "A request that this one needs has failed.")
            done[name].set_result(write_error(error, request))
            return
        done[name].set_result(await gateway.serve(_make_item(item, request)))

    await asyncio.gather(*(run(item) for item in items))
    answers = {name: future.result() for name, future in done.items()}
    return {"responses": [_write_item(name, answer) for name, answer in answers.items()]}


def _read_items(request: Request) -> list[Json]:
    items: Any = request.read_object().get("requests")
    if not isinstance(items, list) or not items:
        raise GraphError(400, "BadRequest", "The batch holds no requests.")
    if len(items) > MAX_ITEMS:
        raise GraphError(
            400,
            "BadRequest",
            f"Number of batch request steps exceeds the maximum value of {MAX_ITEMS}.",
        )
    seen: set[str] = set()
    for item in items:
        if not isinstance(item, dict) or not {"id", "method", "url"} <= set(item):
            raise GraphError(400, "BadRequest", "Each request needs id, method and url.")
        name = str(item["id"])
        if name in seen:
            raise GraphError(400, "BadRequest", f"Request id '{name}' is used more than once.")
        unknown = [str(o) for o in item.get("dependsOn") or [] if str(o) not in seen]
        if unknown:
            raise GraphError(
                400,
                "BadRequest",
                f"Request '{name}' depends on '{unknown[0]}', which is not before it.",
            )
        if "://" in str(item["url"]):
            raise GraphError(
                400,
                "BadRequest",
                f"Invalid batch request url '{item['url']}': it must be relative.",
            )
        seen.add(name)
    return items


def _make_item(item: Json, outer: Request) -> Request:
    body = item.get("body")
    data = b"" if body is None else json.dumps(body).encode()
    made = make_request(
        str(item["method"]), str(item["url"]), item.get("headers") or {}, data, outer.base
    )
    made.claims, made.in_batch = outer.claims, True
    return made


def _write_item(name: str, answer: Answer) -> Json:
    headers = dict(answer.headers)
    written: Json = {"id": name, "status": answer.status, "headers": headers}
    if answer.body:
        if headers.get("Content-Type", "").startswith("application/json"):
            try:
                written["body"] = json.loads(answer.body)
            except ValueError:
                written["body"] = base64.b64encode(answer.body).decode()
        else:
            written["body"] = base64.b64encode(answer.body).decode()
    return written
