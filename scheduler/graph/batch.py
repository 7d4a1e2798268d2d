"""Several calls in one request (``$batch``), written and read by us.

The SDK's batch loses the body of every answer (msgraph-core 1.5.2). Only calls that can be
repeated go into a batch: an item that was throttled may have been done all the same.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from kiota_abstractions.request_information import RequestInformation

from scheduler.graph.answers import Answer, explain_status
from scheduler.graph.client import Graph, Sent
from scheduler.graph.errors import GraphAnswerLostError, GraphError
from scheduler.graph.requests import make_relative_url, post

BATCH_MOST = 20
"""Requests in one batch (Graph's JSON batching page); Graph runs them all at the same time, so
no batch is larger than the number of calls allowed in flight."""


class _BatchAddress:
    url_template = "{+baseurl}/$batch"

    def __init__(self) -> None:
        self.path_parameters: dict[str, Any] = {}


async def send_batch(
    graph: Graph, requests: Sequence[RequestInformation], *, mailbox: str | None = None
) -> list[Answer | GraphError]:
    """Send repeatable calls together; the answers are in the order of ``requests``.

    Items that fail in a way that passes are sent again after their own ``Retry-After``; an item
    that is refused is an error in its place and does not touch the others.
    """
    size = min(BATCH_MOST, graph.pace.window)
    results: list[Answer | GraphError] = []
    for first in range(0, len(requests), size):
        results += await _send_some(graph, requests[first : first + size], mailbox)
    return results


async def _send_some(
    graph: Graph, requests: Sequence[RequestInformation], mailbox: str | None
) -> list[Answer | GraphError]:
    items = [_make_item(number, request) for number, request in enumerate(requests)]
    body = {"requests": items}
    sent = graph.mark()
    answer = await graph.send(post(_BatchAddress(), body), mailbox=mailbox, calls=len(items))
    by_id = {
        str(item.get("id")): item
        for item in (answer.data or {}).get("responses", [])
        if isinstance(item, dict)
    }
    results = [_read_item(by_id.get(str(number))) for number in range(len(requests))]
    return await asyncio.gather(
        *(
            _repeat_alone(graph, request, mailbox, result, sent)
            if isinstance(result, GraphError) and result.worth_repeating
            else _keep(result)
            for request, result in zip(requests, results, strict=True)
        )
    )


async def _keep(result: Answer | GraphError) -> Answer | GraphError:
    return result


async def _repeat_alone(
    graph: Graph,
    request: RequestInformation,
    mailbox: str | None,
    error: GraphError,
    sent: Sent,
) -> Answer | GraphError:
    """Repeat one item as an ordinary call, after the time that its answer asks for."""
    graph.note_error(error, request, mailbox, sent)
    await asyncio.sleep(graph.choose_wait(error, 1))
    try:
        return await graph.send(request, mailbox=mailbox)
    except GraphError as again:
        return again


def _make_item(number: int, request: RequestInformation) -> dict[str, Any]:
    method = request.http_method
    item: dict[str, Any] = {
        "id": str(number),
        "method": "GET" if method is None else method.value,
        "url": make_relative_url(request),
    }
    headers = {name: ", ".join(values) for name, values in request.headers.get_all().items()}
    headers.pop("authorization", None)
    if request.content is not None:
        item["body"] = json.loads(request.content)
    item["headers"] = headers
    return item


def _read_item(item: dict[str, Any] | None) -> Answer | GraphError:
    if item is None:
        return GraphAnswerLostError("An answer was missing in a batch")
    status = item.get("status")
    if not isinstance(status, int):
        return GraphAnswerLostError("An answer in a batch had no status")
    headers = {str(name).lower(): str(v) for name, v in (item.get("headers") or {}).items()}
    if 200 <= status < 300:
        return Answer(status, headers, item.get("body"))
    return explain_status(status, headers, item.get("body"))
