"""What can go wrong between us and Microsoft Graph, as types that carry what the caller needs.

No message holds a name, an address or a text of an event: it may be logged as it is.
"""

from __future__ import annotations

from scheduler.errors import ScheduleError


class ConnectionSettingsError(ScheduleError):
    """The environment does not say how to reach Graph; the caller prints one line and stops.

    Attributes:
        what: What is wrong, one sentence.
        where: The variable or file.
        hint: What would be right.
    """

    def __init__(self, what: str, where: str, hint: str) -> None:
        super().__init__(f"{what} ({where}). {hint}")
        self.what = what
        self.where = where
        self.hint = hint


class GraphError(ScheduleError):
    """Graph did not do what was asked.

    Attributes:
        status: The HTTP status, None when no answer was read.
        code: Graph's own error code, for example ``ErrorItemNotFound``.
        request_id: What Microsoft's support asks for.
        retry_after_seconds: How long Graph wants us to wait, None when it does not say.
    """

    exit_code = 1

    maybe_done = False
    """True when the call may have been carried out all the same."""

    worth_repeating = False
    """True when the same call can succeed later."""

    def __init__(
        self,
        what: str,
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        details = [
            f"{name} {value}"
            for name, value in (("status", status), ("code", code), ("request-id", request_id))
            if value is not None
        ]
        super().__init__(f"{what} ({', '.join(details)})" if details else what)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after_seconds = retry_after_seconds


class GraphRefusedError(GraphError):
    """Graph understood the request and will not do it, now or later (400 and its like)."""


class GraphNotFoundError(GraphRefusedError):
    """What was asked for does not exist, or not any more (404, 410)."""


class GraphDeniedError(GraphRefusedError):
    """A permission is missing (403)."""

    exit_code = 2


class GraphConflictError(GraphRefusedError):
    """Something else was there first (409, 412)."""


class GraphSignInError(GraphError):
    """Microsoft Entra ID refused our credentials; nobody can repair that but the administrator."""

    exit_code = 2


class GraphTokenError(GraphError):
    """Graph refused the token (401): it is renewed and the call, which was not done, repeated."""

    worth_repeating = True


class GraphUnreachableError(GraphError):
    """The request was never sent: no connection, or no token because of that."""

    exit_code = 2

    worth_repeating = True


class GraphThrottledError(GraphError):
    """Too many requests (429). Inside a batch the call has been seen to be done all the same
    (learn.microsoft.com answer 5529013), so the outcome is open.
    """

    maybe_done = True
    worth_repeating = True


class GraphUnavailableError(GraphError):
    """Graph failed (500, 502, 503, 504). Mail was sent and events were created behind each of
    these (answer 2286986; msgraph-sdk-ruby issue 38), so the outcome is open.
    """

    maybe_done = True
    worth_repeating = True


class GraphAnswerLostError(GraphError):
    """The request was sent and its answer did not arrive, not whole, or not readable."""

    maybe_done = True
    worth_repeating = True
