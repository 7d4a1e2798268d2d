"""A programme's channel as its forum, and people whom no card reaches."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import time

import httpx
import pytest

from scheduler.rounds.forum import question_of
from scheduler.rounds.notices import send_due_notices
from scheduler.rounds.telling import WORKFLOWS
from scheduler.store.notices import find_channel, read_unreachable
from scheduler.store.posts import read_posts
from scheduler.teams.cards.answer import REFUSALS
from scheduler.web.messages import _learn
from tests.web.serving.conftest import ROOT, serve

PROGRAMME = "virtual-coffee"
CHANNEL = "19:coffee@thread.tacv2"


@pytest.fixture(scope="module")
def serving(tenant, tmp_path_factory):
    """A programme with a channel, which asks the people of one department to join."""
    config = tmp_path_factory.mktemp("channels") / "config"
    shutil.copytree(ROOT / "config", config)
    file = config / "programmes" / f"{PROGRAMME}.yaml"
    text = file.read_text("utf-8").replace("join: opt-out", "join: opt-in")
    text = text.replace("where: not contractor", "where: department in [Marketing]")
    file.write_text(f"{text}\nnotices:\n  channel: {CHANNEL}\n", "utf-8")
    (config / "programmes" / "cross-team-lunch.yaml").unlink()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in tenant.environment().items():
            patch.setenv(name, value)
        patch.setenv("SCHEDULER_ADDRESS", "https://meet.example.com")
        with serve(tenant, tmp_path_factory.mktemp("channels-store"), config) as running:
            yield running


def posts(serving):
    """The newest version of each message in the channel, by what it is about."""
    return [
        (message["id"], json.dumps(message["content"], ensure_ascii=False))
        for message in serving.ask("channels").get(CHANNEL, [])
    ]


def find_post(serving, words):
    return next((post for post in reversed(posts(serving)) if words in post[1]), None)


def wait_for(found, seconds=30):
    deadline = time.monotonic() + seconds
    while not found() and time.monotonic() < deadline:
        time.sleep(0.05)
    return found()


def press(serving, person, message, button, **inputs):
    wish = {"conversation": CHANNEL, "activity": message, "button": button, "inputs": inputs}
    return serving.control(f"teams/{person['id']}/press", wish)["body"]


def test_channel_gets_the_weeks_question_once_and_grows_by_answers(serving):
    one, other = serving.people[0], serving.people[1]
    serving.run(send_due_notices(serving.context, serving.clock.at))
    serving.run(send_due_notices(serving.context, serving.clock.at))
    asked = question_of(serving.clock.at.date())
    questions = [post for post in posts(serving) if asked in post[1]]
    assert len(questions) == 1
    assert len([post for post in posts(serving) if '"verb": "offer"' in post[1]]) == 1

    message = questions[0][0]
    said = press(serving, one, message, "answer", text="Pivot *tables*")
    assert "Pivot" in json.dumps(said["value"])
    press(serving, other, message, "answer", text="Patience")
    again = press(serving, other, message, "answer", text="Patience")
    assert again["value"] in set(REFUSALS.values()) | {
        "Das haben wir schon; mehr braucht es nicht."
    }

    def shown():
        post = find_post(serving, asked)
        return post if post and "Pivot *tables*" in post[1] and "Patience" in post[1] else None

    assert wait_for(shown)
    assert shown()[1].count("Patience") == 1
    answers = read_posts(serving.context.store, PROGRAMME, kind="answer")
    assert [(post.person_id, post.text) for post in answers] == [
        (one["id"], "Pivot *tables*"),
        (other["id"], "Patience"),
    ]


def test_request_for_help_becomes_a_post_that_others_reply_to(serving):
    asker, helper = serving.people[2], serving.people[3]
    serving.run(send_due_notices(serving.context, serving.clock.at))
    market = find_post(serving, '"verb": "offer"')[0]

    press(serving, asker, market, "ask", text="Who knows welding?")
    made = wait_for(lambda: find_post(serving, "Who knows welding?"))
    assert asker["name"] in made[1]
    press(serving, helper, made[0], "reply", text="I do")

    assert wait_for(lambda: "I do" in find_post(serving, "Who knows welding?")[1])
    assert helper["name"] in find_post(serving, "Who knows welding?")[1]


def test_channel_is_learned_when_the_bot_is_added_to_its_team(serving):
    person = serving.people[0]["id"]
    serving.control(f"teams/{person}/say", {"text": "hello"})  # opens the chat
    data = {"team": {"id": "19:t@x", "name": "People"}, "channel": {"id": "19:c@x", "name": "HR"}}
    serving.run(_learn(serving.service, {"channelData": data}))
    serving.run(_learn(serving.service, {"channelData": {"team": data["team"]}}))

    assert find_channel(serving.context.store, "People/HR") == "19:c@x"
    assert find_channel(serving.context.store, "People/General") == "19:t@x"


def test_person_whom_no_card_reaches_is_told_by_mail_and_listed_until_they_write(serving):
    audience = [p for p in serving.people if p["department"] == "Marketing"]
    lost = audience[0]
    serving.control(f"people/{lost['id']}", {"blocked": True}, "PATCH")

    later = serving.clock.at.replace(year=2027)  # everybody is asked anew
    report = serving.run(send_due_notices(serving.context, later))
    assert report.failed == 0
    assert report.mails == 1
    assert set(read_unreachable(serving.context.store)) == {lost["id"]}
    (mail,) = serving.ask(f"mailboxes/{lost['id']}")["mails"]
    body = re.sub(r"<[^>]+>", " ", json.dumps(mail, ensure_ascii=False))
    assert "take part" in body or "teilnehmen" in body or "mitmachen" in body.lower()
    assert "https://meet.example.com/" in json.dumps(mail)
    again = serving.run(send_due_notices(serving.context, later))
    assert (again.mails, again.cards) == (0, 0)

    serving.control(f"people/{lost['id']}", {"blocked": False}, "PATCH")
    serving.control(f"teams/{lost['id']}/say", {"text": "hello"})
    assert read_unreachable(serving.context.store) == {}


def test_channel_that_only_a_webhook_reaches_gets_cards_without_buttons(serving, monkeypatch):
    serving.run(send_due_notices(serving.context, serving.clock.at))  # what the bot itself posts
    url = f"{serving.tenant.https}/teams/workflows/w1?sig=secret"
    monkeypatch.setenv(WORKFLOWS, json.dumps({CHANNEL: url}))
    week_later = serving.clock.at + dt.timedelta(days=7)

    before = len(httpx.get(f"{serving.tenant.http}/sandbox/workflows", timeout=30).json())
    serving.run(send_due_notices(serving.context, week_later))

    shown = httpx.get(f"{serving.tenant.http}/sandbox/workflows", timeout=30).json()[before:]
    text = json.dumps(shown)
    assert [one["shown"] for one in shown] == [True] * len(shown) != []
    assert "question of the week" in text
    assert "Action.Execute" not in text
