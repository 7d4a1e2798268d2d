"""Dates of a whole column: the order of day and month is found, given, or refused; never guessed.

``03/04/2021`` alone says nothing. One ``25/04/2021`` in the same column decides for all of it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from scheduler.people.imports.table import Cell

Order = Literal["day-first", "month-first"]

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_PLAIN_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_DOTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})")
_NUMBERS = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?: \d{1,2}:\d{2}.*)?")
_NAMED = re.compile(r"(\d{1,2})[-. /]*([^\W\d_]{3,9})\.?[-. /,]*(\d{4}|\d{2})")
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januar january janvier jän", "feb februar february février fév",
            "mar mär märz march mars", "apr april avr avril", "may mai", "jun juni june juin",
            "jul juli july juillet", "aug august août aoû", "sep sept september septembre",
            "oct okt oktober october octobre", "nov november novembre",
            "dec dez dezember december décembre déc",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
PIVOT = 70
"""Two-digit years from 70 on are of the last century: nobody at work was hired before 1970."""


class UndecidedDatesError(ValueError):
    """A column's dates can be read in two ways, or in none."""


@dataclass(frozen=True, slots=True)
class DateColumn:
    """How a column is to be read; ``order`` is None where no date in it needs one."""

    order: Order | None

    def read(self, cell: Cell) -> dt.date | None:
        """The date in one cell; None for an empty one.

        Raises:
            ValueError: it is no date.
        """
        if isinstance(cell, dt.date):
            return cell
        text = cell.strip()
        if _PLAIN_ISO.fullmatch(text):  # by far the most, and the quickest
            return _date(int(text[:4]), int(text[5:7]), int(text[8:]), text)
        if not text or text in ("-", "00.00.0000", "0000-00-00"):
            return None
        numbers = _NUMBERS.fullmatch(text)
        if numbers is None:
            return _read_plain(text)
        first, second, year = int(numbers[1]), int(numbers[2]), _year(numbers[3])
        day, month = (second, first) if self.order == "month-first" else (first, second)
        return _date(year, month, day, text)


def _read_plain(text: str) -> dt.date:
    """A date that is written in only one way."""
    if match := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]), text)
    if match := _DOTS.fullmatch(text):  # dots are day first wherever dates are written so
        return _date(_year(match[3]), int(match[2]), int(match[1]), text)
    if match := _NAMED.fullmatch(text):
        return _date(_year(match[3]), _MONTHS.get(match[2].casefold(), 0), int(match[1]), text)
    if match := _NAMED_FIRST.fullmatch(text):
        return _date(int(match[3]), _MONTHS.get(match[1].casefold(), 0), int(match[2]), text)
    raise ValueError(f"{text[:40]} is not a date")


def _date(year: int, month: int, day: int, text: str) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(f"{text[:40]} is not a date") from None


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year >= PIVOT else 2000)


def decide_order(cells: Iterable[Cell], given: Order | None = None) -> DateColumn:
    """How the dates of a column are ordered.

    Args:
        cells: The whole column.
        given: What config/people.yaml says; it is checked against the column.

    Raises:
        UndecidedDatesError: every date fits both orders, or some fit only one and some the other.
    """
    day_first = month_first = either = None
    for cell in cells:
        match = _NUMBERS.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if match is None:
            continue
        first, second = int(match[1]), int(match[2])
        if first > 12 >= second:
            day_first = cell
        elif second > 12 >= first:
            month_first = cell
        elif first != second:
            either = cell
    if day_first and month_first:
        raise UndecidedDatesError(
            f"{day_first} has the day first and {month_first} the month; mend the column"
        )
    found: Order | None = "day-first" if day_first else "month-first" if month_first else None
    if given is not None and found is not None and given != found:
        wrong = day_first or month_first
        raise UndecidedDatesError(f"people.yaml says {given}, and {wrong} cannot be read so")
    if given is None and found is None and either:
        raise UndecidedDatesError(
            f"{either} and all other dates can be read with the day or the month first; "
            "write dates: day-first or dates: month-first in people.yaml"
        )
    return DateColumn(given or found)
