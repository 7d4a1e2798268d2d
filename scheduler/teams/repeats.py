"""When a call to Teams is worth making again, and how long to wait before."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

import httpx
from tenacity import RetryCallState

REPEATED = frozenset({412, 429, 500, 502, 503, 504})
"""Teams asks bots to try again after 412, 429, 502 and 504 ("Rate limiting", Teams bots)."""


def may_pass_later(error: BaseException) -> bool:
    """Whether the same call may succeed later. A card sent twice is better than none."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in REPEATED
    return isinstance(error, httpx.TransportError)


def wait_seconds(state: RetryCallState) -> float:
    """What Teams says; without a word from it, half a second, then twice as long each time."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, httpx.HTTPStatusError):
        seconds = retry_after_seconds(error.response)
        if seconds is not None:
            return seconds
    return float(min(60.0, 0.5 * 2 ** (state.attempt_number - 1)))


def retry_after_seconds(response: httpx.Response) -> float | None:
    """``Retry-After`` in seconds; it may also name a time (RFC 9110, 10.2.3)."""
    text = response.headers.get("Retry-After", "").strip()
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None
