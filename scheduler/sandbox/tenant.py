"""The state of the tenant: who is in it, their mailboxes, and what has happened."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from scheduler.sandbox.api.request import GraphError, Json
from scheduler.sandbox.diary import Diary, Item
from scheduler.sandbox.directory import describe_member
from scheduler.sandbox.mailboxes import Copy, Mailbox
from scheduler.sandbox.organisation import Member, Organisation, Room
from scheduler.sandbox.organisation.member import make_id
from scheduler.sandbox.settings import SandboxSettings

OPENING = dt.time(8, 0, tzinfo=dt.UTC)
"""The time of ``today`` at which a tenant starts."""

_AFTERWARDS_SECONDS = 0.01
"""Nobody answers an invitation before the organiser's request has returned."""

ANSWER_SHARES = {
    "accepted": 0.73,
    "tentativelyAccepted": 0.05,
    "declined": 0.06,
    "proposed": 0.02,
    "forwarded": 0.01,
    "never": 0.13,
}


@dataclass(slots=True)
class Tenant:
    """Everything that a request may read or change.

    ``directory`` maps object ids to users in Graph's words; ``log`` holds (version, id) for each
    change of it. ``counts`` counts what has happened since the start.
    """

    organisation: Organisation
    settings: SandboxSettings
    diary: Diary
    id: str
    members: dict[str, Member] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    by_address: dict[str, Member] = field(default_factory=dict)
    directory: dict[str, Json] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)
    directory_version: int = 1
    mailboxes: dict[str, Mailbox] = field(default_factory=dict)
    groups: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    answer_shares: dict[str, float] = field(default_factory=lambda: dict(ANSWER_SHARES))
    declining_rooms: set[str] = field(default_factory=set)
    pending: list[Callable[[], None]] = field(default_factory=list)
    watchers: list[Callable[[Copy, str], None]] = field(default_factory=list)
    today: dt.date = dt.date(2026, 1, 1)
    _started: float = field(default_factory=time.monotonic)

    def now(self) -> dt.datetime:
        """Return the tenant's clock: ``today`` at 08:00 UTC, and running from there."""
        return dt.datetime.combine(self.today, OPENING) + dt.timedelta(
            seconds=int(time.monotonic() - self._started)
        )

    def set_today(self, today: dt.date) -> None:
        """Turn the clock to 08:00 UTC of another day."""
        self.today, self._started = today, time.monotonic()

    def find_member(self, key: str) -> Member:
        """Return who is meant by an object id or a user principal name.

        Raises:
            GraphError: 404 ``Request_ResourceNotFound``.
        """
        member = self.members.get(key.lower()) or self.by_address.get(key.lower())
        if member is None or member.id not in self.directory:
            raise GraphError(
                404, "Request_ResourceNotFound",
                f"Resource '{key}' does not exist or one of its queried reference-property objects "
                f"are not present.",
            )  # fmt: skip
        return member

    def find_mailbox(self, key: str) -> Mailbox:
        """Return a mailbox that can be opened.

        Raises:
            GraphError: 404 when there is none, or it is not in Exchange Online any more.
        """
        member = self.find_member(key)
        box = self.mailboxes.get(member.id)
        if box is None or box.vanished:
            raise GraphError(
                404, "MailboxNotEnabledForRESTAPI",
                "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
            )  # fmt: skip
        return box

    def mailbox_for(self, address: str) -> Mailbox | None:
        """Return the mailbox of an address, None when mail to it does not arrive here."""
        member = self.by_address.get(address.lower())
        box = self.mailboxes.get(member.id) if member else None
        return None if box is None or box.vanished else box

    def entries_between(self, member: Member, start: int, end: int) -> list[Item]:
        """Return all entries of a calendar that overlap [start, end), booked ones included."""
        items = self.diary.between(member, start, end)
        box = self.mailboxes.get(member.id)
        booked = [
            Item(
                copy.meeting.start, copy.meeting.end,
                "free" if copy.cancelled else copy.show_as,
                copy.meeting.subject, copy.meeting.settings["location"].get("displayName", ""),
                copy.meeting.settings["sensitivity"] == "private",
                copy.meeting.settings["isAllDay"],
            )
            for copy in (box.taken(start, end) if box and box.copies else [])
        ]  # fmt: skip
        return sorted(items + booked) if booked else items

    def change_member(self, member: Member, change: Json | None) -> None:
        """Change properties of a user in the directory, or remove the user with None."""
        self.directory_version += 1
        self.changes[member.id] = self.directory_version
        if change is None:
            self.directory.pop(member.id, None)
            if member.id in self.mailboxes:
                self.mailboxes[member.id].vanished = True
        else:
            self.directory[member.id] = {**self.directory[member.id], **change}

    def vanish(self, address: str) -> None:
        """Let a mailbox disappear: its owner stays in the directory."""
        box = self.mailbox_for(address)
        if box is not None:
            box.vanished = True

    def later(self, action: Callable[[], None]) -> None:
        """Let something happen after the answer of this request has been sent."""
        self.pending.append(action)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return

        def run() -> None:
            if action in self.pending:
                self.pending.remove(action)
                action()

        loop.call_later(max(self.settings.answer_seconds, _AFTERWARDS_SECONDS), run)

    def settle(self) -> int:
        """Let everything that is pending happen now; return how much that was."""
        done = 0
        while self.pending:
            self.pending.pop(0)()
            done += 1
        return done

    def announce(self, copy: Copy, change: str) -> None:
        """Tell those who watch that a copy was created, updated or deleted."""
        for watcher in self.watchers:
            watcher(copy, change)


def make_tenant(organisation: Organisation, settings: SandboxSettings) -> Tenant:
    """Make a tenant with an empty booking history."""
    tenant = Tenant(
        organisation, settings, Diary(organisation), make_id(organisation.seed, "tenant"),
        today=organisation.today,
    )  # fmt: skip
    tenant.rooms = {room.member.id: room for room in organisation.rooms}
    for member in organisation.members:
        tenant.members[member.id] = member
        tenant.by_address[member.mail.lower()] = member
        tenant.by_address.setdefault(member.upn.lower(), member)
        tenant.directory[member.id] = describe_member(member)
        if member.mailbox in ("ok", "unreadable"):
            tenant.mailboxes[member.id] = Mailbox(member)
    tenant.groups = _make_groups(organisation)
    return tenant


def _make_groups(organisation: Organisation) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return a few groups: everybody, each office, newcomers, those who like networking."""
    people = organisation.people
    newest = organisation.today - dt.timedelta(days=90)
    groups = {"Everybody at Lindenhof": tuple(p.id for p in people)}
    for office in sorted({p.office for p in people if p.office}):
        groups[f"{office} office"] = tuple(p.id for p in people if p.office == office)
    groups["New joiners"] = tuple(p.id for p in people if p.hired and p.hired > newest)
    groups["Networking volunteers"] = tuple(p.id for p in people[::3])
    return {make_id(organisation.seed, "group", name): (name, ids) for name, ids in groups.items()}
