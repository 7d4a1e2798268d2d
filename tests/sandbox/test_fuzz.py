"""Whatever a client sends is taken, or refused as Graph would: never answered with a mistake."""

from __future__ import annotations

import copy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.conftest import ORGANISER, TAG

EVENT = {
    "subject": "Lunch",
    "body": {"contentType": "html", "content": "<p>Hello</p>"},
    "start": {"dateTime": "2026-12-07T12:00:00", "timeZone": "UTC"},
    "end": {"dateTime": "2026-12-07T13:00:00", "timeZone": "UTC"},
    "location": {"displayName": "Here", "locationType": "default"},
    "locations": [{"displayName": "Here"}],
    "attendees": [{"emailAddress": {"address": "a@b.example", "name": "A"}, "type": "required"}],
    "categories": ["One"],
    "attachments": [
        {
            "@odata.type": "#microsoft.graph.fileAttachment",
            "name": "a",
            "contentBytes": "AA==",
        }
    ],
    "singleValueExtendedProperties": [{"id": TAG, "value": "x"}],
    "reminderMinutesBeforeStart": 15,
    "isAllDay": False,
    "showAs": "busy",
    "transactionId": None,
}
SCHEDULE = {
    "Schedules": ["a@b.example"],
    "StartTime": {"dateTime": "2026-12-07T00:00:00", "timeZone": "UTC"},
    "EndTime": {"dateTime": "2026-12-08T00:00:00", "timeZone": "UTC"},
    "AvailabilityViewInterval": 30,
}
SCRIPT = {
    "seed": 1,
    "rules": [{"kinds": {"500": 1}, "share": 0.5, "match": "GET", "after": 1, "limit": 2}],
    "vanish": {"a@b.example": 3},
}
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.text(max_size=4)
    | st.just("2026-13-45T00:00"),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


def places(value, path=()):
    """All places in a JSON value."""
    yield path
    parts = ()
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    for key, inner in parts:
        yield from places(inner, (*path, key))


@st.composite
def spoilt(draw, good):
    """A good value in which one or two places hold junk."""
    value = copy.deepcopy(good)
    for _ in range(draw(st.integers(1, 2))):
        *above, last = draw(st.sampled_from([p for p in places(value) if p] or [("x",)]))
        target = value
        for key in above:
            target = target[key]
        target[last] = draw(JUNK)
    return value


QUICK = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,  # the same examples each time: a failure can be had again
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@QUICK
@given(body=spoilt(EVENT))
def test_spoilt_events_are_taken_or_refused(client, body):
    answer = client.graph("POST", f"users/{ORGANISER}/events", body)

    assert answer.status_code in (201, 400, 501), answer.text


@QUICK
@given(body=spoilt(EVENT))
def test_spoilt_changes_are_taken_or_refused(client, body):
    made = client.book(["a@b.example"]).json()

    answer = client.graph("PATCH", f"users/{ORGANISER}/events/{made['id']}", body)

    assert answer.status_code in (200, 400, 501), answer.text


@QUICK
@given(body=spoilt(SCHEDULE))
def test_spoilt_schedules_are_answered_or_refused(client, body):
    answer = client.graph("POST", f"users/{ORGANISER}/calendar/getSchedule", body)

    known = answer.json().get("error", {}).get("code")
    assert answer.status_code in (200, 400) or known == "ErrorInternalServerError", answer.text


@QUICK
@given(text=st.text(alphabet="()'/: ,eqandostartsWith1mailx", max_size=30))
def test_any_filter_is_read_or_refused(client, text):
    answer = client.graph("GET", f"users/{ORGANISER}/events?$filter={text}")

    assert answer.status_code in (200, 400), answer.text


@QUICK
@given(path=st.text(alphabet="users/events()'%27$ä@.", max_size=25))
def test_any_path_is_answered_as_graph_would(client, path):
    answer = client.graph("GET", path.replace("%27", "'"))

    assert answer.status_code in (200, 400, 404, 405), answer.text


@QUICK
@given(script=spoilt(SCRIPT))
def test_spoilt_scripts_are_taken_or_explained(client, script):
    answer = client.http.post("/sandbox/faults", json=script)
    client.control("faults", {})

    assert answer.status_code == 200 or answer.json()["error"].startswith("FaultScriptError: ")
