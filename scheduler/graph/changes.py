"""What changed in an organiser's calendar: answers, events moved or removed by hand.

``calendarView/delta`` is the only delta that events have. It takes no ``$select`` and no
``$expand``, and what it calls removed may only have left the window, so such an event is read
again by its id before anybody believes it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from kiota_abstractions.request_information import RequestInformation

from scheduler.graph.client import Graph
from scheduler.graph.errors import GraphNotFoundError, GraphRefusedError
from scheduler.graph.events import EventRecord, read_event
from scheduler.graph.requests import UTC_TIMES, follow, get


@dataclass(frozen=True, slots=True)
class CalendarChanges:
    """Events as they are now, ids that delta calls removed, and where to go on next time.

    ``whole`` is True when everything in the window is listed, not only what is new.
    """

    events: tuple[EventRecord, ...]
    removed: tuple[str, ...]
    delta_link: str | None
    whole: bool


async def read_changes(
    graph: Graph,
    mailbox: str,
    start: dt.datetime,
    end: dt.datetime,
    delta_link: str | None = None,
) -> CalendarChanges:
    """Read all pages of what changed in ``mailbox`` since ``delta_link``.

    Without a link, or when Graph has forgotten it (410), everything between ``start`` and
    ``end`` is read.

    Raises:
        GraphError: The calendar cannot be read.
    """
    if delta_link is not None:
        try:
            return await _read(graph, mailbox, follow(delta_link, headers=UTC_TIMES), whole=False)
        except (GraphNotFoundError, GraphRefusedError) as error:
            # 410 with "resync required"; 400 for a link of another version of the service.
            if error.status not in {400, 410}:
                raise
    builder = graph.sdk.users.by_user_id(mailbox).calendar_view.delta
    window = {
        "startDateTime": start.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "endDateTime": end.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return await _read(graph, mailbox, get(builder, path=window, headers=UTC_TIMES), whole=True)


async def _read(
    graph: Graph, mailbox: str, request: RequestInformation, *, whole: bool
) -> CalendarChanges:
    events: dict[str, EventRecord] = {}
    removed: dict[str, None] = {}
    link: str | None = None
    async for page in graph.read_raw_pages(request, mailbox=mailbox):
        for data in page.get("value") or []:
            _take(data, mailbox, events, removed)
        link = page.get("@odata.deltaLink", link)
    return CalendarChanges(tuple(events.values()), tuple(removed), link, whole)


def _take(
    data: dict[str, Any], mailbox: str, events: dict[str, EventRecord], removed: dict[str, None]
) -> None:
    """The last word on an event counts: pages can repeat it."""
    event_id = data.get("id")
    if not isinstance(event_id, str):
        return
    if "@removed" in data:
        events.pop(event_id, None)
        removed[event_id] = None
    else:
        removed.pop(event_id, None)
        events[event_id] = read_event(data, mailbox)
