"""People put their names down for a day out: on a page, in the form, by the button of a card.

The tests go on from one another: first the list is open, then it has closed.
"""

from __future__ import annotations

import datetime as dt
import json

import pytest

from scheduler.rounds.notices import send_due_notices
from scheduler.store.choices import read_choice_changes
from scheduler.texts.catalogue import texts_in
from tests.web.serving.conftest import ROOT, csrf_of, serve

EVENT = dt.date(2026, 12, 18)
OUTING = """\
preset: outing
title: A day in the food bank
cadence: {on: [2026-12-18, 2027-03-19]}
venue: {place: Food bank}
sign_up: {capacity: 2}
"""
SMALL = """\
preset: outing
title: A look behind the scenes
audience: {where: office != Remote}
cadence: {on: [2026-12-18]}
venue: {place: Theatre}
sign_up: {capacity: 2, waiting_list: no}
"""
OPEN = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
CLOSED = dt.datetime(2026, 12, 14, 12, tzinfo=dt.UTC)
DAY = "A day in the food bank on Friday, 18 December 2026"


@pytest.fixture(scope="module")
def serving(tenant, tmp_path_factory):
    """The service with two days out as the only programmes."""
    folder = tmp_path_factory.mktemp("lists")
    config = folder / "config"
    (config / "programmes").mkdir(parents=True)
    text = (ROOT / "config" / "organisation.yaml").read_text("utf-8")
    (config / "organisation.yaml").write_text(text, "utf-8")
    (config / "programmes" / "outing.yaml").write_text(OUTING, "utf-8")
    (config / "programmes" / "theatre.yaml").write_text(SMALL, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in tenant.environment().items():
            patch.setenv(name, value)
        patch.setenv("SCHEDULER_ADDRESS", "https://meet.example.com")
        with serve(tenant, folder, config) as running:
            running.clock.at = OPEN
            yield running


@pytest.fixture(scope="module")
def people(serving):
    """Somebody of HR, then six people of offices, whose days are much alike."""
    hr = serving.of("Human Resources")
    return [hr, *[p for p in serving.people if p["office"] in {"London", "Berlin"} and p != hr][:6]]


@pytest.fixture(scope="module")
def browsers(serving, people):
    return [serving.sign_in(person["mail"]) for person in people]


def post(browser, path: str, **form):
    token = csrf_of(browser.get("/me/choices").text)
    return browser.post(path, data={"csrf": token, **form})


def join(browser, programme: str = "outing", answer: str = "join"):
    """What the page says at its top after an answer."""
    done = post(browser, f"/me/programmes/{programme}", answer=answer)
    assert done.status_code == 303, done.text
    return browser.get(done.headers["location"].split("#")[0])


def test_page_says_where_somebody_stands_at_once_and_later(serving, browsers, visible_text):
    serving.clock.at = OPEN
    before = visible_text(browsers[1].get("/me").text)
    assert (
        "Put your name down for A day in the food bank on Friday, 18 December 2026 by the end of "
        "Friday, 11 December 2026. 2 of 2 seats are free."
    ) in before

    pages = [visible_text(join(browser).text) for browser in browsers[1:4]]

    for number, page in enumerate(pages[:2], 1):
        assert page.count(
            f"Your name is on the list for {DAY}. You are number {number}, and there are 2 seats."
        ) == 2  # as what was just done, and beside the programme  # fmt: skip
    waiting = f"All 2 seats for {DAY} are taken. You are number 1 on the waiting list"
    assert pages[2].count(waiting) == 2
    assert waiting in visible_text(browsers[3].get("/me").text)
    assert "You hear from us when your group is put together" not in "".join(pages)


def test_who_withdraws_makes_room_for_the_next(serving, browsers, visible_text):
    serving.clock.at = OPEN
    left = visible_text(join(browsers[1], answer="never").text)
    assert "You have left." in left
    assert "You are number 2, and there are 2 seats." in visible_text(browsers[3].get("/me").text)


def test_full_list_without_a_waiting_list_says_so(serving, browsers, visible_text):
    serving.clock.at = OPEN
    for browser in browsers[1:3]:
        join(browser, "theatre")
    page = visible_text(join(browsers[3], "theatre").text)
    full = "It is full: all 2 seats for A look behind the scenes on Friday, 18 December 2026 are"
    assert page.count(f"{full} taken, and there is no waiting list.") == 2
    assert "waiting list:" not in page.split("A look behind the scenes")[1]


def test_page_of_hr_says_how_many_names_there_are_and_until_when(serving, browsers, visible_text):
    serving.clock.at = OPEN
    open_ = browsers[0].get("/programmes/theatre").text
    assert (
        "List open 3 names are on the list for 18 December 2026, and there are 2 seats. It closes "
        "at the end of 11 December 2026; the plan is made after that."
    ) in visible_text(open_)
    assert "/programmes/theatre/plan" not in open_
    assert "its plan is made on 12 December 2026" in visible_text(open_)


def test_name_that_comes_too_late_is_down_for_the_next_round(serving, browsers, visible_text):
    serving.clock.at = CLOSED
    closed = f"The list for {DAY} closed at the end of Friday, 11 December 2026."
    assert f"{closed} Who joins now is down for the next one." in visible_text(
        browsers[4].get("/me").text
    )

    page = visible_text(join(browsers[4]).text)

    assert page.count(f"{closed} You are down for the next one, on Friday, 19 March 2027.") == 2
    # Whoever was in time is told so, and can withdraw all the same.
    assert "The list closed at the end of Friday, 11 December 2026; the invitation" in visible_text(
        browsers[2].get("/me").text
    )
    assert "You have left." in visible_text(join(browsers[2], answer="never").text)


def test_form_of_all_choices_says_where_somebody_stands(serving, browsers, visible_text):
    serving.clock.at = CLOSED
    done = post(browsers[5], "/me/choices", programmes=["outing"])
    assert done.status_code == 303, done.text

    page = visible_text(browsers[5].get(done.headers["location"]).text)

    assert "Kept. It counts from the next round on." in page
    assert f"The list for {DAY} closed at the end of Friday, 11 December 2026." in page
    again = post(browsers[5], "/me/choices", programmes=["outing"])
    assert again.headers["location"] == "/me/choices?said=same"


def test_card_asks_until_when_and_says_where_somebody_stands(serving, people):
    serving.clock.at = OPEN
    person = people[6]["id"]
    report = serving.run(send_due_notices(serving.context, serving.clock.at))
    assert report.failed == 0
    messages = json.dumps(serving.ask(f"teams/{person}")["activities"], ensure_ascii=False)
    texts = [texts_in(language) for language in ("en", "de")]
    asks = [
        text.say("There are {capacity} seats, for those who come first.", capacity=2)
        for text in texts
    ]
    assert any(one in messages for one in asks)
    assert "11 December" in messages or "11. Dezember" in messages

    serving.clock.at = CLOSED
    said = json.dumps(
        serving.press(person, "save_choices", inputs={"programmes": "outing"})
        if "save_choices" in messages
        else serving.press(person, "join"),
        ensure_ascii=False,
    )

    assert "is closed" in said or "closed at the end of" in said or "geschlossen" in said
    assert len(read_choice_changes(serving.context.store, person)) == 1


def test_page_of_hr_plans_once_the_list_has_closed(serving, browsers, visible_text):
    serving.clock.at = CLOSED
    closed = browsers[0].get("/programmes/theatre").text
    assert "List closed 3 names are on the list" in visible_text(closed)
    assert "/programmes/theatre/plan" in closed
