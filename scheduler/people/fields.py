"""The fields of a person that an expression may name, and how their values are read."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from scheduler.people.person import Person

CONTRACTOR_TYPES = frozenset(
    {
        "contractor", "consultant", "vendor", "external", "freelancer", "contingent worker",
        "temporary worker", "agency worker",
    }
)  # fmt: skip
"""Values of ``employeeType`` (Entra suggests Employee, Contractor, Consultant and Vendor) and of
HR systems (Workday: contingent worker) that mean somebody without an employment contract."""


class Kind(Enum):
    """What a field holds; the value is how its right side is written, for messages."""

    TEXT = "text, for example London"
    NUMBER = "a whole number, for example 3"
    DAY = "a date like 2026-12-07"
    SPAN = "a length of time like 90 days, 6 months or 2 years"
    LIST = "text, for example German"
    FLAG = "yes or no"


@dataclass(frozen=True, slots=True)
class Field:
    """A field: ``read`` takes it from a person; for a span, it gives the day it counts from."""

    name: str
    kind: Kind
    read: Callable[[Person], Any]


def is_contractor(person: Person) -> bool:
    """Whether the person works here without an employment contract."""
    return (person.employee_type or "").strip().casefold() in CONTRACTOR_TYPES


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("name", Kind.TEXT, lambda person: person.name),
        Field("mail", Kind.TEXT, lambda person: person.mail),
        Field("department", Kind.TEXT, lambda person: person.department),
        Field("team", Kind.TEXT, lambda person: person.team),
        Field("office", Kind.TEXT, lambda person: person.office),
        Field("country", Kind.TEXT, lambda person: person.country),
        Field("title", Kind.TEXT, lambda person: person.title),
        Field("company", Kind.TEXT, lambda person: person.company),
        Field("zone", Kind.TEXT, lambda person: person.zone),
        Field("employee_type", Kind.TEXT, lambda person: person.employee_type),
        Field("level", Kind.NUMBER, lambda person: person.level),
        Field("influence", Kind.NUMBER, lambda person: person.influence),
        Field("hired", Kind.DAY, lambda person: person.hired),
        Field("returned", Kind.DAY, lambda person: person.returned),
        Field("tenure", Kind.SPAN, lambda person: person.hired),
        Field("since_return", Kind.SPAN, lambda person: person.returned),
        Field("languages", Kind.LIST, lambda person: person.languages),
        Field("interests", Kind.LIST, lambda person: person.interests),
        Field("wishes", Kind.LIST, lambda person: person.wishes),
        Field("adviser", Kind.TEXT, lambda person: person.adviser),
        Field("contractor", Kind.FLAG, is_contractor),
        Field("guest", Kind.FLAG, lambda person: person.guest),
    )
}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in whole months and days."""

    months: int
    days: int


_UNITS = {"day": (0, 1), "week": (0, 7), "month": (1, 0), "year": (12, 0)}
LONGEST_SPAN_MONTHS = 1200


def read_span(text: str) -> Span:
    """A length of time from ``90 days``, ``2 years`` or ``1 year 6 months``.

    Raises:
        ValueError: it is anything else, or longer than a hundred years.
    """
    parts = re.findall(r"(\d{1,5})\s*([a-zA-Z]+)", text)
    if not parts or re.sub(r"(\d{1,5})\s*([a-zA-Z]+)", "", text).strip():
        raise ValueError(f"{text} is not a length of time")
    months = days = 0
    for count, unit in parts:
        if unit.lower().removesuffix("s") not in _UNITS:
            raise ValueError(f"{unit} is not a unit; use days, weeks, months or years")
        per_unit = _UNITS[unit.lower().removesuffix("s")]
        months += int(count) * per_unit[0]
        days += int(count) * per_unit[1]
    if months + days / 30 > LONGEST_SPAN_MONTHS:
        raise ValueError(f"{text} is longer than a hundred years")
    return Span(months, days)


def add_span(day: dt.date, span: Span) -> dt.date:
    """The day that lies so much later; the 31st becomes the last day of a shorter month."""
    months = day.year * 12 + day.month - 1 + span.months
    year, month = divmod(months, 12)
    if year >= dt.MAXYEAR - 100:
        return dt.date.max
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last)) + dt.timedelta(days=span.days)
