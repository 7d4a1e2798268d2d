"""Many calls at the same time, with a bounded number of them begun."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Job = TypeVar("Job")


async def run_all(
    jobs: Iterable[Job], work: Callable[[Job], Awaitable[None]], *, workers: int
) -> None:
    """Work on all jobs in their order, ``workers`` at a time.

    The first error ends the others and is raised as it is, not wrapped in a group of errors.
    """
    waiting = iter(jobs)

    async def worker() -> None:
        for job in waiting:
            await work(job)

    tasks = [asyncio.create_task(worker()) for _ in range(workers)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
