"""A card as a mail, for people whom no card reaches: the same content, and links that work."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from scheduler.teams.cards.kit import Card
from scheduler.texts.catalogue import Texts

_ZERO_WIDTH = "\u200b"


def card_as_html(card: Card, texts: Texts, *, address: str | None) -> str:
    """The words of a card in reading order, its links, and where to answer.

    Args:
        card: The card.
        texts: Of its language.
        address: Of the pages, where everything can be done that the card's buttons do.
    """
    lines = [f"<p>{line}</p>" for line in _read(card.content.get("body", []))]
    lines += [
        f'<p><a href="{escape(action["url"])}">{escape(action["title"])}</a></p>'
        for action in card.content.get("actions", [])
        if action.get("type") == "Action.OpenUrl"
    ]
    if address:
        words = texts.say("Answer, and change what you decided, on the pages")
        lines.append(f'<p><a href="{escape(address)}/">{escape(words)}</a></p>')
    return (
        f'<html lang="{texts.language}"><body style="font-family: Segoe UI, sans-serif">'
        f"{''.join(lines)}</body></html>"
    )


def _read(elements: list[Mapping[str, Any]]) -> Iterator[str]:
    for element in elements:
        match element.get("type"):
            case "TextBlock":
                text = escape(_plain(str(element.get("text", ""))))
                yield f"<strong>{text}</strong>" if element.get("style") == "heading" else text
            case "RichTextBlock":
                yield "".join(_run(run) for run in element.get("inlines", []))
            case "Container":
                yield from _read(element.get("items", []))
            case "ColumnSet":
                for column in element.get("columns", []):
                    yield " ".join(_read(column.get("items", [])))
            case _:
                pass  # what somebody would fill in is on the pages


def _run(run: Mapping[str, Any]) -> str:
    text = escape(str(run.get("text", "")).replace(_ZERO_WIDTH, ""))
    return f"<strong>{text}</strong>" if run.get("weight") == "Bolder" else text


def _plain(markdown: str) -> str:
    """A heading's text without the marks that keep its letters from being markdown."""
    return re.sub(r"\\(.)", r"\1", markdown)
