"""People from the directory: enabled members, paged, exactly the fields that are used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from scheduler.graph.client import Graph
from scheduler.graph.requests import get
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut

FIELDS = (
    "id",
    "displayName",
    "mail",
    "userType",
    "accountEnabled",
    "department",
    "officeLocation",
    "country",
    "jobTitle",
    "companyName",
    "employeeId",
    "employeeType",
    "employeeHireDate",
    "preferredLanguage",
    "employeeOrgData",
    "assignedLicenses",
)
NO_LICENCE = "The account has no licence: a shared mailbox, or nobody who works here."
"""Shared mailboxes need none. Their purpose itself stands in the mailbox settings, for which an
application would need a right over every mailbox."""

PAGE = 999
"""The most that ``GET users`` gives at a time."""


@dataclass(frozen=True, slots=True)
class DirectoryReading:
    """The people, and every record of an enabled member that cannot be used, with the reason."""

    people: tuple[Person, ...]
    set_aside: tuple[LeftOut, ...]


async def read_people(
    graph: Graph, progress: Callable[[int], None] | None = None
) -> DirectoryReading:
    """Read all enabled members; guests, disabled accounts and shared mailboxes are not people.

    Args:
        graph: An open connection.
        progress: Called with the number of records read so far.

    Raises:
        GraphError: The directory cannot be read. One broken record never raises.
    """
    # A plain `eq` needs no ConsistencyLevel; `ne` and the like would (Graph's page on
    # advanced queries), so guests are told apart here.
    query: dict[str, str | int] = {
        "select": ",".join(FIELDS),
        "expand": "manager($select=id)",
        "filter": "accountEnabled eq true",
        "top": PAGE,
    }
    records: list[Any] = []
    async for page in graph.read_pages(get(graph.sdk.users, query=query)):
        records += page
        if progress is not None:
            progress(len(records))
    return sort_out(records)


def sort_out(records: Iterable[Any]) -> DirectoryReading:
    """Make people of directory records."""
    people: dict[str, Person] = {}
    addresses: set[str] = set()
    set_aside: list[LeftOut] = []
    for record in records:
        if not isinstance(record, dict) or record.get("userType") == "Guest":
            continue
        if record.get("accountEnabled") is not True:
            continue
        problem, person = _read_record(record)
        if person is None:
            kind = "no licence" if problem == NO_LICENCE else "broken record"
            set_aside.append(LeftOut(str(record.get("id") or "?"), kind, problem))
        elif person.id in people:
            continue  # a page that moved while it was read repeats its edge
        elif person.mail in addresses:
            text = "Another account in the directory has the same address."
            set_aside.append(LeftOut(person.id, "address twice", text))
        else:
            people[person.id] = person
            addresses.add(person.mail)
    return DirectoryReading(tuple(_add_levels(people)), tuple(set_aside))


def _read_record(record: dict[str, Any]) -> tuple[str, Person | None]:
    person_id, name, mail = _text(record, "id"), _text(record, "displayName"), _text(record, "mail")
    if person_id is None:
        return "The directory gives no id.", None
    if mail is None or "@" not in mail:
        return "The directory gives no mail address.", None
    if name is None:
        return "The directory gives no name.", None
    if record.get("assignedLicenses") == []:
        return NO_LICENCE, None
    manager = record.get("manager")
    language = _text(record, "preferredLanguage")
    organisation = record.get("employeeOrgData")
    return "", Person(
        id=person_id,
        name=name,
        mail=mail.casefold(),
        department=_text(record, "department"),
        team=_text(organisation, "division") if isinstance(organisation, dict) else None,
        office=_text(record, "officeLocation"),
        country=_text(record, "country"),
        title=_text(record, "jobTitle"),
        manager=_text(manager, "id") if isinstance(manager, dict) else None,
        company=_text(record, "companyName"),
        hired=_date(record.get("employeeHireDate")),
        languages=() if language is None else (language,),
        employee_type=_text(record, "employeeType"),
        employee_id=_text(record, "employeeId"),
    )


def _text(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    return value.strip() or None if isinstance(value, str) else None


def _date(value: Any) -> dt.date | None:
    """The day of an Edm.DateTimeOffset. Year 1 stands for "never set" in synchronised records."""
    if not isinstance(value, str):
        return None
    try:
        day = dt.date.fromisoformat(value[:10])
    except ValueError:
        return None
    return day if day.year > 1900 else None


def _add_levels(people: dict[str, Person]) -> Iterable[Person]:
    """Steps from the top of the manager chain; a chain that leads in a circle has no level."""
    levels: dict[str, int | None] = {}
    for start in people:
        chain: list[str] = []
        at: str | None = start
        while at is not None and at in people and at not in levels and at not in chain:
            chain.append(at)
            at = people[at].manager
        base = -1 if at is None or at not in people else levels.get(at)
        for person_id in reversed(chain):
            base = None if base is None else base + 1
            levels[person_id] = base
    return (replace(person, level=levels[person.id]) for person in people.values())
