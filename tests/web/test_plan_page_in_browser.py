"""The plan's page in the machine's Chromium: on a desk, on a phone, in the dark, on paper."""

from __future__ import annotations

import pytest

from scheduler.web.plan_page import plan_page


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
def test_text_stands_out_from_its_ground(browser, html, scheme):
    """WCAG 2.2 1.4.3: 4.5 to 1, by the colours that Chromium computes."""
    page = browser.new_page(color_scheme=scheme)
    page.set_content(html)

    assert page.evaluate(CONTRAST) == []
    page.close()


def test_paper_shows_every_group_and_everybody_left_out(browser, html):
    page = browser.new_page()
    page.set_content(html)
    page.emulate_media(media="print")

    assert page.locator("article:visible").count() == 3
    assert page.locator(".search").is_hidden()
    page.close()


CONTRAST = """() => {
  const parse = (colour) => { const n = colour.match(/[\\d.]+/g).map(Number); return [...n.slice(0, 3), n[3] ?? 1]; };
  const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const over = (top, ground) => top.slice(0, 3).map((c, i) => c * top[3] + ground[i] * (1 - top[3]));
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.unshift(parse(getComputedStyle(e).backgroundColor));
    return layers.reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    const back = ground(element), text = over(parse(getComputedStyle(element).color), back);
    const [a, b] = [light(text), light(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.push(`${walker.currentNode.textContent.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return faint;
}"""  # noqa: E501 -- a script reads better unbroken
