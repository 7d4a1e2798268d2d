"""The sandbox's pages in a real browser: find somebody, read an invitation, answer it."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from scheduler.sandbox import SandboxSettings, start_sandbox
from tests.sandbox.conftest import ORGANISER, TODAY, Client
from tests.sandbox.test_pages import CARD

AXE = Path(__file__).parent.parent / "node_modules/axe-core/axe.min.js"
LOOKS = {
    "desktop-light": ({"width": 1280, "height": 900}, "light"),
    "phone-dark": ({"width": 390, "height": 800}, "dark"),
}


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    """A tenant of these tests' own: they answer invitations in it."""
    settings = SandboxSettings(
        state=tmp_path_factory.mktemp("pages"), people=60, today=TODAY, concurrency=0
    )
    with start_sandbox(settings) as started:
        yield started


@pytest.fixture(scope="module")
def wire(addresses):
    with httpx.Client(base_url=addresses.http) as http:
        path = f"/{addresses.tenant_id}/oauth2/v2.0/token"
        yield Client(http, None, {}, path, addresses.client_secret)


@pytest.fixture(scope="module")
def people(wire):
    """People with two invitations, one of them with a file, and a card."""
    invited = [p for p in wire.see("people") if p["mailbox"] == "ok"][:4]
    pdf = {
        "@odata.type": "#microsoft.graph.fileAttachment", "name": "Agenda.pdf",
        "contentType": "application/pdf", "contentBytes": "JVBERi0=",
    }  # fmt: skip
    mails = [one["mail"] for one in invited]
    body = {"contentType": "html", "content": "<p style='color:#036'>What to <b>talk</b> about</p>"}
    wire.control("answers", {"shares": {"never": 1}})
    wire.book(mails, subject="Lunch across teams", attachments=[pdf], body=body)
    start = {"dateTime": "2026-12-09T12:00:00", "timeZone": "GMT Standard Time"}
    end = {**start, "dateTime": "2026-12-09T12:30:00"}
    wire.book(mails[2:], subject="Coffee", isOnlineMeeting=True, start=start, end=end)
    wire.control("settle")
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}
    message = {"type": "message", "attachments": [card]}
    for one in invited:
        member = {"members": [{"id": one["id"]}], "activity": message}
        wire.teams("POST", "conversations", member)
    return invited


@pytest.fixture(scope="module")
def person(people):
    """One of them, who answers nothing."""
    return people[3]


@pytest.mark.parametrize(("size", "scripts"), [("desktop-light", True), ("phone-dark", False)])
def test_newcomer_finds_an_invitation_and_answers_it(
    browser, wire, addresses, people, size, scripts
):
    person = people[0 if scripts else 1]
    made = browser.new_context(viewport=LOOKS[size][0], java_script_enabled=scripts)
    page = made.new_page()
    page.set_default_timeout(8000)

    page.goto(addresses.http)
    page.get_by_label("A name, an address").fill(person["name"])
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=person["name"], exact=True).click()
    page.get_by_role("list").get_by_role("link", name="Lunch across teams").click()
    invitation = page.get_by_role("article", name="Lunch across teams")
    body = invitation.frame_locator("iframe").get_by_text("What to talk about")
    expect(body).to_be_visible()
    response = "Decline" if scripts else "Tentative"
    invitation.get_by_role("button", name=f"{response}: Lunch across teams").click()

    said = "declined" if scripts else "accepted as tentative"
    expect(page.get_by_role("status")).to_have_text(f"Lunch across teams: {said}.")
    made.close()
    events = wire.graph("GET", f"users/{ORGANISER}/events").json()["value"]
    told = {
        a["emailAddress"]["address"]: a["status"]["response"]
        for event in events
        for a in event["attendees"]
        if event["subject"] == "Lunch across teams"
    }
    assert told[person["mail"]] == ("declined" if scripts else "tentativelyAccepted")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["home", "nobody", "person", "picker"])
def test_page_is_accessible_fits_and_loads_nothing_else(browser, addresses, person, name, look):
    if not AXE.is_file():
        pytest.skip("npm's axe-core is not installed; `make test` does it where there is npm")
    sign_in = f"{addresses.tenant_id}/oauth2/v2.0/authorize?client_id={addresses.client_id}"
    path = {
        "home": "", "nobody": "?q=nobody+at+all", "person": f"look/{person['id']}?week=2026-12-07",
        "picker": f"{sign_in}&redirect_uri=http://localhost/",
    }[name]  # fmt: skip
    size, scheme = LOOKS[look]
    made = browser.new_context(viewport=size, color_scheme=scheme)
    page = made.new_page()
    refused, asked = [], []
    page.on("console", lambda line: refused.append(line.text) if line.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{addresses.http}/{path}")
    page.evaluate(AXE.read_text("utf-8"))
    options = "{iframes: false, rules: {'target-size': {enabled: true}}}"
    found = page.evaluate(f"axe.run({options}).then(results => results.violations)")
    width = page.evaluate("document.documentElement.scrollWidth")
    folder = os.environ.get("SCHEDULER_PAGE_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"sandbox-{name}-{look}.png", full_page=True)
        if look == "desktop-light":
            page.pdf(path=Path(folder) / f"sandbox-{name}.pdf")
    made.close()

    assert [(one["id"], [n["html"] for n in one["nodes"]]) for one in found] == []
    assert width <= size["width"]
    assert refused == []
    assert {url.split("/")[2] for url in asked if not url.startswith("data:")} == {
        addresses.http.removeprefix("http://")
    }
