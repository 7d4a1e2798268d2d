"""What holds at each office: zones, usual hours, days off, places to meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from scheduler.calendars.availability import Habits
from scheduler.calendars.freebusy import WorkingHours
from scheduler.calendars.load import find_blocked_slots
from scheduler.calendars.slots import Slot
from scheduler.calendars.weekdays import find_days_away
from scheduler.grouping.framing import NO_LIMIT
from scheduler.grouping.plan import Place
from scheduler.people.holidays import list_days_off
from scheduler.people.offices import Hours, Office
from scheduler.people.person import Person
from scheduler.people.weekdays import find_weekdays
from scheduler.programmes.programme import Programme
from scheduler.settings.organisation import Organisation


def office_zones(organisation: Organisation) -> dict[str, str]:
    """The IANA zone of each office, by name."""
    return {office.name: office.zone for office in organisation.offices}


def office_habits(organisation: Organisation, days: Sequence[dt.date]) -> dict[str | None, Habits]:
    """Usual hours and closed days of each office; people without one keep the first office's zone.

    Args:
        organisation: as HR described it.
        days: of the round; closed days among them are looked for.
    """
    habits: dict[str | None, Habits] = {
        office.name: _habits(organisation, office, days) for office in organisation.offices
    }
    zone = organisation.offices[0].zone
    habits[None] = Habits(
        _working_hours(organisation.hours, zone), _closed(organisation, None, days)
    )
    return habits


def _habits(organisation: Organisation, office: Office, days: Sequence[dt.date]) -> Habits:
    hours = _working_hours(office.hours or organisation.hours, office.zone)
    return Habits(hours, _closed(organisation, office, days))


def _closed(
    organisation: Organisation, office: Office | None, days: Sequence[dt.date]
) -> frozenset[dt.date]:
    return frozenset(
        list_days_off(office, days, organisation.days_off, public=organisation.holidays.public)
    )


def _working_hours(hours: Hours, zone: str) -> WorkingHours:
    return WorkingHours(hours.weekdays, hours.start, hours.end, zone)


def list_places(
    programme: Programme, organisation: Organisation, rooms: Sequence[Place]
) -> tuple[tuple[Place, ...], dict[Place, WorkingHours]]:
    """Where the groups of a programme can meet, and when places without a calendar are open."""
    seats = programme.size.at_most
    if programme.venue.kind == "online":
        return (Place("Online in Teams", "online", seats, NO_LIMIT),), {}
    if programme.venue.kind == "elsewhere":
        return (Place(programme.venue.place or "", "elsewhere", seats, NO_LIMIT),), {}
    places: list[Place] = []
    open_: dict[Place, WorkingHours] = {}
    offices = {office.name: office for office in organisation.offices if office.in_person}
    if programme.venue.rooms:
        places += [room for room in rooms if room.office in offices]
    if programme.venue.tables:
        for table in organisation.tables:
            if table.office in offices:
                place = Place(table.name, "table", table.seats, table.tables, table.office)
                places.append(place)
                open_[place] = _working_hours(table.hours, offices[table.office].zone)
    fitting = [place for place in places if place.seats >= programme.size.at_least]
    return tuple(sorted(fitting, key=lambda p: (p.office or "", p.kind, p.name))), open_


def block_slots(
    organisation: Organisation,
    people: Sequence[Person],
    slots: Sequence[Slot],
    zones: Mapping[str, str],
    starts: Mapping[str, Sequence[dt.datetime]],
    *,
    in_person: bool,
    today: dt.date,
) -> dict[str, npt.NDArray[np.bool_]]:
    """Slots that people must not be given: enough meetings already, or not at work that day.

    Args:
        organisation: its limits, and on which weekdays whom it expects where.
        people: of the roster.
        slots: of the round.
        zones: each person's IANA zone, by id.
        starts: of the social meetings that each person has already, by id.
        in_person: whether days away from the office count.
        today: for lengths of time in expressions.
    """
    own = {person.id: starts[person.id] for person in people if person.id in starts}
    blocked = find_blocked_slots(own, slots, organisation.load, zones)
    for entries in (organisation.working_days, organisation.office_days if in_person else ()):
        weekdays = find_weekdays(people, entries, today=today)
        for person_id, away in find_days_away(weekdays, slots, zones).items():
            blocked[person_id] = blocked[person_id] | away if person_id in blocked else away
    return blocked
