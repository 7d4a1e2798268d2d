"""Every card, drawn by Microsoft's renderer: nothing cut, covered or missing, in any language.

With SCHEDULER_CARD_PICTURES set to a folder, the pictures go there (``make cards``).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scheduler.teams.gallery import example_cards
from scheduler.teams.signing import FIELD
from scheduler.teams.verbs import VERBS
from scheduler.texts.catalogue import languages
from tests.teams.drawing import RENDERER, THEMES, draw, find_flaws, open_theme, visible_texts

PICTURES = os.environ.get("SCHEDULER_CARD_PICTURES")
INPUTS = {"Input.Text", "Input.ChoiceSet", "Input.Date"}
NARROW, WIDE = 320, 480


@pytest.fixture(scope="module")
def themes(browser):
    if not RENDERER.exists():
        pytest.skip("npm's adaptivecards is not installed; `make test` does it where there is npm")
    pages = {
        (theme, width): open_theme(browser, theme, width)
        for theme, width in (("light", NARROW), ("light", WIDE), ("dark", WIDE))
    }
    yield pages
    for page in pages.values():
        page.close()


@pytest.fixture(params=[(lang, long) for lang in languages() for long in (False, True)],
                ids=lambda p: f"{p[0]}-{'longest' if p[1] else 'usual'}")  # fmt: skip
def cards(request):
    language, longest = request.param
    return example_cards(language, longest=longest)


def elements(content, kinds):
    """All elements and actions of these kinds, fallbacks left out."""
    if isinstance(content, dict):
        if content.get("type") in kinds:
            yield content
        for key, value in content.items():
            if key != "fallback":
                yield from elements(value, kinds)
    elif isinstance(content, list):
        for value in content:
            yield from elements(value, kinds)


def said(content):
    """Every text that a reader should find on the card once everything is opened."""
    for block in elements(content, {"TextBlock", "TextRun"}):
        yield block["text"].replace("\\", "").strip()
    for field in elements(content, INPUTS):
        yield field["label"]
        yield from (option["title"] for option in field.get("choices", []))
        if field.get("placeholder") and not field.get("value"):
            yield field["placeholder"]


def open_all(page, content):
    """Press everything that shows more: one form after the other, then back."""
    for action in elements(content, {"Action.ToggleVisibility", "Action.ShowCard"}):
        page.get_by_role("button", name=action["title"], exact=True).first.click()
        yield action


@pytest.mark.parametrize(("theme", "width"), [("light", NARROW), ("dark", WIDE)])
def test_card_shows_all_it_says(themes, cards, theme, width):
    page = themes[theme, width]
    for name, card in cards.items():
        assert draw(page, card.content) == [], name
        assert find_flaws(page) == [], name
        shown = visible_texts(page)
        for _ in open_all(page, card.content):
            assert find_flaws(page) == [], name
            shown += visible_texts(page)
        missing = {text for text in said(card.content) if text and text not in set(shown)}
        assert missing == set(), name


def test_buttons_send_what_the_door_reads(themes, cards):
    page = themes["light", WIDE]
    for name, card in cards.items():
        draw(page, card.content)
        for _ in open_all(page, card.content):
            pass
        for press in elements(card.content, {"Action.Execute"}):
            draw(page, card.content)
            fields = fill_in(page, card.content, press)
            page.evaluate("pressed.length = 0")
            page.get_by_role("button", name=press["title"], exact=True).last.click()
            (sent,) = page.evaluate("pressed")
            assert (sent["kind"], sent["verb"]) == ("Action.Execute", press["verb"]), name
            assert sent["data"][FIELD] == press["data"][FIELD], name
            assert set(sent["data"]) - {FIELD} <= set(VERBS[press["verb"]]), name
            assert fields <= set(sent["data"]), name


def fill_in(page, content, press):
    """Open the form that holds the button, and answer what has to be answered."""
    for unfolded in elements(content, {"Action.ShowCard"}):
        if press in list(elements(unfolded["card"], {"Action.Execute"})):
            page.get_by_role("button", name=unfolded["title"], exact=True).first.click()
            form = unfolded["card"]
            break
    else:
        form = {"body": content["body"]}
    fields = list(elements(form["body"], INPUTS))
    for field in fields:
        if field.get("isRequired"):
            control = page.get_by_label(field["label"]).first
            if field["type"] == "Input.Text":
                control.fill("An answer")
            elif field.get("style") == "compact":
                control.select_option(index=1)
            else:
                page.get_by_label(field["choices"][0]["title"], exact=True).first.check()
    return {field["id"] for field in fields if field.get("isRequired")} - (
        set() if press.get("associatedInputs") == "auto" else {field["id"] for field in fields}
    )


@pytest.mark.skipif(not PICTURES, reason="pictures are made by `make cards`")
@pytest.mark.parametrize("language", languages())
def test_pictures_are_made(themes, language):
    folder = Path(PICTURES or "")
    folder.mkdir(parents=True, exist_ok=True)
    for theme in THEMES:
        page = themes[theme, WIDE]
        for name, card in example_cards(language).items():
            draw(page, card.content)
            page.locator("#card").screenshot(path=folder / f"{name}-{language}-{theme}.png")
