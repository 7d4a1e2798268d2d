"""The one client of Microsoft Graph: the SDK's sign-in, addresses and transport, with our own
repeats, pace, paging and reading of answers.

The SDK's own repeats are off: it sends a POST again after 429, 503 and 504, and a create that
is sent twice can be two events.
"""

from __future__ import annotations

import asyncio
import ssl
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import structlog
from azure.core.credentials_async import AsyncTokenCredential
from kiota_abstractions.native_response_handler import NativeResponseHandler
from kiota_abstractions.request_information import RequestInformation
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from kiota_http.middleware.options import ResponseHandlerOption, RetryHandlerOption
from msgraph import GraphServiceClient
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_request_adapter import options as sdk_options
from msgraph_core import GraphClientFactory
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from scheduler.graph.answers import Answer, read_answer
from scheduler.graph.credential import RenewableCredential
from scheduler.graph.errors import (
    ConnectionSettingsError,
    GraphAnswerLostError,
    GraphError,
    GraphRefusedError,
    GraphThrottledError,
    GraphTokenError,
    GraphUnreachableError,
)
from scheduler.graph.pace import Pace
from scheduler.graph.requests import follow
from scheduler.graph.settings import GraphSettings
from scheduler.graph.watching import name_address, watch_call

log = structlog.get_logger(__name__)

LONGEST_BACKOFF_SECONDS = 30.0
TRIES_MOST = 12
"""Tries of one call: at the rate of failure of a very bad day, one in three, one call in two
million fails all the same.
"""
TOKEN_RENEWALS = 3
_BODY_READERS = (ResponseHandlerOption(NativeResponseHandler()), RetryHandlerOption(max_retries=0))


@dataclass(frozen=True, slots=True)
class Sent:
    """When a call was sent, and with which generation of the token."""

    at: float
    generation: int


@dataclass(slots=True)
class Figures:
    """What the client did, for reports and benchmarks."""

    calls: int = 0
    repeats: int = 0
    throttled: int = 0
    renewals: int = 0


class Graph:
    """A connection to Graph; made by :func:`open_graph`, used in one event loop."""

    def __init__(
        self,
        settings: GraphSettings,
        credential: RenewableCredential,
        http: httpx.AsyncClient,
    ) -> None:
        self.settings = settings
        self.pace = Pace(settings.in_flight)
        self.figures = Figures()
        self._credential = credential
        self._http = http
        self._reached = False
        host = httpx.URL(settings.url).host
        provider = AzureIdentityAuthenticationProvider(
            credential, scopes=[settings.scope], allowed_hosts=[host]
        )
        self._adapter = GraphRequestAdapter(provider, client=http)
        self._adapter.base_url = settings.url
        self.sdk = GraphServiceClient(request_adapter=self._adapter)

    @property
    def workers(self) -> int:
        """How many callers keep every turn in use: while one reads, another one waits."""
        return 2 * self.settings.in_flight

    async def get_token(self, scope: str) -> str:
        """A token of the same sign-in for another service (the Teams bot)."""
        return (await self._credential.get_token(scope)).token

    def mark(self) -> Sent:
        """The present, for :meth:`note_error` about a call that is sent now."""
        return Sent(time.monotonic(), self._credential.generation)

    async def send(
        self,
        request: RequestInformation,
        *,
        repeatable: bool = True,
        mailbox: str | None = None,
        calls: int = 1,
    ) -> Answer:
        """Send a request and read its answer.

        Args:
            request: Made by :mod:`scheduler.graph.requests`.
            repeatable: Whether doing it twice is the same as doing it once. If not, it is only
                repeated where it was certainly not done; else the error tells (``maybe_done``)
                and the caller looks.
            mailbox: The mailbox it goes to, for Graph's limits per mailbox.
            calls: For how many calls it counts (a batch).

        Raises:
            GraphError: With status, code and request-id, after the last repeat.
        """
        deadline = time.monotonic() + self.settings.total_seconds

        def is_worth_it(error: BaseException) -> bool:
            return (
                isinstance(error, GraphError)
                and error.worth_repeating
                and (repeatable or not error.maybe_done)
            )

        def is_over(state: RetryCallState) -> bool:
            error = _error_of(state)
            tries = state.attempt_number
            if isinstance(error, GraphTokenError) and tries > TOKEN_RENEWALS:
                return True
            if tries >= TRIES_MOST:
                return True
            # Nobody waits ten minutes to learn that an address was wrong from the start.
            if isinstance(error, GraphUnreachableError) and tries >= 3 and not self._reached:
                return True
            return time.monotonic() + state.upcoming_sleep > deadline

        async for attempt in AsyncRetrying(
            retry=retry_if_exception(is_worth_it), wait=self._wait, stop=is_over, reraise=True
        ):
            with attempt:
                if attempt.retry_state.attempt_number > 1:
                    self.figures.repeats += 1
                async with self.pace.turn(mailbox, calls):
                    return await self._send_once(request, mailbox, deadline)
        raise AssertionError  # AsyncRetrying returns or raises

    async def read_pages(
        self, request: RequestInformation, *, mailbox: str | None = None
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Yield the values of each page. An empty page with a next link is not the last one."""
        async for page in self.read_raw_pages(request, mailbox=mailbox):
            yield page.get("value") or []

    async def read_raw_pages(
        self, request: RequestInformation, *, mailbox: str | None = None
    ) -> AsyncIterator[dict[str, Any]]:
        """Yield each page whole, with its ``@odata.deltaLink`` where it has one."""
        headers = {
            name: ", ".join(values)
            for name, values in request.headers.get_all().items()
            if name in {"prefer", "accept", "consistencylevel"}
        }
        seen: set[str] = set()
        while True:
            page = (await self.send(request, mailbox=mailbox)).data
            if not isinstance(page, dict):
                raise GraphAnswerLostError("A page was not a JSON object")
            yield page
            link = page.get("@odata.nextLink")
            if not link:
                return
            if link in seen:
                raise GraphRefusedError("Graph's pages lead in a circle")
            seen.add(link)
            request = follow(link, headers=headers)

    async def put_bytes(self, url: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a piece of a file to an upload session, which carries its own proof in ``url``."""
        async with self.pace.turn(None):
            try:
                async with asyncio.timeout(self.settings.call_seconds):
                    response = await self._http.put(url, content=content, headers=dict(headers))
            except (httpx.HTTPError, TimeoutError) as error:
                raise self._explain_transport(error) from error
            return read_answer(response)

    async def _send_once(
        self, request: RequestInformation, mailbox: str | None, deadline: float
    ) -> Answer:
        self.figures.calls += 1
        with watch_call(request) as call:
            answer = await self._send_watched(request, mailbox, deadline)
            call.note_answer(answer.status, answer.headers)
        return answer

    async def _send_watched(
        self, request: RequestInformation, mailbox: str | None, deadline: float
    ) -> Answer:
        sent = self.mark()
        for name in ("Authorization", "client-request-id"):
            if request.headers.contains(name):
                request.headers.remove(name)
        request.headers.add("client-request-id", str(uuid.uuid4()))
        request.add_request_options(list(_BODY_READERS))
        seconds = min(self.settings.call_seconds, max(1.0, deadline - time.monotonic()))
        try:
            try:
                async with asyncio.timeout(seconds):
                    response = await self._adapter.send_primitive_async(request, "bytes", {})
            except (httpx.HTTPError, TimeoutError) as error:
                raise self._explain_transport(error) from error
            self._reached = True
            answer = read_answer(response)
        except GraphError as error:
            self.note_error(error, request, mailbox, sent)
            raise
        self.pace.note_success()
        return answer

    def note_error(
        self,
        error: GraphError,
        request: RequestInformation,
        mailbox: str | None,
        sent: Sent,
    ) -> None:
        """Slow down, renew the token that was sent, and log, as the error asks for."""
        if isinstance(error, GraphThrottledError):
            self.figures.throttled += 1
            self.pace.note_throttled(mailbox, error.retry_after_seconds or 0.0, sent.at)
        if isinstance(error, GraphTokenError):
            self.figures.renewals += 1
            self._credential.renew(sent.generation)
        log.info(
            "graph-call-failed",
            kind=type(error).__name__,
            path=name_address(request),
            status=error.status,
            code=error.code,
            request_id=error.request_id,
            client_request_id=", ".join(request.headers.get("client-request-id")),
            retry_after_seconds=error.retry_after_seconds,
        )

    def _explain_transport(self, error: Exception) -> GraphError:
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
            return GraphUnreachableError(
                f"Microsoft Graph at {self.settings.url} cannot be reached: "
                f"{str(error) or type(error).__name__}"
            )
        kind = "the time ran out" if isinstance(error, TimeoutError) else type(error).__name__
        return GraphAnswerLostError(f"Graph's answer did not arrive: {kind}")

    def _wait(self, state: RetryCallState) -> float:
        return self.choose_wait(_error_of(state), state.attempt_number)

    def choose_wait(self, error: BaseException | None, attempt: int) -> float:
        """Seconds until a call that failed ``attempt`` times is sent again."""
        if isinstance(error, GraphTokenError):
            return 0.0
        if isinstance(error, GraphError) and error.retry_after_seconds is not None:
            return max(0.0, error.retry_after_seconds)
        longest: float = self.settings.backoff_seconds * 2 ** min(attempt - 1, 10)
        # "Full jitter" between half and all of it, so that callers do not come back together.
        share = 0.5 + (uuid.uuid4().int % 1024) / 2048
        return min(LONGEST_BACKOFF_SECONDS, longest) * share


@asynccontextmanager
async def open_graph(
    settings: GraphSettings,
    *,
    credential: AsyncTokenCredential | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Graph]:
    """Connect to Graph for the length of an ``async with`` block.

    Args:
        settings: From :func:`scheduler.graph.settings.read_graph_settings`.
        credential: Instead of the one that the settings name.
        transport: Beneath the SDK's own layers instead of a network (tests).

    Raises:
        ConnectionSettingsError: A certificate file cannot be read.
    """
    timeout = httpx.Timeout(settings.call_seconds, connect=min(10.0, settings.call_seconds))
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=settings.in_flight * 2)
    http = httpx.AsyncClient(
        verify=_make_tls(settings),
        timeout=timeout,
        limits=limits,
        http2=transport is None,
        transport=transport,
    )
    http = GraphClientFactory.create_with_default_middleware(client=http, options=sdk_options)
    renewable = RenewableCredential(settings, credential)
    try:
        yield Graph(settings, renewable, http)
    finally:
        await http.aclose()
        await renewable.close()


def _make_tls(settings: GraphSettings) -> ssl.SSLContext | bool:
    if settings.ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=str(settings.ca_file))
    except (OSError, ssl.SSLError) as error:
        raise ConnectionSettingsError(
            "The file of certificates cannot be read",
            f"SCHEDULER_CA_FILE={settings.ca_file}",
            "It must hold certificates in PEM form.",
        ) from error


def _error_of(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome is not None else None
