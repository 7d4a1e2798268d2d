"""Notifications of Graph: who may bring one, and what comes of it."""

from __future__ import annotations

import asyncio
import datetime as dt
import time

import httpx
import pytest

from scheduler.graph.subscriptions import list_subscriptions
from scheduler.rounds.life import stay
from scheduler.rounds.listening import Listener
from scheduler.store.plans import read_plan
from scheduler.store.rounds import list_rounds
from tests.web.serving.conftest import ROOT, TODAY, serve

LUNCH = "cross-team-lunch/2026-11-30"
SECRET = "a secret of more than thirty-two characters"
AT = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def listening(tenant, tmp_path_factory):
    """The service with the lunch alone, booked without being asked, and open to Graph."""
    config = tmp_path_factory.mktemp("config")
    (config / "programmes").mkdir()
    for name in ("organisation.yaml", "programmes/cross-team-lunch.yaml"):
        text = (ROOT / "config" / name).read_text("utf-8")
        text = text.replace("approval: required", "approval: automatic")
        (config / name).write_text(text, "utf-8")
    with serve(tenant, tmp_path_factory.mktemp("listening"), config) as running:
        running.service.listener = Listener(running.url, ["old" * 20, SECRET], gather_seconds=0.2)
        yield running


def post(listening, body=None, **query):
    return listening.browser().post("/api/changes", params=query, json=body or {})


def notification(state, **more):
    return {"value": [{"clientState": state, "changeType": "updated", **more}]}


def subscriptions(listening):
    return listening.run(list_subscriptions(listening.context.graph))


def test_graph_is_answered_with_its_own_token(listening):
    token = "Validation: Testing <b>reachability</b>. %2B+"

    answer = post(listening, validationToken=token)

    assert (answer.status_code, answer.text) == (200, token)
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "body", [notification("somebody else's"), {"value": []}, {"value": "x"}, [], None]
)
def test_notification_without_our_own_words_is_refused(listening, body):
    assert post(listening, body).status_code == 403


def test_notification_with_an_older_secret_of_ours_is_taken(listening):
    older = Listener(listening.url, ["old" * 20])

    assert post(listening, notification(older._states[0])).status_code == 202


def test_service_without_an_address_takes_no_notification(serving):
    assert post(serving, validationToken="x").status_code == 403


def test_decline_is_mended_as_soon_as_graph_tells_of_it(listening):
    """The whole way: subscribed, told by the tenant, read, mended; no schedule has any part."""
    listening.control("answers", {"shares": {"accepted": 1}})
    listener = listening.service.listener

    async def begin():
        return asyncio.create_task(
            stay(listening.context, lambda: TODAY, every_seconds=3600, listener=listener)
        )

    staying = listening.run(begin())
    wait_until(lambda: [r.state for r in list_rounds(listening.context.store)] == ["booked"])
    wait_until(lambda: len(subscriptions(listening)) == 4)
    group = read_plan(listening.context.store, LUNCH).groups[0]
    decline(listening, group.member_ids[0])
    wait_until(lambda: group.member_ids[0] not in members(listening))
    listening.loop.call_soon_threadsafe(staying.cancel)

    organisers = listening.context.settings.organisation.organisers
    assert sorted(one.mailbox for one in subscriptions(listening)) == sorted(organisers)
    assert {one.address for one in subscriptions(listening)} == {listener.address}
    assert listening.ask("report")["duplicates"] == 0


def test_subscription_that_graph_took_away_is_made_anew(listening):
    listener = listening.service.listener
    listening.run(listener.keep(listening.context, at=dt.datetime.now(dt.UTC)))
    gone, *kept = subscriptions(listening)
    httpx.delete(f"{listening.tenant.http}/v1.0/subscriptions/{gone.id}", headers=token(listening))

    told = notification(listener._states[-1], lifecycleEvent="subscriptionRemoved")
    assert post(listening, told).status_code == 202
    listening.run(listener.keep(listening.context, at=dt.datetime.now(dt.UTC)))

    now = subscriptions(listening)
    assert {one.id for one in now} > {one.id for one in kept}
    assert {one.mailbox for one in now} == {gone.mailbox, *(one.mailbox for one in kept)}


def test_subscription_that_graph_wants_renewed_lasts_longer(listening):
    listener = listening.service.listener
    listening.run(listener.keep(listening.context, at=dt.datetime.now(dt.UTC)))
    before = {one.id: one.expires for one in subscriptions(listening)}
    time.sleep(1.1)  # expiry is kept in seconds

    told = notification(listener._states[-1], lifecycleEvent="reauthorizationRequired")
    assert post(listening, told).status_code == 202
    listening.run(listener.keep(listening.context, at=dt.datetime.now(dt.UTC)))

    after = {one.id: one.expires for one in subscriptions(listening)}
    assert after.keys() == before.keys()
    assert all(after[one] > before[one] for one in before)


def test_new_secret_replaces_the_subscriptions(listening):
    newer = Listener(listening.url, ["new" * 20])

    listening.run(newer.keep(listening.context, at=dt.datetime.now(dt.UTC)))

    assert {one.address for one in subscriptions(listening)} == {newer.address}


def members(listening):
    return {m for g in read_plan(listening.context.store, LUNCH).groups for m in g.member_ids}


def token(listening):
    graph = listening.context.graph
    return {"Authorization": f"Bearer {listening.run(graph.get_token(graph.settings.scope))}"}


def decline(listening, person_id):
    """As the person does it in Outlook."""
    mail = next(one["mail"] for one in listening.people if one["id"] == person_id)
    (copy,) = listening.ask(f"mailboxes/{mail}")["events"]
    url = f"{listening.tenant.http}/v1.0/users/{mail}/events/{copy['id']}/decline"
    httpx.post(url, headers=token(listening), json={}, timeout=30).raise_for_status()


def wait_until(true, *, seconds=120):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.2)
