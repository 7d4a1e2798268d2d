"""Events in an organiser's calendar: one per group, marked so that they can be found again.

Every event carries two extended properties: the round, to list all events of a round, and the
group's key (round, number, attempt). An open extension would be easier to read, but creating
one with the event has failed half-way and left twins (msgraph-sdk-ruby issue 38).
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from scheduler.graph.answers import Answer
from scheduler.graph.batch import send_batch
from scheduler.graph.bodies import mark_body
from scheduler.graph.client import Graph
from scheduler.graph.errors import (
    GraphAnswerLostError,
    GraphNotFoundError,
    GraphRefusedError,
)
from scheduler.graph.requests import UTC_TIMES, get, patch, post
from scheduler.graph.zones import to_utc, to_wall_clock

ROUND_PROPERTY = "String {6f2b7a0e-5c1d-4f7e-9a43-0d8c2b1e7f55} Name scheduler-round"
GROUP_PROPERTY = "String {6f2b7a0e-5c1d-4f7e-9a43-0d8c2b1e7f55} Name scheduler-group"

INLINE_BYTES_MOST = 2_500_000
"""A request holds 4 MB and a file in it grows by a third, so documented 3 MB do not fit in
beside the event itself."""

PAGE = 100
FIELDS = (
    "id,start,end,isCancelled,hasAttachments,attendees,transactionId,onlineMeeting,webLink,iCalUId"
)


@dataclass(frozen=True, slots=True)
class Invitee:
    """Who is asked to come; a room is a ``resource``."""

    mail: str
    name: str
    kind: Literal["required", "optional", "resource"] = "required"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an event."""

    name: str
    content: bytes
    content_type: str = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """An event to be created.

    ``start`` and ``end`` are instants, written on the clocks of ``zone`` (IANA). ``group_key``
    is ``round/number/attempt``; ``transaction_id`` makes a repeated create the same event.
    """

    mailbox: str
    round_id: str
    group_key: str
    transaction_id: str
    subject: str
    html: str
    start: dt.datetime
    end: dt.datetime
    zone: str | None
    invitees: tuple[Invitee, ...]
    category: str
    location: str | None = None
    location_mail: str | None = None
    online: bool = False
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class AttendeeAnswer:
    """What one attendee said. ``response`` is Graph's ``responseType``; ``proposed`` the start
    of a new time that they asked for.
    """

    mail: str
    kind: str
    response: str
    at: dt.datetime | None = None
    proposed: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event as Graph shows it to us: no subject, no body. ``group_key`` is None in answers
    that cannot carry extended properties (delta).
    """

    id: str
    mailbox: str
    group_key: str | None
    transaction_id: str | None
    start: dt.datetime | None
    end: dt.datetime | None
    cancelled: bool
    has_attachments: bool
    attendees: tuple[AttendeeAnswer, ...]
    join_url: str | None
    web_link: str | None
    ical_uid: str | None


async def create_event(graph: Graph, draft: EventDraft) -> EventRecord:
    """Create an event; Graph sends the invitations.

    Raises:
        GraphError: Where ``maybe_done`` is True, look with :func:`find_events` before anything
            else: the event may exist.
    """
    builder = graph.sdk.users.by_user_id(draft.mailbox).events
    answer = await graph.send(
        post(builder, write_event(draft), headers=UTC_TIMES),
        repeatable=False,
        mailbox=draft.mailbox,
    )
    try:
        record = read_event(answer.data, draft.mailbox)
    except (KeyError, TypeError, AttributeError) as error:
        raise GraphAnswerLostError("The created event was not in the answer") from error
    return record


async def find_events(graph: Graph, mailbox: str, group_key: str) -> tuple[EventRecord, ...]:
    """All events of ``mailbox`` that carry a group's key; more than one is one too many."""
    return await _list(graph, mailbox, _equals(GROUP_PROPERTY, group_key))


async def list_events(graph: Graph, mailbox: str, round_id: str) -> tuple[EventRecord, ...]:
    """All events of ``mailbox`` that carry a round's name."""
    return await _list(graph, mailbox, _equals(ROUND_PROPERTY, round_id))


async def list_marked_events(graph: Graph, mailbox: str) -> tuple[EventRecord, ...]:
    """All events of ``mailbox`` that any round of ours made."""
    return await _list(graph, mailbox, f"ep/id eq '{GROUP_PROPERTY}' and ep/value ne null")


async def read_one_event(graph: Graph, mailbox: str, event_id: str) -> EventRecord | None:
    """Read an event by its id, None when it does not exist (any more)."""
    builder = graph.sdk.users.by_user_id(mailbox).events.by_event_id(event_id)
    query: dict[str, str | int] = {"select": FIELDS, "expand": _expand_group()}
    try:
        answer = await graph.send(get(builder, query=query, headers=UTC_TIMES), mailbox=mailbox)
    except GraphNotFoundError:
        return None
    return read_event(answer.data, mailbox)


async def read_some_events(
    graph: Graph, mailbox: str, event_ids: Sequence[str]
) -> dict[str, EventRecord | None]:
    """Read events by their ids, a few in each request; None for those that do not exist.

    Raises:
        GraphError: One of them cannot be read.
    """
    events = graph.sdk.users.by_user_id(mailbox).events
    requests = [
        get(
            events.by_event_id(event_id),
            query={"select": FIELDS, "expand": _expand_group()},
            headers=UTC_TIMES,
        )
        for event_id in event_ids
    ]
    found: dict[str, EventRecord | None] = {}
    results = await send_batch(graph, requests, mailbox=mailbox)
    for event_id, result in zip(event_ids, results, strict=True):
        if isinstance(result, Answer):
            found[event_id] = read_event(result.data, mailbox)
        elif isinstance(result, GraphNotFoundError):
            found[event_id] = None
        else:
            raise result
    return found


async def cancel_event(graph: Graph, mailbox: str, event_id: str, comment: str) -> bool:
    """Cancel an event; every attendee gets ``comment``. False when there was none any more.

    Safe to repeat: a cancelled event leaves the calendar, so a second cancel finds nothing.
    """
    builder = graph.sdk.users.by_user_id(mailbox).events.by_event_id(event_id).cancel
    try:
        await graph.send(post(builder, {"Comment": comment}), mailbox=mailbox)
    except GraphNotFoundError:
        return False
    return True


async def change_attendees(
    graph: Graph, mailbox: str, event_id: str, invitees: Sequence[Invitee]
) -> EventRecord:
    """Set who is invited, and nothing else: then Graph writes only to those who are new or no
    longer asked (Graph's page on updating events).
    """
    return await _patch(
        graph, mailbox, event_id, {"attendees": [_write_invitee(i) for i in invitees]}
    )


async def move_event(
    graph: Graph,
    mailbox: str,
    event_id: str,
    *,
    start: dt.datetime,
    end: dt.datetime,
    zone: str | None,
    location: str | None = None,
    location_mail: str | None = None,
) -> EventRecord:
    """Give an event another time, and another place where ``location`` says so."""
    body: dict[str, Any] = {"start": to_wall_clock(start, zone), "end": to_wall_clock(end, zone)}
    if location is not None:
        body["location"] = _write_location(location, location_mail)
    return await _patch(graph, mailbox, event_id, body)


async def remove_marks(graph: Graph, mailbox: str, event_id: str) -> bool:
    """Take our extended properties off an event; nobody is told. False when there was none.

    Graph's pages do not say how a property is removed. Null is what its type allows; where that
    is refused, an empty text takes the place of what it said.
    """
    try:
        await _patch(graph, mailbox, event_id, _write_marks(None))
    except GraphNotFoundError:
        return False
    except GraphRefusedError:
        await _patch(graph, mailbox, event_id, _write_marks(""))
    return True


def _write_marks(value: str | None) -> dict[str, Any]:
    names = (ROUND_PROPERTY, GROUP_PROPERTY)
    return {"singleValueExtendedProperties": [{"id": name, "value": value} for name in names]}


def write_event(draft: EventDraft) -> dict[str, Any]:
    """The body of a create."""
    body: dict[str, Any] = {
        "subject": draft.subject,
        "body": {"contentType": "html", "content": mark_body(draft.html)},
        "start": to_wall_clock(draft.start, draft.zone),
        "end": to_wall_clock(draft.end, draft.zone),
        "attendees": [_write_invitee(invitee) for invitee in draft.invitees],
        "categories": [draft.category],
        "transactionId": draft.transaction_id,
        "allowNewTimeProposals": True,
        "responseRequested": True,
        "singleValueExtendedProperties": [
            {"id": ROUND_PROPERTY, "value": draft.round_id},
            {"id": GROUP_PROPERTY, "value": draft.group_key},
        ],
    }
    if draft.location is not None:
        body["location"] = _write_location(draft.location, draft.location_mail)
    if draft.online:
        body["isOnlineMeeting"] = True
        body["onlineMeetingProvider"] = "teamsForBusiness"
    if draft.attachments:
        body["attachments"] = [write_attachment(attachment) for attachment in draft.attachments]
    return body


def write_attachment(attachment: Attachment) -> dict[str, Any]:
    """A ``fileAttachment`` for a create or for an event that exists."""
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": attachment.name,
        "contentType": attachment.content_type,
        "contentBytes": base64.b64encode(attachment.content).decode(),
    }


def read_event(data: Mapping[str, Any], mailbox: str) -> EventRecord:
    """Read an event out of any answer that holds one.

    Raises:
        KeyError: It has no id.
    """
    properties = data.get("singleValueExtendedProperties") or []
    keys = [p["value"] for p in properties if _same_property(p.get("id"), GROUP_PROPERTY)]
    meeting = data.get("onlineMeeting") or {}
    return EventRecord(
        id=data["id"],
        mailbox=mailbox,
        group_key=keys[0] if keys else None,
        transaction_id=data.get("transactionId"),
        start=_read_time(data.get("start")),
        end=_read_time(data.get("end")),
        cancelled=bool(data.get("isCancelled")),
        has_attachments=bool(data.get("hasAttachments")),
        attendees=tuple(_read_attendee(a) for a in data.get("attendees") or []),
        join_url=meeting.get("joinUrl"),
        web_link=data.get("webLink"),
        ical_uid=data.get("iCalUId"),
    )


async def _list(graph: Graph, mailbox: str, condition: str) -> tuple[EventRecord, ...]:
    query: dict[str, str | int] = {
        "filter": f"singleValueExtendedProperties/any(ep: {condition})",
        # Without this filtered $expand the properties stay away (microsoft-graph-docs 13385).
        "expand": _expand_group(),
        "select": FIELDS,
        "top": PAGE,
    }
    builder = graph.sdk.users.by_user_id(mailbox).events
    request = get(builder, query=query, headers=UTC_TIMES)
    records: dict[str, EventRecord] = {}
    async for page in graph.read_pages(request, mailbox=mailbox):
        for data in page:
            record = read_event(data, mailbox)
            records[record.id] = record
    return tuple(record for record in records.values() if not record.cancelled)


async def _patch(graph: Graph, mailbox: str, event_id: str, body: Mapping[str, Any]) -> EventRecord:
    builder = graph.sdk.users.by_user_id(mailbox).events.by_event_id(event_id)
    answer = await graph.send(patch(builder, body, headers=UTC_TIMES), mailbox=mailbox)
    return read_event(answer.data, mailbox)


def _equals(property_id: str, value: str) -> str:
    quoted = value.replace("'", "''")
    return f"ep/id eq '{property_id}' and ep/value eq '{quoted}'"


def _expand_group() -> str:
    return f"singleValueExtendedProperties($filter=id eq '{GROUP_PROPERTY}')"


def _same_property(left: Any, right: str) -> bool:
    # Exchange has been seen to change the case of the GUID in a property's id.
    return isinstance(left, str) and left.casefold() == right.casefold()


def _write_invitee(invitee: Invitee) -> dict[str, Any]:
    return {
        "emailAddress": {"address": invitee.mail, "name": invitee.name},
        "type": invitee.kind,
    }


def _write_location(name: str, mail: str | None) -> dict[str, Any]:
    if mail is None:
        return {"displayName": name}
    return {
        "displayName": name,
        "locationEmailAddress": mail,
        "locationType": "conferenceRoom",
    }


def _read_time(time: Mapping[str, str] | None) -> dt.datetime | None:
    if not time:
        return None
    return to_utc(str(time.get("dateTime")), str(time.get("timeZone")))


def _read_attendee(attendee: Mapping[str, Any]) -> AttendeeAnswer:
    status = attendee.get("status") or {}
    proposed = (attendee.get("proposedNewTime") or {}).get("start")
    return AttendeeAnswer(
        mail=str((attendee.get("emailAddress") or {}).get("address") or "").casefold(),
        kind=str(attendee.get("type") or "required"),
        response=str(status.get("response") or "none"),
        at=read_stamp(status.get("time")),
        proposed=_read_time(proposed),
    )


def read_stamp(value: Any) -> dt.datetime | None:
    """An Edm.DateTimeOffset; year 1 stands for "never"."""
    if not isinstance(value, str) or value.startswith("0001"):
        return None
    try:
        stamp = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    return stamp if stamp.tzinfo is not None else stamp.replace(tzinfo=dt.UTC)
