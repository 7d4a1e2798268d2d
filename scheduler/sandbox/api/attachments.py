"""Attachments of events, small ones in one request and large ones in an upload session."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from dataclasses import dataclass, field

from scheduler.sandbox.api.event_reader import MAX_ATTACHMENT_BYTES, bad, read_attachment
from scheduler.sandbox.api.event_writer import write_attachment, write_time
from scheduler.sandbox.api.events import find_copy
from scheduler.sandbox.api.odata import context, read_select, select
from scheduler.sandbox.api.request import (
    Answer,
    GraphError,
    Json,
    Request,
    answer_json,
    answer_nothing,
)
from scheduler.sandbox.delivery import touch
from scheduler.sandbox.mailboxes import Attachment, Copy, Mailbox
from scheduler.sandbox.tenant import Tenant

MAX_UPLOAD_BYTES = 150 * 1024 * 1024
MAX_RANGE_BYTES = 4 * 1024 * 1024


@dataclass(slots=True)
class Upload:
    """An upload session: bytes come in order."""

    box: Mailbox
    copy: Copy
    name: str
    content_type: str
    size: int
    is_inline: bool
    content_id: str | None
    expires: dt.datetime
    content: bytearray = field(default_factory=bytearray)


class Uploads:
    """The open upload sessions by their secret."""

    def __init__(self) -> None:
        self.open: dict[str, Upload] = {}


def list_attachments(tenant: Tenant, request: Request, user: str, event: str) -> Answer:
    """``GET …/attachments``: with contents unless ``$select`` leaves them out."""
    _, copy = find_copy(tenant, user, event)
    names = read_select(request)
    listed = [select(write_attachment(a), names) for a in copy.attachments]
    where = context(request, f"users('{user}')/events('{event}')/attachments")
    return answer_json({"@odata.context": where, "value": listed})


def _find_attachment(copy: Copy, attachment: str) -> Attachment:
    found = next((a for a in copy.attachments if a.id == attachment), None)
    if found is None:
        raise GraphError(
            404, "ErrorItemNotFound", "The specified object was not found in the store."
        )
    return found


def get_attachment(
    tenant: Tenant, request: Request, user: str, event: str, attachment: str
) -> Answer:
    """``GET …/attachments/{id}``."""
    _, copy = find_copy(tenant, user, event)
    shown = select(write_attachment(_find_attachment(copy, attachment)), read_select(request))
    where = context(request, f"users('{user}')/events('{event}')/attachments/$entity")
    return answer_json({"@odata.context": where, **shown})


def get_attachment_bytes(
    tenant: Tenant, request: Request, user: str, event: str, attachment: str
) -> Answer:
    """``GET …/attachments/{id}/$value``."""
    del request
    _, copy = find_copy(tenant, user, event)
    found = _find_attachment(copy, attachment)
    return Answer(200, found.content, {"Content-Type": found.content_type})


def _attach(tenant: Tenant, box: Mailbox, copy: Copy, attachment: Attachment) -> None:
    """Attach to this copy alone: attendees get it with the next update of the event."""
    copy.attachments.append(attachment)
    touch(tenant, box, copy)


def add_attachment(tenant: Tenant, request: Request, user: str, event: str) -> Answer:
    """``POST …/attachments``: below 3 MB."""
    box, copy = find_copy(tenant, user, event)
    attachment = read_attachment(tenant, request.read_object(), box.new_id("attachment"))
    _attach(tenant, box, copy, attachment)
    where = context(request, f"users('{user}')/events('{event}')/attachments/$entity")
    return answer_json({"@odata.context": where, **write_attachment(attachment)}, 201)


def delete_attachment(
    tenant: Tenant, request: Request, user: str, event: str, attachment: str
) -> Answer:
    """``DELETE …/attachments/{id}``."""
    del request
    box, copy = find_copy(tenant, user, event)
    copy.attachments.remove(_find_attachment(copy, attachment))
    touch(tenant, box, copy)
    return answer_nothing(204)


def create_upload_session(
    tenant: Tenant, request: Request, uploads: Uploads, user: str, event: str
) -> Answer:
    """``POST …/attachments/createUploadSession``: for 3 to 150 MB."""
    box, copy = find_copy(tenant, user, event)
    item = request.read_action().get("attachmentitem")
    if not isinstance(item, dict):
        raise bad("The parameter 'AttachmentItem' is missing.")
    size = item.get("size")
    if str(item.get("attachmentType", "")).lower() != "file" or not item.get("name"):
        raise bad("AttachmentItem needs attachmentType 'file' and a name.")
    if not isinstance(size, int) or not MAX_ATTACHMENT_BYTES <= size <= MAX_UPLOAD_BYTES:
        raise bad(
            f"The attachment size must be from {MAX_ATTACHMENT_BYTES} to {MAX_UPLOAD_BYTES} bytes.",
            "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize",
        )
    key = secrets.token_urlsafe(24)
    expires = tenant.now() + dt.timedelta(hours=1)
    uploads.open[key] = Upload(
        box, copy, str(item["name"]),
        str(item.get("contentType") or "application/octet-stream"),
        size, bool(item.get("isInline")), item.get("contentId"), expires,
    )  # fmt: skip
    answer: Json = {
        "@odata.context": context(request, "microsoft.graph.uploadSession"),
        "uploadUrl": f"{request.base}/upload/AttachmentSessions('{key}')?authtoken={key}",
        "expirationDateTime": write_time(expires),
        "nextExpectedRanges": ["0-"],
    }
    return answer_json(answer, 201)


def upload_range(tenant: Tenant, uploads: Uploads, key: str, request: Request) -> Answer:
    """``PUT`` of a range to the upload address, which wants no ``Authorization``.

    Raises:
        GraphError: 404 for a session that is over, 401 with an ``Authorization`` header, 400 for a
            range of 4 MB or more, 416 for one that does not follow the last.
    """
    upload = uploads.open.get(key)
    if upload is None:
        raise GraphError(404, "ErrorItemNotFound", "The upload session was not found.")
    if "authorization" in request.headers:
        raise GraphError(
            401, "InvalidAudience", "The upload address wants no Authorization header."
        )
    if request.method == "DELETE":
        del uploads.open[key]
        return answer_nothing(204)
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", request.headers.get("content-range", ""))
    if not found:
        raise bad("Content-Range must be 'bytes first-last/total'.", "ErrorInvalidRequest")
    first, last, total = (int(number) for number in found.groups())
    if last - first + 1 != len(request.body) or total != upload.size:
        raise bad("Content-Range does not fit the bytes.", "ErrorInvalidRequest")
    if len(request.body) >= MAX_RANGE_BYTES:
        raise bad("A range must be smaller than 4 MB.", "ErrorInvalidRequest")
    if first != len(upload.content):
        raise GraphError(
            416, "ErrorInvalidRange", f"The next range begins at {len(upload.content)}."
        )
    upload.content += request.body
    if len(upload.content) < upload.size:
        answer: Json = {
            "expirationDateTime": write_time(upload.expires),
            "nextExpectedRanges": [f"{len(upload.content)}-"],
        }
        return answer_json(answer)
    del uploads.open[key]
    attachment = Attachment(
        upload.box.new_id("attachment"), upload.name, upload.content_type, bytes(upload.content),
        upload.is_inline, upload.content_id, tenant.now(),
    )  # fmt: skip
    _attach(tenant, upload.box, upload.copy, attachment)
    where = f"{request.base}/v1.0/users/{upload.box.owner.id}/events/{upload.copy.id}"
    return Answer(201, b"", {"Location": f"{where}/attachments/{attachment.id}"})
