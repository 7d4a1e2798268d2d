"""Every card reads as a mail: all of its words, and its links."""

from __future__ import annotations

import html5lib
import pytest

from scheduler.rounds.card_mail import card_as_html
from scheduler.teams.gallery import example_cards
from scheduler.texts.catalogue import texts_in

ADDRESS = "https://meet.example.com"
HEAD = '<html lang="en">'


def read(html):
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(
        f"<!doctype html><title>x</title>{html.removeprefix(HEAD)}"
    )
    text = " ".join("".join(tree.itertext()).split())
    return text, [link.get("href") for link in tree.iter("a")]


def test_mail_says_what_the_card_says_and_links_to_the_pages():
    card = example_cards("en")["group"]

    text, links = read(card_as_html(card, texts_in("en"), address=ADDRESS))

    assert "José O'Neil" in text
    assert "Monday, 7 December 2026" in text
    assert "Join online" in text
    assert links[-1] == f"{ADDRESS}/"
    assert len(links) > 1


def test_heading_is_read_without_the_marks_that_escape_markdown():
    card = example_cards("en")["invitation"]
    heading = next(one for one in card.content["body"] if one.get("style") == "heading")
    marked = {**card.content, "body": [{**heading, "text": r"Lunch \*now\* \[x\]\(y\) <b>"}]}

    text, _ = read(card_as_html(type(card)(marked, "x"), texts_in("en"), address=None))

    assert "Lunch *now* [x](y) <b>" in text


@pytest.mark.parametrize("name", sorted(example_cards("en")))
def test_every_card_is_sound_html(name):
    text, _ = read(card_as_html(example_cards("en")[name], texts_in("en"), address=ADDRESS))

    assert len(text) > 40
    assert "\u200b" not in text
