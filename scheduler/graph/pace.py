"""How fast we ask: never more at once than allowed, and slower when Graph says so.

The number of calls in flight grows by one per round of good answers and halves when one is
throttled (additive increase, multiplicative decrease: Chiu and Jain 1989, the rule that TCP
shares a line by). ``Retry-After`` holds back the mailbox that it was said about, because
Outlook counts per app and mailbox.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

REQUESTS_PER_MAILBOX = 10_000
MAILBOX_WINDOW_SECONDS = 600.0
"""10,000 requests in 10 minutes per app and mailbox (Graph's throttling limits page)."""


class Pace:
    """Hands out turns. One per :class:`scheduler.graph.client.Graph`, in one event loop."""

    def __init__(
        self,
        most: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Start with ``most`` calls in flight, the number that is never exceeded."""
        self._most = most
        self._window = float(most)
        self._running = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._paused_until: dict[str, float] = {}
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)
        self._slowed_at = float("-inf")
        self._clock = clock
        self._sleep = sleep
        self.busy_seconds = 0.0
        """Time that calls spent in flight, added up over all calls."""

    @property
    def window(self) -> int:
        """How many calls may be in flight now."""
        return max(1, int(self._window))

    @asynccontextmanager
    async def turn(self, mailbox: str | None, calls: int = 1) -> AsyncIterator[float]:
        """Wait until ``calls`` calls may be sent; yields the moment they are."""
        await self._enter(calls)
        while mailbox is not None and (pause := self._pause(mailbox, calls)) > 0:
            self._leave(calls)
            await self._sleep(pause)
            await self._enter(calls)
        started = self._clock()
        if mailbox is not None:
            self._sent[mailbox].extend([started] * calls)
        try:
            yield started
        finally:
            self.busy_seconds += (self._clock() - started) * calls
            self._leave(calls)

    def note_success(self) -> None:
        """A call was answered as it should be."""
        self._window = min(float(self._most), self._window + 1 / max(1.0, self._window))
        self._admit()

    def note_throttled(self, mailbox: str | None, seconds: float, started: float) -> None:
        """A call that was sent at ``started`` was throttled, for ``seconds`` where Graph says so.

        Calls that were in flight together tell of the same moment, so they halve the window once.
        """
        now = self._clock()
        if mailbox is not None and seconds > 0:
            self._paused_until[mailbox] = max(self._paused_until.get(mailbox, 0.0), now + seconds)
        if started > self._slowed_at:
            self._slowed_at = now
            self._window = max(1.0, self._window / 2)

    def _pause(self, mailbox: str, calls: int) -> float:
        """Seconds until ``calls`` more may go to ``mailbox``; 0 or less: now."""
        now = self._clock()
        pause = self._paused_until.get(mailbox, 0.0) - now
        sent = self._sent[mailbox]
        while sent and sent[0] <= now - MAILBOX_WINDOW_SECONDS:
            sent.popleft()
        if len(sent) + calls > REQUESTS_PER_MAILBOX:
            pause = max(pause, sent[0] + MAILBOX_WINDOW_SECONDS - now)
        return pause

    async def _enter(self, calls: int) -> None:
        if not self._waiting and self._fits(calls):
            self._running += calls
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((calls, place))
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._leave(calls)  # admitted and cancelled in the same moment
            raise

    def _leave(self, calls: int) -> None:
        self._running -= calls
        self._admit()

    def _fits(self, calls: int) -> bool:
        # A batch larger than the window goes alone rather than never.
        return self._running == 0 or self._running + calls <= self.window

    def _admit(self) -> None:
        while self._waiting:
            calls, place = self._waiting[0]
            if place.done():
                self._waiting.popleft()
                continue
            if not self._fits(calls):
                return
            self._waiting.popleft()
            self._running += calls
            place.set_result(None)
