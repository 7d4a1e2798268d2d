"""Events: created, read, changed, answered, cancelled."""

from __future__ import annotations

import re
import uuid

from scheduler.sandbox.api.event_reader import (
    DEFAULTS,
    bad,
    change_properties,
    read_attachment,
    read_attendees,
    read_body,
    read_properties,
    read_settings,
    read_times,
)
from scheduler.sandbox.api.event_writer import join_block, write_event, write_properties
from scheduler.sandbox.api.odata import context, read_select, select
from scheduler.sandbox.api.request import (
    Answer,
    GraphError,
    Json,
    Request,
    answer_json,
    answer_nothing,
)
from scheduler.sandbox.delivery import cancel, file_copy, forward, invite, respond, touch, withdraw
from scheduler.sandbox.mailboxes import Attendee, Copy, Mailbox, Meeting
from scheduler.sandbox.organisation.member import make_id
from scheduler.sandbox.tenant import Tenant
from scheduler.sandbox.zones import find_zone, read_zoned

_EXPAND = re.compile(r"singleValueExtendedProperties\s*\(\s*\$filter\s*=\s*(.+)\)", re.DOTALL)


def find_copy(tenant: Tenant, user: str, event: str) -> tuple[Mailbox, Copy]:
    """Return a mailbox and an event in its calendar.

    Raises:
        GraphError: 404 ``ErrorItemNotFound``.
    """
    box = tenant.find_mailbox(user)
    copy = box.copies.get(event)
    if copy is None or copy.removed:
        raise GraphError(
            404, "ErrorItemNotFound", "The specified object was not found in the store."
        )
    return box, copy


def read_expanded(request: Request) -> list[str]:
    """Return the ids of the extended properties to expand.

    Raises:
        GraphError: 400 when they are expanded without a filter: the service refuses that.
    """
    text = request.query.get("$expand", "").strip()
    if not text or text == "attachments":
        return []
    found = _EXPAND.fullmatch(text)
    if not found:
        raise bad(f"Expanding '{text}' needs a filter by id.", "ErrorInvalidUrlQueryFilter")
    return [
        value.replace("''", "'")
        for value in re.findall(r"\bid\s+eq\s+'((?:[^']|'')*)'", found.group(1), re.IGNORECASE)
    ]


def show_event(request: Request, copy: Copy, *, whole: bool = True) -> Json:
    """Return a copy as this request wants to see it: zone, body type, selected, expanded."""
    wishes = request.preferences()
    zone = wishes.get("outlook.timezone") or "UTC"
    find_zone(zone)
    names = read_select(request) if whole else None
    answer = write_event(copy, zone, wishes.get("outlook.body-content-type", "html").lower())
    answer = select(answer, None if names is None else [*names, "id"])
    properties = write_properties(copy, read_expanded(request))
    if properties:
        answer["singleValueExtendedProperties"] = properties
    return answer


def _answer_event(request: Request, copy: Copy, user: str, status: int = 200) -> Answer:
    event = show_event(request, copy)
    where = context(request, f"users('{user}')/events/$entity")
    headers = {}
    if status == 201:
        headers["Location"] = f"{request.base}/v1.0/users/{user}/events/{copy.id}"
    return answer_json({"@odata.context": where, **event}, status, headers)


def create_event(tenant: Tenant, request: Request, user: str) -> Answer:
    """``POST /users/{id}/events``: one copy here and in the mailbox of each attendee."""
    box = tenant.find_mailbox(user)
    body = request.read_object()
    transaction = body.get("transactionId")
    settings = {**DEFAULTS, **read_settings(body)}
    times = read_times(body, all_day=settings["isAllDay"])
    if transaction is not None:
        known = box.by_transaction.get(str(transaction))
        if known is not None:
            return _replay(tenant, request, known, user, str(body.get("subject") or ""), times)
    attendees = read_attendees(tenant, body)
    properties = read_properties(body)
    join_url = None
    uid = uuid.UUID(make_id("meeting", box.owner.id, box.version, len(box.copies))).hex.upper()
    if settings["isOnlineMeeting"]:
        settings["onlineMeetingProvider"] = "teamsForBusiness"
        join_url = (
            f"https://teams.microsoft.com/l/meetup-join/19%3ameeting_{uid.lower()}%40thread.v2/0"
        )
    content = read_body(body)
    if join_url:
        content = _add_join_block(content, join_url)
    meeting = Meeting(
        uid=f"040000008200E00074C5B7101A82E008{uid}", organiser=box.owner,
        subject=str(body.get("subject") or ""), body=content, start=times[0], end=times[1],
        start_zone=times[2], end_zone=times[3], settings=settings,
        attendees=[a for a in attendees if a.address.lower() != box.owner.mail.lower()],
        transaction=None if transaction is None else str(transaction), join_url=join_url,
    )  # fmt: skip
    attachments = [
        read_attachment(tenant, entry, f"{uid}{number}=")
        for number, entry in enumerate(body.get("attachments") or [])
    ]
    copy = file_copy(tenant, box, meeting)
    copy.response, copy.show_as = "organizer", settings["showAs"]
    copy.attachments, copy.properties = attachments, properties
    if meeting.transaction is not None:
        box.by_transaction[meeting.transaction] = copy
    for attendee in meeting.attendees:
        invite(tenant, meeting, attendee, attachments)
    tenant.counts["created"] += 1
    return _answer_event(request, copy, user, 201)


def _replay(
    tenant: Tenant, request: Request, known: Copy, user: str, subject: str,
    times: tuple[int, int, str, str],
) -> Answer:  # fmt: skip
    """Answer a ``transactionId`` that was used before: no second event, whatever it says.

    What the service returns for the same content again is not documented, so that both answers
    can be had (``replay``); for other content, or an event that is gone, it refuses.
    """
    tenant.counts["replays"] += 1
    meeting = known.meeting
    same = (meeting.subject, meeting.start, meeting.end) == (subject, times[0], times[1])
    if tenant.settings.replay == "return" and same and not known.removed:
        return _answer_event(request, known, user, 201)
    raise GraphError(
        409, "ErrorDuplicateTransactionId",
        "Your request can't be completed. An event with this transactionId was created before.",
    )  # fmt: skip


def _add_join_block(content: Json, join_url: str) -> Json:
    text = content["content"]
    if content["contentType"] == "text":
        text = f"<html><body><div>{text}</div></body></html>"
    block = join_block(join_url)
    joined = re.sub(r"(?i)</body>", lambda m: block + m.group(0), text, count=1)
    return {"contentType": "html", "content": joined if joined != text else text + block}


def get_event(tenant: Tenant, request: Request, user: str, event: str) -> Answer:
    """``GET /users/{id}/events/{id}``."""
    _, copy = find_copy(tenant, user, event)
    return _answer_event(request, copy, user)


def update_event(tenant: Tenant, request: Request, user: str, event: str) -> Answer:
    """``PATCH /users/{id}/events/{id}``.

    With ``attendees`` alone only those who were added or removed hear of it. A body without the
    join link ends the online meeting. New times ask everybody again.
    """
    box, copy = find_copy(tenant, user, event)
    match = request.headers.get("if-match", "*")
    if match not in ("*", copy.etag):
        raise GraphError(
            412, "ErrorIrresolvableConflict",
            "The send or update operation could not be performed because the change key passed in "
            "the request does not match the current change key for the item.",
        )  # fmt: skip
    body = request.read_object()
    changed = {name for name in body if "@" not in name}
    settings = read_settings(body)
    if not copy.is_organiser:
        return _update_own_copy(tenant, request, box, copy, user, settings)
    meeting = copy.meeting
    before = {attendee.address.lower(): attendee for attendee in meeting.attendees}
    if "attendees" in changed:
        named = read_attendees(tenant, body)
        meeting.attendees = [
            before.get(a.address.lower(), a)
            for a in named
            if a.address.lower() != box.owner.mail.lower()
        ]
    _change_times(body, meeting, settings, changed)
    _change_content(body, copy, settings, changed)
    copy.properties = change_properties(copy.properties, body)
    touch(tenant, box, copy)
    tenant.counts["updated"] += 1
    _tell_attendees(tenant, copy, before, changed)
    return _answer_event(request, copy, user)


def _update_own_copy(
    tenant: Tenant, request: Request, box: Mailbox, copy: Copy, user: str, settings: Json
) -> Answer:
    """An attendee can change how the own copy looks, nothing else."""
    copy.categories = settings.get("categories", copy.categories)
    copy.show_as = settings.get("showAs", copy.show_as)
    touch(tenant, box, copy)
    return _answer_event(request, copy, user)


def _change_times(body: Json, meeting: Meeting, settings: Json, changed: set[str]) -> None:
    if not changed & {"start", "end", "isAllDay"}:
        return
    whole = bool(settings.get("isAllDay", meeting.settings["isAllDay"]))
    if {"start", "end"} <= changed:
        meeting.start, meeting.end, meeting.start_zone, meeting.end_zone = read_times(
            body, all_day=whole
        )
        return
    length = meeting.end - meeting.start
    if "start" in changed:
        meeting.start, meeting.start_zone = read_zoned(body["start"], "start")
        meeting.end = meeting.start + length
    elif "end" in changed:
        end, zone = read_zoned(body["end"], "end")
        if end < meeting.start:
            raise bad(
                "The property 'EndDate' must be greater than or equal to 'StartDate'.",
                "ErrorPropertyValidationFailure",
            )
        meeting.end, meeting.end_zone = end, zone


def _change_content(body: Json, copy: Copy, settings: Json, changed: set[str]) -> None:
    meeting = copy.meeting
    meeting.subject = str(body.get("subject", meeting.subject) or "")
    was_online = meeting.settings["isOnlineMeeting"]
    if was_online and settings.get("isOnlineMeeting") is False:
        raise bad("An online meeting cannot be switched off.", "ErrorInvalidRequest")
    if was_online:
        settings.pop("onlineMeetingProvider", None)
    meeting.settings = {**meeting.settings, **settings}
    if "showAs" in settings:
        copy.show_as = settings["showAs"]
    if "body" in changed:
        meeting.body = read_body(body)
        if meeting.join_url and meeting.join_url not in meeting.body["content"]:
            meeting.join_url = None
            meeting.settings |= {"isOnlineMeeting": False, "onlineMeetingProvider": "unknown"}
    if settings.get("isOnlineMeeting") and not was_online:
        meeting.settings["onlineMeetingProvider"] = "teamsForBusiness"
        thread = meeting.uid[-32:].lower()
        meeting.join_url = (
            f"https://teams.microsoft.com/l/meetup-join/19%3ameeting_{thread}%40thread.v2/0"
        )
        meeting.body = _add_join_block(meeting.body, meeting.join_url)


def _tell_attendees(
    tenant: Tenant, copy: Copy, before: dict[str, Attendee], changed: set[str]
) -> None:
    """Tell those concerned; who heard of the meeting already answers anew when its time changed."""
    meeting = copy.meeting
    now = {attendee.address.lower() for attendee in meeting.attendees}
    for address, attendee in before.items():
        if address not in now:
            withdraw(tenant, meeting, attendee)
    silent = {"categories", "showAs", "isReminderOn", "reminderMinutesBeforeStart"}
    everybody = bool(changed - silent - {"attendees", "singleValueExtendedProperties"})
    asks_again = bool(changed & {"start", "end", "isAllDay", "location", "locations"})
    for attendee in meeting.attendees:
        if attendee.address.lower() not in before or asks_again:
            invite(tenant, meeting, attendee, copy.attachments)
        elif everybody:
            _update_copy(tenant, meeting, attendee, copy)


def _update_copy(tenant: Tenant, meeting: Meeting, attendee: Attendee, source: Copy) -> None:
    """Deliver an update that needs no new answer."""
    tenant.counts["messages sent"] += 1
    box = tenant.mailbox_for(attendee.address)
    copy = box.by_uid.get(meeting.uid) if box else None
    if box is None or copy is None or copy.removed:
        return
    copy.attachments = list(source.attachments)
    tenant.counts["updates delivered"] += 1
    touch(tenant, box, copy)


def delete_event(tenant: Tenant, request: Request, user: str, event: str) -> Answer:
    """``DELETE /users/{id}/events/{id}``: by the organiser, everybody is told."""
    del request
    box, copy = find_copy(tenant, user, event)
    if copy.is_organiser:
        cancel(tenant, copy)
    else:
        copy.removed = True
        touch(tenant, box, copy, "deleted")
    return answer_nothing(204)


def cancel_event(tenant: Tenant, request: Request, user: str, event: str) -> Answer:
    """``POST …/cancel``: the organiser's alone."""
    _, copy = find_copy(tenant, user, event)
    if request.body:
        request.read_action()
    if not copy.is_organiser:
        raise bad(
            "Your request can't be completed. You need to be an organizer to cancel a meeting.",
            "ErrorAccessDenied",
        )
    cancel(tenant, copy)
    return answer_nothing(202)


def _answer_invitation(
    tenant: Tenant, request: Request, user: str, event: str, response: str
) -> Answer:
    box, copy = find_copy(tenant, user, event)
    body = request.read_action() if request.body else {}
    if copy.is_organiser:
        raise bad(
            "Your request can't be completed. You can't respond to this meeting because you're the "
            "meeting organizer.", "ErrorInvalidRequest",
        )  # fmt: skip
    proposal = None
    if body.get("proposednewtime"):
        slot = {k.lower(): v for k, v in body["proposednewtime"].items()}
        proposal = (
            read_zoned(slot.get("start"), "start")[0],
            read_zoned(slot.get("end"), "end")[0],
        )
        if response == "accepted" or not copy.meeting.settings["allowNewTimeProposals"]:
            raise bad("A new time cannot be proposed here.", "ErrorInvalidRequest")
        if body.get("sendresponse") is False:
            raise bad("proposedNewTime needs sendResponse to be true.", "ErrorInvalidRequest")
    respond(tenant, box, copy, response, proposal, tell=body.get("sendresponse") is not False)
    return answer_nothing(202)


def accept_event(tenant: Tenant, request: Request, user: str, event: str) -> Answer:
    """``POST …/accept``."""
    return _answer_invitation(tenant, request, user, event, "accepted")


def decline_event(tenant: Tenant, request: Request, user: str, event: str) -> Answer:
    """``POST …/decline``."""
    return _answer_invitation(tenant, request, user, event, "declined")


def tentatively_accept_event(tenant: Tenant, request: Request, user: str, event: str) -> Answer:
    """``POST …/tentativelyAccept``."""
    return _answer_invitation(tenant, request, user, event, "tentativelyAccepted")


def forward_event(tenant: Tenant, request: Request, user: str, event: str) -> Answer:
    """``POST …/forward``."""
    _, copy = find_copy(tenant, user, event)
    body = request.read_action()
    people = read_attendees(tenant, {"attendees": body.get("torecipients")})
    if not people:
        raise bad("ToRecipients must name somebody.")
    forward(tenant, copy, people)
    return answer_nothing(202)
