"""A request to Graph and its answer, free of any web framework so that ``$batch`` can nest them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

Json = dict[str, Any]

_KEY = re.compile(r"\('((?:[^']|'')*)'\)")
_JSON = {"Content-Type": "application/json; odata.metadata=minimal; charset=utf-8"}


class GraphError(Exception):
    """A refusal in Graph's shape: status, ``error.code`` and ``error.message``."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message
        self.headers = dict(headers or {})


@dataclass(slots=True)
class Request:
    """One request: ``segments`` of the path below ``/v1.0``, decoded; header names lower-case."""

    method: str
    segments: list[str]
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    base: str
    claims: Json = field(default_factory=dict)
    in_batch: bool = False

    def read_object(self) -> Json:
        """Return the body as a JSON object.

        Raises:
            GraphError: 400 when the body is anything else.
        """
        if not self.body:
            raise GraphError(400, "BadRequest", "Empty Payload. JSON content expected.")
        try:
            value = json.loads(self.body)
        except ValueError as error:
            raise GraphError(
                400, "BadRequest",
                "Unable to read JSON request payload. Please ensure Content-Type header is set "
                "and payload is of valid JSON format.",
            ) from error  # fmt: skip
        if not isinstance(value, dict):
            raise GraphError(400, "BadRequest", "A JSON object is expected.")
        return value

    def read_action(self) -> Json:
        """Return the parameters of an action with lower-case names: either case is accepted."""
        return {key.lower(): value for key, value in self.read_object().items()}

    def preferences(self) -> dict[str, str]:
        """Return the ``Prefer`` header as name → value."""
        found = re.findall(
            r"([\w.\-]+)(?:\s*=\s*(?:\"([^\"]*)\"|([^,;\s]*)))?", self.headers.get("prefer", "")
        )
        return {name.lower(): quoted or plain for name, quoted, plain in found}


@dataclass(slots=True)
class Answer:
    """An answer. ``cut`` says where the connection breaks: ``before``, ``after`` or ``middle``."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: str = ""


def answer_json(value: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Answer with a JSON body."""
    return Answer(
        status, json.dumps(value, ensure_ascii=False).encode(), {**_JSON, **(headers or {})}
    )


def answer_bytes(body: bytes) -> Answer:
    """Answer with a JSON body that is already written."""
    return Answer(200, body, dict(_JSON))


def answer_nothing(status: int = 204) -> Answer:
    """Answer without a body."""
    return Answer(status)


def split_path(path: str) -> list[str]:
    """Split a path into decoded segments.

    ``//`` counts as ``/``, ``delta()`` as ``delta``, ``users('x')`` as ``users/x`` and
    ``microsoft.graph.room`` as ``room``: clients differ in all of these.
    """
    path = _KEY.sub(
        lambda m: "/" + m.group(1).replace("''", "%27"),
        path.replace("%28%27", "('").replace("%27%29", "')"),
    )
    segments = [unquote(part) for part in path.split("/") if part]
    # The SDK writes the namespace by its alias: ``graph.room``.
    return [
        re.sub(r"^(microsoft\.)?graph\.(?=\w+$)", "", segment.removesuffix("()"))
        for segment in segments
    ]


def read_query(text: str) -> dict[str, str]:
    """Read a query string; the ``$`` of a system option may be missing or percent-encoded."""
    return dict(parse_qsl(text, keep_blank_values=True))


def make_request(
    method: str, url: str, headers: Mapping[str, str], body: bytes, base: str
) -> Request:
    """Make a request from a relative or absolute url below ``/v1.0``."""
    parts = urlsplit(url)
    segments = split_path(parts.path)
    if segments and segments[0].lower() in ("v1.0", "beta"):
        segments = segments[1:]
    return Request(
        method.upper(), segments, read_query(parts.query),
        {name.lower(): value for name, value in headers.items()}, body, base,
    )  # fmt: skip
