"""Meetings, and the copy of each in each mailbox."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass, field

from scheduler.sandbox.api.request import Json
from scheduler.sandbox.dice import seed_number
from scheduler.sandbox.organisation.member import Member


@dataclass(slots=True)
class Attendee:
    """Somebody invited: ``kind`` is required, optional or resource; ``proposal`` UTC minutes."""

    address: str
    name: str
    kind: str = "required"
    response: str = "none"
    answered: dt.datetime | None = None
    proposal: tuple[int, int] | None = None


@dataclass(slots=True)
class Attachment:
    """A file on one copy of a meeting."""

    id: str
    name: str
    content_type: str
    content: bytes
    is_inline: bool
    content_id: str | None
    modified: dt.datetime


@dataclass(slots=True)
class Meeting:
    """What all copies have in common. ``start`` and ``end`` are UTC minutes.

    ``start_zone`` and ``end_zone`` are the names given by the client. ``settings`` holds the
    remaining properties of the event under Graph's names.
    """

    uid: str
    organiser: Member
    subject: str
    body: Json
    start: int
    end: int
    start_zone: str
    end_zone: str
    settings: Json
    attendees: list[Attendee]
    transaction: str | None
    join_url: str | None
    cancelled: bool = False

    def attendee(self, address: str) -> Attendee | None:
        """Return the entry of an address, in any case."""
        wanted = address.lower()
        return next((a for a in self.attendees if a.address.lower() == wanted), None)


@dataclass(slots=True)
class Copy:
    """A meeting in one calendar.

    ``version`` is the mailbox's counter at the last change; a ``removed`` copy has left the
    calendar and stays known for ``delta`` alone; a ``cancelled`` one still stands there, as free.
    """

    id: str
    meeting: Meeting
    owner: Member
    created: dt.datetime
    modified: dt.datetime
    version: int
    response: str = "notResponded"
    answered: dt.datetime | None = None
    show_as: str = "busy"
    categories: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    removed: bool = False
    cancelled: bool = False

    @property
    def is_organiser(self) -> bool:
        """Whether this is the copy of the one who invited."""
        return self.owner.id == self.meeting.organiser.id

    @property
    def change_key(self) -> str:
        """The version of the copy as Exchange shows it."""
        return base64.b64encode(f"{self.version:016d}".encode()).decode()

    @property
    def etag(self) -> str:
        """The ``@odata.etag``."""
        return f'W/"{self.change_key}"'


@dataclass(slots=True)
class Mail:
    """A message in an inbox that is no meeting."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    body: Json
    received: dt.datetime


@dataclass(slots=True)
class Mailbox:
    """Calendar and inbox of one member."""

    owner: Member
    copies: dict[str, Copy] = field(default_factory=dict)
    by_uid: dict[str, Copy] = field(default_factory=dict)
    by_transaction: dict[str, Copy] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    version: int = 0
    vanished: bool = False

    def next_version(self) -> int:
        """Count a change."""
        self.version += 1
        return self.version

    def new_id(self, kind: str = "event") -> str:
        """Return an id in the style of Exchange: long, with characters that need quoting."""
        number = len(self.copies)
        raw = b"".join(
            seed_number(kind, self.owner.id, number, self.version, n).to_bytes(8, "big")
            for n in range(7)
        )
        return "AAMkAD" + base64.urlsafe_b64encode(raw).decode()

    def taken(self, start: int, end: int) -> list[Copy]:
        """Return the copies in the calendar that overlap [start, end), by start."""
        found = [
            copy
            for copy in self.copies.values()
            if not copy.removed and copy.meeting.start < end and copy.meeting.end > start
        ]
        return sorted(found, key=lambda copy: (copy.meeting.start, copy.id))
