"""Small values that HR writes: times of day, days, weekdays, rules' base."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Frozen(BaseModel):
    """A checked, unchangeable value; unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def read_clock(value: Any) -> dt.time:
    """A time of day from ``11:30``.

    Only hours and minutes with a colon are taken: YAML would read ``1130`` as a number, and a
    number as a time would silently be seconds after midnight.

    Raises:
        ValueError: it is anything else; the text says what would be right.
    """
    if isinstance(value, dt.time):
        return value
    text = str(value).strip()
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)(?::00)?", text)
    if match is None or isinstance(value, bool | float):
        guess = _guess_clock(text)
        hint = f"; did you mean {guess}?" if guess else ""
        raise ValueError(f"{_short(text)} is not a time of day; write it like 11:30{hint}")
    return dt.time(int(match[1]), int(match[2]))


def _guess_clock(text: str) -> str | None:
    match = re.fullmatch(r"(\d{1,2})[.:h]?(\d{2})?\s*(am|pm)?(?:\s*(?:h|uhr))?", text.lower())
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def read_day(value: Any) -> dt.date:
    """A date from ``2026-12-07``.

    Raises:
        ValueError: it is anything else, or no day of the calendar.
    """
    if isinstance(value, dt.datetime):
        raise ValueError("a day is meant, without a time; write it like 2026-12-07")  # noqa: TRY004 - pydantic turns it into a message
    if isinstance(value, dt.date):
        return value
    text = str(value).strip()
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(f"{_short(text)} is not a date; write year, month and day like 2026-12-07")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is not a day of the calendar") from None


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


Clock = Annotated[
    dt.time,
    BeforeValidator(read_clock),
    WithJsonSchema({"type": "string", "pattern": r"^([01]?\d|2[0-3]):[0-5]\d$"}),
]
Day = Annotated[
    dt.date, BeforeValidator(read_day), WithJsonSchema({"type": "string", "format": "date"})
]


def minute_of_day(clock: dt.time) -> int:
    """Minutes from midnight to this time of day."""
    return clock.hour * 60 + clock.minute
