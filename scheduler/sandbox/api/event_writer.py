"""Writing an event as Graph shows it."""

from __future__ import annotations

import base64
import datetime as dt
import html
import re

from scheduler.sandbox.api.request import Json
from scheduler.sandbox.diary import Item
from scheduler.sandbox.mailboxes import Attachment, Attendee, Copy
from scheduler.sandbox.organisation import Member
from scheduler.sandbox.zones import write_zoned

_NEVER = "0001-01-01T00:00:00Z"


def write_time(moment: dt.datetime | None) -> str:
    """Write a ``DateTimeOffset``; no moment is Exchange's year 1."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z" if moment else _NEVER


def plain_text(body: Json) -> str:
    """Return the text of a body without its marks."""
    if body["contentType"] == "text":
        return str(body["content"])
    text = re.sub(r"(?is)<(style|script|head)\b.*?</\1>", "", body["content"])
    text = re.sub(r"(?i)<(br|/p|/div|/tr|/h\d|/li)\b[^>]*>", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", html.unescape(re.sub(r"<[^>]+>", "", text))).strip()


def join_block(join_url: str) -> str:
    """Return the block which Outlook adds to the body of an online meeting."""
    return (
        '<div class="me-email-text"><div>________________</div>'
        f'<a href="{html.escape(join_url)}" id="meet_invite_block.action.join_link">'
        "Join the meeting now</a></div>"
    )


def write_attendee(attendee: Attendee, zone: str, *, seen_by_organiser: bool) -> Json:
    """Write an attendee; others than the organiser do not see answers."""
    answer: Json = {
        "type": attendee.kind,
        "status": {
            "response": attendee.response if seen_by_organiser else "none",
            "time": write_time(attendee.answered if seen_by_organiser else None),
        },
        "emailAddress": {"name": attendee.name, "address": attendee.address},
    }
    if attendee.proposal and seen_by_organiser:
        start, end = attendee.proposal
        answer["proposedNewTime"] = {
            "start": write_zoned(start, zone), "end": write_zoned(end, zone),
        }  # fmt: skip
    return answer


def write_event(copy: Copy, zone: str = "UTC", body_type: str = "html") -> Json:
    """Write a copy of a meeting with all its properties."""
    meeting = copy.meeting
    settings = meeting.settings
    attendees = meeting.attendees
    if settings["hideAttendees"] and not copy.is_organiser:
        attendees = [a for a in attendees if a.address.lower() == copy.owner.mail.lower()]
    body = meeting.body
    if body_type == "text":
        body = {"contentType": "text", "content": plain_text(body)}
    subject = f"Canceled: {meeting.subject}" if copy.cancelled else meeting.subject
    answer: Json = {
        "@odata.etag": copy.etag,
        "id": copy.id,
        "createdDateTime": write_time(copy.created),
        "lastModifiedDateTime": write_time(copy.modified),
        "changeKey": copy.change_key,
        "categories": settings["categories"] if copy.is_organiser else copy.categories,
        "originalStartTimeZone": meeting.start_zone,
        "originalEndTimeZone": meeting.end_zone,
        "iCalUId": meeting.uid,
        "reminderMinutesBeforeStart": settings["reminderMinutesBeforeStart"],
        "isReminderOn": settings["isReminderOn"],
        "hasAttachments": any(not a.is_inline for a in copy.attachments),
        "subject": subject,
        "bodyPreview": plain_text(meeting.body)[:255],
        "importance": settings["importance"],
        "sensitivity": settings["sensitivity"],
        "isAllDay": settings["isAllDay"],
        "isCancelled": copy.cancelled,
        "isOrganizer": copy.is_organiser,
        "isDraft": False,
        "responseRequested": settings["responseRequested"],
        "allowNewTimeProposals": settings["allowNewTimeProposals"],
        "hideAttendees": settings["hideAttendees"],
        "seriesMasterId": None,
        "showAs": "free" if copy.cancelled else copy.show_as,
        "type": "singleInstance",
        "webLink": f"https://outlook.office365.com/owa/?itemid={copy.id}&exvsurl=1&path=/calendar/item",
        "onlineMeetingUrl": None,
        "isOnlineMeeting": settings["isOnlineMeeting"],
        "onlineMeetingProvider": settings["onlineMeetingProvider"],
        "recurrence": None,
        "responseStatus": {
            "response": "organizer" if copy.is_organiser else copy.response,
            "time": write_time(copy.answered),
        },
        "body": body,
        "start": write_zoned(meeting.start, zone),
        "end": write_zoned(meeting.end, zone),
        "location": settings["location"],
        "locations": settings["locations"],
        "attendees": [
            write_attendee(a, zone, seen_by_organiser=copy.is_organiser) for a in attendees
        ],
        "organizer": _write_recipient(meeting.organiser),
        "onlineMeeting": {"joinUrl": meeting.join_url} if meeting.join_url else None,
    }
    if meeting.transaction and copy.is_organiser:
        answer["transactionId"] = meeting.transaction
    return answer


def _write_recipient(member: Member) -> Json:
    return {"emailAddress": {"name": member.name, "address": member.mail}}


def write_entry(item: Item, owner: Member, number: int, zone: str) -> Json:
    """Write an entry that stood in the calendar before: an appointment without attendees."""
    entry_id = f"AAMkAE{owner.id.replace('-', '')}{item.start:08d}{number:03d}="
    return {
        "@odata.etag": 'W/"diary"',
        "id": entry_id,
        "createdDateTime": "2026-01-05T08:00:00Z",
        "lastModifiedDateTime": "2026-01-05T08:00:00Z",
        "changeKey": "diary",
        "categories": [],
        "originalStartTimeZone": owner.windows_zone,
        "originalEndTimeZone": owner.windows_zone,
        "iCalUId": entry_id,
        "reminderMinutesBeforeStart": 15,
        "isReminderOn": False,
        "hasAttachments": False,
        "subject": item.subject,
        "bodyPreview": "",
        "importance": "normal",
        "sensitivity": "private" if item.private else "normal",
        "isAllDay": item.all_day,
        "isCancelled": False,
        "isOrganizer": True,
        "isDraft": False,
        "responseRequested": True,
        "allowNewTimeProposals": True,
        "hideAttendees": False,
        "seriesMasterId": None,
        "showAs": item.status,
        "type": "singleInstance",
        "webLink": f"https://outlook.office365.com/owa/?itemid={entry_id}",
        "onlineMeetingUrl": None,
        "isOnlineMeeting": False,
        "onlineMeetingProvider": "unknown",
        "recurrence": None,
        "responseStatus": {"response": "organizer", "time": _NEVER},
        "body": {"contentType": "html", "content": ""},
        "start": write_zoned(item.start, zone),
        "end": write_zoned(item.end, zone),
        "location": {"displayName": item.place, "locationType": "default"},
        "locations": [],
        "attendees": [],
        "organizer": _write_recipient(owner),
        "onlineMeeting": None,
    }


def write_attachment(attachment: Attachment, *, content: bool = True) -> Json:
    """Write a file attachment."""
    answer: Json = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "@odata.mediaContentType": attachment.content_type,
        "id": attachment.id,
        "lastModifiedDateTime": write_time(attachment.modified),
        "name": attachment.name,
        "contentType": attachment.content_type,
        "size": len(attachment.content),
        "isInline": attachment.is_inline,
        "contentId": attachment.content_id,
        "contentLocation": None,
    }
    if content:
        answer["contentBytes"] = base64.b64encode(attachment.content).decode()
    return answer


def write_properties(copy: Copy, wanted: list[str]) -> list[Json]:
    """Write the extended properties that were asked for by id."""
    names = {name.lower(): name for name in copy.properties}
    return [
        {"id": names[name.lower()], "value": copy.properties[names[name.lower()]]}
        for name in wanted
        if name.lower() in names
    ]
