"""What somebody typed or clicked as a choice, checked."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Collection, Iterable, Sequence
from typing import Any, get_args

from scheduler.errors import ScheduleError
from scheduler.people.choices import EVERY_PROGRAMME, KINDS, Kind
from scheduler.people.person import Person
from scheduler.programmes.values import read_day

TAKE_BACK = ("none", "no-longer")
LONGEST_TEXT = 500
MOST_ENTRIES = 50


class ChoiceError(ScheduleError):
    """A choice that cannot be kept. Never repeats what was typed for a confidential kind."""


def parse_choice(
    kind: str,
    words: Sequence[str],
    *,
    people: Iterable[Person],
    programmes: Collection[str],
    today: dt.date,
) -> tuple[Kind, str, Any]:
    """A choice's kind, what it is about (see :func:`about_of`) and its value.

    Args:
        kind: One of ``KINDS``.
        words: What follows: a programme, a date, addresses, texts; ``none`` takes a choice back.
            Three words for an introduction: what I do, can help with, would like to learn.
        people: Among whom addresses are looked up.
        programmes: The names of the programmes; ``all`` stands for every one.
        today: A pause must end after it.

    Raises:
        ChoiceError: says what would be right.
    """
    if kind not in KINDS:
        near = difflib.get_close_matches(kind, KINDS, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(KINDS)}."
        raise ChoiceError(f"There is no choice called {kind}; {hint}")
    known = _known_kind(kind)
    texts = [word.strip() for word in words if word.strip()]
    if not texts:
        raise ChoiceError(f"A value is missing after {kind}, for example: {EXAMPLES[known]}")
    if len(texts) == 1 and texts[0].casefold() in TAKE_BACK and known not in ("join", "leave"):
        return known, "", None
    if known in ("join", "leave"):
        programme = _programme(texts, programmes)
        return known, programme, programme
    if known in ("never-with", "meet-person"):
        return known, "", _people(known, texts, people)
    return known, "", _value(known, texts, today)


def about_of(kind: Kind, value: Any) -> str:
    """What tells several choices of one kind apart: the programme that is joined or left."""
    return str(value) if kind in ("join", "leave") else ""


def _known_kind(kind: str) -> Kind:
    return next(one for one in get_args(Kind) if one == kind)


EXAMPLES: dict[Kind, str] = {
    "join": "join cross-team-lunch",
    "leave": "leave all",
    "pause-until": "pause-until 2027-01-31",
    "frequency": "frequency 4 (at most one meeting in four weeks)",
    "never-with": "never-with somebody@example.com",
    "meet-person": "meet-person somebody@example.com",
    "meet-area": "meet-area Legal Purchasing",
    "adviser": "adviser recruiter",
    "interests": "interests chess gardening",
    "languages": "languages English German",
    "introduction": 'introduction "I buy steel" "spreadsheets" "welding"',
    "diet": "diet vegetarian",
    "access": 'access "no stairs"',
}
"""How each kind of choice is typed."""


def _programme(texts: list[str], programmes: Collection[str]) -> str:
    text = " ".join(texts)
    if text.casefold() in ("all", EVERY_PROGRAMME):
        return EVERY_PROGRAMME
    if text not in programmes:
        near = difflib.get_close_matches(text, sorted(programmes), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(programmes))}."
        raise ChoiceError(f"There is no programme {text}; {hint}")
    return text


def _people(kind: Kind, texts: list[str], people: Iterable[Person]) -> list[str]:
    """The ids of people by address, by id, or by a whole name that only one of them has."""
    by_key: dict[str, str] = {}
    by_name: dict[str, set[str]] = {}
    for person in people:
        by_key |= {person.mail.casefold(): person.id, person.id.casefold(): person.id}
        by_name.setdefault(person.name.casefold(), set()).add(person.id)
    found: set[str] = set()
    for text in texts:
        key = text.casefold()
        meant = {by_key[key]} if key in by_key else by_name.get(key, set())
        if len(meant) != 1 and kind == "never-with":
            raise ChoiceError("One of the addresses is not in the directory.")
        if len(meant) > 1:
            raise ChoiceError(f"Several people are called {text}: give the address.")
        if not meant:
            raise ChoiceError(f"{text} is not in the directory.")
        found |= meant
    _check_number(texts)
    return sorted(found)


def check_length(texts: Iterable[str]) -> None:
    """Check that texts are not too long to be kept.

    Raises:
        ChoiceError: One is.
    """
    longest = max(map(len, texts), default=0)
    if longest > LONGEST_TEXT:
        raise ChoiceError(f"At most {LONGEST_TEXT} characters are kept; this has {longest}.")


def _check_number(texts: Sequence[str]) -> None:
    if len(texts) > MOST_ENTRIES:
        raise ChoiceError(f"At most {MOST_ENTRIES} entries are kept.")


def _value(kind: Kind, texts: list[str], today: dt.date) -> Any:
    check_length(texts)
    match kind:
        case "pause-until":
            return _pause(" ".join(texts), today)
        case "frequency":
            return _weeks(texts)
        case "adviser":
            if texts not in (["recruiter"], ["supervisor"]):
                raise ChoiceError("An adviser is a recruiter or a supervisor.")
            return texts[0]
        case "introduction":
            if len(texts) > 3:
                raise ChoiceError(f"An introduction has three parts: {EXAMPLES[kind]}")
            return dict(zip(("do", "help", "learn"), [*texts, "", ""][:3], strict=True))
        case "diet" | "access":
            return " ".join(texts)
    entries = [part.strip() for text in texts for part in text.split(",") if part.strip()]
    _check_number(entries)
    return list(dict.fromkeys(entries))


def _pause(text: str, today: dt.date) -> str:
    try:
        day = read_day(text)
    except ValueError as error:
        raise ChoiceError(f"A pause ends on a day: {error}.") from None
    if day <= today:
        raise ChoiceError(f"A pause ends in the future, and {day} has passed.")
    return day.isoformat()


def _weeks(texts: list[str]) -> int:
    if len(texts) != 1 or not texts[0].isdecimal() or not 1 <= int(texts[0]) <= 52:
        raise ChoiceError("A frequency is a number of weeks from 1 to 52.")
    return int(texts[0])
