"""A plan: the groups of a round, with bound, gap and reasons, under the names people know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from scheduler.calendars.slots import Slot
from scheduler.people.roster import LeftOut


@dataclass(frozen=True, slots=True)
class Place:
    """Where a group meets: a room with a mailbox, a table without one, or online."""

    name: str
    kind: str  # "room" | "table" | "online"
    seats: int
    tables: int = 1
    office: str | None = None
    mail: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """People who meet. ``number`` is unique in its round; ``why`` are sentences for the members.

    ``zones`` holds the IANA zone of each member's wall clock: the office's where they meet in
    person, else the one that their mailbox names. ``turns``: where tables change, the members at
    each table (or in each breakout room) of each turn. ``facilitator``: the member who opens the
    meeting and keeps the time, in programmes in which they take turns. ``fixed``: HR decided that
    this group stays as it is when the rest is solved again.
    """

    number: int
    member_ids: tuple[str, ...]
    slot: Slot
    place: Place
    new_ties: int
    why: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    turns: tuple[tuple[tuple[str, ...], ...], ...] = ()
    facilitator: str | None = None
    fixed: bool = False

    @property
    def zone(self) -> str:
        """The zone on whose clock the group meets: most members', of several the first by name."""
        count = Counter(self.zones)
        return min(count, key=lambda zone: (-count[zone], zone), default="UTC")


@dataclass(frozen=True, slots=True)
class Plan:
    """The groups of one round, ``round_id`` is ``programme/date``. Nothing has left the house."""

    round_id: str
    groups: tuple[Group, ...]
    left_out: tuple[LeftOut, ...]
    roster_size: int
    placed: int
    placed_bound: int
    value: int
    value_bound: int
    bound_by: str
    new_ties: int
    cross_department_ties: int
    repeats: int
    seed: int
    complete: bool
