"""Rooms that Outlook knows, as places where a group can meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.graph.client import Graph
from scheduler.graph.requests import get
from scheduler.grouping.plan import Place
from scheduler.people.roster import LeftOut

FIELDS = ("id", "displayName", "emailAddress", "capacity", "building", "address")
PAGE = 100


@dataclass(frozen=True, slots=True)
class PlacesReading:
    """The rooms, and those that cannot be used, with the reason (``person_id``: the room's id)."""

    places: tuple[Place, ...]
    set_aside: tuple[LeftOut, ...]


async def read_rooms(graph: Graph, offices: Sequence[str] = ()) -> PlacesReading:
    """Read all rooms.

    Args:
        graph: An open connection.
        offices: Names of the offices that HR knows. A room belongs to the office whose name is
            its building's, its city's, or the beginning of its own; without a list, to its
            building or city.

    Raises:
        GraphError: The list of rooms cannot be read. One broken record never raises.
    """
    query: dict[str, str | int] = {"select": ",".join(FIELDS), "top": PAGE}
    records: list[Any] = []
    async for page in graph.read_pages(get(graph.sdk.places.graph_room, query=query)):
        records += page
    return sort_out_rooms(records, offices)


def sort_out_rooms(records: Iterable[Any], offices: Sequence[str] = ()) -> PlacesReading:
    """Make places of room records."""
    known = {office.casefold(): office for office in offices}
    places: dict[str, Place] = {}
    set_aside: list[LeftOut] = []
    for record in records:
        if not isinstance(record, dict):
            continue
        name, mail = record.get("displayName"), record.get("emailAddress")
        seats = record.get("capacity")
        if not isinstance(name, str) or not isinstance(mail, str) or "@" not in mail:
            text = "The room has no name or no address."
        elif not isinstance(seats, int) or seats < 2:
            text = "The room does not say how many people it holds."
        else:
            mail = mail.casefold()
            places[mail] = Place(
                name=name.strip(),
                kind="room",
                seats=seats,
                office=_find_office(record, name, known),
                mail=mail,
            )
            continue
        set_aside.append(LeftOut(str(record.get("id") or "?"), "broken record", text))
    return PlacesReading(tuple(places.values()), tuple(set_aside))


def _find_office(record: dict[str, Any], name: str, known: dict[str, str]) -> str | None:
    address = record.get("address")
    city = address.get("city") if isinstance(address, dict) else None
    hints = [hint.strip() for hint in (record.get("building"), city) if isinstance(hint, str)]
    if not known:
        return next((hint for hint in hints if hint), None)
    for hint in hints:
        if hint.casefold() in known:
            return known[hint.casefold()]
    return next(
        (office for key, office in known.items() if name.strip().casefold().startswith(key)), None
    )
