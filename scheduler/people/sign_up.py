"""Lists on which people put their names down: until when, in which order, and whom they seat.

A list closes at the end of a day on the wall clock of each person's office (the first office's
where somebody has none), so that "until Friday" is true for whoever reads it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

from scheduler.people.choices import EVERY_PROGRAMME
from scheduler.people.offices import Office, find_office
from scheduler.people.person import Person
from scheduler.programmes.programme import SignUp

__all__ = [
    "Listing", "Move", "NameList", "Standing", "closing_day", "first_open_day", "has_closed",
    "is_late", "order_names", "trace_names", "zone_of_office",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """A decision to take part or not, as the trail of choices has it.

    ``about``: a programme, or ``*`` for every one; ``taken_back``: it does not hold any more.
    """

    person_id: str
    kind: Literal["join", "leave"]
    about: str
    at: dt.datetime
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class NameList:
    """The names on the list of one round, whose first day is ``day``.

    ``closes``: the last day on which a name counts; ``since``: from when on each person's name has
    stood there without a break, by person id; ``last_seat``: when they last had a seat in this
    programme, before this round.
    """

    day: dt.date
    closes: dt.date
    since: Mapping[str, dt.datetime] = field(default_factory=dict)
    last_seat: Mapping[str, dt.datetime] = field(default_factory=dict)


Standing = Literal["out", "place", "seat", "waiting", "full", "late", "away"]
"""Not on the list, a place on it, a seat that is booked, on the waiting list, too late for the
seats where there is no waiting list, too late for the list, or on the list and not coming: pausing,
or having said so.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Where somebody stands on the list of a programme's coming round, to be told so.

    ``fixed``: the round is the one day ``day``, else it begins then. ``number``: the place on the
    list, or on the waiting list, from 1. ``names``: how many are on the list in time; ``closed``:
    for this person, by now; ``next_day``: of the next round whose list is open, if that is known.
    """

    title: str
    day: dt.date
    fixed: bool
    closes: dt.date
    closed: bool
    capacity: int
    waiting_list: bool
    names: int
    standing: Standing
    number: int = 0
    next_day: dt.date | None = None


def closing_day(sign_up: SignUp, day: dt.date) -> dt.date:
    """The last day on which a name counts for the round whose first day is ``day``."""
    return day - dt.timedelta(days=sign_up.closes_days_before)


def zone_of_office(office: str | None, offices: tuple[Office, ...]) -> str:
    """The IANA zone of an office; of the first one for people without one that is known."""
    found = find_office(offices, office)
    return (found or offices[0]).zone


def has_closed(closes: dt.date, at: dt.datetime, zone: str) -> bool:
    """Whether ``at`` is after the end of the closing day on the wall clock of a zone.

    Args:
        closes: The last day on which a name counts.
        at: Aware.
        zone: An IANA name.
    """
    return at.astimezone(ZoneInfo(zone)).date() > closes


def first_open_day(
    days: Iterable[dt.date], sign_up: SignUp, at: dt.datetime, zone: str
) -> dt.date | None:
    """The first of some rounds' days whose list is still open in a zone; None: there is none."""
    return next((d for d in days if not has_closed(closing_day(sign_up, d), at, zone)), None)


def is_late(person: Person, names: NameList, offices: tuple[Office, ...]) -> bool:
    """Whether somebody put their name down after the list had closed.

    Who is on the list without ever having said so (silence means yes) is not.
    """
    since = names.since.get(person.id)
    return since is not None and has_closed(
        names.closes, since, zone_of_office(person.office, offices)
    )


def trace_names(moves: Iterable[Move], programme: str) -> dict[str, dt.datetime]:
    """From when on people have been in a programme without a break, by person id.

    Saying once more that one takes part is no break, nor is joining every programme on top. Who
    left and came back is in from then on. The newest decision that holds counts, be it about this
    programme or about all.

    Args:
        moves: In any order; the same one twice is one.
        programme: The programme's name.
    """
    held: dict[str, dict[tuple[str, str], dt.datetime]] = {}
    since: dict[str, dt.datetime] = {}
    for move in sorted(moves, key=lambda one: (one.at, one.kind == "leave")):
        if move.about not in (programme, EVERY_PROGRAMME):
            continue
        own = held.setdefault(move.person_id, {})
        key = (move.kind, move.about)
        if move.taken_back:
            own.pop(key, None)
        else:
            own[key] = move.at
        newest = max(own, key=lambda one: (own[one], one[0] == "leave"), default=None)
        if newest is None or newest[0] == "leave":
            since.pop(move.person_id, None)
        else:
            since.setdefault(move.person_id, move.at)
    return since


def order_names(people: Sequence[Person], names: NameList) -> dict[str, int]:
    """Who comes first, by person id from 0: first come, first served.

    Who had a seat goes to the end of the list for the next round, as if they had put their name
    down anew that day. Guests whom HR named come before everybody; who never said yes (silence
    means yes) comes last.
    """

    def turn(person: Person) -> tuple[bool, bool, float, str]:
        since = names.since.get(person.id)
        seat = names.last_seat.get(person.id)
        at = max((moment for moment in (since, seat) if moment is not None), default=None)
        late = since is None and not person.guest
        return not person.guest, late, at.timestamp() if at is not None else 0.0, person.id

    return {person.id: place for place, person in enumerate(sorted(people, key=turn))}
