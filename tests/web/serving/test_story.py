"""One person's whole story with the product, by the buttons of cards in a tenant's Teams."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import time

import httpx
import pytest

from scheduler.rounds.notices import send_due_notices
from scheduler.rounds.outcome import carry_out_round
from scheduler.rounds.planning import plan_round
from scheduler.rounds.repairing import repair_round
from scheduler.store.bookings import read_bookings
from scheduler.store.choices import read_choices
from scheduler.store.engine import now
from scheduler.store.feedback import read_feedback
from scheduler.store.meetings import read_members
from scheduler.store.plans import read_plan
from scheduler.store.rounds import begin_cancelling, read_round
from scheduler.store.seats import read_seats
from scheduler.teams.cards.answer import REFUSALS
from scheduler.teams.cards.kit import Buttons
from scheduler.teams.signing import FIELD
from scheduler.web.presses.answering import answer_press
from scheduler.web.presses.press import Press
from tests.web.serving.conftest import ROOT, serve

NOTE = "Send the drawing of the bridge"
PROGRAMME = "virtual-coffee"


@pytest.fixture(scope="module")
def serving(tenant, tmp_path_factory):
    """The service with the real repair, and a programme that people join by saying so."""
    config = tmp_path_factory.mktemp("story") / "config"
    shutil.copytree(ROOT / "config", config)
    file = config / "programmes" / f"{PROGRAMME}.yaml"
    file.write_text(file.read_text("utf-8").replace("join: opt-out", "join: opt-in"), "utf-8")
    people = httpx.get(f"{tenant.http}/sandbox/people", timeout=60).json()
    boss = next(p for p in people if p["department"] == "Human Resources" and p["mailbox"] == "ok")
    file = config / "organisation.yaml"
    text = file.read_text("utf-8").replace("people@lindenhof.example", boss["mail"])
    file.write_text(
        text.replace("name: People team", "name: People team\n  channel: 19:hr"), "utf-8"
    )
    with pytest.MonkeyPatch.context() as patch:
        for name, value in tenant.environment().items():
            patch.setenv(name, value)
        patch.setenv("SCHEDULER_ADDRESS", "https://meet.example.com")
        with serve(
            tenant, tmp_path_factory.mktemp("story-store"), config, repair=repair_round
        ) as running:
            yield running


def newest_card(serving, person_id):
    """What somebody sees at the end of their chat with the bot."""
    messages = serving.ask(f"teams/{person_id}")["activities"]
    return json.dumps(messages[-1:], ensure_ascii=False)


def send_notices(serving):
    return serving.run(send_due_notices(serving.context, serving.clock.at))


def wait_for(found, seconds=60):
    deadline = time.monotonic() + seconds
    while not found() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found()


def test_story_from_joining_to_meeting_again(serving):
    store, context = serving.context.store, serving.context
    boss = next(
        person for person in serving.people
        if person["mail"] == context.settings.organisation.contact.mail
    )  # fmt: skip

    serving.control("answers", {"shares": {"accepted": 1}})  # in Outlook, nobody declines
    # Everybody is asked; every fourth joins, so that several departments do.
    asked = send_notices(serving)
    assert asked.failed == 0
    assert asked.cards > 100
    assert send_notices(serving).cards == 0  # nobody is asked twice
    joined = [
        person["id"]
        for person in serving.people[:-2]
        if serving.ask(f"teams/{person['id']}")["activities"]
    ][::4]
    for person_id in joined:
        said = serving.press(person_id, "join")
        assert "You are in." in json.dumps(said, ensure_ascii=False) or "Du bist dabei" in str(said)
    assert "You are in." in newest_card(serving, joined[0])

    # A plan waits for HR's contact, whose card approves it; the card is nobody else's.
    planned = serving.run(plan_round(context, PROGRAMME))
    round_id = planned.plan.round_id
    everybody_in = {choice.person_id for choice in read_choices(store, kinds=["join"])}
    assert set(joined) <= everybody_in  # other stories of this file may have brought one more
    assert planned.plan.roster_size <= len(everybody_in)
    assert send_notices(serving).cards == 1
    assert '"verb": "approve"' in newest_card(serving, boss["id"])
    posts = serving.ask("channels")["19:hr"]
    assert "approve" not in json.dumps(posts[-1]["content"])
    serving.press(boss["id"], "approve")
    assert read_round(store, round_id).state == "approved"

    # Groups are booked, and each member has the card of their group.
    serving.run(carry_out_round(context, round_id))
    group = max(
        (g for g in planned.plan.groups), key=lambda group: (len(group.member_ids), -group.number)
    )
    leaver, *others = group.member_ids
    assert '"verb": "decline"' in newest_card(serving, leaver)

    # One cannot make it: the group is mended, and Outlook knows.
    said = serving.press(leaver, "decline")
    assert said["statusCode"] == 200
    assert read_seats(store, round_id)[group.number, leaver].coming is False
    wait_for(lambda: leaver not in seated(store, round_id))
    wait_for(lambda: read_round(store, round_id).state == "booked")
    # Cards say so where they stand; a client that still shows the old button gets a kind answer.
    wait_for(lambda: '"verb"' not in newest_card(serving, leaver))
    gone = group.number not in read_bookings(store, round_id, states={"booked"})
    name = next(person["name"] for person in serving.people if person["id"] == leaver)
    assert any(
        words in newest_card(serving, leaver)
        for words in (("called off", "abgesagt") if gone else ("without you", "ohne dich"))
    )
    assert all(name not in newest_card(serving, other) for other in others)
    late = press_old_button(serving, "come_after_all", round_id, group.number, leaver)
    assert late.text == REFUSALS["cancelled" if gone else "late"]
    assert leaver not in seated(store, round_id)
    mine = serving.ask(f"mailboxes/{leaver}")["events"]
    assert [event for event in mine if is_ours(event, round_id) and not event["removed"]] == []

    # Those who go are reminded the day before, and asked afterwards how it was.
    booked = read_bookings(store, round_id, states={"booked"})
    groups = [g for g in read_plan(store, round_id).groups if g.number in booked]
    stays = next((g for g in groups if others[0] in g.member_ids), groups[0])
    person, friend = stays.member_ids[0], stays.member_ids[1]
    serving.clock.at = stays.slot.start - dt.timedelta(hours=20)
    send_notices(serving)
    assert '"verb": "confirm"' in newest_card(serving, person)
    serving.press(person, "confirm")
    serving.clock.at = stays.slot.end + dt.timedelta(hours=1)
    send_notices(serving)
    assert '"verb": "feedback"' in newest_card(serving, person)
    given = {"met": "yes", "again": "yes", "note": NOTE, "thank": friend, "thanks": "For the idea"}
    serving.press(person, "feedback", inputs=given)
    answers = [(one.person_id, one.met, one.again) for one in read_feedback(store, round_id)]
    assert answers == [(person, "yes", "yes")]
    for file in store.file.parent.glob("scheduler.db*"):
        if file.is_file():
            assert NOTE.encode() not in file.read_bytes(), file
    send_notices(serving)
    assert "For the idea" in newest_card(serving, friend)

    # Two weeks later the note comes back to the person alone, who meets somebody again.
    serving.clock.at = stays.slot.end + dt.timedelta(days=14, hours=1)
    send_notices(serving)
    assert NOTE in newest_card(serving, person)
    assert NOTE not in newest_card(serving, friend)
    said = serving.press(person, "connect", inputs={"with": friend})
    links = [action["url"] for action in said["value"].get("actions", [])]
    assert links or "no half hour" in json.dumps(said)
    assert all(url.startswith("https://outlook.office.com/calendar/") for url in links)
    assert send_notices(serving).failed == 0


def test_choices_are_shown_and_kept_on_request(serving):
    person = serving.people[-1]["id"]
    serving.control(f"teams/{person}/say", {"text": "settings"})
    wait_for(lambda: '"verb": "save_choices"' in newest_card(serving, person))

    friend = serving.people[-2]
    inputs = {
        "programmes": PROGRAMME,
        "help": "Excel",
        "never_with": friend["mail"],
        "diet": "vegan",
    }
    said = serving.press(person, "save_choices", inputs=inputs)

    assert "Kept" in json.dumps(said) or "Gespeichert" in json.dumps(said)
    kept = {c.kind: c.value for c in read_all(serving, person)}
    assert kept == {
        "join": PROGRAMME,
        "leave": "cross-team-lunch",  # was not ticked
        "introduction": {"do": "", "help": "Excel", "learn": ""},
        "never-with": [friend["id"]],
        "diet": "vegan",
    }
    raw = (serving.context.store.file).read_bytes()
    raw += serving.context.store.file.with_name("scheduler.db-wal").read_bytes()
    assert f'["{friend["id"]}"]'.encode() not in raw
    assert b"vegan" not in raw


def test_press_on_a_card_of_a_cancelled_round_is_answered_kindly(serving):
    store = serving.context.store
    planned = serving.run(plan_round(serving.context, "cross-team-lunch"))
    number = planned.plan.groups[0].number
    person = planned.plan.groups[0].member_ids[0]
    begin_cancelling(store, planned.plan.round_id, "Sorry", at=now(), by="test")
    for verb in ("confirm", "decline", "come_after_all", "feedback", "connect", "approve"):
        reply = press_old_button(serving, verb, planned.plan.round_id, number, person)
        assert reply.card is None
        wanted = "not_yours" if verb == "approve" else "cancelled"
        assert reply.text == REFUSALS[wanted], verb
    assert read_seats(store, planned.plan.round_id) == {}


def press_old_button(serving, verb, round_id, number, person_id):
    """Press a button of a card that was sent once, and may have changed since."""
    buttons = Buttons(serving.service.signer, round_id, person_id, str(number))
    action = serving.service.signer.read(buttons.data(verb)[FIELD])
    press = Press(person_id=person_id, action=action, inputs={"met": "yes"}, language="en")
    return serving.run(answer_press(serving.service, press))


def seated(store, round_id):
    return {m for n in read_bookings(store, round_id) for m in read_members(store, round_id, n)}


def is_ours(event, round_id):
    return round_id in json.dumps(event)


def read_all(serving, person_id):
    return read_choices(serving.context.store, person_ids=[person_id])
