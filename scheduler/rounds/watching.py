"""What is recorded and logged of the steps of a round: which round, which programme, how long."""

from __future__ import annotations

import functools
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from structlog.contextvars import bound_contextvars

from scheduler.rounds.context import Context
from scheduler.rounds.progress import Progress, Report
from scheduler.telemetry.recording import Value, record, span

log = structlog.get_logger(__name__)

Rest = ParamSpec("Rest")
Result = TypeVar("Result")
Work = Callable[Concatenate[Context, str, Rest], Awaitable[Result]]


def about_round(round_id: str) -> AbstractContextManager[None]:
    """Every line of the log in the block names the round and its programme."""
    return bound_contextvars(round=round_id, programme=round_id.rpartition("/")[0])


@contextmanager
def working_on(step: str, round_id: str) -> Iterator[None]:
    """Every line of the log and every call in the block belongs to a step of the round."""
    labels: dict[str, Value] = {
        "scheduler.programme": round_id.rpartition("/")[0],
        "scheduler.step": step,
    }
    began = time.monotonic()
    with about_round(round_id), span(step, {**labels, "scheduler.round": round_id}):
        try:
            yield
        finally:
            record("scheduler.step.seconds", time.monotonic() - began, labels)


def watched(step: str) -> Callable[[Work[Rest, Result]], Work[Rest, Result]]:
    """Mark a function of a context and a round as a step: ``plan``, ``book`` ..."""

    def mark(work: Work[Rest, Result]) -> Work[Rest, Result]:
        @functools.wraps(work)
        async def watched_work(
            context: Context, round_id: str, /, *args: Rest.args, **more: Rest.kwargs
        ) -> Result:
            with working_on(step, round_id):
                return await work(context, round_id, *args, **more)

        return watched_work

    return mark


def record_counts(round_id: str, **counts: int) -> None:
    """Record how many people or groups of a round are ``placed``, ``planned``, ``booked`` or
    ``announced`` now.
    """
    about = {"scheduler.round": round_id, "scheduler.programme": round_id.rpartition("/")[0]}
    for what, count in counts.items():
        kind = "people" if what == "placed" else "groups"
        record(f"scheduler.{kind}.{what}", count, about)


class WatchedProgress:
    """Somebody who watches, and a span for each part of a step that they are told of."""

    def __init__(self, inner: Progress) -> None:
        self._inner = inner

    @contextmanager
    def step(self, title: str) -> Iterator[Report]:
        """Open a step; the log says how long it took, and how much of that this process worked."""
        began, worked = time.monotonic(), time.process_time()
        with span(title, {}), self._inner.step(title) as report:
            yield report
        log.info(
            "step-done",
            step=title,
            seconds=round(time.monotonic() - began, 2),
            cpu_seconds=round(time.process_time() - worked, 2),
        )
