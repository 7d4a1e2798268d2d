"""The plan's page in the machine's Chromium: on a desk, on a phone, in the dark, on paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.web.plan_page import plan_page

AXE = Path(__file__).parent.parent / "node_modules/axe-core/axe.min.js"


@pytest.fixture
def html(plan, people):
    return plan_page(plan, people, title="Cross-team lunch")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_page_is_never_wider_than_the_window(browser, html, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_content(html)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_search_leaves_what_was_looked_for(browser, html):
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_content(html)

    page.fill("#find", "PERSÓN 10")

    assert page.locator("article:visible h3").all_inner_texts() == ["3 Tue 15 Dec, 12:00–12:30"]
    assert page.locator("output").inner_text() == "1 group"
    page.fill("#find", "on leave")
    assert page.locator("article:visible").count() == 0
    assert page.locator(".people li:visible b").all_inner_texts() == ["Person 13"]
    page.fill("#find", "")
    assert page.locator("article:visible").count() == 3
    assert errors == []
    page.close()


def test_page_works_without_script(browser, html):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(html)

    assert page.locator("article:visible").count() == 3
    assert page.locator(".search").is_hidden()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_mend(browser, html, scheme):
    """WCAG 2.2 AA as far as a program can tell, contrast included."""
    if not AXE.exists():
        pytest.skip("npm's axe-core is not installed; `make test` does it where there is npm")
    page = browser.new_page(color_scheme=scheme)
    page.set_content(html)
    page.add_script_tag(path=AXE)

    found = page.evaluate("axe.run().then(results => results.violations)")

    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    page.close()


def test_paper_shows_every_group_and_everybody_left_out(browser, html):
    page = browser.new_page()
    page.set_content(html)
    page.emulate_media(media="print")

    assert page.locator("article:visible").count() == 3
    assert page.locator(".search").is_hidden()
    page.close()
