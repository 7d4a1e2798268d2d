"""Whether Graph lets us read what a round needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.errors import ScheduleError
from scheduler.graph.permissions import UNWANTED, compare_grants, read_roles
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


@dataclass(frozen=True, slots=True)
class RightsReport:
    """Rights that are missing (with what does not work then) and rights that are too many."""

    missing: tuple[str, ...]
    lacking: tuple[str, ...]
    unwanted: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 when every needed right is there and none is too many, else 1."""
        return 1 if self.missing or self.unwanted else 0

    def in_words(self) -> str:
        """What to do about each."""
        lines = [*self.missing, *self.lacking, *self.unwanted]
        return (
            "\n".join(lines) or "In Entra ID the app has the rights that it needs, and no others."
        )


async def compare_rights(context: Context) -> RightsReport:
    """Compare the rights in our own token with the list of those that the product needs.

    Roles of Exchange Online do not show in a token; the connection check sees whether they hold.

    Raises:
        GraphError: there is no token to be had.
    """
    found = compare_grants(read_roles(await context.graph.get_token(context.graph.settings.scope)))
    needed = [right for right in found.missing if not right.optional]
    optional = [right for right in found.missing if right.optional]
    return RightsReport(
        missing=tuple(
            f"missing: {right.grant}. {right.feature}. Grant it with infra/entra/register."
            for right in needed
        ),
        lacking=tuple(f"not granted: {right.grant}. {right.without}" for right in optional),
        unwanted=tuple(
            f"too much: {name}. Take it away in Entra ID: "
            f"{UNWANTED.get(name, 'the product does not need it')}."
            for name in found.unwanted
        ),
    )
