"""What changed, on pages: every figure from the report, nothing that the report does not tell."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import os
from pathlib import Path

import pytest
from lxml import etree

from scheduler.insights.charts import draw_charts
from scheduler.insights.tables import write_row
from scheduler.rounds.planning import plan_round
from scheduler.rounds.reporting import report_rounds
from scheduler.store.bookings import Intention, confirm_booking, intend_bookings
from scheduler.store.feedback import Feedback, save_feedback
from scheduler.store.rounds import move_round, save_plan
from tests.web.serving.test_hr_in_browser import AXE, PHONE, list_faults

PROGRAMME = "cross-team-lunch"
MONDAYS = (dt.date(2026, 7, 6), dt.date(2026, 8, 3), dt.date(2026, 9, 7))
PICTURES = os.environ.get("SCHEDULER_PAGE_PICTURES")


def hold_round(store, plan, monday):
    """A round as the store remembers it once its meetings are over and people have answered."""
    shift = monday - dt.date.fromisoformat(plan.round_id.rpartition("/")[2])
    groups = tuple(
        dataclasses.replace(
            group, slot=dataclasses.replace(group.slot, start=group.slot.start + shift)
        )
        for group in plan.groups
    )
    plan = dataclasses.replace(plan, round_id=f"{PROGRAMME}/{monday}", groups=groups)
    at = dt.datetime.combine(monday, dt.time(), dt.UTC)
    save_plan(store, plan, at=at, by="test")
    intentions = [
        Intention(
            round_id=plan.round_id, group_number=group.number, attempt=1,
            transaction_id=f"{monday}-{group.number}", fingerprint="f", organiser="o@example.com",
        )
        for group in groups
    ]  # fmt: skip
    intend_bookings(store, intentions, at=at)
    for group in groups:
        confirm_booking(
            store, plan.round_id, group, event_id="e", ical_uid=None, join_url=None,
            web_link=None, agenda_attached=True, at=at,
        )  # fmt: skip
        for number, member in enumerate(group.member_ids):
            answer = Feedback(
                round_id=plan.round_id, group_number=group.number, person_id=member,
                met="yes" if number else "no", again="yes", said_at=group.slot.end,
            )  # fmt: skip
            save_feedback(store, answer)
    for state in ("approved", "booking", "booked", "held"):
        move_round(store, plan.round_id, state, at=at, by="test")


@pytest.fixture(scope="module")
def report(serving):
    """The report of three rounds of a quarter that is over."""
    context = dataclasses.replace(serving.context, effort=0.05)
    for monday in MONDAYS:
        plan = serving.run(plan_round(context, PROGRAMME, first_day=dt.date(2026, 12, 7))).plan
        hold_round(serving.context.store, plan, monday)
    made = serving.run(report_rounds(serving.service.context()))
    assert made is not None
    return made


@pytest.fixture(scope="module")
def hr(serving, report):
    return serving.sign_in(serving.of("Human Resources")["mail"])


@pytest.fixture(scope="module")
def page(hr):
    while True:
        answer = hr.get("/insights")
        assert answer.status_code == 200
        if "data-live" not in answer.text:
            return answer.text


def test_page_tells_every_sentence_and_every_cell_of_the_report(page, report, visible_text):
    shown = visible_text(page)

    for sentence in report.sentences:
        assert " ".join(sentence.split()) in shown
    for table in report.tables:
        for row in table.rows:
            for cell in write_row(table, row):
                assert " ".join(cell.split()) in shown
    assert page.count("<figure>") == len(draw_charts(report.figures))


def test_every_picture_and_its_numbers_can_be_saved(hr, page, report):
    for chart in draw_charts(report.figures):
        picture = hr.get(f"/insights/charts/{chart.key}.svg")
        assert picture.headers["content-disposition"] == f'attachment; filename="{chart.key}.svg"'
        assert etree.fromstring(picture.content).tag.endswith("svg")
        assert hr.get(f"/insights/charts/{chart.key}.png").content[:8] == b"\x89PNG\r\n\x1a\n"
        numbers = hr.get(f"/insights/tables/{chart.key}.csv")
        assert numbers.content[:3] == b"\xef\xbb\xbf"
        assert len(list(csv.reader(io.StringIO(numbers.content.decode("utf-8-sig"))))) > 1
    assert "new_across" in hr.get("/insights/tables/all.csv").text


@pytest.mark.parametrize("path", ["charts/x.svg", "charts/heat-after.exe", "tables/x.csv"])
def test_picture_that_does_not_exist_is_not_found(hr, page, path):
    assert hr.get(f"/insights/{path}").status_code == 404


def test_report_of_an_unknown_programme_is_refused(hr, page, visible_text):
    answer = hr.get("/insights", params={"programme": "<b>none"})

    assert answer.status_code == 200 or answer.status_code == 409
    assert "No round of <b>none has taken place" in visible_text(answer.text)


def test_no_person_is_named_nor_listed(serving, page):
    main = page[page.index("<main") :]  # the bar on top names whoever is signed in
    for person in serving.people:
        assert person["name"] not in main
        assert person["id"] not in main


@pytest.mark.skipif(not AXE.exists(), reason="npm's axe-core is not installed; `make test` does it")
def test_axe_finds_nothing_and_the_page_prints_as_a_report(serving, browser, page):
    context = browser.new_context(ignore_https_errors=True, viewport=PHONE)
    shown = context.new_page()
    person = serving.of("Human Resources")
    shown.goto(f"{serving.url}/insights")
    shown.get_by_label("Search").fill(person["name"])
    shown.get_by_role("button", name="Search").click()
    shown.get_by_role("link", name=person["name"]).first.click()
    shown.get_by_text("In words").wait_for()

    assert list_faults(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    shown.emulate_media(media="print", color_scheme="light")
    assert not shown.get_by_role("button", name="Show").is_visible()
    assert shown.locator("figure svg").first.is_visible()
    if PICTURES:
        shown.emulate_media(media="screen")
        shown.set_viewport_size({"width": 1280, "height": 900})
        shown.screenshot(path=Path(PICTURES) / "insights.png", full_page=True)
        shown.emulate_media(color_scheme="dark")
        shown.screenshot(path=Path(PICTURES) / "insights-dark.png", full_page=True)
        shown.emulate_media(media="print", color_scheme="light")
        shown.pdf(path=Path(PICTURES) / "insights.pdf", format="A4", print_background=True)
    context.close()
