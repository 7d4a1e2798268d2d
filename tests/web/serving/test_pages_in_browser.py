"""The pages in a real browser: signed in by clicks, on a phone, by keyboard, without scripts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SCHEMES = ("light", "dark")


@pytest.fixture
def context(browser):
    """A phone's width; the sandbox's certificate is its own."""
    made = browser.new_context(
        viewport={"width": 390, "height": 800}, ignore_https_errors=True, java_script_enabled=False
    )
    yield made
    made.close()


def test_person_signs_in_and_out_by_clicks_on_a_phone_without_scripts(serving, context):
    person = serving.of("Sales")
    page = context.new_page()

    page.goto(f"{serving.url}/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Search").fill(person["name"])
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=person["name"]).first.click()

    assert page.get_by_role("heading", level=1).inner_text() == f"Hello, {person['name']}"
    page.get_by_role("button", name="Sign out").click()
    assert page.get_by_role("heading", level=1).inner_text() == "You are signed out here"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", ["/", "/privacy", "/terms", "/nothing-here"])
def test_page_fits_a_phone_and_its_style_is_loaded(serving, browser, path, scheme):
    made = browser.new_context(
        viewport={"width": 390, "height": 800}, ignore_https_errors=True, color_scheme=scheme
    )
    page = made.new_page()
    refused = []
    page.on("console", lambda line: refused.append(line.text) if line.type == "error" else None)

    page.goto(f"{serving.url}{path}")

    width = page.evaluate("document.documentElement.scrollWidth")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    folder = os.environ.get("SCHEDULER_PAGE_PICTURES")
    if folder:
        name = path.strip("/") or "home"
        page.screenshot(path=Path(folder) / f"{name}-{scheme}.png", full_page=True)
    made.close()
    assert width <= 390
    assert ground == {"light": "rgb(251, 251, 249)", "dark": "rgb(18, 24, 27)"}[scheme]
    assert [line for line in refused if "404" not in line] == []


def test_keyboard_reaches_the_content_first(serving, browser):
    made = browser.new_context(ignore_https_errors=True)
    page = made.new_page()
    page.goto(f"{serving.url}/privacy")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    made.close()
