"""Cards reach the Teams side of a whole tenant, signed in as the product signs in."""

from __future__ import annotations

import asyncio
import json
import urllib.request

import pytest
from azure.identity.aio import ClientSecretCredential

from scheduler.sandbox.process import start_sandbox
from scheduler.sandbox.settings import SandboxSettings
from scheduler.teams.connector import Connector, TeamsError
from scheduler.teams.delivery import Delivered, Notice, Undelivered, announce
from scheduler.teams.gallery import example_cards
from scheduler.teams.settings import TeamsSettings, read_teams_settings

CARDS = example_cards("en")


@pytest.fixture(scope="module")
def tenant(tmp_path_factory):
    settings = SandboxSettings(
        state=tmp_path_factory.mktemp("tenant"), people=40, blocked_share=0.2
    )
    with start_sandbox(settings) as addresses:
        yield addresses


@pytest.fixture
def witness(tenant):
    def look(path: str):
        with urllib.request.urlopen(f"{tenant.http}/sandbox/{path}") as answer:
            return json.load(answer)

    return look


@pytest.fixture
def settings(tenant) -> TeamsSettings:
    found = read_teams_settings(tenant.environment())
    assert found is not None
    return found


@pytest.fixture
def signed_in(tenant):
    """Runs something with a token from the tenant's own sign-in."""

    def run(task):
        async def signed():
            credential = ClientSecretCredential(
                tenant.tenant_id,
                tenant.client_id,
                tenant.client_secret,
                authority=tenant.https,
                connection_verify=tenant.ca_file,
                disable_instance_discovery=True,
            )

            async def get_token(scope: str) -> str:
                return (await credential.get_token(scope)).token

            async with credential:
                return await task(get_token)

        return asyncio.run(signed())

    return run


def test_everybody_gets_a_card_or_is_left_to_mail(witness, settings, signed_in):
    people = [person["id"] for person in witness("people")]
    delivered: dict[str, Delivered] = {}
    undelivered: list[Undelivered] = []

    async def keep(one: Delivered) -> None:
        delivered[one.key] = one

    async def mail(one: Undelivered) -> None:
        undelivered.append(one)

    def tell(get_token):
        return announce(
            (
                Notice(f"lunch/2026-12-07/1/{person}/group", person, lambda: CARDS["group"])
                for person in people
            ),
            settings=settings,
            get_token=get_token,
            is_delivered=delivered.__contains__,
            on_delivered=keep,
            on_undelivered=mail,
        )

    report = signed_in(tell)

    shown = {person: witness(f"teams/{person}") for person in people}
    blocked = {person for person, chat in shown.items() if chat["blocked"]}
    assert {lost.person_id for lost in undelivered} == blocked
    assert all(lost.unreachable for lost in undelivered)
    assert report.delivered == len(people) - len(blocked)
    assert 0 < len(blocked) < len(people)
    for person, chat in shown.items():
        cards = [
            attachment["content"]
            for activity in chat["activities"]
            if activity["content"]["summary"] == CARDS["group"].summary
            for attachment in activity["content"]["attachments"]
        ]
        assert cards == ([] if person in blocked else [CARDS["group"].content])

    undelivered.clear()
    again = signed_in(tell)
    assert (again.delivered, again.skipped) == (0, report.delivered)


def test_card_is_updated_in_its_place(witness, settings, signed_in):
    person = next(
        person["id"]
        for person in witness("people")
        if not witness(f"teams/{person['id']}")["blocked"]
    )

    async def change(get_token):
        async with Connector(settings, get_token) as connector:
            chat = await connector.open_chat(person)
            activity = await connector.send(chat, CARDS["reminder"])
            await connector.update(chat, activity, CARDS["reminder-confirmed"])
            with pytest.raises(TeamsError) as raised:
                await connector.update(chat, "no-such-message", CARDS["reminder"])
            return activity, raised.value.status

    activity, status = signed_in(change)

    (message,) = [
        message for message in witness(f"teams/{person}")["activities"] if message["id"] == activity
    ]
    assert message["updates"] == 1
    assert message["content"]["attachments"][0]["content"] == CARDS["reminder-confirmed"].content
    assert status == 404


def test_channel_gets_the_forums_card(witness, settings, signed_in):
    async def post(get_token):
        async with Connector(settings, get_token) as connector:
            return await connector.send("19:networking@thread.tacv2", CARDS["question"])

    activity = signed_in(post)

    posts = witness("channels")["19:networking@thread.tacv2"]
    assert [(post["id"], post["content"]["summary"]) for post in posts] == [
        (activity, CARDS["question"].summary)
    ]
