"""Requests: the SDK's addresses with our own bytes.

The SDK's request builders know every address of Graph; its models take 60 to 140 times as long
as plain JSON to read an answer and lose parts of some, so bodies are ours in both directions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation

UTC_TIMES = {"Prefer": 'outlook.timezone="UTC"'}
"""Without it the zone of the times in an answer depends on the mailbox."""


def get(
    builder: Any,
    *,
    query: Mapping[str, str | int] | None = None,
    path: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> RequestInformation:
    """Read from ``builder``'s address. ``query`` holds OData options without the ``$``;
    ``path`` other parameters of the address (``startDateTime``).
    """
    request = _address(Method.GET, builder)
    for name, value in (query or {}).items():
        request.query_parameters[f"%24{name}"] = value
    request.path_parameters.update(path or {})
    return _add_headers(request, headers)


def post(
    builder: Any, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
) -> RequestInformation:
    """Send ``body`` to ``builder``'s address."""
    return _add_headers(_with_body(_address(Method.POST, builder), body), headers)


def patch(
    builder: Any, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
) -> RequestInformation:
    """Change what is at ``builder``'s address."""
    return _add_headers(_with_body(_address(Method.PATCH, builder), body), headers)


def delete(builder: Any) -> RequestInformation:
    """Remove what is at ``builder``'s address."""
    return _address(Method.DELETE, builder)


def follow(link: str, *, headers: Mapping[str, str] | None = None) -> RequestInformation:
    """Read from a link that Graph gave us: a next page, a delta link."""
    request = RequestInformation(Method.GET)
    request.url = link
    return _add_headers(request, headers)


def make_relative_url(request: RequestInformation) -> str:
    """The request's address as a batch wants it: from the version on, ``/users/...``."""
    request.path_parameters["baseurl"] = ""
    return str(request.url)


def _address(method: Method, builder: Any) -> RequestInformation:
    # A copy: the adapter writes into the dictionary that all builders of a client share.
    request = RequestInformation(method, builder.url_template, dict(builder.path_parameters))
    request.headers.add("Accept", "application/json")
    return request


def _with_body(request: RequestInformation, body: Mapping[str, Any]) -> RequestInformation:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    request.set_stream_content(content.encode(), "application/json")
    return request


def _add_headers(
    request: RequestInformation, headers: Mapping[str, str] | None
) -> RequestInformation:
    for name, value in (headers or {}).items():
        request.headers.add(name, value)
    return request
