from __future__ import annotations

import json
import socket
import threading

import jwt
import pytest
import uvicorn

CARD = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [{"type": "TextBlock", "text": "Coming?"}],
    "actions": [
        {"type": "Action.OpenUrl", "title": "Open", "url": "https://x.example"},
        {"type": "Action.Execute", "title": "Yes", "verb": "yes", "data": {"round": "r/1"}},
        {"type": "Action.Submit", "title": "No", "data": {"say": "no"}},
    ],
}
NEW = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Thanks"}]}
KIND = "application/vnd.microsoft.card.adaptive"


class Bot:
    """A messaging endpoint that remembers what it got and answers with a card."""

    def __init__(self):
        self.got = []
        self.answer = {"statusCode": 200, "type": KIND, "value": NEW}

    async def __call__(self, scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {k.decode(): v.decode() for k, v in scope["headers"]}
        self.got.append((json.loads(body), headers["authorization"].split()[1]))
        text = json.dumps(self.answer).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": text})


@pytest.fixture
def bot(wire):
    made = Bot()
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(made, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    wire.control("bot", {"url": f"http://127.0.0.1:{listener.getsockname()[1]}/api/messages"})
    yield made
    server.should_exit = True
    thread.join()


@pytest.fixture
def person(wire):
    """Somebody whose chat holds one card."""
    made = wire.see("people")[20]
    chat = wire.teams("POST", "conversations", {"members": [{"id": made["id"]}]}).json()["id"]
    message = {"type": "message", "attachments": [{"contentType": KIND, "content": CARD}]}
    wire.teams("POST", f"conversations/{chat}/activities", message)
    return made


def test_pressed_button_reaches_the_bot_as_an_invoke(wire, bot, person):
    answer = wire.control(f"teams/{person['id']}/press", {"button": "Yes", "inputs": {"note": "!"}})

    (activity, _) = bot.got[0]
    assert answer["status"] == 200
    assert (activity["type"], activity["name"]) == ("invoke", "adaptiveCard/action")
    assert activity["from"]["aadObjectId"] == person["id"]
    assert activity["value"]["action"]["verb"] == "yes"
    assert activity["value"]["action"]["data"] == {"round": "r/1", "note": "!"}


def test_card_of_the_answer_replaces_the_pressed_one(wire, bot, person):
    wire.control(f"teams/{person['id']}/press", {"button": "yes"})

    last = wire.see(f"teams/{person['id']}")["activities"][-1]

    assert last["content"]["attachments"][0]["content"] == NEW


def test_answer_that_is_a_message_leaves_the_card(wire, bot, person):
    kind = "application/vnd.microsoft.activity.message"
    bot.answer = {"statusCode": 200, "type": kind, "value": "Late"}

    wire.control(f"teams/{person['id']}/press", {"button": "Yes"})

    last = wire.see(f"teams/{person['id']}")["activities"][-1]
    assert last["content"]["attachments"][0]["content"] == CARD


def test_submit_reaches_the_bot_as_a_message(wire, bot, person):
    wire.control(f"teams/{person['id']}/press", {"button": "No"})

    (activity, _) = bot.got[0]
    assert (activity["type"], activity["value"]) == ("message", {"say": "no"})


def test_what_somebody_writes_reaches_the_bot(wire, bot, person):
    wire.control(f"teams/{person['id']}/say", {"text": "settings"})

    (activity, _) = bot.got[0]
    assert (activity["text"], activity["conversation"]["conversationType"]) == (
        "settings",
        "personal",
    )


def test_token_of_the_connector_is_signed_with_its_published_key(wire, bot, person, addresses):
    wire.control(f"teams/{person['id']}/say", {"text": "hello"})
    (activity, token) = bot.got[0]
    about = wire.http.get("/teams/.well-known/openidconfiguration").json()
    keys = wire.http.get(about["jwks_uri"].removeprefix(addresses.https)).json()
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(token)["kid"]]

    claims = jwt.decode(
        token, key, algorithms=["RS256"], audience=addresses.client_id, issuer=about["issuer"]
    )

    assert claims["serviceurl"] == activity["serviceUrl"]
    assert keys["keys"][0]["endorsements"] == ["msteams"]


def test_button_that_is_not_there_names_those_that_are(wire, bot, person):
    answer = wire.http.post(f"/sandbox/teams/{person['id']}/press", json={"button": "Perhaps"})

    assert answer.status_code == 404
    assert answer.json()["error"] == "The card has no button 'Perhaps'; it has: Yes, No."


def test_nobody_presses_before_a_bot_is_registered(client, people):
    chat = client.teams("POST", "conversations", {"members": [{"id": people[0]["id"]}]}).json()[
        "id"
    ]
    message = {"type": "message", "attachments": [{"contentType": KIND, "content": CARD}]}
    client.teams("POST", f"conversations/{chat}/activities", message)

    answer = client.http.post(f"/sandbox/teams/{people[0]['id']}/press", json={"button": "Yes"})

    assert answer.status_code == 409


def test_bot_elsewhere_is_refused(client):
    answer = client.http.post("/sandbox/bot", json={"url": "https://elsewhere.example/"})

    assert answer.status_code == 400
