"""How a long step tells whoever waits for it how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Report = Callable[[int, int], None]
"""Called with how much is done and of how much."""


class Progress(Protocol):
    """Somebody who watches a round being made."""

    def step(self, title: str) -> AbstractContextManager[Report]:
        """Open a step; what it yields is called as the step goes on."""


class Unwatched:
    """Nobody watches."""

    @contextmanager
    def step(self, title: str) -> Iterator[Report]:
        """Open a step and report it to nobody."""
        del title
        yield lambda _done, _total: None
