"""Rooms and room lists."""

from __future__ import annotations

from scheduler.sandbox.api.filters import read_filter
from scheduler.sandbox.api.odata import context, read_number, read_select, select
from scheduler.sandbox.api.request import Answer, GraphError, Json, Request, answer_json
from scheduler.sandbox.organisation import Room
from scheduler.sandbox.organisation.member import make_id
from scheduler.sandbox.tenant import Tenant


def _write_room(room: Room) -> Json:
    return {
        "id": room.member.id,
        "emailAddress": room.member.mail,
        "displayName": room.member.name,
        "nickname": room.member.name,
        "label": "",
        "building": room.office,
        "floorNumber": room.floor,
        "floorLabel": str(room.floor),
        "capacity": room.capacity,
        "bookingType": "standard",
        "isWheelChairAccessible": True,
        "tags": [],
        "phone": "",
        "audioDeviceName": None,
        "videoDeviceName": None,
        "displayDeviceName": None,
        "address": {
            "street": "", "city": room.office, "state": "",
            "countryOrRegion": room.member.country, "postalCode": "",
        },
        "geoCoordinates": None,
    }  # fmt: skip


def _answer(request: Request, items: list[Json], what: str) -> Answer:
    """Answer with a page: ``$top`` up to 100, ``$skip``, ``$filter``, ``$select``, ``$count``."""
    if request.query.get("$filter"):
        found = read_filter(request.query["$filter"])
        items = [item for item in items if found.test(item)]
    size = read_number(request, "$top", 100, low=1, high=100)
    skip = read_number(request, "$skip", 0, low=0, high=1_000_000)
    names = read_select(request)
    answer: Json = {"@odata.context": context(request, what)}
    if request.query.get("$count", "").lower() == "true":
        answer["@odata.count"] = len(items)
    if skip + size < len(items):
        query = {**request.query, "$top": str(size), "$skip": str(skip + size)}
        text = "&".join(f"{k}={v}" for k, v in query.items())
        path = "/".join(request.segments).replace("places/room", "places/microsoft.graph.room")
        answer["@odata.nextLink"] = f"{request.base}/v1.0/{path}?{text}"
    answer["value"] = [select(item, names) for item in items[skip : skip + size]]
    return answer_json(answer)


def list_rooms(tenant: Tenant, request: Request) -> Answer:
    """``GET /places/microsoft.graph.room``."""
    return _answer(
        request, [_write_room(r) for r in tenant.rooms.values()], "places/microsoft.graph.room"
    )


def _lists(tenant: Tenant) -> dict[str, Json]:
    return {
        room.list_mail: {
            "id": make_id(tenant.organisation.seed, "roomlist", room.list_mail),
            "displayName": f"{room.office} rooms",
            "emailAddress": room.list_mail,
            "tags": [],
            "phone": "",
            "address": {
                "street": "", "city": room.office, "state": "",
                "countryOrRegion": room.member.country, "postalCode": "",
            },
            "geoCoordinates": None,
        }
        for room in tenant.rooms.values()
    }  # fmt: skip


def list_room_lists(tenant: Tenant, request: Request) -> Answer:
    """``GET /places/microsoft.graph.roomlist``."""
    return _answer(request, list(_lists(tenant).values()), "places/microsoft.graph.roomList")


def list_rooms_of_list(tenant: Tenant, request: Request, place: str) -> Answer:
    """``GET /places/{address of a room list}/microsoft.graph.roomlist/rooms``."""
    rooms = [r for r in tenant.rooms.values() if r.list_mail == place.lower()]
    if not rooms:
        raise GraphError(404, "ErrorItemNotFound", f"The room list '{place}' was not found.")
    return _answer(request, [_write_room(r) for r in rooms], "places/microsoft.graph.room")


def get_place(tenant: Tenant, request: Request, place: str) -> Answer:
    """``GET /places/{id or address}``."""
    member = tenant.by_address.get(place.lower())
    room = tenant.rooms.get(member.id if member else place)
    if room is None:
        raise GraphError(404, "ErrorItemNotFound", f"The place '{place}' was not found.")
    return answer_json(
        {
            "@odata.context": context(request, "places/$entity"),
            "@odata.type": "#microsoft.graph.room",
            **_write_room(room),
        }
    )
