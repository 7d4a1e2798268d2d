"""Limits as documented, and the error that a request over them gets."""

from __future__ import annotations

import collections
import time
from dataclasses import dataclass, field

from scheduler.sandbox.api.request import GraphError, Request

WINDOW_SECONDS = 600
WINDOW_REQUESTS = 10_000
DIRECTORY_WINDOW_SECONDS = 10
DIRECTORY_UNITS = 3_500
"""Resource units of a small tenant in ten seconds; a list of users costs two, one user one."""

_MAILBOX_WORDS = frozenset(
    [
        "calendar",
        "calendars",
        "calendarview",
        "events",
        "getschedule",
        "mailboxsettings",
        "sendmail",
    ]
)


def is_mailbox_request(request: Request) -> bool:
    """Say whether a request is one for Outlook, which has limits of its own."""
    segments = request.segments
    return (
        len(segments) > 2
        and segments[0].lower() == "users"
        and segments[2].lower() in _MAILBOX_WORDS
    )


@dataclass(slots=True)
class Throttle:
    """Counts requests: 10,000 in 10 minutes for an app on a mailbox, and ``concurrency`` at once.

    The page on limits counts the four at once per app, others report them per mailbox: here they
    count per app, which a client that obeys either reading survives.
    """

    concurrency: int
    window_requests: int = WINDOW_REQUESTS
    directory_units: int = DIRECTORY_UNITS
    under_way: int = 0
    most_under_way: int = 0
    refused: int = 0
    admitted: int = 0
    _mailboxes: dict[str, collections.deque[float]] = field(default_factory=dict)
    _directory: collections.deque[tuple[float, int]] = field(default_factory=collections.deque)

    def admit(self, request: Request) -> None:
        """Count a request as under way, or refuse it; ``leave`` ends it.

        Raises:
            GraphError: 429 with ``Retry-After``.
        """
        now = time.monotonic()
        if self.concurrency and not is_mailbox_request(request):
            self._admit_directory(request, now)
        elif self.concurrency:
            self._admit_mailbox(request, now)
        self.admitted += 1
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)

    def leave(self) -> None:
        """Note that the answer to an admitted request has been sent."""
        self.under_way -= 1

    def _admit_mailbox(self, request: Request, now: float) -> None:
        if self.under_way >= self.concurrency:
            self.refused += 1
            raise GraphError(
                429, "ApplicationThrottled",
                "Application is over its MailboxConcurrency limit.", {"Retry-After": "1"},
            )  # fmt: skip
        times = self._mailboxes.setdefault(request.segments[1].lower(), collections.deque())
        while times and times[0] <= now - WINDOW_SECONDS:
            times.popleft()
        if len(times) >= self.window_requests:
            self.refused += 1
            wait = max(1, round(times[0] + WINDOW_SECONDS - now))
            raise GraphError(
                429, "ApplicationThrottled", "Application is over its request limit.",
                {"Retry-After": str(wait)},
            )  # fmt: skip
        times.append(now)

    def _admit_directory(self, request: Request, now: float) -> None:
        units = 2 if len(request.segments) == 1 else 1
        while self._directory and self._directory[0][0] <= now - DIRECTORY_WINDOW_SECONDS:
            self._directory.popleft()
        if sum(cost for _, cost in self._directory) + units > self.directory_units:
            self.refused += 1
            raise GraphError(429, "TooManyRequests", "Too many requests.", {"Retry-After": "10"})
        self._directory.append((now, units))
