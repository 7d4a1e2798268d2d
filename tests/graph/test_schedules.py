from __future__ import annotations

import asyncio
import datetime as dt
import json

import httpx
import numpy as np
import pytest

from scheduler.calendars.freebusy import BUSY, OUT_OF_OFFICE, UNKNOWN, FreeBusy, WorkingHours
from scheduler.graph.errors import GraphDeniedError
from scheduler.graph.schedules import (
    merge_free_busy,
    parse_entry,
    read_free_busy,
    read_working_hours,
)

UTC = dt.UTC
START = dt.datetime(2026, 12, 7, tzinfo=UTC)
END = START + dt.timedelta(days=14)
MOMENTS = [START, END]


def minute(text):
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) // 60


def item(start, end, status="busy", zone="UTC"):
    return {
        "status": status,
        "subject": "a secret",
        "isPrivate": False,
        "start": {"dateTime": start, "timeZone": zone},
        "end": {"dateTime": end, "timeZone": zone},
    }


def spans(calendar):
    return list(
        zip(calendar.start.tolist(), calendar.end.tolist(), calendar.status.tolist(), strict=True)
    )


def entry(mail, *items, **more):
    return {"scheduleId": mail, "availabilityView": "", "scheduleItems": list(items), **more}


def broken(mail, code="5006"):
    return {"scheduleId": mail, "error": {"message": "...", "responseCode": code}}


def hours(**changes):
    return {
        "daysOfWeek": ["monday", "friday"],
        "startTime": "08:30:00.0000000",
        "endTime": "17:00:00.0000000",
        "timeZone": {"name": "W. Europe Standard Time"},
        **changes,
    }


class Service:
    """Answers getSchedule: ``calendars`` holds entries by address, or what to do."""

    def __init__(self, calendars):
        self.calendars = calendars
        self.asked = []

    def __call__(self, request):
        body = json.loads(request.content)
        through = request.url.path.split("/")[3]
        self.asked.append((through, body, request.headers.get("prefer")))
        known = self.calendars.get(through)
        if isinstance(known, httpx.Response):
            return known
        values = []
        for mail in body["schedules"]:
            found = self.calendars.get(mail)
            if callable(found):
                found = found(body)
            if isinstance(found, dict):
                values.append(found)
        return httpx.Response(200, json={"value": values})


def read(connect, service, mails, start=START, end=END, **more):
    async def run():
        async with connect(service) as graph:
            return await read_free_busy(graph, mails, start, end, **more)

    return asyncio.run(run())


def test_items_become_minutes():
    calendar = parse_entry(
        entry(
            "a",
            item("2026-12-07T11:00:00.0000000", "2026-12-07T12:30:00.0000000"),
            item("2026-12-08T00:00:00.0000000", "2026-12-09T00:00:00.0000000", "oof"),
        ),
        MOMENTS,
    )

    assert calendar.problem is None
    assert spans(calendar) == [
        (minute("2026-12-07T11:00"), minute("2026-12-07T12:30"), BUSY),
        (minute("2026-12-08T00:00"), minute("2026-12-09T00:00"), OUT_OF_OFFICE),
    ]


def test_end_with_seconds_takes_its_whole_minute():
    calendar = parse_entry(
        entry("a", item("2026-12-07T11:00:30.0000000", "2026-12-07T11:30:01.0000000")), MOMENTS
    )

    assert spans(calendar) == [(minute("2026-12-07T11:00"), minute("2026-12-07T11:31"), BUSY)]


def test_status_that_nobody_knows_is_unknown():
    calendar = parse_entry(
        entry("a", item("2026-12-07T11:00:00", "2026-12-07T12:00:00", "newStatus")), MOMENTS
    )

    assert spans(calendar)[0][2] == UNKNOWN


@pytest.mark.parametrize(
    ("zone", "start", "utc"),
    [
        ("W. Europe Standard Time", "2026-10-25T12:00:00", "2026-10-25T11:00"),
        ("W. Europe Standard Time", "2026-10-24T12:00:00", "2026-10-24T10:00"),
        ("Nepal Standard Time", "2026-12-07T12:00:00", "2026-12-07T06:15"),
        ("AUS Eastern Standard Time", "2026-10-05T12:00:00", "2026-10-05T01:00"),
        ("Hawaiian Standard Time", "2026-12-07T12:00:00", "2026-12-07T22:00"),
    ],
)
def test_item_in_another_zone_is_the_same_instant(zone, start, utc):
    calendar = parse_entry(entry("a", item(start, start, zone=zone)), MOMENTS)

    assert calendar.start.tolist() == [minute(utc)]


@pytest.mark.parametrize(
    "bad",
    [
        {"start": None},
        {"start": {"dateTime": "soon", "timeZone": "UTC"}},
        {"start": {"dateTime": "2026-12-07T11:00:00", "timeZone": "Mars Standard Time"}},
        {"end": {"dateTime": "2026-12-07T10:00:00", "timeZone": "UTC"}},
        {"status": None},
    ],
    ids=repr,
)
def test_entry_that_makes_no_sense_is_never_free(bad):
    good = item("2026-12-07T11:00:00", "2026-12-07T12:00:00")
    calendar = parse_entry(entry("a", {**good, **bad}), MOMENTS)

    assert calendar.problem is not None or spans(calendar)[0][2] == UNKNOWN


@pytest.mark.parametrize(
    "found", [None, broken("a", "5009"), broken("a"), {"scheduleId": "a", "scheduleItems": 7}]
)
def test_calendar_that_cannot_be_read_has_a_problem(found):
    assert parse_entry(found, MOMENTS).problem is not None


def test_working_hours_are_read():
    assert read_working_hours(hours(), MOMENTS) == WorkingHours(
        frozenset({0, 4}), dt.time(8, 30), dt.time(17), "Europe/Berlin"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"daysOfWeek": []},
        {"daysOfWeek": ["someday"]},
        {"endTime": "08:00:00.0000000"},
        {"startTime": None},
        {"timeZone": {"name": "tzone://Microsoft/Custom"}},
        {"timeZone": None},
    ],
    ids=repr,
)
def test_working_hours_that_are_unsound_are_none(changes):
    assert read_working_hours(hours(**changes), MOMENTS) is None


def test_twenty_addresses_go_into_a_request_with_their_window(connect):
    service = Service({f"p{n}@x": entry(f"p{n}@x") for n in range(45)})

    result = read(connect, service, [f"p{n}@x" for n in range(45)])

    assert len(result) == 45
    assert sorted(len(body["schedules"]) for _, body, _ in service.asked) == [5, 20, 20]
    for _, body, prefer in service.asked:
        assert prefer == 'outlook.timezone="UTC"'
        assert body["startTime"] == {"dateTime": "2026-12-07T00:00:00", "timeZone": "UTC"}
        assert body["endTime"] == {"dateTime": "2026-12-21T00:00:00", "timeZone": "UTC"}
        assert body["availabilityViewInterval"] == 30


def test_each_request_goes_through_a_mailbox_it_is_about(connect):
    service = Service({f"p{n}@x": entry(f"p{n}@x") for n in range(40)})

    read(connect, service, [f"p{n}@x" for n in range(40)])

    assert {through for through, _, _ in service.asked} == {"p0@x", "p20@x"}


def test_mailbox_that_is_missing_hands_on_to_the_next(connect):
    missing = httpx.Response(404, json={"error": {"code": "ErrorItemNotFound"}})
    service = Service({"gone@x": missing, "b@x": entry("b@x")})

    result = read(connect, service, ["gone@x", "b@x"])

    assert result["gone@x"].problem is not None
    assert result["b@x"].problem is None


def test_permission_that_is_missing_is_an_error(connect):
    denied = httpx.Response(403, json={"error": {"code": "ErrorAccessDenied"}})

    with pytest.raises(GraphDeniedError):
        read(connect, Service({"a@x": denied}), ["a@x"])


def test_window_is_split_when_it_holds_too_much(connect):
    def crowded(body):
        start, end = (
            dt.datetime.fromisoformat(body[k]["dateTime"]) for k in ("startTime", "endTime")
        )
        if end - start > dt.timedelta(days=4):
            return broken("a@x")
        return entry("a@x", item(start.isoformat(), (start + dt.timedelta(hours=1)).isoformat()))

    service = Service({"a@x": crowded, "b@x": entry("b@x")})

    result = read(connect, service, ["a@x", "b@x"])

    assert result["a@x"].problem is None
    assert result["a@x"].start.tolist() == [
        minute("2026-12-07T00:00"),
        minute("2026-12-10T12:00"),
        minute("2026-12-14T00:00"),
        minute("2026-12-17T12:00"),
    ]
    assert sum("b@x" in body["schedules"] for _, body, _ in service.asked) == 1


def test_calendar_that_fails_in_every_window_is_unknown(connect):
    service = Service({"a@x": broken("a@x"), "b@x": entry("b@x")})

    result = read(connect, service, ["a@x", "b@x"])

    assert result["a@x"].problem == "calendar not readable (5006)"
    assert result["b@x"].problem is None


@pytest.mark.parametrize("code", ["5009", "ErrorNoFreeBusyAccess"])
def test_error_that_a_shorter_window_cannot_change_is_asked_once(connect, code):
    service = Service({"a@x": broken("a@x", code)})

    assert read(connect, service, ["a@x"])["a@x"].problem is not None
    assert len(service.asked) == 1


def test_window_longer_than_graph_takes_is_cut(connect):
    service = Service({"a@x": entry("a@x")})

    read(connect, service, ["a@x"], end=START + dt.timedelta(days=130))

    edges = [(b["startTime"]["dateTime"], b["endTime"]["dateTime"]) for _, b, _ in service.asked]
    lengths = [dt.datetime.fromisoformat(e) - dt.datetime.fromisoformat(s) for s, e in edges]
    assert max(lengths) < dt.timedelta(days=62)
    assert sum(lengths, dt.timedelta()) == dt.timedelta(days=130)


def test_address_is_found_whatever_its_case(connect):
    service = Service({"A@x": entry("a@X", item("2026-12-07T11:00:00", "2026-12-07T12:00:00"))})

    assert len(read(connect, service, ["A@x"])["A@x"].start) == 1


@pytest.mark.parametrize(
    ("start", "end"), [(END, START), (START, START), (START.replace(tzinfo=None), END)]
)
def test_window_that_is_none_is_refused(connect, start, end):
    with pytest.raises(ValueError, match="no window"):
        read(connect, Service({}), ["a@x"], start, end)


def test_unknown_in_one_window_is_unknown_in_all():
    known = parse_entry(entry("a", item("2026-12-07T11:00:00", "2026-12-07T12:00:00")), MOMENTS)

    assert merge_free_busy([known, FreeBusy(problem="x")]).problem == "x"


def test_spans_are_those_that_the_sdk_reads():
    """The SDK's own models are the witness: slow, but written by Microsoft."""
    from kiota_serialization_json.json_parse_node_factory import (  # noqa: PLC0415 -- slow import
        JsonParseNodeFactory,
    )
    from msgraph.generated.models.schedule_information import (  # noqa: PLC0415 -- slow import
        ScheduleInformation,
    )

    rng = np.random.default_rng(5)
    items = []
    for begin in rng.integers(0, 14 * 24 * 60, 40):
        start = START.replace(tzinfo=None) + dt.timedelta(minutes=int(begin))
        end = start + dt.timedelta(minutes=int(rng.integers(1, 600)))
        status = rng.choice(["free", "tentative", "busy", "oof", "workingElsewhere"])
        items.append(
            item(f"{start.isoformat()}.0000000", f"{end.isoformat()}.0000000", str(status))
        )
    raw = entry("a@x", *items, workingHours=hours())

    node = JsonParseNodeFactory().get_root_parse_node("application/json", json.dumps(raw).encode())
    sdk = node.get_object_value(ScheduleInformation)
    ours = parse_entry(raw, MOMENTS)

    order = ["free", "tentative", "busy", "oof", "workingElsewhere"]
    assert spans(ours) == [
        (minute(i.start.date_time[:16]), minute(i.end.date_time[:16]), order.index(i.status.value))
        for i in sdk.schedule_items
    ]
    assert ours.hours.start == sdk.working_hours.start_time
