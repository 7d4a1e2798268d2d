from __future__ import annotations

import json

import pytest

CARD = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Hi"}]}
MESSAGE = {
    "type": "message",
    "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}],
}


def open_chat(client, person):
    body = {"isGroup": False, "members": [{"id": person["id"]}], "tenantId": "t"}
    return client.teams("POST", "conversations", body)


def error(response):
    return response.status_code, response.json()["error"]["code"]


def test_chat_with_a_person_is_opened_once_and_takes_cards(client, people):
    first, second = open_chat(client, people[0]), open_chat(client, people[0])
    chat = first.json()["id"]
    posted = client.teams("POST", f"conversations/{chat}/activities", MESSAGE)

    assert (first.status_code, second.json()["id"]) == (201, chat)
    seen = client.see(f"teams/{people[0]['id']}")
    assert [a["id"] for a in seen["activities"]] == [posted.json()["id"]]
    assert client.see("report")["cards_delivered"] == 1


def test_card_can_come_with_the_conversation(client, people):
    body = {"members": [{"aadObjectId": people[0]["id"]}], "activity": MESSAGE}

    made = client.teams("POST", "conversations", body)

    assert made.json()["activityId"]
    assert client.see("report")["people_with_cards"] == 1


def test_an_address_is_no_id(client, people):
    body = {"members": [{"id": people[0]["mail"]}]}

    assert error(client.teams("POST", "conversations", body)) == (400, "BadSyntax")


def test_somebody_else_s_id_is_refused(client):
    body = {"members": [{"id": "00000000-0000-0000-0000-000000000000"}]}

    assert error(client.teams("POST", "conversations", body)) == (403, "BotNotInConversationRoster")


def test_who_blocked_the_bot_is_not_reached(client, people):
    chat = open_chat(client, people[0]).json()["id"]
    client.http.patch(f"/sandbox/people/{people[0]['id']}", json={"blocked": True})

    blocked = client.teams("POST", f"conversations/{chat}/activities", MESSAGE)
    again = open_chat(client, people[0])
    client.http.patch(f"/sandbox/people/{people[0]['id']}", json={"blocked": False})

    assert error(blocked) == error(again) == (403, "MessageWritesBlocked")
    assert client.teams("POST", f"conversations/{chat}/activities", MESSAGE).status_code == 201


def test_share_of_the_people_has_blocked_the_bot(start_tenant):
    client = start_tenant(concurrency=0, blocked_share=0.2)

    states = [open_chat(client, person).status_code for person in client.see("people")]

    assert 0.1 < states.count(403) / len(states) < 0.3


def test_activity_is_updated_and_deleted(client, people):
    chat = open_chat(client, people[0]).json()["id"]
    activity = client.teams("POST", f"conversations/{chat}/activities", MESSAGE).json()["id"]
    path = f"conversations/{chat}/activities/{activity}"

    updated = client.teams("PUT", path, {**MESSAGE, "summary": "New"})
    deleted = client.teams("DELETE", path)
    after = client.teams("PUT", path, MESSAGE)

    (seen,) = client.see(f"teams/{people[0]['id']}")["activities"]
    assert (updated.status_code, deleted.status_code, after.status_code) == (200, 200, 404)
    assert (seen["content"]["summary"], seen["updates"], seen["deleted"]) == ("New", 1, True)


def test_channel_takes_a_post(client):
    body = {
        "isGroup": True,
        "channelData": {"channel": {"id": "19:general@thread.tacv2"}},
        "activity": MESSAGE,
    }

    made = client.teams("POST", "conversations", body).json()
    reply = client.teams("POST", f"conversations/{made['id']}/activities", MESSAGE)

    assert reply.status_code == 201
    assert len(client.see("channels")["19:general@thread.tacv2"]) == 2


def test_members_of_a_chat_are_named(client, people):
    chat = open_chat(client, people[0]).json()["id"]

    (member,) = client.teams("GET", f"conversations/{chat}/members").json()

    assert (member["aadObjectId"], member["name"]) == (people[0]["id"], people[0]["name"])


def test_message_above_forty_kilobytes_is_refused(client, people):
    chat = open_chat(client, people[0]).json()["id"]

    answer = client.teams("POST", f"conversations/{chat}/activities", {"text": "x" * 41_000})

    assert error(answer) == (413, "MessageSizeTooBig")


@pytest.mark.parametrize(("size", "status"), [(24_000, 202), (24_453, 413), (28_000, 413)])
def test_workflow_counts_more_than_was_sent(client, size, status):
    body = json.dumps({**MESSAGE, "summary": ""})
    padded = json.dumps({**MESSAGE, "summary": "x" * (size - len(body))})

    answer = client.http.post("/teams/workflows/w1?sig=s", content=padded.encode())

    assert (len(padded), answer.status_code) == (size, status)


def test_workflow_takes_a_bare_card_and_shows_nothing(client):
    bare = client.http.post("/teams/workflows/w1?sig=s", json=CARD)
    whole = client.http.post("/teams/workflows/w1?sig=s", json=MESSAGE)

    assert (bare.status_code, whole.status_code) == (202, 202)
    assert [post["shown"] for post in client.see("workflows")] == [False, True]


def test_workflow_without_its_signature_is_refused(client):
    assert client.http.post("/teams/workflows/w1", json=MESSAGE).status_code == 401
