"""Progress bars in a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn


class Bars:
    """One bar for each step; ``seconds`` says afterwards how long each took.

    They are written to standard error, so that standard output holds results alone.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._console = Console(stderr=True)

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[int, int], None]]:
        """Show a bar until the step ends."""
        began = time.perf_counter()
        columns = (
            TextColumn("{task.description:<44}"),
            BarColumn(bar_width=30),
            TaskProgressColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._console) as bars:
            task = bars.add_task(title, total=None)

            def report(done: int, total: int) -> None:
                bars.update(task, completed=done, total=total)

            yield report
            total = bars.tasks[0].total or 1
            bars.update(task, completed=total, total=total)
        self.seconds[title] = round(time.perf_counter() - began, 2)
