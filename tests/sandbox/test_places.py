from __future__ import annotations

from collections import Counter

from tests.sandbox.conftest import ORGANISER


def test_rooms_are_in_the_buildings_where_people_sit(client):
    rooms = client.rows("places/microsoft.graph.room")

    offices = {p["office"] for p in client.see("people")} - {"Remote"}
    assert {room["building"] for room in rooms} == offices
    assert {room["capacity"] for room in rooms} <= {4, 5, 6, 8}


def test_rooms_suffice_for_lunch_in_a_fortnight(client):
    """Two lunches a day, ten days, four to a group, one hour in five booked by others."""
    rooms = Counter(room["building"] for room in client.rows("places/microsoft.graph.room"))
    seated = Counter(p["office"] for p in client.see("people"))

    slack = {office: rooms[office] * 20 * 0.8 / (seated[office] / 4) for office in rooms}

    assert min(slack.values()) >= 1.3


def test_room_lists_hold_the_rooms_of_an_office(client):
    rooms = client.rows("places/microsoft.graph.room")
    listed = [
        room
        for one in client.rows("places/microsoft.graph.roomlist")
        for room in client.rows(f"places/{one['emailAddress']}/microsoft.graph.roomlist/rooms")
    ]

    assert sorted(r["id"] for r in listed) == sorted(r["id"] for r in rooms)


def test_the_namespace_may_be_shortened(client):
    assert client.rows("places/graph.room") == client.rows("places/microsoft.graph.room")


def test_rooms_are_paged_and_counted(client):
    pages = client.pages("places/microsoft.graph.room?$top=3&$count=true")

    ids = [room["id"] for page in pages for room in page["value"]]
    assert len(ids) == len(set(ids)) == pages[0]["@odata.count"]


def test_rooms_are_filtered(client):
    rooms = client.rows(
        "places/microsoft.graph.room?$filter=building eq 'London' and capacity ge 6"
    )

    assert {room["building"] for room in rooms} == {"London"}
    assert min(room["capacity"] for room in rooms) >= 6


def test_room_is_found_by_address(client):
    room = client.rows("places/microsoft.graph.room")[0]

    assert client.graph("GET", f"places/{room['emailAddress']}").json()["id"] == room["id"]
    assert client.graph("GET", "places/nowhere@x.example").status_code == 404


def test_room_has_a_schedule_with_bookings_of_others(client):
    rooms = [room["emailAddress"] for room in client.rows("places/microsoft.graph.room")]
    body = {
        "Schedules": rooms[:8],
        "StartTime": {"dateTime": "2026-12-07T00:00:00", "timeZone": "UTC"},
        "EndTime": {"dateTime": "2026-12-12T00:00:00", "timeZone": "UTC"},
    }

    rows = client.graph("POST", f"users/{ORGANISER}/calendar/getSchedule", body).json()["value"]

    share = sum(len(row["scheduleItems"]) for row in rows) / (len(rows) * 50)
    assert 0.1 < share < 0.3
