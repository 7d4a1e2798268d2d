from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
from pathlib import Path

import httpx
import pytest

from scheduler.graph.attachments import PIECE_BYTES, add_attachment
from scheduler.graph.bodies import announce_attachment, rewrite_body
from scheduler.graph.changes import read_changes
from scheduler.graph.events import (
    GROUP_PROPERTY,
    INLINE_BYTES_MOST,
    ROUND_PROPERTY,
    Attachment,
    EventDraft,
    Invitee,
    cancel_event,
    change_attendees,
    create_event,
    find_events,
    read_event,
    write_event,
)
from scheduler.graph.mail import send_mail

TYPES = Path(__file__).parents[2] / "../shared/data/graph/types.json"
START = dt.datetime(2026, 12, 7, 11, tzinfo=dt.UTC)
DRAFT = EventDraft(
    mailbox="lunch@contoso.example",
    round_id="o'lunch/2026-12-07",
    group_key="o'lunch/2026-12-07/3/1",
    transaction_id="7f1c",
    subject="Lunch",
    html="<html><body><p>Hello</p></body></html>",
    start=START,
    end=START + dt.timedelta(minutes=60),
    zone="Europe/Berlin",
    invitees=(Invitee("a@x", "A"), Invitee("room@x", "Oak", "resource")),
    category="Networking",
    location="Oak, Berlin",
    location_mail="room@x",
    online=True,
    attachments=(Attachment("agenda.pdf", b"%PDF-1.7"),),
)


def call(connect, handler, work):
    async def run():
        async with connect(handler) as graph:
            return await work(graph)

    return asyncio.run(run())


def bodies(handler):
    return [json.loads(r.content) if r.content else None for r in handler.requests]


def test_event_is_written_on_the_attendees_clock_and_marked():
    body = write_event(DRAFT)

    assert body["start"] == {
        "dateTime": "2026-12-07T12:00:00",
        "timeZone": "W. Europe Standard Time",
    }
    assert body["end"] == {"dateTime": "2026-12-07T13:00:00", "timeZone": "W. Europe Standard Time"}
    assert body["transactionId"] == "7f1c"
    assert body["categories"] == ["Networking"]
    assert body["singleValueExtendedProperties"] == [
        {"id": ROUND_PROPERTY, "value": DRAFT.round_id},
        {"id": GROUP_PROPERTY, "value": DRAFT.group_key},
    ]
    assert [(a["emailAddress"]["address"], a["type"]) for a in body["attendees"]] == [
        ("a@x", "required"),
        ("room@x", "resource"),
    ]
    assert base64.b64decode(body["attachments"][0]["contentBytes"]) == b"%PDF-1.7"


@pytest.mark.skipif(not TYPES.exists(), reason="../shared/data/graph is not here")
def test_every_property_of_an_event_is_one_that_graph_knows():
    known = json.loads(TYPES.read_text())

    def check(value, type_name):
        inner = type_name.removeprefix("Collection(").removesuffix(")")
        if isinstance(value, list):
            assert type_name.startswith("Collection("), type_name
            for entry in value:
                check(entry, inner)
        elif isinstance(value, dict):
            name = inner.removeprefix("graph.")
            name = value.get("@odata.type", name).removeprefix("#microsoft.graph.")
            properties = {}
            while name:
                found = known["types"][name]
                properties |= {k: v["type"] for k, v in found["properties"].items()}
                properties |= found["navigation"]
                name = (found["base"] or "").removeprefix("graph.")
            for key, entry in value.items():
                if not key.startswith("@odata."):
                    assert key in properties, key
                    check(entry, properties[key])
        elif inner.removeprefix("graph.") in known["enums"]:
            assert value in known["enums"][inner.removeprefix("graph.")]["members"]
        else:
            kinds = {"Edm.Boolean": bool, "Edm.Int32": int, "Edm.Int64": int}
            assert isinstance(value, kinds.get(inner, str)), inner

    check(write_event(DRAFT), "graph.event")


def test_created_event_is_read_from_the_answer(connect, script):
    handler = script(
        httpx.Response(
            201,
            json={
                "id": "e1",
                "iCalUId": "u1",
                "transactionId": "7f1c",
                "start": {"dateTime": "2026-12-07T11:00:00.0000000", "timeZone": "UTC"},
                "end": {"dateTime": "2026-12-07T12:00:00.0000000", "timeZone": "UTC"},
                "hasAttachments": True,
                "onlineMeeting": {"joinUrl": "https://teams/join"},
            },
        )
    )

    record = call(connect, handler, lambda graph: create_event(graph, DRAFT))

    assert (record.id, record.ical_uid, record.start) == ("e1", "u1", START)
    assert (record.has_attachments, record.join_url) == (True, "https://teams/join")


def test_events_are_found_by_their_mark_whatever_is_in_it(connect, script):
    page = {
        "value": [
            {"id": "e1", "singleValueExtendedProperties": [
                {"id": GROUP_PROPERTY.replace("6f2b", "6F2B"), "value": DRAFT.group_key}]},
            {"id": "e2", "isCancelled": True},
        ]
    }  # fmt: skip
    handler = script(httpx.Response(200, json=page))

    found = call(connect, handler, lambda graph: find_events(graph, DRAFT.mailbox, DRAFT.group_key))

    query = dict(handler.requests[0].url.params)
    assert query["$filter"] == (
        f"singleValueExtendedProperties/any(ep: ep/id eq '{GROUP_PROPERTY}' "
        "and ep/value eq 'o''lunch/2026-12-07/3/1')"
    )
    assert query["$expand"] == f"singleValueExtendedProperties($filter=id eq '{GROUP_PROPERTY}')"
    assert [(event.id, event.group_key) for event in found] == [("e1", DRAFT.group_key)]


def test_cancelling_what_is_gone_is_no_error(connect, script):
    handler = script(httpx.Response(404, json={"error": {"code": "ErrorItemNotFound"}}))

    assert call(connect, handler, lambda g: cancel_event(g, "o@x", "e1", "Sorry")) is False
    assert bodies(handler) == [{"Comment": "Sorry"}]


def test_attendees_are_changed_alone(connect, script):
    handler = script(httpx.Response(200, json={"id": "e1"}))

    call(connect, handler, lambda g: change_attendees(g, "o@x", "e1", DRAFT.invitees))

    (body,) = bodies(handler)
    assert list(body) == ["attendees"]


MEETING = '<div class="join">Join the meeting: https://teams/join</div>'


def test_body_is_rewritten_around_the_online_meeting(connect, script):
    written = write_event(DRAFT)["body"]["content"]
    present = written.replace("</body>", f"{MEETING}</body>")
    handler = script(
        httpx.Response(200, json={"body": {"content": present}}),
        httpx.Response(200, json={"id": "e1"}),
    )

    call(
        connect,
        handler,
        lambda g: rewrite_body(g, "o@x", "e1", "<html><body><p>New</p></body></html>"),
    )

    html = bodies(handler)[1]["body"]["content"]
    assert MEETING in html
    assert "<p>New</p>" in html
    assert "Hello" not in html
    assert html.count("<body") == 1


def test_body_whose_marks_are_gone_keeps_everything(connect, script):
    present = f"<html><body><p>Hello</p>{MEETING}</body></html>"
    handler = script(
        httpx.Response(200, json={"body": {"content": present}}),
        httpx.Response(200, json={"id": "e1"}),
    )

    call(connect, handler, lambda g: rewrite_body(g, "o@x", "e1", "<p>New</p>"))

    html = bodies(handler)[1]["body"]["content"]
    assert MEETING in html
    assert html.index("<body>") < html.index("<p>New</p>") < html.index("<p>Hello</p>")


def test_announcing_twice_adds_one_sentence(connect, script):
    present = "<html><body><p>Hello</p><p>The agenda is attached.</p></body></html>"
    handler = script(httpx.Response(200, json={"body": {"content": present}}))

    call(connect, handler, lambda g: announce_attachment(g, "o@x", "e1", "The agenda is attached."))

    assert len(handler.requests) == 1


def test_attachment_that_is_there_is_not_added_again(connect, script):
    handler = script(httpx.Response(200, json={"value": [{"name": "agenda.pdf", "size": 8}]}))

    call(connect, handler, lambda g: add_attachment(g, "o@x", "e1", DRAFT.attachments[0]))

    assert len(handler.requests) == 1


def test_attachment_whose_answer_was_lost_is_looked_up_first(connect, script):
    handler = script(
        httpx.Response(200, json={"value": []}),
        httpx.ReadError("cut"),
        httpx.Response(200, json={"value": [{"name": "agenda.pdf", "size": 8}]}),
    )

    call(connect, handler, lambda g: add_attachment(g, "o@x", "e1", DRAFT.attachments[0]))

    assert [r.method for r in handler.requests] == ["GET", "POST", "GET"]


def test_large_file_goes_up_in_pieces_without_a_token(connect):
    content = bytes(INLINE_BYTES_MOST + PIECE_BYTES)
    received = bytearray()

    def handler(request):
        if request.method == "GET":
            return httpx.Response(200, json={"value": []})
        if request.method == "POST":
            item = json.loads(request.content)["AttachmentItem"]
            assert (item["name"], item["size"]) == ("agenda.pdf", len(content))
            return httpx.Response(201, json={"uploadUrl": "https://upload.example/session?t=1"})
        assert "authorization" not in request.headers
        first = int(request.headers["content-range"].split()[1].split("-")[0])
        assert first == len(received)
        assert len(request.content) < 4_000_000
        received.extend(request.content)
        return httpx.Response(200 if len(received) < len(content) else 201)

    attachment = Attachment("agenda.pdf", content)
    call(connect, handler, lambda g: add_attachment(g, "o@x", "e1", attachment))

    assert bytes(received) == content


def test_answers_of_attendees_are_read():
    record = read_event(
        {
            "id": "e1",
            "attendees": [
                {
                    "type": "required",
                    "emailAddress": {"address": "A@X"},
                    "status": {"response": "tentativelyAccepted", "time": "2026-12-01T09:00:00Z"},
                    "proposedNewTime": {
                        "start": {"dateTime": "2026-12-08T11:00:00.0000000", "timeZone": "UTC"}
                    },
                },
                {
                    "type": "required",
                    "emailAddress": {"address": "b@x"},
                    "status": {"response": "none", "time": "0001-01-01T00:00:00Z"},
                },
            ],
        },
        "o@x",
    )

    first, second = record.attendees
    assert (first.mail, first.response) == ("a@x", "tentativelyAccepted")
    assert first.at == dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    assert first.proposed == dt.datetime(2026, 12, 8, 11, tzinfo=dt.UTC)
    assert (second.response, second.at, second.proposed) == ("none", None, None)


def test_changes_are_read_over_all_pages_and_the_last_word_counts(connect, script):
    link = "https://localhost:9/v1.0/users/o%40x/calendarView/delta()?$skiptoken=1"
    delta = "https://localhost:9/v1.0/users/o%40x/calendarView/delta()?$deltatoken=2"
    handler = script(
        httpx.Response(200, json={"value": [{"id": "a"}, {"id": "b"}], "@odata.nextLink": link}),
        httpx.Response(
            200,
            json={
                "value": [{"id": "a", "@removed": {"reason": "deleted"}}, {"id": "c"}],
                "@odata.deltaLink": delta,
            },
        ),
    )

    changes = call(
        connect, handler, lambda g: read_changes(g, "o@x", START, START + dt.timedelta(days=7))
    )

    assert [event.id for event in changes.events] == ["b", "c"]
    assert (changes.removed, changes.delta_link, changes.whole) == (("a",), delta, True)
    assert dict(handler.requests[0].url.params) == {
        "startDateTime": "2026-12-07T11:00:00Z",
        "endDateTime": "2026-12-14T11:00:00Z",
    }


def test_delta_link_that_graph_has_forgotten_starts_over(connect, script):
    handler = script(
        httpx.Response(410, json={"error": {"code": "SyncStateNotFound"}}),
        httpx.Response(200, json={"value": [{"id": "a"}], "@odata.deltaLink": "https://x/2"}),
    )
    old = "https://localhost:9/v1.0/users/o%40x/calendarView/delta()?$deltatoken=1"

    changes = call(connect, handler, lambda g: read_changes(g, "o@x", START, START, old))

    assert (changes.whole, [event.id for event in changes.events]) == (True, ["a"])


def test_mail_whose_answer_was_lost_is_not_sent_again(connect, script):
    handler = script(httpx.Response(504))

    with pytest.raises(Exception, match="Graph failed") as raised:
        call(connect, handler, lambda g: send_mail(g, "o@x", "a@x", subject="S", html="<p>H</p>"))

    assert raised.value.maybe_done is True
    assert len(handler.requests) == 1
