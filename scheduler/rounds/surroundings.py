"""What holds at each office: zones, usual hours, days off, places to meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from scheduler.calendars.availability import Habits
from scheduler.calendars.freebusy import WorkingHours
from scheduler.grouping.framing import NO_LIMIT
from scheduler.grouping.plan import Place
from scheduler.people.holidays import list_days_off
from scheduler.people.offices import Hours, Office
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
