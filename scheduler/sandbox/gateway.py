"""What every request to Graph passes: limits, faults, the token; then the function that answers."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import uuid
from dataclasses import dataclass

from scheduler.sandbox.api.request import Answer, GraphError, Json, Request
from scheduler.sandbox.api.router import Router
from scheduler.sandbox.faults import CutError, Faults
from scheduler.sandbox.permissions import check_permission
from scheduler.sandbox.signin import GRAPH, Authority
from scheduler.sandbox.throttling import Throttle

MAX_REQUEST_BYTES = 4 * 1024 * 1024


@dataclass(slots=True)
class Gateway:
    """Serves requests one by one, those within a batch too."""

    router: Router
    authority: Authority
    throttle: Throttle
    faults: Faults
    latency_seconds: float
    mailboxes: frozenset[str] = frozenset()

    async def serve(self, request: Request) -> Answer:
        """Answer a request; a refusal is an answer too."""
        fault = self.faults.choose(request)
        try:
            if not request.in_batch:
                request.claims = self._check(request)
            fault.before()
            check_permission(request, request.claims, self.mailboxes)
            self.throttle.admit(request)
        except GraphError as error:
            return write_error(error, request)
        try:
            await asyncio.sleep(self.latency_seconds + fault.delay_seconds)
            return fault.after(await self.answer(request))
        except GraphError as error:
            return write_error(error, request)
        finally:
            self.throttle.leave()

    def _check(self, request: Request) -> Json:
        return self.authority.check(request.headers.get("authorization", ""), GRAPH)

    async def answer(self, request: Request) -> Answer:
        """Answer a request that was let in.

        Raises:
            GraphError: 413 above 4 MB, and whatever the handler refuses.
        """
        if len(request.body) > MAX_REQUEST_BYTES:
            raise GraphError(413, "RequestEntityTooLarge", "The request is larger than 4 MB.")
        return await self.router.answer(request)


def write_error(error: GraphError, request: Request) -> Answer:
    """Write a refusal in Graph's shape."""
    request_id = str(uuid.uuid4())
    body = {
        "error": {
            "code": error.code,
            "message": error.message,
            "innerError": {
                "date": f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%S}",
                "request-id": request_id,
                "client-request-id": request.headers.get("client-request-id", request_id),
            },
        }
    }
    headers = {"Content-Type": "application/json", "request-id": request_id, **error.headers}
    answer = Answer(error.status, json.dumps(body).encode(), headers)
    if isinstance(error, CutError) and not request.in_batch:
        answer.cut = error.place
        if error.answer is not None:
            answer.body = error.answer.body
    return answer
