from __future__ import annotations

import pytest

from tests.sandbox.conftest import ORGANISER

WINDOW = "startDateTime=2026-12-07T00:00:00Z&endDateTime=2026-12-14T00:00:00Z"


def error(response):
    return response.status_code, response.json()["error"]["code"]


def book_on(client, mail, day, **more):
    times = {
        "start": {"dateTime": f"2026-12-{day:02d}T12:00:00", "timeZone": "UTC"},
        "end": {"dateTime": f"2026-12-{day:02d}T13:00:00", "timeZone": "UTC"},
    }
    return client.book([mail], **times, **more).json()["id"]


def test_events_come_ten_a_page_newest_first(client, people):
    made = [client.book([people[0]["mail"]], subject=str(n)).json()["id"] for n in range(23)]

    pages = client.pages(f"users/{ORGANISER}/events")

    assert [len(page["value"]) for page in pages] == [10, 10, 3]
    assert {row["id"] for page in pages for row in page["value"]} == set(made)


def test_view_holds_what_overlaps_the_window_by_start(client, people):
    days = (6, 13, 7, 14)
    made = {day: book_on(client, people[0]["mail"], day) for day in days}

    rows = client.rows(f"users/{ORGANISER}/calendarView?{WINDOW}")

    assert [row["id"] for row in rows] == [made[7], made[13]]


def test_view_needs_a_window(client):
    answer = client.graph("GET", f"users/{ORGANISER}/calendarView?startDateTime=2026-12-07")

    assert error(answer) == (400, "ErrorInvalidParameter")


def test_view_of_a_person_shows_what_stood_there_before(client, people):
    book_on(client, people[0]["mail"], 7)
    rows = client.rows(f"users/{people[0]['id']}/calendarView?{WINDOW}&$top=20")
    schedule = client.graph(
        "POST",
        f"users/{ORGANISER}/calendar/getSchedule",
        {
            "Schedules": [people[0]["mail"]],
            "StartTime": {"dateTime": "2026-12-07T00:00:00", "timeZone": "UTC"},
            "EndTime": {"dateTime": "2026-12-14T00:00:00", "timeZone": "UTC"},
        },
    ).json()["value"][0]["scheduleItems"]

    assert sorted((r["start"]["dateTime"], r["end"]["dateTime"], r["showAs"]) for r in rows) == (
        sorted((i["start"]["dateTime"], i["end"]["dateTime"], i["status"]) for i in schedule)
    )
    assert sum(not row["isOrganizer"] for row in rows) == 1


def test_filter_by_time_and_order(client, people):
    made = {day: book_on(client, people[0]["mail"], day) for day in (9, 7, 8)}
    condition = "$filter=start/dateTime ge '2026-12-08T00:00'&$orderby=start/dateTime"

    rows = client.rows(f"users/{ORGANISER}/events?{condition}")

    assert [row["id"] for row in rows] == [made[8], made[9]]


def test_filter_by_category(client, people):
    book_on(client, people[0]["mail"], 7)
    made = book_on(client, people[0]["mail"], 8, categories=["Networking"])

    rows = client.rows(f"users/{ORGANISER}/events?$filter=categories/any(c:c eq 'Networking')")

    assert [row["id"] for row in rows] == [made]


def delta(client, link=None, size=50):
    """Follow a round; all rows and the delta link."""
    link = link or f"users/{ORGANISER}/calendarView/delta?{WINDOW}"
    pages = client.pages(link, Prefer=f"odata.maxpagesize={size}")
    return [row for page in pages for row in page["value"]], pages[-1]["@odata.deltaLink"], pages


def test_delta_pages_through_everything_once(client, people):
    made = {book_on(client, people[0]["mail"], 7, subject=str(n)) for n in range(12)}

    rows, _, pages = delta(client, size=5)

    assert [len(page["value"]) for page in pages] == [5, 0, 5, 2]
    assert [row["id"] for row in rows] == list(dict.fromkeys(row["id"] for row in rows))
    assert {row["id"] for row in rows} == made


@pytest.mark.usefixtures("all_accept")
def test_delta_tells_of_answers(client, people):
    event = book_on(client, people[0]["mail"], 7)
    _, link, _ = delta(client)
    client.control("settle")

    rows, link, _ = delta(client, link)
    again, _, _ = delta(client, link)

    assert [row["id"] for row in rows] == [event]
    assert rows[0]["attendees"][0]["status"]["response"] == "accepted"
    assert again == []


def test_delta_calls_removed_what_was_cancelled_and_what_changed_outside(client, people):
    inside, outside = book_on(client, people[0]["mail"], 7), book_on(client, people[0]["mail"], 20)
    rows, link, _ = delta(client)
    client.graph("POST", f"users/{ORGANISER}/events/{inside}/cancel", {})
    client.graph("PATCH", f"users/{ORGANISER}/events/{outside}", {"subject": "Other"})

    later, _, _ = delta(client, link)

    assert [row["id"] for row in rows] == [inside]
    assert [(row["id"], row["@removed"]["reason"]) for row in later] == [
        (inside, "deleted"), (outside, "deleted"),
    ]  # fmt: skip
    assert client.graph("GET", f"users/{ORGANISER}/events/{outside}").status_code == 200


def test_delta_loses_nothing_that_changes_between_two_pages(client, people):
    made = [book_on(client, people[0]["mail"], 7, subject=str(n)) for n in range(6)]
    headers = {"Prefer": "odata.maxpagesize=2"}
    link = f"users/{ORGANISER}/calendarView/delta?{WINDOW}"
    page = client.graph("GET", link, **headers).json()
    seen = {row["id"] for row in page["value"]}
    client.graph("PATCH", f"users/{ORGANISER}/events/{made[3]}", {"subject": "Changed"})
    while "@odata.nextLink" in page:
        page = client.graph("GET", page["@odata.nextLink"], **headers).json()
        seen |= {row["id"] for row in page["value"]}
    later, _, _ = delta(client, page["@odata.deltaLink"])

    assert seen | {row["id"] for row in later} == set(made)
    assert made[3] in {row["id"] for row in later}


@pytest.mark.parametrize(
    "option", ["$select=id", "$filter=id eq 'x'", "$expand=attachments", "$orderby=id"]
)
def test_delta_takes_no_other_options(client, option):
    answer = client.graph("GET", f"users/{ORGANISER}/calendarView/delta?{WINDOW}&{option}")

    assert error(answer) == (400, "ErrorInvalidUrlQuery")


def test_delta_link_of_another_tenant_is_gone(client, start_tenant, people):
    book_on(client, people[0]["mail"], 7)
    _, link, _ = delta(client)

    answer = start_tenant(concurrency=0).graph("GET", link)

    assert error(answer) == (410, "SyncStateNotFound")
