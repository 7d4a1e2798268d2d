"""``$select``, ``$top``, ``$skiptoken`` and pages, as Graph does them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from scheduler.sandbox.api.request import GraphError, Json, Request


def read_number(request: Request, name: str, default: int, *, low: int, high: int) -> int:
    """Read a number from the query.

    Raises:
        GraphError: 400 when it is no number from ``low`` to ``high``.
    """
    text = request.query.get(name, str(default))
    if not text.lstrip("-").isdigit() or not low <= int(text) <= high:
        raise GraphError(
            400, "BadRequest", f"Invalid value '{text}' for {name} query option found. It must be "
            f"from {low} to {high}.",
        )  # fmt: skip
    return int(text)


def select(item: Json, names: Sequence[str] | None) -> Json:
    """Return the selected properties; annotations (``@odata…``) and ``id`` of events come along."""
    if names is None:
        return item
    wanted = set(names)
    return {key: value for key, value in item.items() if key in wanted or "@" in key}


def read_select(request: Request) -> list[str] | None:
    """Return the names of ``$select``, None without it."""
    text = request.query.get("$select")
    if not text:
        return None
    return [name.strip() for name in text.split(",") if name.strip()]


def write_token(value: Json) -> str:
    """Write the opaque token of a link."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def read_token(text: str) -> Json:
    """Read the opaque token of a link.

    Raises:
        GraphError: 400 when it is none of ours.
    """
    try:
        value = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise GraphError(400, "BadRequest", "Skip token is malformed.")
    return value


def link(request: Request, path: str, **changes: str | None) -> str:
    """Return an absolute link to ``path`` with the query of this request, changed."""
    query = dict(request.query)
    for name, value in changes.items():
        key = "$" + name
        query.pop(key, None)
        if value is not None:
            query[key] = value
    return f"{request.base}/v1.0/{path}?{urlencode(query, quote_via=quote, safe='$')}"


def context(request: Request, what: str) -> str:
    """Return the ``@odata.context`` of an answer."""
    return f"{request.base}/v1.0/$metadata#{what}"


def page(
    request: Request, path: str, items: Sequence[Any], size: int, write: Callable[[Any], Json],
    what: str, *, gaps: bool = True,
) -> Json:  # fmt: skip
    """Return one page with ``@odata.nextLink`` while there is more.

    The service may return a page that is empty and still has a next link; with ``gaps`` every
    third page of ours is one, since a client that stops there loses people.
    """
    token = request.query.get("$skiptoken")
    state = read_token(token) if token else {"o": 0, "n": 0}
    offset, number = int(state["o"]), int(state["n"])
    answer: Json = {"@odata.context": context(request, what)}
    if gaps and number % 3 == 1 and offset < len(items):
        chunk: Sequence[Any] = []
    else:
        chunk = items[offset : offset + size]
    offset += len(chunk)
    if offset < len(items):
        answer["@odata.nextLink"] = link(
            request, path, skiptoken=write_token({"o": offset, "n": number + 1})
        )
    answer["value"] = [write(item) for item in chunk]
    return answer
