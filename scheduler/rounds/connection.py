"""Whether Graph lets us read what a round needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from scheduler.errors import ScheduleError
from scheduler.graph.places import read_rooms
from scheduler.graph.schedules import read_free_busy
from scheduler.grouping.plan import Place
from scheduler.rounds.company import Company, read_company
from scheduler.rounds.context import Context
from scheduler.settings.doubts import find_doubts
from scheduler.store.departments import read_departments


class OrganiserError(ScheduleError):
    """A mailbox from which invitations are to be sent does not answer."""


async def try_connection(context: Context) -> dict[str, Any]:
    """Read the directory, the rooms and the organisers' free/busy once, and count.

    Returns:
        The counts; ``doubts`` are warnings about the configuration, as sentences.

    Raises:
        ExportRefusedError: the HR export cannot be read without guessing.
        GraphError: one of them cannot be read.
        OrganiserError: an organiser mailbox does not exist or cannot be read.
    """
    organisation = context.settings.organisation
    company = await read_company(context)
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
        "people": len(company.people),
        "set_aside": len(company.set_aside),
        "rooms": len(rooms.places),
        "organisers": len(organisation.organisers),
        "doubts": [*_find_doubts(context, company, rooms.places)],
    }


def _find_doubts(context: Context, company: Company, rooms: Sequence[Place]) -> Iterator[str]:
    """What only the directory and the rooms can tell of the configuration."""
    seats: dict[str, int] = {}
    for room in rooms:
        if room.office is not None:
            seats[room.office] = max(room.seats, seats.get(room.office, 0))
    known = set(context.settings.warnings)
    for doubt in find_doubts(
        context.settings, today=context.today, people=company.people, seats=seats
    ):
        if doubt not in known:
            yield str(doubt)
    for name in company.unknown_offices:
        yield f"organisation.yaml: offices: the directory has people in {name}, which is not listed"
    before = read_departments(context.store)
    departments = {one.department for one in company.people if one.department is not None}
    for name in sorted(departments - before) if before else ():
        yield f"{name} is a department that there was not when the last round was planned"
