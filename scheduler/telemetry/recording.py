"""Spans and figures, recorded where somebody listens, and nothing at all where nobody does.

What may be said of a call or a step is the fixed list :data:`ATTRIBUTES`: ids of rounds and
requests, names of programmes and steps, addresses without the ids in them. No name, mailbox or id
of a person can get in, because there is no attribute for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Literal, Protocol

Value = str | int | float
Attributes = Mapping[str, Value]

ATTRIBUTES = {
    "scheduler.round": "programme and date",
    "scheduler.programme": "the programme's file name",
    "scheduler.step": "plan, book, announce ...",
    "http.request.method": "of a call to Graph",
    "url.template": "the call's address, with {id} in the place of every id",
    "http.response.status_code": "of the answer",
    "graph.request_id": "what Microsoft's support asks for",
    "graph.client_request_id": "the same, chosen by us",
    "graph.code": "Graph's own error code",
    "error.type": "the kind of error, without its text",
}
"""Everything that spans and figures may carry."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure. A ``gauge`` is the last value, a ``counter`` a sum, a ``histogram`` a spread."""

    kind: Literal["gauge", "counter", "histogram"]
    unit: str
    meaning: str


METRICS = {
    "scheduler.people.placed": Metric("gauge", "{person}", "people with a seat in a round's plan"),
    "scheduler.groups.planned": Metric("gauge", "{group}", "groups in a round's plan"),
    "scheduler.groups.booked": Metric("gauge", "{group}", "groups with their meeting in Outlook"),
    "scheduler.groups.announced": Metric(
        "gauge", "{group}", "groups in which everybody has been told"
    ),
    "scheduler.graph.calls": Metric("counter", "{call}", "calls to Graph, repeats included"),
    "scheduler.graph.throttled": Metric("counter", "{call}", "calls that Graph put off (429)"),
    "scheduler.graph.seconds": Metric("histogram", "s", "how long a call to Graph took"),
    "scheduler.step.seconds": Metric("histogram", "s", "how long a step of a round took"),
}


class Span(Protocol):
    """Something that begins and ends."""

    def note(self, attributes: Attributes) -> None:
        """Say more about it; keys are those of :data:`ATTRIBUTES`."""


class Recorder(Protocol):
    """Whoever listens."""

    def span(self, name: str, attributes: Attributes) -> AbstractContextManager[Span]:
        """Record from the block's beginning to its end, with the kind of error that ended it."""

    def record(self, metric: str, value: float, attributes: Attributes) -> None:
        """Record a figure of :data:`METRICS`."""


class _Nobody:
    def note(self, attributes: Attributes) -> None:
        """Nobody listens."""


_NOBODY = nullcontext(_Nobody())
_recorder: Recorder | None = None


@contextmanager
def listening(recorder: Recorder) -> Iterator[None]:
    """Hand everything that is recorded in the block to ``recorder``."""
    global _recorder  # noqa: PLW0603 -- there is one listener in a process
    before, _recorder = _recorder, recorder
    try:
        yield
    finally:
        _recorder = before


def is_on() -> bool:
    """Whether somebody listens."""
    return _recorder is not None


def span(name: str, attributes: Attributes) -> AbstractContextManager[Span]:
    """Record from the block's beginning to its end."""
    if _recorder is None:
        return _NOBODY
    return _recorder.span(name, attributes)


def record(metric: str, value: float, attributes: Attributes) -> None:
    """Record a figure of :data:`METRICS`: the amount to add, or the value that it has now."""
    if _recorder is not None:
        _recorder.record(metric, value, attributes)
