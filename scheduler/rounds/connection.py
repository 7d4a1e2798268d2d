"""Whether Graph lets us read what a round needs."""

from __future__ import annotations

import datetime as dt

from scheduler.errors import ScheduleError
from scheduler.graph.directory import read_people
from scheduler.graph.places import read_rooms
from scheduler.graph.schedules import read_free_busy
from scheduler.rounds.context import Context


class OrganiserError(ScheduleError):
    """A mailbox from which invitations are to be sent does not answer."""


async def try_connection(context: Context) -> dict[str, object]:
    """Read the directory, the rooms and the organisers' free/busy once, and count.

    Raises:
        GraphError: one of them cannot be read.
        OrganiserError: an organiser mailbox does not exist or cannot be read.
    """
    organisation = context.settings.organisation
    reading = await read_people(context.graph)
    rooms = await read_rooms(context.graph, [office.name for office in organisation.offices])
    start = dt.datetime.combine(context.today, dt.time(), dt.UTC)
    calendars = await read_free_busy(
        context.graph, organisation.organisers, start, start + dt.timedelta(days=1)
    )
    for mail, calendar in calendars.items():
        if calendar.problem is not None:
            raise OrganiserError(
                f"organisation.yaml: organisers: {mail} does not answer ({calendar.problem}). "
                "Make it a shared mailbox, or correct the address."
            )
    return {
        "people": len(reading.people),
        "set_aside": len(reading.set_aside),
        "rooms": len(rooms.places),
        "organisers": len(organisation.organisers),
    }
