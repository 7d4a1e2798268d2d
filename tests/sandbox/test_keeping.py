"""A tenant that ended and goes on: nothing of what happened is lost, and nothing happens twice."""

from __future__ import annotations

import datetime as dt
import json
import zipfile

import httpx
import pytest

from scheduler.sandbox import SandboxSettings, start_sandbox
from scheduler.sandbox.keeping import (
    FILE,
    KeptStateError,
    keep_tenant,
    recall_settings,
    recall_tenant,
)
from scheduler.sandbox.process import SandboxError
from scheduler.sandbox.witness import report, show_channels, show_mailbox, show_teams
from tests.sandbox.conftest import ORGANISER, make_client, make_sandbox
from tests.sandbox.test_pages import CARD

PDF = {
    "@odata.type": "#microsoft.graph.fileAttachment", "name": "a.pdf",
    "contentType": "application/pdf", "contentBytes": "JVBERi0=",
}  # fmt: skip


@pytest.fixture
def lived(organisation, people, loop, tmp_path):
    """A sandbox in which something of everything has happened."""
    sandbox = make_sandbox(organisation, state=tmp_path, people=200)
    client = make_client(sandbox, loop)
    mails = [one["mail"] for one in people[:4]]
    room = next(m for m in sandbox.tenant.members.values() if m.kind == "room")
    client.book([*mails, room.mail], transactionId="t-1", attachments=[PDF], isOnlineMeeting=True)
    client.book(mails[:2], subject="Zoë's <lunch>", transactionId="t-2")
    client.control("settle")
    gone = client.book(mails[2:], subject="Off").json()["id"]
    client.graph("POST", f"users/{ORGANISER}/events/{gone}/cancel", {"comment": "no"})
    client.control("answers", {"shares": {"accepted": 1}, "declining_rooms": [room.mail]})
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}
    message = {"type": "message", "attachments": [card]}
    member = {"members": [{"id": people[0]["id"]}], "activity": message}
    client.teams("POST", "conversations", member)
    client.teams("POST", "conversations/19:hr/activities", {"type": "message", "text": "hello"})
    client.http.patch(f"/sandbox/people/{people[5]['id']}", json={"displayName": "New name"})
    client.http.delete(f"/sandbox/people/{people[6]['id']}")
    client.control("bot", {"url": "http://localhost:8080/api/messages"})
    mail = {"subject": "Hi", "body": {"contentType": "text", "content": "x"},
            "toRecipients": [{"emailAddress": {"address": mails[0]}}]}  # fmt: skip
    client.graph("POST", f"users/{ORGANISER}/sendMail", {"message": mail})
    return sandbox


def look(sandbox):
    """All that can be seen of a tenant."""
    tenant = sandbox.tenant
    seen = {
        "report": report(tenant, sandbox.teams),
        "channels": show_channels(sandbox.teams),
        "mailboxes": {one: show_mailbox(tenant, one) for one in tenant.mailboxes
                      if one in tenant.directory},
        "chats": {one: show_teams(tenant, sandbox.teams, one) for one in sandbox.teams.chats},
        "directory": tenant.directory,
        "changes": tenant.changes,
        "bot": sandbox.bot.url,
        "shares": tenant.answer_shares,
    }  # fmt: skip
    return json.loads(json.dumps(seen, default=str))


def go_on(organisation, state):
    settings = recall_settings(SandboxSettings(state=state))
    sandbox = make_sandbox(organisation, state=state, people=settings.people)
    recall_tenant(sandbox)
    return sandbox


def test_tenant_goes_on_as_it_ended(lived, organisation, tmp_path):
    keep_tenant(lived)
    before = look(lived)

    after = look(go_on(organisation, tmp_path))

    assert after == before
    assert before["report"]["attachments_delivered"] == {"application/pdf": 4}
    assert before["report"]["answers"]
    assert before["report"]["events_cancelled"] == 1
    assert before["report"]["mails_delivered"] == 1


def test_meeting_is_still_one_in_all_calendars_and_is_not_booked_again(
    lived, organisation, people, loop, tmp_path
):
    keep_tenant(lived)
    sandbox = go_on(organisation, tmp_path)
    client = make_client(sandbox, loop)

    again = client.book([people[0]["mail"]], transactionId="t-1")
    mine = next(
        copy for copy in sandbox.tenant.mailboxes[people[0]["id"]].copies.values()
        if copy.meeting.transaction == "t-2"
    )  # fmt: skip
    client.graph("POST", f"users/{people[0]['id']}/events/{mine.id}/decline", {})

    assert again.status_code == 201
    assert report(sandbox.tenant, sandbox.teams)["events_created"] == 3
    organiser = sandbox.tenant.find_mailbox(ORGANISER)
    copy = organiser.by_uid[mine.meeting.uid]
    assert copy.meeting is mine.meeting
    assert copy.meeting.attendee(people[0]["mail"]).response == "declined"


def test_keys_and_secrets_are_not_in_the_file(lived, tmp_path):
    keep_tenant(lived)

    with zipfile.ZipFile(tmp_path / FILE) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert lived.authority.client_secret.encode() not in everything
    assert b"PRIVATE KEY" not in everything


@pytest.mark.parametrize("content", [b"", b"no zip", "other"])
def test_file_that_holds_no_tenant_says_what_to_do(tmp_path, content):
    if content == "other":
        with zipfile.ZipFile(tmp_path / FILE, "w") as archive:
            archive.writestr("tenant.json", '{"format": 0}')
    else:
        (tmp_path / FILE).write_bytes(content)

    with pytest.raises(KeptStateError, match="Delete it, and the tenant begins afresh"):
        recall_settings(SandboxSettings(state=tmp_path))
    with (
        pytest.raises(SandboxError, match="Delete it"),
        start_sandbox(SandboxSettings(state=tmp_path, people=20, keep=True)),
    ):
        pytest.fail("it started")


def test_process_keeps_what_happened_and_goes_on_with_the_same_people(tmp_path):
    first = SandboxSettings(
        state=tmp_path, people=25, seed=11, today=dt.date(2026, 11, 25), keep=True
    )
    with start_sandbox(first) as one:
        people = httpx.get(f"{one.http}/sandbox/people").json()
        httpx.patch(
            f"{one.http}/sandbox/people/{people[0]['id']}", json={"displayName": "Changed"}
        ).raise_for_status()

    with start_sandbox(SandboxSettings(state=tmp_path, keep=True)) as other:
        again = httpx.get(f"{other.http}/sandbox/people").json()
        home = httpx.get(f"{other.http}/").text

    assert [p["id"] for p in again] == [p["id"] for p in people]
    assert "Wednesday, 25 November 2026" in home
    assert other.client_secret != one.client_secret
