"""Work that takes longer than a page may: done beside the pages, and looked at from them.

What a job came to is kept in this process for a while. Whatever must outlast the process (a plan,
a booking) is in the store, and its own next start goes on.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog

from scheduler.errors import ScheduleError
from scheduler.rounds.progress import Report

log = structlog.get_logger(__name__)

KEPT = 40
"""Jobs remembered, the newest ones."""
WAITING_MOST = 8
"""Jobs that wait for their turn; whoever comes then is asked to come back."""
_WENT_WRONG = "Something went wrong here. It is written down, and will be looked at."


class BusyError(ScheduleError):
    """So much is being computed that a further job would wait too long."""

    def __init__(self) -> None:
        super().__init__("A lot is being computed already. Please try again in a few minutes.")


@dataclass(slots=True, eq=False)
class Job:
    """One piece of work. ``key`` names what it is about: there is one at a time of each.

    ``done`` of ``total`` of the step ``step``; ``total`` is 0 where that is not known.
    """

    key: str
    title: str
    by: str
    step: str = ""
    done: int = 0
    total: int = 0
    result: Any = None
    problem: str | None = None
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    ended_at: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether it came to an end, good or bad."""
        return self.finished.is_set()

    def tell(self, done: int, total: int) -> None:
        """Note how far it is."""
        self.done, self.total = done, total


class JobProgress:
    """What the steps of a round tell their progress to."""

    def __init__(self, job: Job) -> None:
        self._job = job

    @contextmanager
    def step(self, title: str) -> Iterator[Report]:
        """Open a step of the job."""
        self._job.step, self._job.done, self._job.total = title, 0, 0
        yield self._job.tell


class Jobs:
    """All jobs of this process; those that compute stand in line, one at work at a time."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()

    def find(self, key: str) -> Job | None:
        """The newest job about something."""
        return self._jobs.get(key)

    def is_at_work(self, key: str) -> bool:
        """Whether a job about something is under way."""
        job = self._jobs.get(key)
        return job is not None and not job.is_over

    def start(
        self,
        key: str,
        title: str,
        work: Callable[[JobProgress], Coroutine[Any, Any, Any]],
        *,
        by: str,
        in_line: bool = True,
    ) -> Job:
        """Begin a job, unless one about the same is under way: then that one.

        Args:
            key: What it is about.
            title: What people read while they wait.
            work: The work.
            by: Who asked.
            in_line: Whether it computes, and so waits until the one before has ended.

        Raises:
            BusyError: Too many wait already.
        """
        running = self._jobs.get(key)
        if running is not None and not running.is_over:
            return running
        if in_line and sum(not job.is_over for job in self._jobs.values()) >= WAITING_MOST:
            raise BusyError
        job = Job(key, title, by)
        self._jobs[key] = job
        self._jobs.move_to_end(key)
        self._forget_old()
        task = asyncio.create_task(self._run(job, work, in_line=in_line))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    async def wait(self, job: Job, seconds: float) -> bool:
        """Wait a moment for the end of a job; whether it has come."""
        try:
            await asyncio.wait_for(job.finished.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def close(self, *, seconds: float = 20.0) -> None:
        """Let what is under way finish, for a while."""
        if self._tasks:
            _, unfinished = await asyncio.wait(self._tasks, timeout=seconds)
            for task in unfinished:
                task.cancel()

    async def _run(
        self, job: Job, work: Callable[[JobProgress], Coroutine[Any, Any, Any]], *, in_line: bool
    ) -> None:
        try:
            if in_line:
                job.step = "Waiting for its turn"
                async with self._turn:
                    job.step = ""
                    job.result = await work(JobProgress(job))
            else:
                job.result = await work(JobProgress(job))
        except ScheduleError as error:
            job.problem = str(error)
            log.warning("job-failed", job=job.title, error=type(error).__name__)
        except Exception:  # whatever it is, whoever waits for it must hear of its end
            job.problem = _WENT_WRONG
            log.exception("job-went-wrong", job=job.title)
        finally:
            job.ended_at = time.monotonic()
            job.finished.set()

    def _forget_old(self) -> None:
        for key in [key for key, job in self._jobs.items() if job.is_over]:
            if len(self._jobs) <= KEPT:
                return
            del self._jobs[key]
