"""The values of an organisation."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

DOMAIN = "lindenhof.example"
COMPANY = "Lindenhof"
_IDS = uuid.UUID("6f1d5c1e-6a83-4c0e-9f5e-2f1b1b8f7c11")


def make_id(*parts: object) -> str:
    """Return the object id of something, the same on each start."""
    return str(uuid.uuid5(_IDS, "/".join(str(part) for part in parts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An entry of the directory with or without a mailbox.

    ``key`` names it in every throw of the dice; for a given organisation it is the key of the
    file. ``kind`` is ``person``, ``guest``, ``leaver``, ``shared``, ``organiser`` or ``room``.
    ``mailbox`` is ``ok``, ``missing``, ``disabled`` or ``unreadable``. ``zone`` is an IANA name,
    ``windows_zone`` the Windows name beside it.
    """

    id: str
    key: str
    kind: str
    name: str
    given: str
    surname: str
    mail: str
    upn: str
    zone: str
    windows_zone: str
    department: str | None = None
    team: str | None = None
    office: str | None = None
    city: str | None = None
    country: str | None = None
    title: str | None = None
    manager: str | None = None
    hired: dt.date | None = None
    language: str | None = None
    employee_type: str | None = None
    enabled: bool = True
    mailbox: str = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A meeting room of an office; ``member`` is its mailbox."""

    member: Member
    office: str
    capacity: int
    floor: int
    list_mail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Everything that does not change while the tenant runs.

    ``teams`` maps a team to the IANA zone of the office where most of it sits. ``ties`` are
    pairs of ids, the smaller first.
    """

    seed: int
    today: dt.date
    members: tuple[Member, ...]
    rooms: tuple[Room, ...]
    teams: dict[str, str] = field(default_factory=dict)
    ties: tuple[tuple[str, str], ...] = ()

    @property
    def people(self) -> list[Member]:
        """The people who work here, contractors included, nobody else."""
        return [member for member in self.members if member.kind == "person"]
