from __future__ import annotations

import pytest

from tests.sandbox.conftest import ORGANISER

ALL = [
    "Calendars.ReadWrite", "GroupMember.Read.All", "Mail.Send", "MailboxSettings.Read",
    "Organization.Read.All", "Place.Read.All", "User.Read.All",
]  # fmt: skip


@pytest.mark.parametrize(
    ("lacking", "path", "code"),
    [
        ("User.Read.All", "users", "Authorization_RequestDenied"),
        ("GroupMember.Read.All", "groups", "Authorization_RequestDenied"),
        ("Place.Read.All", "places/microsoft.graph.room", "ErrorAccessDenied"),
        ("Calendars.ReadWrite", f"users/{ORGANISER}/events", "ErrorAccessDenied"),
        ("MailboxSettings.Read", f"users/{ORGANISER}/mailboxSettings", "ErrorAccessDenied"),
    ],
)
def test_each_permission_opens_its_paths(client, lacking, path, code):
    before = client.graph("GET", path)
    client.control("permissions", {"roles": [role for role in ALL if role != lacking]})
    client.tokens.clear()
    after = client.graph("GET", path)

    assert before.status_code == 200
    assert (after.status_code, after.json()["error"]["code"]) == (403, code)


def test_reading_calendars_is_not_writing_them(client, people):
    client.control("permissions", {"roles": ["Calendars.Read"]})

    assert client.graph("GET", f"users/{ORGANISER}/events").status_code == 200
    assert client.book([people[0]["mail"]]).status_code == 403


def test_exchange_can_limit_the_app_to_mailboxes(client, people):
    client.control("permissions", {"mailboxes": [ORGANISER]})

    allowed = client.book([people[0]["mail"]])
    denied = client.book([people[0]["mail"]], user=people[1]["mail"])

    assert (allowed.status_code, denied.status_code) == (201, 403)
    assert client.graph("GET", f"users/{people[1]['id']}").status_code == 200


def test_items_of_a_batch_are_checked_too(client):
    client.control("permissions", {"roles": ["User.Read.All"]})
    item = {"id": "1", "method": "GET", "url": f"/users/{ORGANISER}/events"}

    answer = client.graph("POST", "$batch", {"requests": [item]})

    assert answer.json()["responses"][0]["status"] == 403
