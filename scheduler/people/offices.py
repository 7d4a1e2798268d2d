"""Offices and what stands in them: zones, hours, tables, days off."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from scheduler.programmes.values import WEEKDAYS, Clock, Day, Frozen, Weekday, minute_of_day

WORKING_WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")


def check_zone(name: str) -> str:
    """The zone's name if the IANA database has it.

    Raises:
        ValueError: there is no such zone.
    """
    if name not in zoneinfo.available_timezones():
        raise ValueError(f"{name} is not a time zone; write an IANA name like Europe/Berlin")
    return name


Zone = Annotated[str, AfterValidator(check_zone)]


class Hours(Frozen):
    """One span of wall-clock time on some weekdays."""

    days: tuple[Weekday, ...] = Field(
        default=WORKING_WEEK,
        min_length=1,
        max_length=7,
        description="the weekdays, for example [mon, tue, wed]",
    )
    start: Clock = Field(description="when it begins")
    end: Clock = Field(description="when it ends")

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if minute_of_day(self.end) <= minute_of_day(self.start):
            raise ValueError(
                f"the day ends ({self.end:%H:%M}) before it starts ({self.start:%H:%M})"
            )
        return self

    @property
    def weekdays(self) -> frozenset[int]:
        """The days as numbers, Monday = 0."""
        return frozenset(WEEKDAYS.index(day) for day in self.days)


class Office(Frozen):
    """A place where people work; ``name`` is the directory's ``officeLocation``.

    ``also`` holds other spellings of the name that the directory or an HR export uses.
    ``in_person`` is false for people without an office. ``country`` (ISO 3166, two letters) and
    ``region`` (ISO 3166-2 without the country, ``BY``) say which public holidays are kept.
    ``hours`` is the usual working time where a mailbox says nothing.
    """

    name: str = Field(
        min_length=1,
        max_length=120,
        description="as in the directory (the field Office of each person)",
    )
    also: tuple[str, ...] = Field(
        default=(), description="other spellings of the name, in the directory or an HR export"
    )
    zone: Zone = Field(description="the time zone, an IANA name like Europe/Berlin")
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = Field(
        default=None, description="the country whose holidays are kept: two letters, for example DE"
    )
    region: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,4}$")] | None = Field(
        default=None, description="the state whose holidays are kept too, for example BY or ENG"
    )
    hours: Hours | None = Field(
        default=None,
        description="usual working hours here, where they are others than the company's",
    )
    in_person: bool = Field(
        default=True,
        description="no: for people without an office, whom nobody is asked to meet in person",
    )


class Table(Frozen):
    """Tables of one kind without a calendar: a café, a canteen corner."""

    name: str = Field(
        min_length=1, max_length=120, description="as people read it in the invitation"
    )
    office: str = Field(description="the office in which they stand")
    tables: int = Field(ge=1, le=500, description="how many of them there are")
    seats: int = Field(ge=2, le=60, description="people at one table")
    hours: Hours = Field(
        default=Hours(start=dt.time(8), end=dt.time(18)), description="when they may be used"
    )


class DayOff(Frozen):
    """A day on which the company (or some of its offices) does not work."""

    date: Day = Field(description="the day, or the first of several")
    until: Day | None = Field(default=None, description="the last day, where it is more than one")
    name: str = Field(
        min_length=1, max_length=120, description="what it is called, for example Between the years"
    )
    offices: tuple[str, ...] = Field(default=(), description="empty: all offices")

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.until and self.until < self.date:
            raise ValueError(f"until ({self.until}) lies before date ({self.date})")
        return self

    def covers(self, day: dt.date, office: str | None) -> bool:
        """Whether ``day`` is off in ``office``."""
        return self.date <= day <= (self.until or self.date) and (
            not self.offices or office in self.offices
        )


class PersonalDays(Frozen):
    """The weekdays on which people who satisfy ``where`` work, or are in the office."""

    where: str = Field(description="which people, for example team = Warehouse")
    days: tuple[Weekday, ...] = Field(min_length=1, max_length=7, description="the weekdays")


def find_office(offices: tuple[Office, ...], name: str | None) -> Office | None:
    """The office of that name (or other spelling), case and outer spaces aside."""
    if name is None:
        return None
    wanted = name.strip().casefold()
    for office in offices:
        if wanted in (office.name.casefold(), *(other.casefold() for other in office.also)):
            return office
    return None
