"""What happened in a tenant, kept in a file: mailboxes, chats, changes of the directory.

People, calendars and answers follow from the settings, so those are in the file too. Keys and
secrets are not: each start draws its own.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.sandbox.api.request import Json
from scheduler.sandbox.mailboxes import Attachment, Attendee, Copy, Mail, Mailbox, Meeting
from scheduler.sandbox.settings import SandboxSettings
from scheduler.sandbox.teams import Activity, Conversation

if TYPE_CHECKING:
    from scheduler.sandbox.app import Sandbox
    from scheduler.sandbox.tenant import Tenant

FILE = "tenant.zip"
FORMAT = 1
_TENANT = "tenant.json"


class KeptStateError(Exception):
    """A file that holds no tenant, or one of another version; the text says what to do."""


def recall_settings(settings: SandboxSettings) -> SandboxSettings:
    """The settings of the tenant that the folder keeps; those given where it keeps none.

    Raises:
        KeptStateError: The file cannot be read.
    """
    path = settings.state / FILE
    if not path.exists():
        return settings
    kept = _read(path)["settings"]
    return dataclasses.replace(
        settings,
        people=kept["people"],
        seed=kept["seed"],
        organisation=Path(kept["organisation"]) if kept["organisation"] else None,
        today=dt.date.fromisoformat(kept["today"]),
    )


def keep_tenant(sandbox: Sandbox) -> None:
    """Write everything that happened so far, in one step."""
    tenant, settings = sandbox.tenant, sandbox.settings
    tenant.settle()
    files: dict[str, bytes] = {}
    meetings: dict[str, Meeting] = {}
    content = {
        "format": FORMAT,
        "settings": {
            "people": settings.people,
            "seed": settings.seed,
            "organisation": str(settings.organisation.resolve()) if settings.organisation else None,
            "today": tenant.today.isoformat(),
        },
        "mailboxes": {
            owner: _write_mailbox(box, meetings, files)
            for owner, box in tenant.mailboxes.items()
            if box.copies or box.mails or box.vanished
        },
        "meetings": [_write_meeting(meeting) for meeting in meetings.values()],
        "directory": {key: tenant.directory.get(key) for key in tenant.changes},
        "changes": tenant.changes,
        "directory_version": tenant.directory_version,
        "counts": dict(tenant.counts),
        "answer_shares": tenant.answer_shares,
        "declining_rooms": sorted(tenant.declining_rooms),
        "conversations": [
            {"id": one.id, "user": one.user, "activities": list(map(_write, _all(one)))}
            for one in sandbox.teams.conversations.values()
        ],
        "blocked": sorted(sandbox.teams.blocked),
        "workflow_posts": sandbox.teams.workflow_posts,
        "app_roles": sandbox.authority.app_roles,
        "bot": {"url": sandbox.bot.url, "app": sandbox.bot.app},
    }
    made = settings.state / f"{FILE}.new"
    made.touch(mode=0o600)
    with zipfile.ZipFile(made, "w") as archive:
        text = json.dumps(content, ensure_ascii=False)
        archive.writestr(_TENANT, text, zipfile.ZIP_DEFLATED, compresslevel=1)
        for name, data in files.items():
            archive.writestr(name, data, zipfile.ZIP_STORED)
    made.replace(settings.state / FILE)


def recall_tenant(sandbox: Sandbox) -> None:
    """Put back what the folder keeps, into a tenant made with :func:`recall_settings`.

    Raises:
        KeptStateError: The file cannot be read, or is of other people.
    """
    path = sandbox.settings.state / FILE
    if not path.exists():
        return
    kept, tenant, teams = _read(path), sandbox.tenant, sandbox.teams
    try:
        with zipfile.ZipFile(path) as archive:
            meetings = {one["uid"]: _read_meeting(tenant, one) for one in kept["meetings"]}
            files: dict[str, bytes] = {}
            for owner, box in kept["mailboxes"].items():
                _read_mailbox(tenant.mailboxes[owner], box, meetings, archive, files)
    except (KeyError, zipfile.BadZipFile) as error:
        raise KeptStateError(_say_unreadable(path)) from error
    for key, user in kept["directory"].items():
        if user is None:
            tenant.directory.pop(key, None)
        else:
            tenant.directory[key] = user
    tenant.changes, tenant.directory_version = kept["changes"], kept["directory_version"]
    tenant.counts = Counter(kept["counts"])
    tenant.answer_shares = kept["answer_shares"]
    tenant.declining_rooms = set(kept["declining_rooms"])
    for one in kept["conversations"]:
        activities = {
            a["id"]: Activity(**{**a, "posted": dt.datetime.fromisoformat(a["posted"])})
            for a in one["activities"]
        }
        teams.conversations[one["id"]] = Conversation(one["id"], one["user"], activities)
        if one["user"] is not None:
            teams.chats[one["user"]] = teams.conversations[one["id"]]
    teams.blocked, teams.workflow_posts = set(kept["blocked"]), kept["workflow_posts"]
    sandbox.authority.app_roles = {
        person: tuple(roles) for person, roles in kept["app_roles"].items()
    }
    sandbox.bot.url = kept["bot"]["url"]
    sandbox.bot.app = sandbox.authority.client if kept["bot"]["app"] else ""


def _read(path: Path) -> Json:
    try:
        with zipfile.ZipFile(path) as archive:
            content: Json = json.loads(archive.read(_TENANT))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise KeptStateError(_say_unreadable(path)) from error
    if content.get("format") != FORMAT:
        raise KeptStateError(_say_unreadable(path))
    return content


def _say_unreadable(path: Path) -> str:
    return f"{path} holds no tenant that can be read. Delete it, and the tenant begins afresh."


def _all(conversation: Conversation) -> list[Activity]:
    return list(conversation.activities.values())


def _write(value: Any) -> Json:
    """A value of plain fields; times as text."""
    return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _write_meeting(meeting: Meeting) -> Json:
    return _write(meeting) | {
        "organiser": meeting.organiser.id,
        "attendees": [_write(attendee) for attendee in meeting.attendees],
    }


def _read_meeting(tenant: Tenant, kept: Json) -> Meeting:
    attendees = [
        Attendee(**{
            **one,
            "answered": _moment(one["answered"]),
            "proposal": tuple(one["proposal"]) if one["proposal"] else None,
        })
        for one in kept["attendees"]
    ]  # fmt: skip
    organiser = tenant.members[kept["organiser"]]
    return Meeting(**{**kept, "organiser": organiser, "attendees": attendees})


def _write_mailbox(box: Mailbox, meetings: dict[str, Meeting], files: dict[str, bytes]) -> Json:
    copies = []
    for copy in box.copies.values():
        meetings.setdefault(copy.meeting.uid, copy.meeting)
        attachments = []
        for attachment in copy.attachments:
            name = hashlib.sha256(attachment.content).hexdigest()
            files[name] = attachment.content
            attachments.append(_write(attachment) | {"content": name})
        copies.append(
            _write(copy)
            | {"meeting": copy.meeting.uid, "owner": copy.owner.id, "attachments": attachments}
        )
    return {
        "copies": copies,
        "mails": [_write(mail) for mail in box.mails],
        "version": box.version,
        "vanished": box.vanished,
    }


def _read_mailbox(
    box: Mailbox,
    kept: Json,
    meetings: dict[str, Meeting],
    archive: zipfile.ZipFile,
    files: dict[str, bytes],
) -> None:
    for one in kept["copies"]:
        for attachment in one["attachments"]:
            name = attachment["content"]
            if name not in files:
                files[name] = archive.read(name)
        copy = Copy(**{
            **one,
            "meeting": meetings[one["meeting"]],
            "owner": box.owner,
            "created": dt.datetime.fromisoformat(one["created"]),
            "modified": dt.datetime.fromisoformat(one["modified"]),
            "answered": _moment(one["answered"]),
            "attachments": [
                Attachment(**{
                    **attachment,
                    "content": files[attachment["content"]],
                    "modified": dt.datetime.fromisoformat(attachment["modified"]),
                })
                for attachment in one["attachments"]
            ],
        })  # fmt: skip
        box.copies[copy.id] = copy
        box.by_uid[copy.meeting.uid] = copy
        if copy.is_organiser and copy.meeting.transaction:
            box.by_transaction[copy.meeting.transaction] = copy
    box.mails = [
        Mail(**{
            **mail,
            "recipients": tuple(mail["recipients"]),
            "received": dt.datetime.fromisoformat(mail["received"]),
        })
        for mail in kept["mails"]
    ]  # fmt: skip
    box.version, box.vanished = kept["version"], kept["vanished"]


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
