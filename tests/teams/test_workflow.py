"""Posting through a webhook, where the bot is not allowed."""

from __future__ import annotations

import asyncio

import pytest

from scheduler.teams.connector import TeamsError
from scheduler.teams.gallery import example_cards
from scheduler.teams.workflow import keep_links, post_to_workflow


@pytest.fixture
def card():
    return example_cards("en")["plan-ready"]


def post(connector, card, **changes):
    url = f"{connector.url}/workflows/1?sig=very-secret"
    asyncio.run(post_to_workflow(url, card, **changes))


def test_card_is_posted_in_a_message_with_its_links_alone(connector, card):
    post(connector, card)

    ((method, path, body, _),) = connector.seen
    assert (method, path) == ("POST", "/workflows/1")
    assert body["type"] == "message"
    (attachment,) = body["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert [action["type"] for action in attachment["content"]["actions"]] == ["Action.OpenUrl"]
    assert attachment["content"]["body"] == card.content["body"]


def test_card_without_links_has_no_buttons(check_card):
    content = keep_links(example_cards("en")["invitation-joined"].content)

    assert "actions" not in content
    check_card(content)


def test_throttled_post_is_made_again(connector, card):
    connector.fail("/workflows/1", 429, "TooManyRequests", after="0")

    post(connector, card)

    assert len(connector.seen) == 2


@pytest.mark.parametrize(("status", "hint"), [(401, "signature"), (404, "no such webhook")])
def test_refusal_says_what_to_do_and_never_the_address(connector, card, status, hint):
    connector.fail("/workflows/1", status, "Refused")

    with pytest.raises(TeamsError, match=hint) as raised:
        post(connector, card)

    assert "very-secret" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_nobody_listening_is_told(card):
    url = "http://127.0.0.1:9/workflows/1?sig=very-secret"

    with pytest.raises(TeamsError, match="did not answer"):
        asyncio.run(post_to_workflow(url, card, total_seconds=0.1))
