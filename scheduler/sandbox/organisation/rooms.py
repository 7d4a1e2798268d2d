"""Meeting rooms: enough of them for one round of lunches over a fortnight."""

from __future__ import annotations

import math
from collections import Counter

from anyascii import anyascii

from scheduler.sandbox.organisation.member import DOMAIN, Member, Room, make_id
from scheduler.sandbox.organisation.offices import OFFICES

BUSY_SHARE = 0.2
"""Share of a room's time in the lunch window that somebody else has booked."""
_SLACK = 1.5
_LUNCHES = 10 * 2  # ten days; two lunches one after the other between 12:00 and 14:00
_GROUP = 4
_CAPACITIES = (4, 6, 5, 8, 6, 4, 5)
_TREES = (
    "Linden", "Oak", "Beech", "Maple", "Birch", "Hazel", "Rowan", "Alder", "Elm", "Cedar", "Larch",
    "Willow", "Poplar", "Ash", "Cherry", "Walnut", "Chestnut", "Juniper", "Spruce", "Yew",
)  # fmt: skip


def make_rooms(people: list[Member], seed: int) -> tuple[Room, ...]:
    """Make rooms of 4 to 8 seats for each office, and at least two.

    The number lets groups of four from everybody in the office eat once in ten working days, with
    half as many rooms again as that takes beside other people's bookings.
    """
    counts = Counter(person.office for person in people)
    rooms = []
    for office in OFFICES:
        seats = counts.get(office.name, 0)
        if not seats:
            continue
        number = max(2, math.ceil(seats / _GROUP * _SLACK / (_LUNCHES * (1 - BUSY_SHARE))))
        plain = anyascii(office.name).lower().replace(" ", "-")
        for n in range(number):
            tree = _TREES[n % len(_TREES)] + (
                f" {n // len(_TREES) + 1}" if n >= len(_TREES) else ""
            )
            key = f"room-{plain}-{tree.lower().replace(' ', '-')}"
            member = Member(
                id=make_id(seed, "room", key), key=key, kind="room", name=f"{office.name} {tree}",
                given="", surname="", mail=f"{key}@{DOMAIN}", upn=f"{key}@{DOMAIN}",
                zone=office.zone, windows_zone=office.windows_zone, office=office.name,
                city=office.name, country=office.country, enabled=False,
            )  # fmt: skip
            rooms.append(
                Room(
                    member=member, office=office.name, capacity=_CAPACITIES[n % len(_CAPACITIES)],
                    floor=n // 4 + 1, list_mail=f"rooms-{plain}@{DOMAIN}",
                )
            )  # fmt: skip
    return tuple(rooms)
