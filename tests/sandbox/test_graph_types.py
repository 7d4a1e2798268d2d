"""Every body that the sandbox sends or takes, judged by Microsoft's published types."""

from __future__ import annotations

import base64

import pytest

from tests.sandbox.conftest import ORGANISER, TAG, TYPES
from tests.sandbox.graph_types import GraphTypes


@pytest.fixture(scope="session")
def types() -> GraphTypes:
    if not TYPES.exists():
        pytest.skip("../shared/data/graph/types.json is not on this machine")
    return GraphTypes(TYPES)


def found(response, status=200):
    assert response.status_code == status, response.text
    return response.json()


def test_an_invented_property_is_noticed(types):
    assert types.complaints({"id": "1", "isMeeting": True}, "event") == [
        "$.isMeeting: no property of event"
    ]


def test_a_word_outside_an_enumeration_is_noticed(types):
    assert types.complaints({"showAs": "away"}, "event") == [
        "$.showAs: 'away' is no freeBusyStatus"
    ]


def test_users_with_every_property_are_users(client, types):
    names = ",".join(next(iter(client.sandbox.tenant.directory.values())))
    rows = client.rows(f"users?$select={names}&$expand=manager($select=id)&$top=999")

    assert len(rows) > 200
    assert [c for row in rows for c in types.complaints(row, "user")] == []


def test_manager_group_members_and_organization_are_what_they_say(client, types, people):
    groups = client.rows("groups")
    members = client.rows(f"groups/{groups[0]['id']}/members")
    manager = found(client.graph("GET", f"users/{people[1]['id']}/manager"))
    organisation = found(client.graph("GET", "organization"))["value"][0]

    assert [c for g in groups for c in types.complaints(g, "group")] == []
    assert [c for m in members for c in types.complaints(m, "user")] == []
    assert types.complaints(manager, "user") == []
    assert types.complaints(organisation, "organization") == []


def test_mailbox_settings_of_everybody_are_mailbox_settings(client, types, people):
    answers = [found(client.graph("GET", f"users/{p['id']}/mailboxSettings")) for p in people]

    assert [c for a in answers for c in types.complaints(a, "mailboxSettings")] == []


def test_schedules_of_everybody_are_schedule_informations(client, types):
    mails = [person["mail"] for person in client.see("people")]
    rows = []
    for start in range(0, len(mails), 20):
        body = {
            "Schedules": mails[start : start + 20],
            "StartTime": {"dateTime": "2026-11-30T00:00:00", "timeZone": "UTC"},
            "EndTime": {"dateTime": "2026-12-14T00:00:00", "timeZone": "UTC"},
            "AvailabilityViewInterval": 30,
        }
        assert types.complain_of_action(body, "getSchedule") == []
        path = f"users/{ORGANISER}/calendar/getSchedule"
        rows += found(client.graph("POST", path, body))["value"]

    assert len(rows) == len(mails)
    assert [c for row in rows for c in types.complaints(row, "scheduleInformation")] == []
    words = {i["status"] for row in rows for i in row["scheduleItems"]}
    assert words == {"free", "tentative", "busy", "oof", "workingElsewhere"}
    zones = {
        row["workingHours"]["timeZone"].get("@odata.type") for row in rows if "workingHours" in row
    }
    assert zones == {None, "#microsoft.graph.customTimeZone"}


def test_events_of_organiser_and_attendees_are_events(client, types, people):
    room = client.rows("places/microsoft.graph.room")[0]["emailAddress"]
    client.control("answers", {"shares": {"proposed": 1}})
    mails = [p["mail"] for p in people[:4]]
    resource = {"emailAddress": {"address": room}, "type": "resource"}
    pdf = base64.b64encode(b"%PDF-").decode()
    file = {"@odata.type": "#microsoft.graph.fileAttachment", "name": "a.pdf", "contentBytes": pdf}
    made = client.book(
        [*mails, resource],
        isOnlineMeeting=True,
        transactionId="t",
        categories=["Networking"],
        attachments=[file],
        singleValueExtendedProperties=[{"id": TAG, "value": "r/1"}],
    )
    client.control("settle")
    event = found(made, 201)["id"]
    expand = f"$expand=singleValueExtendedProperties($filter=id eq '{TAG}')"
    shown = [
        made.json(),
        found(client.graph("GET", f"users/{ORGANISER}/events/{event}?{expand}")),
        *client.rows(f"users/{ORGANISER}/events?{expand}"),
        *(event for p in people[:4] for event in client.rows(f"users/{p['id']}/events")),
        *client.rows(f"users/{people[0]['id']}/calendarView?startDateTime=2026-12-07&endDateTime=2026-12-14&$top=50"),
    ]  # fmt: skip
    listed = found(client.graph("GET", f"users/{ORGANISER}/events/{event}/attachments"))["value"]

    assert len(shown) > 20
    assert shown[1]["attendees"][0]["proposedNewTime"]["start"]["timeZone"] == "UTC"
    assert [c for e in shown for c in types.complaints(e, "event")] == []
    assert [c for a in listed for c in types.complaints(a, "fileAttachment")] == []


def test_rooms_and_room_lists_are_places(client, types):
    rooms = client.rows("places/microsoft.graph.room")
    lists = client.rows("places/microsoft.graph.roomlist")

    assert len(rooms) >= 8
    assert [c for room in rooms for c in types.complaints(room, "room")] == []
    assert [c for one in lists for c in types.complaints(one, "roomList")] == []


def test_the_calendar_is_a_calendar(client, types):
    calendar = found(client.graph("GET", f"users/{ORGANISER}/calendar"))

    assert types.complaints(calendar, "calendar") == []


def test_the_actions_take_the_parameters_of_the_metadata(types):
    slot = {
        "start": {"dateTime": "2026-12-07T13:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2026-12-07T14:00:00", "timeZone": "UTC"},
    }
    item = {"attachmentType": "file", "name": "a.pdf", "size": 4_000_000}

    bodies = {
        "cancel": {"comment": "Sorry"},
        "decline": {"comment": "No", "sendResponse": True, "proposedNewTime": slot},
        "accept": {"Comment": "Yes", "SendResponse": True},
        "createUploadSession": {"AttachmentItem": item},
    }

    assert [c for a, body in bodies.items() for c in types.complain_of_action(body, a)] == []
