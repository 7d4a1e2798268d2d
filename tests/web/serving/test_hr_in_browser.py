"""HR's whole story in a real browser: read, change, solve again, approve, invite, follow, call off.

Played as people work: signed in by clicks; once with scripts, and the ways that change something
also without them and on a phone. Every page is asked for what axe knows of WCAG 2.2 AA.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import re
from pathlib import Path

import pytest

from scheduler.rounds.approval import approve_round
from scheduler.rounds.outcome import carry_out_round
from scheduler.rounds.planning import plan_round
from scheduler.store.audit import read_audit
from scheduler.store.plans import read_plan
from scheduler.store.rounds import read_round

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PICTURES = os.environ.get("SCHEDULER_PAGE_PICTURES")
PHONE = {"width": 390, "height": 800}
PROGRAMME = "cross-team-lunch"
MONDAY = dt.date(2026, 12, 7)


@pytest.fixture(scope="module")
def mondays():
    """The first days of rounds that no other test plans."""
    return iter(MONDAY + dt.timedelta(weeks=2 * number) for number in range(20))


@pytest.fixture
def round_id(serving, mondays):
    """A round of this test alone, planned and not approved."""
    context = dataclasses.replace(serving.context, effort=0.05)
    return serving.run(plan_round(context, PROGRAMME, first_day=next(mondays))).plan.round_id


@pytest.fixture(scope="module")
def signed_in(serving, browser):
    """The cookies of somebody in HR who signed in by clicks."""
    person = serving.of("Human Resources")
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.goto(f"{serving.url}/programmes")  # leads to the sign-in, and back here
    page.get_by_label("Search").fill(person["name"])
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=person["name"]).first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Programmes"
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def open_page(serving, browser, signed_in):
    """``open_page("/programmes", java_script_enabled=False)``: a page of HR's."""
    contexts = []

    def opened(path: str, **options):
        context = browser.new_context(ignore_https_errors=True, storage_state=signed_in, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{serving.url}{path}")
        return page

    yield opened
    for context in contexts:
        context.close()


def state(serving, round_id):
    return read_round(serving.context.store, round_id).state


def seats(serving, round_id):
    plan = read_plan(serving.context.store, round_id)
    return {group.number: set(group.member_ids) for group in plan.groups}


def list_pages(serving, round_id):
    person = read_plan(serving.context.store, round_id).groups[0].member_ids[0]
    base = f"/rounds/{round_id}"
    return [
        "/programmes", f"/programmes/{PROGRAMME}", base, f"{base}?q=sales", f"{base}/left-out",
        f"{base}/groups/1", f"{base}/rules", f"{base}/departments", f"{base}/versions",
        f"{base}/answers", f"{base}/progress", f"{base}/send-back", f"{base}/cancel",
        f"{base}/change?what=move&person={person}", f"{base}/change?what=swap&person={person}",
        f"{base}/change?what=move&to=1&other=a", f"{base}/change?what=drop&to=1",
        f"{base}/change?what=out&person={person}", "/what-if", "/insights",
    ]  # fmt: skip


def list_faults(page):
    """What axe finds on a page, in the light and, of colours, in the dark."""
    page.evaluate(AXE.read_text("utf-8"))
    faults = []
    for scheme, wish in (("light", {"runOnly": TAGS}), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("wish => axe.run(wish).then(results => results.violations)", wish)
        faults += [(page.url, scheme, one["id"], one["nodes"][0]["html"]) for one in found]
    return faults


@pytest.mark.skipif(not AXE.exists(), reason="npm's axe-core is not installed; `make test` does it")
def test_axe_finds_nothing_on_any_page_and_each_fits_a_phone(serving, open_page, round_id):
    faults, wide, refused = [], [], []
    page = open_page("/programmes", viewport=PHONE)
    page.on("console", lambda line: refused.append(line.text) if line.type == "error" else None)
    for path in list_pages(serving, round_id):
        page.goto(f"{serving.url}{path}")
        if page.locator("[data-live='2']").count():
            page.wait_for_selector("[data-live]", state="detached", timeout=60_000)
        faults += list_faults(page)
        if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
            wide.append(path)
        take_picture(page, path.replace(round_id, "round"))

    assert faults == []
    assert wide == []
    assert refused == []


def take_picture(page, name):
    """Where somebody wants to look: the page as it is, in the folder that they name."""
    if PICTURES:
        name = re.sub(r"\W+", "-", name).strip("-")
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_change_is_seen_before_it_is_kept_without_scripts_on_a_phone(serving, open_page, round_id):
    before = seats(serving, round_id)
    page = open_page(f"/rounds/{round_id}/groups/1", viewport=PHONE, java_script_enabled=False)
    name = page.locator("tbody th").first.inner_text()

    page.get_by_role("link", name=f"Take out {name}").click()
    page.get_by_role("heading", name=f"{name} is taken out").wait_for()
    assert "Nothing is kept yet" in page.locator("main").inner_text()
    assert seats(serving, round_id) == before

    page.wait_for_load_state()
    agreed = page.get_by_label("I have read what it breaks")
    if agreed.count():
        agreed.check()
    page.get_by_role("button", name="Keep this change").click()
    assert "Kept." in page.get_by_role("status").first.inner_text()
    assert len(seats(serving, round_id)[1]) == len(before[1]) - 1

    page.get_by_role("link", name="Left out").click()
    assert name in page.locator(".people").inner_text()
    page.get_by_role("link", name="Changes").click()
    page.get_by_role("heading", name="From plan 1 to plan 2").wait_for()
    assert "somebody taken out by hand" in page.locator("table").first.inner_text()
    assert f"{name}\tgroup 1" in page.locator("table").last.inner_text()


def test_fixed_group_stays_when_the_rest_is_solved_again(serving, open_page, round_id):
    page = open_page(f"/rounds/{round_id}/groups/2")
    members = seats(serving, round_id)[2]

    page.get_by_role("button", name="Fix this group").click()
    page.get_by_text("Fixed", exact=True).wait_for()
    page.get_by_role("button", name="Solve the rest again").click()
    page.get_by_text("Solved again.").wait_for(timeout=60_000)

    assert seats(serving, round_id)[2] == members
    page.get_by_text("Fixed by hand").wait_for()


def test_somebody_else_changed_the_plan_meanwhile(serving, open_page, round_id):
    """What was looked at is what is decided about."""
    late = open_page(f"/rounds/{round_id}")
    page = open_page(f"/rounds/{round_id}/groups/2")
    page.get_by_role("button", name="Fix this group").click()
    page.get_by_text("Fixed", exact=True).wait_for()

    late.get_by_role("button", name="Approve this plan").click()

    assert "has changed since you looked at it" in late.get_by_role("alert").inner_text()
    assert state(serving, round_id) == "planned"


def press(page, name):
    """Reach a button or link by Tab alone, and press Enter on it."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == name:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard does not reach {name!r}")


def test_plan_is_approved_sent_back_and_invited_by_keyboard(serving, open_page, round_id):
    page = open_page(f"/rounds/{round_id}")
    before = serving.ask("report")["events"]

    press(page, "Approve this plan")
    assert state(serving, round_id) == "approved"
    press(page, "Send back")
    page.get_by_label("What should be different?").fill("<b>Fewer</b> on Friday")
    press(page, "Send back")
    assert state(serving, round_id) == "planned"
    said = read_audit(serving.context.store, round_id=round_id)[-1]
    assert said.details == {"reason": "<b>Fewer</b> on Friday"}

    press(page, "Approve this plan")
    press(page, "Invite everybody now")
    assert page.url.endswith("/progress")
    page.reload()  # it goes on, and the page finds it again
    page.get_by_text(re.compile(r"groups are\s+booked")).wait_for(timeout=90_000)
    groups = len(seats(serving, round_id))
    assert state(serving, round_id) == "booked"
    assert f"Meetings in Outlook: {groups} of {groups}" in page.locator("main").inner_text()
    assert serving.ask("report")["events"] == before + groups


@pytest.mark.skipif(not AXE.exists(), reason="npm's axe-core is not installed; `make test` does it")
def test_group_of_an_invited_round_is_called_off_then_the_round(serving, open_page, round_id):
    """Without scripts, on a phone; and every page of a round that is under way is sound."""
    approve_round(serving.context.store, round_id, by="hr")
    serving.run(carry_out_round(serving.context, round_id))
    before, events = seats(serving, round_id), serving.ask("report")["events"]
    page = open_page(f"/rounds/{round_id}/groups/3", java_script_enabled=False, viewport=PHONE)
    assert page.get_by_role("button", name="Solve the rest again").count() == 0
    page.get_by_role("link", name="Call this group off").click()
    page.get_by_text("only they hear of it").wait_for()
    page.get_by_role("button", name="Keep this change").click()
    wait_without_scripts(page)

    assert set(seats(serving, round_id)) == set(before) - {3}
    assert serving.ask("report")["events"] == events - 1

    sound = open_page(f"/rounds/{round_id}/answers", viewport=PHONE)
    faults = list_faults(sound)
    take_picture(sound, "answers-booked")
    sound.goto(f"{serving.url}/rounds/{round_id}/versions")
    faults += list_faults(sound)
    assert faults == []

    page.get_by_role("link", name="Call the round off").click()
    page.get_by_label("What everybody is told").fill("The canteen is closed.")
    page.get_by_label("I mean the whole round").check()
    page.get_by_role("button", name="Call the round off").click()
    wait_without_scripts(page)
    page.get_by_role("heading", name="The round is called off").wait_for()
    assert state(serving, round_id) == "cancelled"
    assert serving.ask("report")["events"] == events - len(before)


def wait_without_scripts(page):
    """The page looks again by itself; a test is in more of a hurry."""
    page.wait_for_url("**/progress")
    while page.get_by_text("This page looks again by itself").count():
        page.wait_for_timeout(300)
        page.reload()


def test_what_if_compares_without_scripts(open_page):
    page = open_page("/what-if", java_script_enabled=False, viewport=PHONE)
    page.get_by_label("Ideal group").fill("5")
    page.get_by_label("Rounds").fill("1")
    page.get_by_role("button", name="Try it out").click()
    page.get_by_text("Round by round").wait_for(timeout=90_000)

    assert "size.ideal = 5" in page.locator("main").inner_text()
    assert page.locator("table").first.locator("thead th").all_inner_texts() == [
        "Over all rounds", "As it is", "With the change", "Difference"
    ]  # fmt: skip


def test_change_that_does_not_fit_is_explained_on_the_form(open_page):
    page = open_page("/what-if")
    page.get_by_text("Another change").click()
    page.get_by_label("Keys and values").fill("size.idael=5")
    page.get_by_role("button", name="Try it out").click()

    assert "did you mean ideal?" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Keys and values").input_value() == "size.idael=5"


@pytest.mark.skipif(PICTURES is None, reason="SCHEDULER_PAGE_PICTURES names no folder")
def test_pictures_for_the_handbook(open_page, round_id):
    """SCHEDULER_PAGE_PICTURES=docs/images pytest -k pictures_for_the_handbook"""
    page = open_page(f"/rounds/{round_id}/groups/1", viewport={"width": 1280, "height": 900})
    page.get_by_role("link", name=re.compile("^Move ")).first.click()
    page.get_by_role("link", name=re.compile("^See what it does")).first.click()
    page.get_by_text("Nothing is kept yet").wait_for()
    page.screenshot(path=Path(PICTURES) / "hr-change.png")
