"""Reading an event from a client, with the checks that the service makes."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from scheduler.sandbox.api.request import GraphError, Json
from scheduler.sandbox.mailboxes import Attachment, Attendee
from scheduler.sandbox.tenant import Tenant
from scheduler.sandbox.zones import read_zoned

MAX_ATTENDEES = 500
MAX_ATTACHMENT_BYTES = 3 * 1024 * 1024

ENUMS: dict[str, tuple[str, ...]] = {
    "importance": ("low", "normal", "high"),
    "sensitivity": ("normal", "personal", "private", "confidential"),
    "showAs": ("free", "tentative", "busy", "oof", "workingElsewhere", "unknown"),
    "onlineMeetingProvider": (
        "unknown",
        "skypeForBusiness",
        "skypeForConsumer",
        "teamsForBusiness",
    ),
}
_FLAGS = (
    "allowNewTimeProposals", "hideAttendees", "isAllDay", "isOnlineMeeting", "isReminderOn",
    "responseRequested",
)  # fmt: skip
DEFAULTS: Json = {
    "importance": "normal", "sensitivity": "normal", "showAs": "busy",
    "allowNewTimeProposals": True, "hideAttendees": False, "isAllDay": False,
    "isOnlineMeeting": False, "isReminderOn": True, "responseRequested": True,
    "reminderMinutesBeforeStart": 15, "onlineMeetingProvider": "unknown",
    "location": {"displayName": "", "locationType": "default"}, "locations": [], "categories": [],
}  # fmt: skip
_OTHERS = frozenset(
    [
        "subject",
        "body",
        "start",
        "end",
        "location",
        "locations",
        "attendees",
        "categories",
        "transactionId",
        "attachments",
        "singleValueExtendedProperties",
        "reminderMinutesBeforeStart",
        "recurrence",
    ]
)
# Properties that the service sets; a client that sends back what it read is not refused.
_READ_ONLY = frozenset(
    [
        "id",
        "createdDateTime",
        "lastModifiedDateTime",
        "changeKey",
        "iCalUId",
        "isOrganizer",
        "isCancelled",
        "isDraft",
        "organizer",
        "onlineMeeting",
        "onlineMeetingUrl",
        "webLink",
        "type",
        "responseStatus",
        "bodyPreview",
        "hasAttachments",
        "originalStart",
        "originalStartTimeZone",
        "originalEndTimeZone",
        "seriesMasterId",
    ]
)
_PROPERTY_ID = re.compile(
    r"(String|Integer|Boolean|SystemTime|Double|Long|Short|Binary|Guid|CLSID|Float|Currency)\s+"
    r"(\{[0-9a-fA-F-]{36}\}\s+(Name\s+\S.*|Id\s+0x[0-9a-fA-F]+)|0x[0-9a-fA-F]+)"
)


# What each property of an event must be; a list stands for a list of such things.
_SHAPES: dict[str, Any] = {
    "subject": str, "transactionId": str, "body": dict, "start": dict, "end": dict,
    "location": dict, "locations": [dict], "attendees": [dict], "categories": [str],
    "attachments": [dict], "singleValueExtendedProperties": [dict],
    "reminderMinutesBeforeStart": int,
}  # fmt: skip


def check_shapes(body: Json) -> None:
    """Check that the properties of an event are texts, objects and lists where they must be.

    Raises:
        GraphError: 400 with the name of the first that is not.
    """
    for name, shape in _SHAPES.items():
        value = body.get(name)
        kind = shape[0] if isinstance(shape, list) else shape
        if isinstance(shape, list) and value is not None and not isinstance(value, list):
            raise bad(f"The property '{name}' must be a list.", "RequestBodyRead")
        for one in value or () if isinstance(shape, list) else (value,):
            if one is not None and (not isinstance(one, kind) or isinstance(one, bool)):
                raise bad(f"The property '{name}' has a value of another type.", "RequestBodyRead")
            if one is None and isinstance(shape, list):
                raise bad(f"The property '{name}' must not hold null.", "RequestBodyRead")


_NAMES: dict[str, tuple[str, ...]] = {
    "attendee": ("emailAddress", "proposedNewTime", "status", "type"),
    "emailAddress": ("address", "name"),
    "location": (
        "address", "coordinates", "displayName", "locationEmailAddress", "locationType",
        "locationUri", "uniqueId", "uniqueIdType",
    ),
}  # fmt: skip


def check_names(value: Json, type_name: str) -> None:
    """Check that an object has no property which its type does not know.

    Raises:
        GraphError: 400 with the name of the first.
    """
    for name in value:
        if "@" not in name and name not in _NAMES[type_name]:
            raise _unknown(name, type_name)


def _unknown(name: str, type_name: str) -> GraphError:
    return bad(
        f"The property '{name}' does not exist on type 'microsoft.graph.{type_name}'. Make sure "
        f"to only use property names that are defined by the type.", "RequestBodyRead",
    )  # fmt: skip


def bad(message: str, code: str = "ErrorInvalidParameter") -> GraphError:
    """Return a 400 with one message."""
    return GraphError(400, code, message)


def read_settings(body: Json) -> Json:
    """Return the plain properties that are present, checked.

    Raises:
        GraphError: 400 for an unknown property, a wrong type, or a word outside an enumeration.
    """
    check_shapes(body)
    found: Json = {}
    for name, value in body.items():
        if name.startswith("@") or name in _OTHERS or name in _READ_ONLY or "@" in name:
            continue
        if name in ENUMS:
            words = {word.lower(): word for word in ENUMS[name]}
            if str(value).lower() not in words:
                raise bad(f"Requested value '{value}' was not found for {name}.", "RequestBodyRead")
            found[name] = words[str(value).lower()]
        elif name in _FLAGS:
            found[name] = _read_flag(name, value)
        else:
            raise _unknown(name, "event")
    if "reminderMinutesBeforeStart" in body:
        found["reminderMinutesBeforeStart"] = body["reminderMinutesBeforeStart"] or 0
    if body.get("recurrence") is not None:
        raise GraphError(501, "NotImplemented", "This tenant takes single events only, no series.")
    _read_places(body, found)
    if "categories" in body:
        found["categories"] = [str(category) for category in body["categories"] or []]
    return found


def _read_flag(name: str, value: object) -> bool:
    """Read a truth value; the service takes the words too, and a widely used client sends them."""
    words = {"true": True, "false": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise bad(f"Cannot convert '{value}' of {name} to Edm.Boolean.", "RequestBodyRead")


def _read_places(body: Json, found: Json) -> None:
    def clean(value: Json) -> Json:
        check_names(value, "location")
        place = {k: v for k, v in value.items() if not k.startswith("@")}
        return {"displayName": "", "locationType": "default", **place}

    if body.get("locations"):
        found["locations"] = [clean(value) for value in body["locations"]]
        found["location"] = found["locations"][0]
    if body.get("location") is not None:
        found["location"] = clean(body["location"])
        found.setdefault("locations", [found["location"]])


def read_body(body: Json) -> Json:
    """Return ``body`` with ``contentType`` and ``content``."""
    value = body.get("body") or {}
    kind = str(value.get("contentType", "text")).lower()
    if kind not in ("text", "html"):
        raise bad(f"Requested value '{kind}' was not found for contentType.", "RequestBodyRead")
    return {"contentType": kind, "content": str(value.get("content") or "")}


def read_times(body: Json, *, all_day: bool) -> tuple[int, int, str, str]:
    """Return start, end (UTC minutes) and their zone names.

    Raises:
        GraphError: 400 ``ErrorPropertyValidationFailure`` for an end before the start, or an
            all-day event that does not run from midnight to midnight in one zone.
    """
    start, start_zone = read_zoned(body.get("start"), "start")
    end, end_zone = read_zoned(body.get("end"), "end")
    if end < start:
        raise bad(
            "The property 'EndDate' must be greater than or equal to 'StartDate'.",
            "ErrorPropertyValidationFailure",
        )
    if all_day:
        texts = [str(body[name].get("dateTime", "")) for name in ("start", "end")]
        if start_zone != end_zone or any(
            not re.search(r"T00:00(:00(\.0+)?)?$|^.{10}$", t) for t in texts
        ):
            raise bad(
                "The Event.Start property for an all-day event needs to be set to midnight.",
                "ErrorPropertyValidationFailure",
            )
    return start, end, start_zone, end_zone


def read_attendees(tenant: Tenant, body: Json) -> list[Attendee]:
    """Return the attendees; one address counts once.

    Raises:
        GraphError: 400 for no address, an unknown type, or more than 500 attendees.
    """
    found: dict[str, Attendee] = {}
    for entry in body.get("attendees") or []:
        check_names(entry, "attendee")
        email = entry.get("emailAddress")
        check_names(email if isinstance(email, dict) else {}, "emailAddress")
        address = email.get("address") if isinstance(email, dict) else None
        if not isinstance(address, str) or not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
            raise bad(f"At least one recipient isn't valid: '{address}'.", "ErrorInvalidRecipients")
        kind = str(entry.get("type") or "required")
        if kind.lower() not in ("required", "optional", "resource"):
            raise bad(f"Requested value '{kind}' was not found for type.", "RequestBodyRead")
        known = tenant.by_address.get(address.lower())
        name = str((email or {}).get("name") or (known.name if known else address))
        found.setdefault(address.lower(), Attendee(address, name, kind.lower()))
    if len(found) > MAX_ATTENDEES:
        raise bad(
            f"The number of attendees ({len(found)}) exceeds the limit of {MAX_ATTENDEES}.",
            "ErrorExceededMaxRecipientLimit",
        )
    return list(found.values())


def read_properties(body: Json) -> dict[str, str]:
    """Return the single-value extended properties as id → value.

    Raises:
        GraphError: 400 ``ErrorInvalidExtendedProperty`` for an id of another form than documented.
    """
    found = {}
    for entry in body.get("singleValueExtendedProperties") or []:
        name, value = entry.get("id"), entry.get("value")
        if not isinstance(name, str) or not _PROPERTY_ID.fullmatch(name) or value is None:
            raise bad(f"PropertyId values may only be in one of the following formats: "
                      f"'{{type}} {{guid}} Name {{name}}', '{{type}} {{guid}} Id {{id}}'. "
                      f"'{name}' is not.", "ErrorInvalidExtendedProperty")  # fmt: skip
        found[name] = str(value)
    return found


def change_properties(before: dict[str, str], body: Json) -> dict[str, str]:
    """Return an event's properties after a PATCH: named ones change, and go where null is given.

    Raises:
        GraphError: 400 for an id of another form than documented.
    """
    entries = body.get("singleValueExtendedProperties") or []
    gone = {
        str(entry.get("id")).lower()
        for entry in entries
        if "value" in entry and entry["value"] is None
    }
    left = [entry for entry in entries if str(entry.get("id")).lower() not in gone]
    after = before | read_properties({"singleValueExtendedProperties": left})
    return {name: value for name, value in after.items() if name.lower() not in gone}


def read_attachment(tenant: Tenant, entry: Json, attachment_id: str) -> Attachment:
    """Return a file attachment below 3 MB.

    Raises:
        GraphError: 400 for another type or content that is not base64, 413 when it is too large.
    """
    kind = str(entry.get("@odata.type", "")).lower().removeprefix("#")
    if kind != "microsoft.graph.fileattachment":
        raise bad(
            "An attachment needs '@odata.type': '#microsoft.graph.fileAttachment'.", "BadRequest"
        )
    try:
        content = base64.b64decode(entry.get("contentBytes") or "", validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise bad("contentBytes is not base64.", "RequestBodyRead") from error
    if len(content) >= MAX_ATTACHMENT_BYTES:
        raise GraphError(
            413, "ErrorMessageSizeExceeded",
            "The attachment is larger than 3 MB. Use an upload session.",
        )  # fmt: skip
    if not entry.get("name"):
        raise bad("An attachment needs a name.", "ErrorInvalidParameter")
    return Attachment(
        attachment_id, str(entry["name"]),
        str(entry.get("contentType") or "application/octet-stream"), content,
        bool(entry.get("isInline")), entry.get("contentId"), tenant.now(),
    )  # fmt: skip
