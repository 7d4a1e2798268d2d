"""A person's whole story on their own pages, in a real browser, signed in by clicks."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.serving.network import OPT_IN, book, company

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 800}
NOTE = "Send the drawing of the bridge"


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    with company(tmp_path_factory) as running:
        yield running


@pytest.fixture(scope="module")
def hour(serving):
    return book(serving, "networking-hour")


@pytest.fixture(scope="module")
def lunch(serving, hour):
    return book(serving, "cross-team-lunch")


@pytest.fixture(scope="module")
def heroes(serving, lunch, hour):
    """People with a lunch and an hour to come, of different groups."""
    met = {m for group in hour.plan.groups for m in group.member_ids}
    return [
        next(p for p in serving.people if p["id"] in group.member_ids and p["id"] in met)
        for group in lunch.plan.groups
        if met & set(group.member_ids) and group.slot.start < min(
            g.slot.start for g in hour.plan.groups
        ) + dt.timedelta(days=30)
    ]  # fmt: skip


@pytest.fixture(autouse=True)
def november(serving):
    serving.clock.at = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)


def open_pages(serving, browser, person, *, size, scripts, scheme="light"):
    """Somebody's browser, signed in by clicks."""
    made = browser.new_context(
        viewport=size, ignore_https_errors=True, java_script_enabled=scripts, color_scheme=scheme
    )
    made.set_default_timeout(8000)
    page = made.new_page()
    page.goto(f"{serving.url}/me")  # leads to the sign-in, and back
    page.get_by_label("Search").fill(person["name"])
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=person["name"], exact=True).first.click()
    page.get_by_role("heading", level=1, name=f"Hello, {person['name']}").wait_for()
    return page


def says(page, text):
    """What the page says was done."""
    expect(page.get_by_role("status").first).to_contain_text(text)


def tab(page, name):
    page.get_by_role("navigation", name="My network").get_by_role("link", name=name).click()


WAYS = {
    "desktop": {"size": DESKTOP, "scripts": True},
    "phone without scripts": {"size": PHONE, "scripts": False},
}


@pytest.mark.parametrize("way", WAYS)
def test_person_plays_the_whole_story(serving, browser, heroes, lunch, way):
    person = heroes[list(WAYS).index(way)]
    group = lunch.group_of(person["id"])
    page = open_pages(serving, browser, person, **WAYS[way])

    # The next meetings, with agenda and files.
    tab(page, "Meetings")
    with page.expect_download() as got:
        page.get_by_role("link", name="Calendar file (.ics)").first.click()
    assert got.value.suggested_filename.endswith(".ics")
    with page.expect_download() as got:
        page.get_by_role("link", name="Agenda as PDF").first.click()
    assert Path(got.value.path()).read_bytes().startswith(b"%PDF")
    page.get_by_role("link", name="Networking hour").click()
    expect(page.get_by_role("table", name="Your breakout rooms").get_by_role("row")).to_have_count(
        5
    )

    # Cannot come, and then can.
    tab(page, "Meetings")
    card = page.get_by_role("listitem").filter(has_text="Lunch across teams").first
    card.get_by_text("I can’t make it").click()
    card.get_by_role("button", name="Yes, give my seat away").click()
    says(page, "You gave your seat away, and the others are told.")
    page.get_by_role("button", name="I can come after all").click()
    says(page, "You are coming. The others will be glad.")

    # Choices: what is wrong is told beside its field, and nothing else is lost.
    tab(page, "My choices")
    page.get_by_label("People I would like to meet").fill("nobody at all")
    page.get_by_label("What I eat, or do not").fill("no nuts")
    page.get_by_label("Book club").check()
    page.get_by_role("button", name="Save").click()
    field = page.get_by_label("People I would like to meet")
    problem = page.locator("#meet_people-problem")
    expect(problem).to_have_text("nobody at all is not in the directory.")
    assert field.get_attribute("aria-invalid") == "true"
    assert field.input_value() == "nobody at all"
    assert page.get_by_label("What I eat, or do not").input_value() == "no nuts"
    assert page.get_by_label("Book club").is_checked()
    page.get_by_label("People I would like to meet").fill("")
    page.get_by_role("button", name="Save").click()
    says(page, "Kept. It counts from the next round on.")
    assert page.get_by_label("What I eat, or do not").input_value() == "no nuts"

    # Programmes: leave, and join again.
    tab(page, "Overview")
    page.get_by_role("button", name="Leave Book club").click()
    says(page, "You have left.")
    page.get_by_role("button", name="Join Book club").click()
    says(page, "You are in.")

    # An introduction, with advice.
    tab(page, "My introduction")
    page.get_by_label("What I do").fill("I am responsible for the brakes of trains")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Say what you do, rather than")).to_be_visible()
    page.get_by_label("What I do").fill("I test the brakes of trains.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".advice")).to_have_count(0)

    # Ideas with reasons, somebody searched by name, an area.
    tab(page, "Whom to meet")
    idea = page.get_by_role("listitem").filter(has=page.get_by_role("heading", level=3)).first
    name = idea.get_by_role("heading").inner_text()
    expect(idea.locator(".why li").first).to_be_visible()
    idea.get_by_role("button", name="Ask to meet").click()
    wishes = page.get_by_role("region", name="What you asked for")
    expect(wishes.get_by_text(name).first).to_be_visible()
    friend = next(p for p in serving.people if p["id"] not in {person["id"], *group.member_ids}
                  and p["name"] != name and p["team"] != person["team"])  # fmt: skip
    page.get_by_label("A colleague’s name").fill(friend["name"])
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name=f"Ask to meet {friend['name']}").first.click()
    page.get_by_label("A department, team or topic").fill("Legal")
    page.get_by_role("region", name="Ask to meet an area").get_by_role("button").click()
    expect(wishes.get_by_role("listitem")).to_have_count(3)
    wishes.get_by_role("button", name="Take back: Legal").click()
    expect(wishes.get_by_role("listitem")).to_have_count(2)

    # After the meeting: notes and follow-ups, how it was, meeting again.
    serving.clock.at = group.slot.end + dt.timedelta(hours=1)
    tab(page, "People I met")
    page.get_by_role("link", name="Write down what to follow up").first.click()
    page.get_by_label("Write down").fill(f"{NOTE}\nAsk about steel")
    page.get_by_role("button", name="Keep").click()
    says(page, "Kept. Nobody but you can read it.")
    page.get_by_role("button", name=f"Done: {NOTE}").click()
    tab(page, "Overview")
    todo = page.get_by_role("region", name="To follow up")
    expect(todo.get_by_role("listitem")).to_have_count(1)
    todo.get_by_role("button", name="Done: Ask about steel").click()
    expect(page.get_by_role("region", name="To follow up")).to_have_count(0)
    tab(page, "People I met")
    page.get_by_role("link", name="Lunch across teams").first.click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#met-problem")).to_have_text("Please say whether you met.")
    page.get_by_label("Yes, all of us").check()
    page.get_by_role("button", name="Send", exact=True).click()
    says(page, "Thank you.")
    page.get_by_role("link", name="Connect again").first.click()
    times = page.get_by_role("link", name="Open in Outlook")
    expect(times.or_(page.get_by_text("there is no half hour")).first).to_be_visible()

    # Everything to take along, and then nothing is left.
    tab(page, "My data")
    with page.expect_download() as got:
        page.get_by_role("button", name="For programs (JSON)").click()
    assert NOTE in Path(got.value.path()).read_text("utf-8")
    page.get_by_role("link", name="Erase everything about me").click()
    page.get_by_role("button", name="Erase me now").click()
    expect(page.get_by_role("alert")).to_contain_text("Please tick the box")
    page.get_by_label("Yes, erase everything about me").check()
    page.get_by_role("button", name="Erase me now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are erased here")
    page.context.close()


PAGES = ["/me", "/me/meetings", "LUNCH", "HOUR", "PAST", "AGAIN", "/me/people", "/me/ideas?q=an",
         "/me/choices", "PROBLEMS", "/me/introduction", "/me/data", "/me/data/erase"]  # fmt: skip


@pytest.fixture(scope="module")
def visit(serving, browser, heroes, lunch, hour):
    """Opens each page of somebody with a past and a future, in a browser that stays signed in."""
    person = next(
        p for p in heroes[3:]
        if lunch.group_of(p["id"]).slot.end < hour.group_of(p["id"]).slot.start
    )  # fmt: skip
    group, later = lunch.group_of(person["id"]), hour.group_of(person["id"])
    other = next(m for m in group.member_ids if m != person["id"])
    addresses = {
        "LUNCH": lunch.path(group), "HOUR": hour.path(later), "PAST": lunch.path(group),
        "AGAIN": f"{lunch.path(group)}/again/{other}", "PROBLEMS": "/me/choices",
    }  # fmt: skip
    pages = {
        (size, scheme): open_pages(
            serving, browser, person, size=PHONE if size == "phone" else DESKTOP, scripts=True,
            scheme=scheme,
        )
        for size, scheme in (("desktop", "light"), ("phone", "dark"))
    }  # fmt: skip
    page = pages["desktop", "light"]
    serving.clock.at = group.slot.end + dt.timedelta(hours=1)
    page.goto(serving.url + addresses["PAST"])
    page.get_by_label("Write down").fill(f"{NOTE}\nAsk Ann about the warehouse at night")
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name=f"Done: {NOTE}").click()

    def go(name, key):
        page = pages[key]
        before = name in {"LUNCH", "/me/meetings"}
        serving.clock.at = (
            group.slot.start - dt.timedelta(days=3)
            if before
            else (group.slot.end + dt.timedelta(hours=1))
        )
        page.goto(serving.url + addresses.get(name, name))
        if name == "PROBLEMS":
            page.get_by_label("Departments, teams or topics").fill("x" * 600)
            page.get_by_label("Never in a group with").fill("nobody")
            page.get_by_role("button", name="Save").click()
        return page

    return go


@pytest.mark.parametrize("key", [("desktop", "light"), ("phone", "dark")], ids="-".join)
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_fits(visit, name, key):
    if not AXE.is_file():
        pytest.skip("npm's axe-core is not installed; `make test` does it where there is npm")
    page = visit(name, key)
    refused = []
    page.on("console", lambda line: refused.append(line.text) if line.type == "error" else None)

    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "axe.run({rules: {'target-size': {enabled: true}}}).then(results => results.violations)"
    )
    width = page.evaluate("document.documentElement.scrollWidth")
    folder = os.environ.get("SCHEDULER_PAGE_PICTURES")
    if folder:
        file = f"me-{name.strip('/').split('?')[0].replace('/', '-').lower()}-{'-'.join(key)}"
        page.screenshot(path=Path(folder) / f"{file}.png", full_page=True)
        if key[0] == "desktop":
            page.emulate_media(media="print")
            page.pdf(path=Path(folder) / f"{file}.pdf")
            page.emulate_media(media="screen")

    assert [(one["id"], [n["html"] for n in one["nodes"]]) for one in found] == []
    assert width <= page.viewport_size["width"]
    assert [line for line in refused if "400" not in line] == []


def test_keyboard_alone_joins_a_programme(visit):
    page = visit("/me", ("desktop", "light"))

    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Join Book club":
            break
    page.keyboard.press("Enter")

    says(page, "You are in.")
    assert OPT_IN in page.content()
