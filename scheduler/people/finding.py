"""Finding people by their names, as somebody types them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from scheduler.people.person import Person

SHORTEST = 2
"""Letters: fewer would list the company."""


def plain(text: str) -> str:
    """The text without accents, case and dots: ``René O'Neil`` is ``rene oneil``."""
    split = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o"))
    return "".join(
        letter if letter.isalnum() else " "
        for letter in split.casefold()
        if not unicodedata.combining(letter) and letter not in "'’"
    )


def find_people(text: str, people: Iterable[Person]) -> list[Person]:
    """Those of whose names every word of the text begins one, by name; too little finds nobody."""
    words = plain(text).split()
    if len("".join(words)) < SHORTEST:
        return []
    found = [
        person
        for person in people
        if all(any(part.startswith(word) for part in plain(person.name).split()) for word in words)
    ]
    return sorted(found, key=lambda person: (plain(person.name), person.id))
