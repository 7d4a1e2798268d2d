"""What Graph said: the data, or the error that its status, headers and body mean."""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from scheduler.graph.errors import (
    GraphAnswerLostError,
    GraphConflictError,
    GraphDeniedError,
    GraphError,
    GraphNotFoundError,
    GraphRefusedError,
    GraphThrottledError,
    GraphTokenError,
    GraphUnavailableError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What Graph said: ``data`` is the parsed JSON body, None where there is none."""

    status: int
    headers: Mapping[str, str]
    data: Any


def read_answer(response: httpx.Response) -> Answer:
    """Turn an answer into its data.

    Raises:
        GraphError: The answer is an error, or cannot be read.
    """
    headers = response.headers
    if response.is_success:
        if not response.content:
            return Answer(response.status_code, headers, None)
        try:
            return Answer(response.status_code, headers, json.loads(response.content))
        except ValueError as error:
            raise GraphAnswerLostError(
                "Graph's answer is not JSON",
                status=response.status_code,
                request_id=headers.get("request-id"),
            ) from error
    try:
        body = json.loads(response.content)
    except ValueError:
        body = None
    raise explain_status(response.status_code, headers, body)


def explain_status(status: int, headers: Mapping[str, str], body: Any) -> GraphError:
    """Make the typed error for an answer's status, headers (lower-case names) and body."""
    code = None
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        code = body["error"].get("code")
    kind: type[GraphError]
    match status:
        case 401:
            kind, what = GraphTokenError, "Graph did not accept the token"
        case 403:
            kind, what = GraphDeniedError, "Graph says that the app may not do this"
        case 404 | 410:
            kind, what = GraphNotFoundError, "Graph does not find it"
        case 409 | 412:
            kind, what = GraphConflictError, "Something else was there first"
        case 429:
            kind, what = GraphThrottledError, "Graph is asked too often"
        case 408 | 500 | 502 | 503 | 504 | 509:
            kind, what = GraphUnavailableError, "Graph failed"
        case _:
            kind, what = GraphRefusedError, "Graph refused the request"
    return kind(
        what,
        status=status,
        code=code if isinstance(code, str) else None,
        request_id=headers.get("request-id"),
        retry_after_seconds=read_retry_after(headers.get("retry-after")),
    )


def read_retry_after(value: str | None) -> float | None:
    """Seconds to wait, from a number or an HTTP date; None for neither."""
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())
