"""Free/busy: what ``getSchedule`` says about calendars, and nothing about by what they are taken.

Subjects and locations come along where a mailbox shares them; they are dropped as the answer is
read. An address with an error is unknown, never free.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from scheduler.calendars.freebusy import (
    BUSY,
    FREE,
    OUT_OF_OFFICE,
    TENTATIVE,
    UNKNOWN,
    WORKING_ELSEWHERE,
    FreeBusy,
    WorkingHours,
)
from scheduler.graph.client import Graph
from scheduler.graph.errors import GraphDeniedError, GraphNotFoundError, GraphRefusedError
from scheduler.graph.requests import UTC_TIMES, post
from scheduler.graph.workers import run_all
from scheduler.graph.zones import read_zone, to_utc

SCHEDULES_MOST = 20
"""Addresses in one request (Graph's page on free/busy schedules; the service takes 100)."""

WINDOW_MOST = dt.timedelta(days=61)
"""A window must be shorter than 62 days (the same page)."""

INTERVAL_MINUTES = 30
"""Unused, but without it the service answers 500 (microsoft-graph-docs issue 4494)."""

STATUS = {
    "free": FREE,
    "tentative": TENTATIVE,
    "busy": BUSY,
    "oof": OUT_OF_OFFICE,
    "workingElsewhere": WORKING_ELSEWHERE,
    "unknown": UNKNOWN,
}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

UNRESOLVED = frozenset({"5009", "ErrorMailRecipientNotFound", "ErrorInvalidSmtpAddress"})
"""Nobody has this address (microsoft-graph-docs issue 11225)."""

LASTING = UNRESOLVED | {"ErrorNoFreeBusyAccess", "ErrorAccessDenied"}
"""Answers that a shorter window cannot change."""

SPLITS_MOST = 3
"""Times a window is halved after an error: a fortnight becomes pieces of under two days."""

Span = tuple[dt.datetime, dt.datetime]
Job = tuple[list[str], Span]


async def read_free_busy(
    graph: Graph,
    mails: Sequence[str],
    start: dt.datetime,
    end: dt.datetime,
    progress: Callable[[int], None] | None = None,
    *,
    zones: Mapping[str, str] | None = None,
    through: Sequence[str] = (),
    lanes: int | None = None,
) -> dict[str, FreeBusy]:
    """Read when the calendars of ``mails`` are taken between two instants.

    Args:
        graph: An open connection.
        mails: Addresses of people and rooms; each once in the result, as written here.
        start: Aware; rounded to whole minutes.
        end: Aware, after ``start``.
        progress: Called with the number of calendars read so far.
        zones: IANA zone of each address's office, for calendars with a zone of their own making.
        through: The mailboxes to ask through. Without them each request goes through one of the
            mailboxes that it is about, which spreads the load over Graph's limits per mailbox.
        lanes: Requests at the same time; all that the connection allows if ``None``.

    Raises:
        GraphError: Graph cannot be asked at all. What is wrong with one calendar is its
            ``problem``.
        ValueError: ``end`` is not after ``start``, or a time has no zone.
    """
    if start.tzinfo is None or end.tzinfo is None or end <= start:
        raise ValueError(f"no window from {start} to {end}")
    unique = list(dict.fromkeys(mails))
    reader = _Reader(graph, dict(zones or {}), tuple(through), (start, end), lanes or graph.workers)
    jobs = [(chunk, span) for span in _cut(start, end) for chunk in _chunks(unique)]
    for splits in range(SPLITS_MOST + 1):
        failed = await reader.read_all(
            jobs, final=splits == SPLITS_MOST, done=None if splits else progress
        )
        # More than 1,000 entries in a window are an error, not an answer (a note in Graph's
        # documentation, pull request 21589): a shorter window helps then.
        jobs = [
            (chunk, half)
            for span, some in failed.items()
            for half in _halve(span)
            for chunk in _chunks(some)
        ]
        if not jobs:
            break
    return {mail: merge_free_busy(reader.parts[mail]) for mail in unique}


class _Reader:
    """Reads windows of calendars and keeps the parts by address."""

    def __init__(
        self, graph: Graph, zones: dict[str, str], through: tuple[str, ...], span: Span, lanes: int
    ) -> None:
        self.parts: defaultdict[str, list[FreeBusy]] = defaultdict(list)
        self._graph = graph
        self._zones = zones
        self._through = through
        self._moments = span
        self._lanes = lanes

    async def read_all(
        self, jobs: Sequence[Job], *, final: bool, done: Callable[[int], None] | None
    ) -> dict[Span, list[str]]:
        """Read all jobs and return whom to try again."""
        failed: defaultdict[Span, list[str]] = defaultdict(list)
        seen: set[str] = set()

        async def read(item: tuple[int, Job]) -> None:
            number, (chunk, span) = item
            entries = await self._ask(chunk, span, number)
            for mail in chunk:
                entry = entries.get(mail.casefold())
                error = _error_code(entry)
                if error is not None and error not in LASTING and not final:
                    failed[span].append(mail)
                else:
                    hint = self._zones.get(mail)
                    self.parts[mail].append(parse_entry(entry, self._moments, hint))
            seen.update(chunk)
            if done is not None:
                done(len(seen))

        await run_all(enumerate(jobs), read, workers=self._lanes)
        return failed

    async def _ask(
        self, mails: Sequence[str], span: Span, number: int
    ) -> dict[str, dict[str, Any]]:
        body = {
            "schedules": list(mails),
            "startTime": _utc(span[0]),
            "endTime": _utc(span[1]),
            "availabilityViewInterval": INTERVAL_MINUTES,
        }
        refusal: GraphRefusedError | None = None
        askers = [self._through[number % len(self._through)]] if self._through else list(mails)
        for asker in askers:
            builder = self._graph.sdk.users.by_user_id(asker).calendar.get_schedule
            try:
                answer = await self._graph.send(
                    post(builder, body, headers=UTC_TIMES), mailbox=asker
                )
            except (GraphNotFoundError, GraphDeniedError) as error:
                refusal = error  # this mailbox is missing or out of reach; ask through the next
                continue
            values = (answer.data or {}).get("value") or []
            return {
                str(entry.get("scheduleId", "")).casefold(): entry
                for entry in values
                if isinstance(entry, dict)
            }
        if isinstance(refusal, GraphDeniedError) or self._through:
            assert refusal is not None  # noqa: S101 -- askers is never empty
            raise refusal
        return {}


def parse_entry(
    entry: Mapping[str, Any] | None, moments: Iterable[dt.datetime], zone_hint: str | None = None
) -> FreeBusy:
    """Read one ``scheduleInformation``. Whatever is not understood is a problem, never free."""
    if entry is None:
        return FreeBusy(problem="no mailbox answers to this address")
    code = _error_code(entry)
    if code is not None:
        kind = "no mailbox has this address" if code in UNRESOLVED else "calendar not readable"
        return FreeBusy(problem=f"{kind} ({code})")
    items = entry.get("scheduleItems")
    if items is None:
        items = []
    try:
        start, end, status = _read_items(items)
    except (KeyError, TypeError, ValueError, AttributeError):
        return FreeBusy(problem="calendar not readable (entries make no sense)")
    hours = read_working_hours(entry.get("workingHours"), moments, zone_hint)
    return FreeBusy(start=start, end=end, status=status, hours=hours)


def read_working_hours(
    hours: Any, moments: Iterable[dt.datetime], zone_hint: str | None = None
) -> WorkingHours | None:
    """Working hours where they are sound: some days, an end after the start, a known zone."""
    if not isinstance(hours, dict):
        return None
    try:
        days = frozenset(DAYS.index(str(day).casefold()) for day in hours["daysOfWeek"])
        start = dt.time.fromisoformat(str(hours["startTime"])[:8])
        end = dt.time.fromisoformat(str(hours["endTime"])[:8])
        zone = read_zone(hours["timeZone"], list(moments), zone_hint)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    if not days or zone is None or end <= start:
        return None
    return WorkingHours(days, start, end, zone)


def merge_free_busy(parts: Sequence[FreeBusy]) -> FreeBusy:
    """One calendar from readings of several windows; unknown in one window is unknown."""
    if len(parts) == 1:
        return parts[0]
    problem = next((part.problem for part in parts if part.problem is not None), None)
    if problem is not None:
        return FreeBusy(problem=problem)
    return FreeBusy(
        start=np.concatenate([part.start for part in parts]),
        end=np.concatenate([part.end for part in parts]),
        status=np.concatenate([part.status for part in parts]),
        hours=next((part.hours for part in parts if part.hours is not None), None),
    )


def _read_items(items: Sequence[Mapping[str, Any]]) -> tuple[Any, Any, Any]:
    starts = [item["start"] for item in items]
    ends = [item["end"] for item in items]
    status = np.array([STATUS.get(item["status"], UNKNOWN) for item in items], np.int8)
    if all(time["timeZone"] == "UTC" for time in starts) and all(
        time["timeZone"] == "UTC" for time in ends
    ):
        # "2026-12-07T11:00:00.0000000": numpy reads the first 16 characters in one go.
        begin = np.array([t["dateTime"][:16] for t in starts], "datetime64[m]").astype(np.int64)
        until = np.array([t["dateTime"][:19] for t in ends], "datetime64[s]").astype(np.int64)
    else:
        begin = np.array([_minutes(time) for time in starts], np.int64)
        until = np.array([_minutes(time) * 60 for time in ends], np.int64)
    finish = -(-until // 60)  # an end with seconds takes its whole minute
    if (finish < begin).any():
        raise ValueError("an entry ends before it begins")
    return begin, finish, status


def _minutes(time: Mapping[str, str]) -> int:
    instant = to_utc(time["dateTime"], time["timeZone"])
    if instant is None:
        raise ValueError(time["timeZone"])
    return int(instant.timestamp()) // 60


def _error_code(entry: Mapping[str, Any] | None) -> str | None:
    if entry is None:
        return None
    error = entry.get("error")
    if not isinstance(error, dict):
        return None
    return str(error.get("responseCode") or "error")


def _cut(start: dt.datetime, end: dt.datetime) -> list[Span]:
    first = start.astimezone(dt.UTC).replace(second=0, microsecond=0)
    spans = []
    while first < end:
        last = min(first + WINDOW_MOST, end.astimezone(dt.UTC))
        spans.append((first, last))
        first = last
    return spans


def _halve(span: Span) -> tuple[Span, Span]:
    middle = (span[0] + (span[1] - span[0]) / 2).replace(second=0, microsecond=0)
    return (span[0], middle), (middle, span[1])


def _chunks(mails: list[str]) -> list[list[str]]:
    return [mails[n : n + SCHEDULES_MOST] for n in range(0, len(mails), SCHEDULES_MOST)]


def _utc(moment: dt.datetime) -> dict[str, str]:
    return {
        "dateTime": moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(),
        "timeZone": "UTC",
    }
