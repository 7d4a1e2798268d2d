"""Requests as Microsoft's pages show them, and the facts that the pages state of the answers."""

from __future__ import annotations

import base64

import pytest

from tests.sandbox.conftest import ORGANISER

PACIFIC = "Pacific Standard Time"


def zoned(text, zone=PACIFIC):
    return {"dateTime": text, "timeZone": zone}


def invite(person, kind="required"):
    return {"emailAddress": {"address": person["mail"], "name": person["name"]}, "type": kind}


def test_get_free_busy_schedule_page(client, people):
    """Mixed case of parameters, the interval as text, an answer in the preferred zone."""
    body = {
        "Schedules": [people[0]["mail"]],
        "StartTime": zoned("2026-12-07T09:00:00"),
        "EndTime": zoned("2026-12-07T18:00:00"),
        "availabilityViewInterval": "15",
    }

    answer = client.graph(
        "POST",
        f"users/{ORGANISER}/calendar/getschedule",
        body,
        Prefer=f'outlook.timezone="{PACIFIC}"',
    )

    (row,) = answer.json()["value"]
    assert answer.json()["@odata.context"].endswith(
        "/v1.0/$metadata#Collection(microsoft.graph.scheduleInformation)"
    )
    assert len(row["availabilityView"]) == 36
    assert {item["start"]["timeZone"] for item in row["scheduleItems"]} <= {PACIFIC}
    assert set(row) <= {"scheduleId", "availabilityView", "scheduleItems", "workingHours"}


def test_get_schedule_page(client, people):
    """Two schedules and a slot of an hour."""
    body = {
        "schedules": [people[0]["mail"], people[1]["mail"]],
        "startTime": zoned("2026-12-07T09:00:00"),
        "endTime": zoned("2026-12-07T18:00:00"),
        "availabilityViewInterval": 60,
    }

    rows = client.graph("POST", f"users/{ORGANISER}/calendar/getSchedule", body).json()["value"]

    assert [(row["scheduleId"], len(row["availabilityView"])) for row in rows] == [
        (people[0]["mail"], 9), (people[1]["mail"], 9),
    ]  # fmt: skip


def test_create_event_page(client, people):
    """Pacific time in and out, a location, a transaction id, new time proposals."""
    body = {
        "subject": "Lunch",
        "body": {"contentType": "HTML", "content": "Does noon work for you?"},
        "start": zoned("2026-12-07T12:00:00"),
        "end": zoned("2026-12-07T14:00:00"),
        "location": {"displayName": "Harry's Bar"},
        "attendees": [invite(people[0])],
        "allowNewTimeProposals": True,
        "transactionId": "7E163156-7762-4BEB-A1C6-729EA81755A7",
    }

    made = client.graph(
        "POST", f"users/{ORGANISER}/calendar/events", body, Prefer=f'outlook.timezone="{PACIFIC}"'
    )

    event = made.json()
    assert made.status_code == 201
    assert event["start"] == {"dateTime": "2026-12-07T12:00:00.0000000", "timeZone": PACIFIC}
    assert event["location"]["displayName"] == "Harry's Bar"
    assert event["location"]["locationType"] == "default"
    assert event["transactionId"] == body["transactionId"]
    assert event["body"]["contentType"] == "html"
    assert event["attendees"][0]["status"] == {"response": "none", "time": "0001-01-01T00:00:00Z"}
    assert event["responseStatus"]["response"] == "organizer"
    assert event["originalStartTimeZone"] == PACIFIC


def test_online_meeting_page(client, people):
    made = client.book(
        [invite(people[0])], isOnlineMeeting=True, onlineMeetingProvider="teamsForBusiness"
    ).json()

    assert made["isOnlineMeeting"]
    assert made["onlineMeeting"]["joinUrl"].startswith("https://teams.microsoft.com/l/meetup-join/")
    off = client.graph(
        "PATCH", f"users/{ORGANISER}/events/{made['id']}", {"isOnlineMeeting": False}
    )
    assert off.status_code == 400


def test_update_event_page(client, people):
    made = client.book([invite(people[0])]).json()
    body = {
        "originalStartTimeZone": "originalStartTimeZone-value",
        "responseStatus": {"response": "", "time": "2026-12-07T00:00:00Z"},
        "recurrence": None,
        "reminderMinutesBeforeStart": 99,
        "isReminderOn": True,
        "categories": ["Red category"],
        "hideAttendees": False,
    }

    event = client.graph("PATCH", f"users/{ORGANISER}/events/{made['id']}", body).json()

    assert (event["reminderMinutesBeforeStart"], event["categories"]) == (99, ["Red category"])
    assert event["originalStartTimeZone"] == "GMT Standard Time"


def test_cancel_event_page(client, people):
    made = client.book([invite(people[0])]).json()
    (copy,) = client.see(f"mailboxes/{people[0]['id']}")["events"]
    comment = {"Comment": "Cancelling for this week due to all hands"}

    by_attendee = client.graph(
        "POST", f"users/{people[0]['id']}/events/{copy['id']}/cancel", comment
    )
    by_organiser = client.graph("POST", f"users/{ORGANISER}/events/{made['id']}/cancel", comment)

    assert by_attendee.status_code == 400
    assert (by_organiser.status_code, by_organiser.content) == (202, b"")


@pytest.mark.parametrize("action", ["decline", "tentativelyAccept"])
def test_answers_with_another_time_page(client, people, action):
    made = client.book([invite(people[0])]).json()
    (copy,) = client.see(f"mailboxes/{people[0]['id']}")["events"]
    slot = {"start": zoned("2026-12-08T18:00:00"), "end": zoned("2026-12-08T19:00:00")}
    path = f"users/{people[0]['id']}/events/{copy['id']}/{action}"

    silent = client.graph("POST", path, {"sendResponse": False, "proposedNewTime": slot})
    told = client.graph(
        "POST", path, {"comment": "Maybe", "sendResponse": True, "proposedNewTime": slot}
    )

    shown = client.graph("GET", f"users/{ORGANISER}/events/{made['id']}").json()
    assert (silent.status_code, told.status_code) == (400, 202)
    assert shown["attendees"][0]["proposedNewTime"]["start"]["dateTime"][:16] == "2026-12-09T02:00"


def test_proposal_where_none_is_wanted(client, people):
    client.book([invite(people[0])], allowNewTimeProposals=False)
    (copy,) = client.see(f"mailboxes/{people[0]['id']}")["events"]
    slot = {"start": zoned("2026-12-08T18:00:00"), "end": zoned("2026-12-08T19:00:00")}
    path = f"users/{people[0]['id']}/events/{copy['id']}/decline"

    answer = client.graph("POST", path, {"sendResponse": True, "proposedNewTime": slot})

    assert answer.status_code == 400


def test_forward_event_page(client, people):
    made = client.book([invite(people[0])]).json()
    body = {
        "ToRecipients": [{"emailAddress": {"address": people[1]["mail"], "name": "Dana"}}],
        "Comment": "Dana, hope you can make this meeting.",
    }

    answer = client.graph("POST", f"users/{ORGANISER}/events/{made['id']}/forward", body)

    assert answer.status_code == 202
    assert len(client.see(f"mailboxes/{people[1]['id']}")["events"]) == 1


def test_add_attachment_page(client, people):
    made = client.book([invite(people[0])]).json()
    body = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "menu.txt",
        "contentBytes": base64.b64encode(b"mac and cheese today").decode(),
    }

    answer = client.graph("POST", f"users/{ORGANISER}/events/{made['id']}/attachments", body)

    assert answer.status_code == 201
    assert answer.json()["@odata.type"] == "#microsoft.graph.fileAttachment"
    assert answer.json()["size"] == 20


def test_large_attachment_page(client, people):
    """A session for 3,483,322 bytes; the first range answers with the next one."""
    made = client.book([invite(people[0])]).json()
    size = 3_483_322
    body = {"AttachmentItem": {"attachmentType": "file", "name": "flower", "size": size}}
    path = f"users/{ORGANISER}/events/{made['id']}/attachments/createUploadSession"

    session = client.graph("POST", path, body)
    ranges = client.http.put(
        session.json()["uploadUrl"],
        content=bytes(2_097_152),
        headers={
            "Content-Range": f"bytes 0-2097151/{size}",
            "Content-Type": "application/octet-stream",
        },
    )

    assert session.status_code == 201
    assert session.json()["nextExpectedRanges"] == ["0-"]
    assert (ranges.status_code, ranges.json()["nextExpectedRanges"]) == (200, ["2097152-"])


def test_extended_property_page(client, people):
    name = "String {66f5a359-4659-4830-9070-00040ec6ac6e} Name Fun"
    property_ = {"id": name, "value": "Food"}
    made = client.book([invite(people[0])], singleValueExtendedProperties=[property_]).json()
    expand = f"$expand=singleValueExtendedProperties($filter=id eq '{name}')"
    find = (
        f"$filter=singleValueExtendedProperties/any(ep: ep/id eq '{name}' and ep/value eq 'Food')"
    )

    shown = client.graph("GET", f"users/{ORGANISER}/events/{made['id']}?{expand}").json()

    assert shown["singleValueExtendedProperties"] == [property_]
    assert [e["id"] for e in client.rows(f"users/{ORGANISER}/events?{find}")] == [made["id"]]


def test_list_rooms_page(client):
    rooms = client.graph("GET", "places/microsoft.graph.room").json()["value"]

    assert {
        "id", "emailAddress", "displayName", "address", "geoCoordinates", "phone", "nickname",
        "label", "capacity", "building", "floorNumber", "isWheelChairAccessible", "bookingType",
        "tags", "audioDeviceName", "videoDeviceName", "displayDeviceName",
    } <= set(rooms[0])  # fmt: skip


def test_batch_page(client, people):
    """Ids as text, relative urls, answers by id with a status of their own."""
    body = {
        "requests": [
            {"id": "1", "method": "GET", "url": f"/users/{people[0]['id']}?$select=displayName"},
            {"id": "2", "dependsOn": ["1"], "method": "GET", "url": f"/users/{ORGANISER}/events"},
            {"id": "3", "method": "POST", "url": f"/users/{ORGANISER}/calendar/getSchedule",
             "body": {}, "headers": {"Content-Type": "application/json"}},
        ]
    }  # fmt: skip

    answer = client.graph("POST", "$batch", body)

    by_id = {one["id"]: one["status"] for one in answer.json()["responses"]}
    assert (answer.status_code, by_id) == (200, {"1": 200, "2": 200, "3": 400})


def test_delta_query_page(client):
    """The first answer of a directory of a few is a page with a link of either kind."""
    page = client.graph("GET", "users/delta?$select=displayName,jobTitle,mobilePhone").json()

    assert len({"@odata.nextLink", "@odata.deltaLink"} & set(page)) == 1
    assert set(page["value"][0]) == {"displayName", "jobTitle", "mobilePhone", "id"}
