"""Everybody is told once, and whoever cannot be is listed."""

from __future__ import annotations

import asyncio
import dataclasses
import time

import pytest

from scheduler.teams.cards.kit import Card, CardTooLargeError
from scheduler.teams.delivery import Delivered, Notice, Undelivered, announce

CARD = Card({"type": "AdaptiveCard", "version": "1.5", "body": []}, "You meet Ann.")


def notice(person_id: str) -> Notice:
    return Notice(f"lunch/2026-12-07/1/{person_id}/group", person_id, lambda: CARD)


class Journal:
    """What the caller of ``announce`` keeps."""

    def __init__(self) -> None:
        self.delivered: dict[str, Delivered] = {}
        self.undelivered: list[Undelivered] = []

    async def on_delivered(self, delivered: Delivered) -> None:
        self.delivered[delivered.key] = delivered

    async def on_undelivered(self, undelivered: Undelivered) -> None:
        self.undelivered.append(undelivered)


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def tell(settings, journal):
    async def get_token(scope: str) -> str:
        return f"token for {scope}"

    def run(*notices: Notice, **changes: object):
        return asyncio.run(
            announce(
                notices,
                **{
                    "settings": settings,
                    "get_token": get_token,
                    "is_delivered": lambda key: key in journal.delivered,
                    "on_delivered": journal.on_delivered,
                    "on_undelivered": journal.on_undelivered,
                }
                | changes,
            )
        )

    return run


def test_card_reaches_the_persons_chat(tell, connector, journal):
    report = tell(notice("p1"))

    assert (report.delivered, report.skipped, report.undelivered) == (1, 0, [])
    (opened, sent) = connector.seen
    token = "Bearer token for https://api.botframework.com/.default"
    assert opened[:3] == (
        "POST",
        "/v3/conversations",
        {
            "members": [{"id": "p1", "aadObjectId": "p1"}],
            "tenantId": "tenant",
            "channelData": {"tenant": {"id": "tenant"}},
        },
    )
    assert (opened[3], sent[3]) == (token, token)
    assert sent[1] == "/v3/conversations/a:p1/activities"
    assert sent[2]["summary"] == "You meet Ann."
    assert sent[2]["attachments"] == [
        {"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD.content}
    ]
    assert journal.delivered == {
        "lunch/2026-12-07/1/p1/group": Delivered("lunch/2026-12-07/1/p1/group", "p1", "a:p1", "2")
    }


def test_second_run_sends_nothing_twice(tell, connector):
    tell(notice("p1"), notice("p1"), notice("p2"))

    report = tell(notice("p1"), notice("p2"), notice("p3"))

    assert (report.delivered, report.skipped) == (1, 2)
    assert sorted(path for path, _ in connector.posts()) == [
        f"/v3/conversations/a:p{number}/activities" for number in (1, 2, 3)
    ]


def test_known_chat_is_not_opened_again(tell, connector):
    tell(notice("p1"), chats={"p1": "a:p1"})

    assert [path for _, path, *_ in connector.seen] == ["/v3/conversations/a:p1/activities"]


def test_chat_that_is_gone_is_opened_anew(tell, connector):
    connector.fail("/v3/conversations/a:old/activities", 404, "ConversationNotFound")

    report = tell(notice("p1"), chats={"p1": "a:old"})

    assert report.delivered == 1
    assert connector.posts()[-1][0] == "/v3/conversations/a:p1/activities"


@pytest.mark.parametrize("where", ["p1", "/v3/conversations/a:p1/activities"])
def test_blocked_person_is_left_to_mail_and_not_tried_again(tell, connector, journal, where):
    connector.fail(where, 403, "MessageWritesBlocked", times=9)

    report = tell(notice("p1"), notice("p2"))

    assert report.delivered == 1
    assert journal.undelivered == [
        Undelivered(
            "lunch/2026-12-07/1/p1/group",
            "p1",
            True,
            "403 MessageWritesBlocked: As the test wants it.",
        )
    ]
    assert len(connector.script[where]) == 8


def test_throttled_card_waits_as_long_as_teams_says(tell, connector):
    connector.fail("/v3/conversations/a:p1/activities", 429, "TooManyRequests", after="1")
    started = time.monotonic()

    report = tell(notice("p1"))

    assert report.delivered == 1
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize("status", [412, 500, 502, 503, 504])
def test_passing_failure_is_tried_again(tell, connector, status):
    connector.fail("/v3/conversations/a:p1/activities", status, "ServiceError", after="0")

    assert tell(notice("p1")).delivered == 1


def test_lasting_failure_is_reported_and_stops_nobody(tell, connector, journal):
    connector.fail("p1", 400, "BadSyntax")

    report = tell(notice("p1"), notice("p2"))

    assert report.delivered == 1
    assert [(lost.person_id, lost.unreachable) for lost in journal.undelivered] == [("p1", False)]
    assert report.undelivered == journal.undelivered


def test_nobody_listening_is_reported_after_the_time_allowed(tell, settings):
    deaf = dataclasses.replace(settings, url="http://127.0.0.1:9", total_seconds=0.1)

    report = tell(notice("p1"), settings=deaf)

    assert [lost.unreachable for lost in report.undelivered] == [False]


def test_card_that_is_too_large_goes_by_mail(tell):
    def make() -> Card:
        raise CardTooLargeError("much")

    report = tell(Notice("key", "p1", make), notice("p2"))

    assert report.undelivered == [Undelivered("key", "p1", True, "much")]
    assert report.delivered == 1


def test_never_more_at_once_than_allowed(tell, connector):
    done: list[int] = []

    report = tell(*(notice(f"p{number}") for number in range(60)), on_progress=done.append)

    assert report.delivered == 60
    assert connector.most_at_once <= 4
    assert done[-1] == 60


def test_failure_to_sign_in_is_raised(tell):
    async def get_token(scope: str) -> str:
        raise PermissionError("no credential")

    with pytest.raises(PermissionError, match="no credential"):
        tell(notice("p1"), get_token=get_token)
