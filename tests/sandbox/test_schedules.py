from __future__ import annotations

import datetime as dt

import pytest

from tests.sandbox.conftest import ORGANISER

PATH = f"users/{ORGANISER}/calendar/getSchedule"


def ask(client, mails, start="2026-11-30T00:00:00", end="2026-12-14T00:00:00", **more):
    zone = more.pop("zone", "UTC")
    headers = more.pop("headers", {})
    body = {
        "schedules": mails,
        "startTime": {"dateTime": start, "timeZone": zone},
        "endTime": {"dateTime": end, "timeZone": zone},
        "availabilityViewInterval": 30,
        **more,
    }
    return client.graph("POST", PATH, body, **headers)


def error(response):
    return response.status_code, response.json()["error"]["code"]


@pytest.mark.parametrize("action", ["getSchedule", "getschedule", "microsoft.graph.getSchedule"])
def test_action_name_in_any_form(client, people, action):
    body = {
        "SCHEDULES": [people[0]["mail"]],
        "startTIME": {"dateTime": "2026-11-30T00:00:00", "timeZone": "UTC"},
        "EndTime": {"dateTime": "2026-12-01T00:00:00", "timeZone": "UTC"},
    }

    answer = client.graph("POST", f"users//{ORGANISER}/calendar/{action}", body)

    assert [row["scheduleId"] for row in answer.json()["value"]] == [people[0]["mail"]]


def test_twenty_one_addresses_are_too_many(client, people):
    mails = [p["mail"] for p in people[:21]]

    assert ask(client, mails[:20]).status_code == 200
    assert error(ask(client, mails)) == (400, "ErrorMailboxDataArrayTooBig")


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2026-11-30T00:00:00", "2027-01-31T00:00:00", "ErrorInvalidTimeInterval"),
        ("2026-11-30T00:00:00", "2026-11-30T00:00:00", "ErrorInvalidTimeInterval"),
        ("2026-11-30T00:00:00", "2026-11-29T00:00:00", "ErrorInvalidTimeInterval"),
        ("tomorrow", "2026-11-29T00:00:00", "ErrorInvalidParameter"),
    ],
)
def test_windows_that_are_refused(client, people, start, end, code):
    assert error(ask(client, [people[0]["mail"]], start, end)) == (400, code)


def test_a_window_just_below_62_days_is_taken(client, people):
    answer = ask(client, [people[0]["mail"]], "2026-11-30T00:00:00", "2027-01-30T23:59:00")

    assert answer.status_code == 200


@pytest.mark.parametrize("interval", [4, 1441, "often"])
def test_intervals_that_are_refused(client, people, interval):
    answer = ask(client, [people[0]["mail"]], availabilityViewInterval=interval)

    assert error(answer) == (400, "ErrorInvalidMergedFreeBusyInterval")


def test_null_interval_is_an_internal_error(client, people):
    answer = ask(client, [people[0]["mail"]], availabilityViewInterval=None)

    assert error(answer) == (500, "ErrorInternalServerError")


@pytest.mark.parametrize("zone", ["Mars/Phobos", "(UTC+01:00) Berlin", "Europe/Vienna"])
def test_zones_that_are_refused(client, people, zone):
    answer = ask(client, [people[0]["mail"]], zone=zone)

    assert error(answer) == (400, "TimeZoneNotSupportedException")


def test_unknown_missing_and_unreadable_calendars_have_an_error_and_no_items(client):
    by_state = {p["mailbox"]: p["mail"] for p in client.see("people")}
    mails = [
        "nobody@lindenhof.example",
        by_state["missing"],
        by_state["disabled"],
        by_state["unreadable"],
    ]

    rows = ask(client, mails).json()["value"]

    codes = [row["error"]["responseCode"] for row in rows]
    assert codes == ["5009", "5009", "5009", "ErrorNoFreeBusyAccess"]
    assert [row["scheduleItems"] for row in rows] == [[], [], [], []]


def test_view_agrees_with_the_items(client, people):
    rank = {"free": 0, "workingElsewhere": 0, "tentative": 1, "busy": 2, "oof": 3}
    start = dt.datetime.fromisoformat("2026-11-30T00:00:00")

    for row in ask(client, [p["mail"] for p in people[:5]]).json()["value"]:
        expected = [0] * (14 * 48)
        for item in row["scheduleItems"]:
            first = dt.datetime.fromisoformat(item["start"]["dateTime"][:19])
            last = dt.datetime.fromisoformat(item["end"]["dateTime"][:19])
            for slot in range(len(expected)):
                begin = start + dt.timedelta(minutes=30 * slot)
                if first < begin + dt.timedelta(minutes=30) and last > begin:
                    expected[slot] = max(expected[slot], rank[item["status"]])
        assert row["availabilityView"] == "".join(map(str, expected))


def test_prefer_sets_the_zone_of_the_items(client, people):
    prefer = {"Prefer": 'outlook.timezone="Tokyo Standard Time"'}

    utc = ask(client, [people[0]["mail"]]).json()["value"][0]["scheduleItems"][0]["start"]
    tokyo = ask(client, [people[0]["mail"]], headers=prefer).json()["value"][0]["scheduleItems"][0]

    ahead = dt.datetime.fromisoformat(tokyo["start"]["dateTime"][:19]) - dt.datetime.fromisoformat(
        utc["dateTime"][:19]
    )
    assert (tokyo["start"]["timeZone"], ahead) == ("Tokyo Standard Time", dt.timedelta(hours=9))


def test_zone_of_the_request_moves_the_window_alone(client, people):
    berlin = ask(client, [people[0]["mail"]], zone="W. Europe Standard Time").json()["value"][0]
    utc = ask(client, [people[0]["mail"]], "2026-11-29T23:00:00", "2026-12-13T23:00:00").json()

    assert berlin == utc["value"][0]


@pytest.mark.usefixtures("all_accept")
def test_a_booked_meeting_is_busy_and_a_cancelled_one_is_not(client, people):
    mail = people[0]["mail"]
    window = ("2026-12-05T12:00:00", "2026-12-05T13:00:00")  # a Saturday
    times = {
        name: {"dateTime": at, "timeZone": "UTC"}
        for name, at in zip(("start", "end"), window, strict=True)
    }
    before = ask(client, [mail], *window).json()["value"][0]["availabilityView"]
    event = client.book([mail], **times).json()["id"]
    invited = ask(client, [mail], *window).json()["value"][0]["availabilityView"]
    client.control("settle")
    accepted = ask(client, [mail], *window).json()["value"][0]["availabilityView"]
    client.graph("POST", f"users/{ORGANISER}/events/{event}/cancel", {"Comment": "Sorry"})
    cancelled = ask(client, [mail], *window).json()["value"][0]["availabilityView"]

    assert [before, invited, accepted, cancelled] == ["00", "11", "22", "00"]


def test_subjects_are_seen_of_those_who_share_them_and_never_of_private_entries(client, people):
    rows = [
        row
        for start in range(0, 100, 20)
        for row in ask(client, [p["mail"] for p in people[start : start + 20]]).json()["value"]
    ]
    sharing = [row for row in rows if any("subject" in item for item in row["scheduleItems"])]
    private = [i for row in sharing for i in row["scheduleItems"] if i.get("isPrivate")]

    assert 5 < len(sharing) < 50
    assert private
    assert [item for item in private if "subject" in item or "location" in item] == []


def test_working_hours_can_be_missing(client, people):
    rows = [
        row
        for start in range(0, len(people), 20)
        for row in ask(client, [p["mail"] for p in people[start : start + 20]]).json()["value"]
    ]

    assert 0 < sum("workingHours" not in row for row in rows) < len(rows) / 10
