"""How much one person or one address may ask in a while: a bucket that fills again by itself."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

KNOWN_AT_MOST = 50_000
"""Callers remembered at a time; whoever has not called for longest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Limit:
    """``burst`` requests at once, and ``per_minute`` in the long run."""

    per_minute: float
    burst: int


PERSON = Limit(per_minute=240, burst=120)
"""Pages of one person: far more than anybody clicks."""
ADDRESS = Limit(per_minute=120, burst=120)
"""Requests without a sign-in from one address; a whole company may share one."""
PRESSES = Limit(per_minute=30, burst=20)
"""Buttons and messages of one person in Teams."""
SEARCHES = Limit(per_minute=20, burst=20)
"""Names that one person looks up: enough to find colleagues, too few to list the company."""
FORGERIES = Limit(per_minute=30, burst=30)
"""Requests to the bot's door with a token that is not Teams', from one address."""


class Limiter:
    """Counts against one limit, in this process; each further process allows as much again."""

    def __init__(self, limit: Limit, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str) -> float:
        """Count one request; 0 when it may pass, else the seconds to wait."""
        left = self._fill(who)
        if left < 1:
            self._keep(who, left)
            return 60 * (1 - left) / self._limit.per_minute
        self._keep(who, left - 1)
        return 0.0

    def is_spent(self, who: str) -> bool:
        """Whether the next request would have to wait; counts nothing."""
        return self._fill(who) < 1

    def _fill(self, who: str) -> float:
        left, at = self._left.get(who, (float(self._limit.burst), self._clock()))
        return min(self._limit.burst, left + (self._clock() - at) * self._limit.per_minute / 60)

    def _keep(self, who: str, left: float) -> None:
        self._left[who] = (left, self._clock())
        self._left.move_to_end(who)
        if len(self._left) > KNOWN_AT_MOST:
            self._left.popitem(last=False)
