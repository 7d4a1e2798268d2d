"""One thing that the product reads, keeps or shows, and how long things are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from scheduler.settings.organisation import Retention

Category = Literal[
    "not kept",
    "shared",
    "history",
    "feedback",
    "log",
    "choices",
    "session",
    "copy",
    "installation",
]

HOW_LONG: Mapping[Category, str] = {
    "not kept": "only in memory while it is used, at most a quarter of an hour",
    "shared": "until the round has what came of it, two hours at most; if everything was stopped "
    "meanwhile, until the next start",
    "history": "{history_months} months",
    "feedback": "{feedback_months} months",
    "log": "{log_days} days",
    "choices": "until the person changes it; {history_months} months after the last change where "
    "the person has left",
    "session": "8 hours, in the person's own browser",
    "copy": "as long as IT keeps the copy; what is erased meanwhile is in it until then",
    "installation": "as long as the product is installed; says nothing about a person",
}
"""How long things of each category are kept, with the settings of organisation.yaml in braces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A row of the table.

    ``place`` is where it is read or kept: a call of Microsoft Graph, a table of the database, a
    file. ``seen_by`` says who may see it through the product.
    """

    place: str
    field: str
    source: str
    purpose: str
    seen_by: str
    kept: Category


def list_items(
    place: str, kept: Category, source: str, seen_by: str, fields: Mapping[str, str]
) -> tuple[Item, ...]:
    """Items of one place that share everything but their field and purpose."""
    return tuple(
        Item(place=place, field=f, source=source, purpose=why, seen_by=seen_by, kept=kept)
        for f, why in fields.items()
    )


def say_how_long(category: Category, retention: Retention) -> str:
    """How long things of a category are kept, in words."""
    return HOW_LONG[category].format(**retention.model_dump())


def find_cutoff(category: Category, retention: Retention, today: dt.date) -> dt.date:
    """The first day whose things are still kept.

    Raises:
        ValueError: Things of this category have no end that a clock decides.
    """
    match category:
        case "history" | "choices":
            return _months_before(today, retention.history_months)
        case "feedback":
            return _months_before(today, retention.feedback_months)
        case "log":
            return today - dt.timedelta(days=retention.log_days)
    raise ValueError(f"{category} has no end that a clock decides")


def _months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months ago, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first_after = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(
        dt.date(year, month + 1, 1) + dt.timedelta(days=day.day - 1),
        first_after - dt.timedelta(days=1),
    )
