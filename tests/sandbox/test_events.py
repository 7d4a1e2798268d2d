from __future__ import annotations

import datetime as dt

import pytest

from tests.sandbox.conftest import ORGANISER, TAG

NOON_BEFORE = {"dateTime": "2026-12-07T11:00:00", "timeZone": "UTC"}
UNNAMED = [{"id": "group", "value": "1"}]


def error(response):
    return response.status_code, response.json()["error"]["code"]


def event_of(client, event, user=ORGANISER, query="", **headers):
    return client.graph("GET", f"users/{user}/events/{event}{query}", **headers).json()


def copy_in(client, person):
    """The copies of a person as the witness sees them."""
    return client.see(f"mailboxes/{person['id']}")["events"]


def test_each_attendee_gets_one_copy_with_an_id_of_its_own(client, people):
    made = client.book([p["mail"] for p in people[:4]]).json()

    copies = [copy for person in people[:4] for copy in copy_in(client, person)]

    assert [copy["iCalUId"] for copy in copies] == [made["iCalUId"]] * 4
    assert len({made["id"], *(copy["id"] for copy in copies)}) == 5
    assert [copy["isOrganizer"] for copy in copies] == [False] * 4
    assert client.see("report")["copies_wrong"] == 0


def test_an_address_named_twice_is_invited_once(client, people):
    mail = people[0]["mail"]

    made = client.book([mail, mail.upper()]).json()

    assert [a["emailAddress"]["address"] for a in made["attendees"]] == [mail]


def test_start_is_read_in_its_zone_and_shown_in_the_preferred_one(client, people):
    times = {
        "start": {"dateTime": "2026-10-25T12:00:00", "timeZone": "W. Europe Standard Time"},
        "end": {"dateTime": "2026-10-25T13:00:00", "timeZone": "Europe/Berlin"},
    }
    made = client.book([people[0]["mail"]], **times).json()
    sydney = event_of(client, made["id"], Prefer='outlook.timezone="AUS Eastern Standard Time"')

    assert made["start"] == {"dateTime": "2026-10-25T11:00:00.0000000", "timeZone": "UTC"}
    assert sydney["start"]["dateTime"] == "2026-10-25T22:00:00.0000000"
    assert (made["originalStartTimeZone"], made["originalEndTimeZone"]) == (
        "W. Europe Standard Time", "Europe/Berlin",
    )  # fmt: skip


@pytest.mark.parametrize(
    "zone", ["(UTC+01:00) Amsterdam, Berlin", "Europe/Vienna", "tzone://Microsoft/Custom"]
)
def test_zones_that_are_refused(client, people, zone):
    start = {"dateTime": "2026-12-07T12:00:00", "timeZone": zone}

    assert error(client.book([people[0]["mail"]], start=start)) == (
        400, "TimeZoneNotSupportedException",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"end": NOON_BEFORE}, "ErrorPropertyValidationFailure"),
        ({"isAllDay": True}, "ErrorPropertyValidationFailure"),
        ({"showAs": "away"}, "RequestBodyRead"),
        ({"isMeeting": True}, "RequestBodyRead"),
        ({"isReminderOn": "yes"}, "RequestBodyRead"),
        ({"start": "noon"}, "RequestBodyRead"),
        ({"start": {"dateTime": "noon"}}, "ErrorInvalidParameter"),
        ({"location": {"room": "Linden"}}, "RequestBodyRead"),
        ({"singleValueExtendedProperties": UNNAMED}, "ErrorInvalidExtendedProperty"),
        ({"attachments": [{"name": "a"}]}, "BadRequest"),
    ],
)  # fmt: skip
def test_events_that_are_refused_leave_nothing_behind(client, people, change, code):
    assert error(client.book([people[0]["mail"]], **change)) == (400, code)
    assert client.see("report")["events"] == 0
    assert copy_in(client, people[0]) == []


@pytest.mark.parametrize(
    ("attendee", "code"),
    [
        ({"mail": "a@b.example"}, "RequestBodyRead"),
        ({"emailAddress": {"mail": "a@b.example"}}, "RequestBodyRead"),
        ({"emailAddress": {"address": "nobody"}}, "ErrorInvalidRecipients"),
        ({"emailAddress": {"address": "a@b.example"}, "type": "guest"}, "RequestBodyRead"),
    ],
)
def test_attendees_that_are_refused(client, attendee, code):
    assert error(client.book([attendee])) == (400, code)


def test_five_hundred_attendees_are_the_most(client):
    mails = [f"guest-{n}@partner.example" for n in range(501)]

    assert client.book(mails[:500]).status_code == 201
    assert error(client.book(mails)) == (400, "ErrorExceededMaxRecipientLimit")


def test_series_are_not_offered(client, people):
    assert error(client.book([people[0]["mail"]], recurrence={"pattern": {}})) == (
        501, "NotImplemented",
    )  # fmt: skip


def test_same_transaction_and_content_again_is_no_second_event(client, people):
    first = client.book([people[0]["mail"]], transactionId="t-1")
    again = client.book([people[0]["mail"]], transactionId="t-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert client.see("report")["events"] == 1


def test_same_transaction_again_can_be_refused(start_tenant, people):
    strict = start_tenant(concurrency=0, replay="refuse")
    strict.book([people[0]["mail"]], transactionId="t-1")

    assert error(strict.book([people[0]["mail"]], transactionId="t-1")) == (
        409, "ErrorDuplicateTransactionId",
    )  # fmt: skip
    assert strict.see("report")["events"] == 1


def test_transaction_of_another_or_a_cancelled_event_is_refused(client, people):
    made = client.book([people[0]["mail"]], transactionId="t-1").json()

    other = client.book([people[0]["mail"]], transactionId="t-1", subject="Dinner")
    client.graph("POST", f"users/{ORGANISER}/events/{made['id']}/cancel", {})
    later = client.book([people[0]["mail"]], transactionId="t-1")

    assert error(other) == error(later) == (409, "ErrorDuplicateTransactionId")


def test_transaction_in_another_mailbox_is_another_one(client, people):
    client.book([people[0]["mail"]], transactionId="t-1")

    other = client.book(
        [people[0]["mail"]], user="networking-2@lindenhof.example", transactionId="t-1"
    )

    assert other.status_code == 201
    assert client.see("report")["events"] == 2


def test_online_meeting_has_a_join_link_in_property_and_body(client, people):
    made = client.book([people[0]["mail"]], isOnlineMeeting=True).json()
    plain = client.book([people[0]["mail"]]).json()

    assert made["onlineMeeting"]["joinUrl"] in made["body"]["content"]
    assert made["onlineMeetingProvider"] == "teamsForBusiness"
    assert plain["onlineMeeting"] is None


def test_body_without_the_join_link_ends_the_online_meeting(client, people):
    made = client.book([people[0]["mail"]], isOnlineMeeting=True).json()
    path = f"users/{ORGANISER}/events/{made['id']}"
    kept = client.graph(
        "PATCH", path, {"body": {"contentType": "html", "content": made["body"]["content"] + "!"}}
    )
    lost = client.graph("PATCH", path, {"body": {"contentType": "html", "content": "New"}})

    assert kept.json()["onlineMeeting"] == made["onlineMeeting"]
    assert (lost.json()["onlineMeeting"], lost.json()["isOnlineMeeting"]) == (None, False)


def test_extended_property_is_shown_only_when_expanded_by_id(client, people):
    made = client.book(
        [people[0]["mail"]], singleValueExtendedProperties=[{"id": TAG, "value": "r/1"}]
    ).json()
    expand = f"?$expand=singleValueExtendedProperties($filter=id eq '{TAG}')"

    assert "singleValueExtendedProperties" not in event_of(client, made["id"])
    assert event_of(client, made["id"], query=expand)["singleValueExtendedProperties"] == [
        {"id": TAG, "value": "r/1"}
    ]
    bare = client.graph(
        "GET", f"users/{ORGANISER}/events/{made['id']}?$expand=singleValueExtendedProperties"
    )
    assert error(bare) == (400, "ErrorInvalidUrlQueryFilter")


def test_event_is_found_by_its_extended_property(client, people):
    for value in ("r/1", "r/2"):
        client.book(
            [people[0]["mail"]],
            subject=value,
            singleValueExtendedProperties=[{"id": TAG, "value": value}],
        )
    condition = f"singleValueExtendedProperties/Any(ep: ep/id eq '{TAG}' and ep/value eq 'r/2')"

    rows = client.rows(f"users/{ORGANISER}/events?$filter={condition}")

    assert [row["subject"] for row in rows] == ["r/2"]


def test_body_can_be_asked_for_as_text(client, people):
    made = client.book(
        [people[0]["mail"]], body={"contentType": "html", "content": "<p>One &amp; two</p>"}
    ).json()

    text = event_of(client, made["id"], Prefer='outlook.body-content-type="text"')

    assert text["body"] == {"contentType": "text", "content": "One & two"}


def test_select_leaves_the_rest_out(client, people):
    made = client.book([people[0]["mail"]]).json()

    assert sorted(event_of(client, made["id"], query="?$select=subject")) == [
        "@odata.context", "@odata.etag", "id", "subject",
    ]  # fmt: skip


def test_etag_that_does_not_match_is_a_conflict(client, people):
    made = client.book([people[0]["mail"]]).json()
    path = f"users/{ORGANISER}/events/{made['id']}"

    first = client.graph("PATCH", path, {"subject": "A"}, If_Match=made["@odata.etag"])
    second = client.graph("PATCH", path, {"subject": "B"}, If_Match=made["@odata.etag"])

    assert first.json()["subject"] == "A"
    assert error(second) == (412, "ErrorIrresolvableConflict")


def test_an_event_that_is_not_there(client):
    assert error(client.graph("GET", f"users/{ORGANISER}/events/AAMk")) == (
        404,
        "ErrorItemNotFound",
    )


def test_hidden_attendees_see_only_themselves(client, people):
    client.book([p["mail"] for p in people[:3]], hideAttendees=True)

    (copy,) = copy_in(client, people[0])

    assert [a["emailAddress"]["address"] for a in copy["attendees"]] == [people[0]["mail"]]


def test_all_day_event_runs_from_midnight_in_its_zone(client, people):
    made = client.book(
        [people[0]["mail"]],
        isAllDay=True,
        start={"dateTime": "2026-12-07T00:00:00", "timeZone": "Tokyo Standard Time"},
        end={"dateTime": "2026-12-08T00:00:00", "timeZone": "Tokyo Standard Time"},
    ).json()

    assert made["start"]["dateTime"] == "2026-12-06T15:00:00.0000000"


def test_clock_of_the_tenant_stands_on_its_today(client, people):
    client.control("today", {"today": "2027-03-01"})

    made = client.book([people[0]["mail"]]).json()

    assert dt.date.fromisoformat(made["createdDateTime"][:10]) == dt.date(2027, 3, 1)
