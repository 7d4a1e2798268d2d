from __future__ import annotations

import re

import pytest

from tests.sandbox.conftest import ORGANISER

CARD = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [
        {"type": "TextBlock", "text": "**Bold** <script>alert(1)</script> [l](https://x.example)"},
        {"type": "FactSet", "facts": [{"title": "When", "value": "Monday"}]},
        {"type": "Input.Text", "id": "note", "label": "Note"},
        {"type": "Chart.Pie"},
        {"type": "TextBlock", "text": "unseen", "isVisible": False},
    ],
    "actions": [
        {"type": "Action.Execute", "title": "Can't make it", "verb": "no"},
        {"type": "Action.OpenUrl", "title": "Open", "url": "javascript:alert(1)"},
    ],
}


@pytest.fixture
def page(client, people):
    """The page of somebody with an invitation and a card."""
    body = {"contentType": "html", "content": "<b>Hi</b><script>alert(1)</script>"}
    client.book([people[0]["mail"]], subject="<i>Lunch</i>", body=body)
    message = {
        "type": "message",
        "attachments": [
            {"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}
        ],
    }
    member = {"members": [{"id": people[0]["id"]}], "activity": message}
    client.teams("POST", "conversations", member)
    answer = client.http.get(f"/look/{people[0]['id']}")
    assert answer.status_code == 200
    return answer


def test_home_finds_people_by_name_and_department(client):
    by_name = client.http.get("/", params={"q": "o'connor"}).text
    by_department = client.http.get("/", params={"q": "legal"}).text

    assert by_name.count("/look/") == 1
    assert by_department.count("Legal") > 1


def test_home_says_when_nobody_fits(client):
    text = client.http.get("/", params={"q": "<b>nobody"}).text

    assert "Nobody here is called “&lt;b&gt;nobody”" in text


def test_page_shows_invitation_and_card_as_text(page):
    assert "&lt;i&gt;Lunch&lt;/i&gt;" in page.text
    assert "<strong>Bold</strong> &lt;script&gt;" in page.text
    assert "<script" not in page.text
    assert "javascript:" not in page.text
    assert "unseen" not in page.text
    assert "[Chart.Pie]" in page.text


def test_page_runs_no_script_and_loads_nothing(client, page):
    policy = page.headers["content-security-policy"]
    frame = re.search(r'<iframe sandbox title="[^"]+" src="([^"]+)"', page.text).group(1)
    body = client.http.get(frame)

    assert policy.startswith("default-src 'none'")
    assert body.headers["content-security-policy"].endswith("; sandbox")
    assert body.text.startswith("<b>Hi</b>")


def test_page_of_the_week_wanted(client, people):
    text = client.http.get(f"/look/{people[0]['id']}", params={"week": "2027-03-03"}).text

    assert "Week of 1 March 2027" in text


def test_attachment_opens(client, people):
    pdf = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "a.pdf",
        "contentType": "application/pdf",
        "contentBytes": "JVBERi0=",
    }
    client.book([people[0]["mail"]], attachments=[pdf])
    text = client.http.get(f"/look/{people[0]['id']}").text
    link = re.search(r'href="(/look/[^"]+)">a\.pdf', text).group(1)

    answer = client.http.get(link)

    assert (answer.content, answer.headers["content-type"]) == (b"%PDF-", "application/pdf")


def test_nobody_is_a_page_too(client):
    answer = client.http.get("/look/nobody")

    assert (answer.status_code, "nothing called “nobody”" in answer.text) == (404, True)


def test_button_without_a_bot_says_so(client, page, people):
    activity = re.search(r'name="activity" value="(\d+)"', page.text).group(1)
    form = {"button": "Can't make it", "activity": activity}

    answer = client.http.post(f"/look/{people[0]['id']}/press", data=form)

    assert answer.status_code == 303
    assert "No+bot+is+registered" in answer.headers["location"]


@pytest.mark.parametrize("kind", ["person", "organiser", "room", "guest", "leaver", "shared"])
def test_every_kind_of_member_has_a_page(client, kind):
    member = next(m for m in client.sandbox.tenant.members.values() if m.kind == kind)

    assert client.http.get(f"/look/{member.id}").status_code == 200


@pytest.mark.parametrize(
    ("response", "state"),
    [("accepted", "accepted"), ("tentativelyAccepted", "tentative"), ("declined", "declined")],
)
def test_answer_of_the_page_reaches_the_organiser(client, people, response, state):
    event = client.book([people[0]["mail"]], subject="Lunch").json()
    text = client.http.get(f"/look/{people[0]['id']}").text
    address = re.search(r'action="(/look/[^"]+/answer)"', text).group(1)

    answer = client.http.post(address, data={"response": response, "week": "2026-12-07"})

    assert answer.status_code == 303
    assert "week=2026-12-07" in answer.headers["location"]
    organised = client.graph("GET", f"users/{ORGANISER}/events/{event['id']}").json()
    told = {a["emailAddress"]["address"]: a["status"]["response"] for a in organised["attendees"]}
    assert told[people[0]["mail"]] == response
    after = client.http.get(f"/look/{people[0]['id']}").text
    assert f">{state if response != 'declined' else 'no longer in the calendar'}<" in after
    assert ("/answer" in after) == (response != "declined")


def test_invitation_that_cannot_be_answered_says_so(client, people):
    client.book([people[0]["mail"]])
    text = client.http.get(f"/look/{people[0]['id']}").text
    address = re.search(r'action="(/look/[^"]+/answer)"', text).group(1)
    client.http.post(address, data={"response": "declined"})

    again = client.http.post(address, data={"response": "accepted"})
    unknown = client.http.post(address, data={"response": "perhaps"})

    assert "cannot+be+answered+any+more" in again.headers["location"]
    assert unknown.status_code == 404


def test_page_allows_nothing_inline_but_what_bears_its_nonce(client, page):
    policy = page.headers["content-security-policy"]

    (nonce,) = re.findall(r"'nonce-([\w-]+)'", policy)
    assert "unsafe" not in policy
    assert f'<style nonce="{nonce}">' in page.text
    assert page.text.count("<style") == 1
    assert " style=" not in page.text
    assert client.http.get("/pages.css").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example:80"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_page_is_for_this_computer_alone(client, people, headers):
    client.book([people[0]["mail"]])
    text = client.http.get(f"/look/{people[0]['id']}").text
    address = re.search(r'action="(/look/[^"]+/answer)"', text).group(1)

    refused = [
        client.http.get("/", headers=headers),
        client.http.get(f"/look/{people[0]['id']}", headers=headers),
        client.http.post(address, data={"response": "declined"}, headers=headers),
    ]

    assert [answer.status_code for answer in refused] == [403, 403, 403]


def test_page_in_another_zone_shows_its_owners_clock(client):
    member = next(
        m for m in client.sandbox.tenant.organisation.people
        if m.zone == "America/New_York" and m.mailbox == "ok"
    )  # fmt: skip
    start = {"dateTime": "2026-12-07T17:00:00", "timeZone": "UTC"}
    client.book([member.mail], start=start, end={**start, "dateTime": "2026-12-07T18:00:00"})

    text = client.http.get(f"/look/{member.id}").text

    assert "Monday, 7 December 2026, 12:00–13:00" in text
