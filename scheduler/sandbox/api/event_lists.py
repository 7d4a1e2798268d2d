"""Lists of events: ``events``, ``calendarView`` and its delta."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scheduler.sandbox.api.event_writer import write_entry
from scheduler.sandbox.api.events import read_expanded, show_event
from scheduler.sandbox.api.filters import read_filter
from scheduler.sandbox.api.odata import (
    context,
    link,
    read_number,
    read_select,
    read_token,
    select,
    write_token,
)
from scheduler.sandbox.api.request import Answer, GraphError, Json, Request, answer_json
from scheduler.sandbox.diary import Item
from scheduler.sandbox.mailboxes import Copy, Mailbox
from scheduler.sandbox.tenant import Tenant
from scheduler.sandbox.zones import find_zone, read_moment, to_minute, write_zoned

MAX_PAGE = 1000
_REFUSED_BY_DELTA = ("$select", "$expand", "$filter", "$orderby", "$search")


def _window(request: Request) -> tuple[int, int]:
    names = {name.lower(): value for name, value in request.query.items()}
    if "startdatetime" not in names or "enddatetime" not in names:
        raise GraphError(
            400, "ErrorInvalidParameter",
            "This request requires a time window specified by the query string parameters "
            "StartDateTime and EndDateTime.",
        )  # fmt: skip
    zone = find_zone("UTC")
    start = to_minute(read_moment(names["startdatetime"].replace(" ", "+"), zone))
    end = to_minute(read_moment(names["enddatetime"].replace(" ", "+"), zone))
    if end < start:
        raise GraphError(400, "ErrorInvalidParameter", "The end of the window is before its start.")
    return start, end


def _keep(request: Request, copies: list[Copy]) -> list[Copy]:
    text = request.query.get("$filter")
    if not text:
        return copies
    found = read_filter(text)
    return [copy for copy in copies if found.test(_Lazy(request, copy))]


class _Lazy(Mapping[str, Any]):
    """An event for filters, of which only the properties that are asked for are written.

    Looking for one tag among thousands of events must not write all of them.
    """

    def __init__(self, request: Request, copy: Copy) -> None:
        self._request, self._copy = request, copy

    def __getitem__(self, name: str) -> Any:
        match name:
            case "singleValueExtendedProperties":
                return [{"id": k, "value": v} for k, v in self._copy.properties.items()]
            case "subject":
                return self._copy.meeting.subject
            case "start":
                return write_zoned(self._copy.meeting.start, "UTC")
            case "end":
                return write_zoned(self._copy.meeting.end, "UTC")
            case _:
                return show_event(self._request, self._copy, whole=False)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(show_event(self._request, self._copy, whole=False))

    def __len__(self) -> int:
        return len(show_event(self._request, self._copy, whole=False))


def _sort(request: Request, copies: list[Copy], default: str) -> list[Copy]:
    order = request.query.get("$orderby", default).strip()
    name, _, way = order.partition(" ")
    keys: dict[str, Any] = {
        "start/dateTime": lambda c: (c.meeting.start, c.id),
        "end/dateTime": lambda c: (c.meeting.end, c.id),
        "createdDateTime": lambda c: (c.created, list(c.meeting.uid)),
        "lastModifiedDateTime": lambda c: (c.modified, c.version),
        "subject": lambda c: c.meeting.subject.casefold(),
    }
    if name not in keys:
        raise GraphError(400, "ErrorInvalidProperty", f"'{name}' cannot be sorted by.")
    return sorted(copies, key=keys[name], reverse=way.strip().lower() == "desc")


def _answer(request: Request, what: str, entries: list[Copy | tuple[int, Item, Mailbox]]) -> Answer:
    size = read_number(request, "$top", 10, low=1, high=MAX_PAGE)
    skip = read_number(request, "$skip", 0, low=0, high=10_000_000)
    read_expanded(request)
    answer: Json = {"@odata.context": context(request, what)}
    if request.query.get("$count", "").lower() == "true":
        answer["@odata.count"] = len(entries)
    path = "/".join(request.segments)
    if skip + size < len(entries):
        answer["@odata.nextLink"] = link(request, path, skip=str(skip + size))
    answer["value"] = [_show(request, entry) for entry in entries[skip : skip + size]]
    return answer_json(answer)


def _show(request: Request, entry: Copy | tuple[int, Item, Mailbox]) -> Json:
    if isinstance(entry, Copy):
        return show_event(request, entry)
    number, item, box = entry
    zone = request.preferences().get("outlook.timezone") or "UTC"
    find_zone(zone)
    names = read_select(request)
    shown = write_entry(item, box.owner, number, zone)
    return select(shown, None if names is None else [*names, "id"])


def list_events(tenant: Tenant, request: Request, user: str) -> Answer:
    """``GET /users/{id}/events``: what was booked; pages of 10, at most 1,000."""
    box = tenant.find_mailbox(user)
    copies = [copy for copy in box.copies.values() if not copy.removed]
    copies = _sort(request, _keep(request, copies), "createdDateTime desc")
    return _answer(request, f"users('{user}')/events", list(copies))


def list_calendar_view(tenant: Tenant, request: Request, user: str) -> Answer:
    """``GET /users/{id}/calendarView``: everything that overlaps the window."""
    box = tenant.find_mailbox(user)
    start, end = _window(request)
    copies: list[Any] = list(_keep(request, box.taken(start, end)))
    if "$filter" not in request.query and "$orderby" not in request.query:
        items = enumerate(tenant.diary.between(box.owner, start, end))
        copies += [(number, item, box) for number, item in items]
        copies.sort(key=lambda e: e.meeting.start if isinstance(e, Copy) else e[1].start)
    else:
        copies = list(_sort(request, copies, "start/dateTime"))
    return _answer(request, f"users('{user}')/calendarView", copies)


def list_calendar_view_delta(tenant: Tenant, request: Request, user: str) -> Answer:
    """``GET /users/{id}/calendarView/delta``: what is in the window, later what changed.

    As with the service, a changed event outside of the window is reported as removed.
    """
    box = tenant.find_mailbox(user)
    for name in _REFUSED_BY_DELTA:
        if name in request.query:
            raise GraphError(
                400, "ErrorInvalidUrlQuery",
                f"The following parameters are not supported with change tracking over the "
                f"'CalendarView' resource: '{name}'.",
            )  # fmt: skip
    token = request.query.get("$deltatoken") or request.query.get("$skiptoken")
    if token:
        state = read_token(token)
        if not {"s", "e", "v"} <= set(state) or state["v"] > box.version:
            raise GraphError(
                410, "SyncStateNotFound", "The sync state is not found. Start the round anew.",
            )  # fmt: skip
    else:
        start, end = _window(request)
        state = {"s": start, "e": end, "v": 0}
    if "$skiptoken" not in request.query:
        state |= {"a": state["v"], "n": 0, "t": box.version}
    answer = _delta_page(box, request, state)
    answer = {"@odata.context": context(request, "Collection(event)"), **answer}
    return answer_json(answer)


def _delta_page(box: Mailbox, request: Request, state: Json) -> Json:
    size = max(1, int(request.preferences().get("odata.maxpagesize") or 50))
    # What changes while somebody turns the pages moves to the next round, and nothing is skipped.
    copies = sorted(
        (copy for copy in box.copies.values() if state["a"] < copy.version <= state["t"]),
        key=lambda copy: copy.version,
    )
    shown: list[tuple[Copy, bool]] = []
    for copy in copies:
        inside = copy.meeting.start < state["e"] and copy.meeting.end > state["s"]
        here = inside and not copy.removed
        if here or state["v"]:
            shown.append((copy, here))
    gap = state["n"] % 3 == 1 and bool(shown)
    chunk = [] if gap else shown[:size]
    path = "/".join(request.segments)
    # The links of the service carry the window in the token.
    bare = Request(request.method, request.segments, {}, request.headers, b"", request.base)
    answer: Json = {}
    if len(chunk) < len(shown):
        seen = chunk[-1][0].version if chunk else state["a"]
        token = write_token({**state, "a": seen, "n": state["n"] + 1})
        answer["@odata.nextLink"] = link(bare, path, skiptoken=token)
    else:
        token = write_token({"s": state["s"], "e": state["e"], "v": state["t"]})
        answer["@odata.deltaLink"] = link(bare, path, deltatoken=token)
    answer["value"] = [
        {"@odata.type": "#microsoft.graph.event", **show_event(request, copy)}
        if here
        else {
            "@odata.type": "#microsoft.graph.event", "id": copy.id,
            "@removed": {"reason": "deleted"},
        }
        for copy, here in chunk
    ]  # fmt: skip
    return answer
