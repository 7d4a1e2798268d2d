"""Help with one's introduction: plain rules, each with what would be better."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from scheduler.people.choices import Introduction

Part = Literal["do", "help", "learn"]
PARTS: tuple[Part, ...] = ("do", "help", "learn")

LONG = 140
"""Letters that are read at a glance on a card; about one sentence of twenty words."""
SHORT_WORDS = 3
EMPTY_WORDS = frozenset({
    "alignment", "best-in-class", "deliverables", "drive", "driving", "enablement", "empower",
    "ecosystem", "end-to-end", "holistic", "holistically", "impactful", "leverage", "leveraging",
    "mission-critical", "paradigm", "proactive", "stakeholder", "stakeholders", "strategic",
    "strategically", "streamline", "synergies", "synergy", "thought", "transformational",
    "transversal", "value-add", "world-class",
})  # fmt: skip
"""Words that colleagues of another department cannot picture anything with."""
VAGUE = frozenset({
    "a bit of everything", "all sorts of things", "anything", "everything", "lots of things",
    "many things", "stuff", "things", "various things", "whatever",
})  # fmt: skip
_DUTY = re.compile(r"\b(i am|i'm)?\s*(responsible for|in charge of|tasked with)\b", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\b[A-Z][A-Z0-9]{2,6}s?\b")
_KNOWN = frozenset({"CEO", "CFO", "CTO", "CIO", "COO", "PDF", "USA", "API", "SQL", "ISO", "LED"})
"""Short names that most people know."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What one part could do better. It is advice: everything is kept as it was written."""

    part: Part
    text: str


def advise(introduction: Introduction) -> tuple[Advice, ...]:
    """At most two pieces of advice for each part, and none for a part that is empty.

    Where all parts are empty there is nothing to advise.
    """
    given: dict[Part, str] = {
        "do": introduction.do.strip(),
        "help": introduction.help.strip(),
        "learn": introduction.learn.strip(),
    }
    return tuple(
        Advice(part, text) for part in PARTS if given[part] for text in _advise(given[part])[:2]
    )


def _advise(text: str) -> list[str]:
    found = []
    plain = text.casefold().strip(" .!")
    words = re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", text)
    if plain in VAGUE:
        found.append("Name one thing. Somebody who reads it should know what to ask you.")
    elif len(words) < SHORT_WORDS:
        found.append("A few words more: for example, for whom, or with what?")
    if len(text) > LONG:
        found.append(
            f"This has {len(text)} characters. Up to {LONG} are read at a glance on a card."
        )
    if _DUTY.search(text):
        found.append("Say what you do, rather than what you are responsible for.")
    short = next((w for w in _ABBREVIATION.findall(text) if w.rstrip("s") not in _KNOWN), None)
    if short is not None and text != text.upper():
        found.append(f"Write out “{short}”: other departments may not know it.")
    empty = next((word for word in words if word.casefold() in EMPTY_WORDS), None)
    if empty is not None:
        found.append(f"Try it without “{empty}”: what would somebody see if they stood beside you?")
    return found
