"""What is recorded of each call to Graph: which, how long, its outcome and request-id.

An address holds people's mailboxes, so what is recorded and logged is its template.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from kiota_abstractions.request_information import RequestInformation

from scheduler.graph.errors import GraphError, GraphThrottledError
from scheduler.telemetry.recording import Span, Value, is_on, record, span

LINK = "(a link that Graph gave)"


def name_address(request: RequestInformation) -> str:
    """The address of a request with ``{id}`` for every id, without its query."""
    template: str = request.url_template or ""
    path = re.sub(r"\{[?&][^}]*\}", "", template.removeprefix("{+baseurl}")).partition("?")[0]
    return re.sub(r"\{[^}]*\}", "{id}", path) or LINK


class Call:
    """A call that is under way."""

    def __init__(self, inner: Span, request: RequestInformation) -> None:
        self._inner = inner
        self._request = request
        self.status = 0

    def note_answer(self, status: int, headers: Mapping[str, str]) -> None:
        """Graph has answered."""
        self.status = status
        self._note(status, headers.get("request-id"), None)

    def note_error(self, error: GraphError) -> None:
        """Graph has answered with an error, or not at all."""
        self.status = error.status or 0
        self._note(error.status, error.request_id, error.code)

    def _note(self, status: int | None, request_id: str | None, code: str | None) -> None:
        said = {
            "http.response.status_code": status,
            "graph.request_id": request_id,
            "graph.client_request_id": ", ".join(self._request.headers.get("client-request-id")),
            "graph.code": code,
        }
        self._inner.note({name: value for name, value in said.items() if value is not None})


@contextmanager
def watch_call(request: RequestInformation) -> Iterator[Call]:
    """Record a call from sending it to reading its answer."""
    if not is_on():
        with span("", {}) as nobody:
            yield Call(nobody, request)
        return
    method = "GET" if request.http_method is None else request.http_method.value
    address = name_address(request)
    about: dict[str, Value] = {"http.request.method": method, "url.template": address}
    began = time.monotonic()
    with span(f"{method} {address}", about) as inner:
        call = Call(inner, request)
        try:
            yield call
        except GraphError as error:
            call.note_error(error)
            if isinstance(error, GraphThrottledError):
                record("scheduler.graph.throttled", 1, about)
            raise
        finally:
            if call.status:
                about["http.response.status_code"] = call.status
            record("scheduler.graph.calls", 1, about)
            record("scheduler.graph.seconds", time.monotonic() - began, about)
