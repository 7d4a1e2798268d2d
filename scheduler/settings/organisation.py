"""config/organisation.yaml: the company, its offices, tables and limits."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from scheduler.people.offices import DayOff, Hours, Office, PersonalDays, Table
from scheduler.programmes.load import LoadLimit, ProtectedLunch
from scheduler.programmes.programme import Mail
from scheduler.programmes.values import Frozen


class Contact(Frozen):
    """Whom people write to, and where HR reads reports."""

    name: str = Field(
        min_length=1, max_length=120, description="as people read it, for example People team"
    )
    mail: Mail
    channel: str | None = Field(default=None, description="HR's Teams channel, as team/channel")


class Retention(Frozen):
    """How long things are kept; free/busy is kept no longer than it takes to plan."""

    history_months: int = Field(default=24, ge=1, le=120, description="who met whom, months")
    feedback_months: int = Field(
        default=12, ge=1, le=120, description="what people answered afterwards, months"
    )
    log_days: int = Field(default=30, ge=1, le=3650, description="technical logs, days")


class Holidays(Frozen):
    """Which public holidays are kept, beside those of the office's country."""

    public: bool = Field(default=True, description="public holidays of the office's country")


class Organisation(Frozen):
    """The company as HR describes it once for all programmes."""

    company: str = Field(
        min_length=1, max_length=120, description="the company's name, as people read it"
    )
    contact: Contact = Field(description="whom colleagues write to when they have a question")
    organisers: tuple[Mail, ...] = Field(
        min_length=1, description="mailboxes from which invitations are sent"
    )
    offices: tuple[Office, ...] = Field(
        min_length=1, description="the offices, named as in the directory"
    )
    tables: tuple[Table, ...] = Field(
        default=(),
        description="tables that have no calendar of their own; rooms are found in Outlook",
    )
    hours: Hours = Field(
        default=Hours(start=dt.time(9), end=dt.time(17, 30)),
        description="usual working hours, where a mailbox does not say its own",
    )
    load: LoadLimit = Field(
        default=LoadLimit(),
        description="the most social meetings of one person, over all programmes together",
    )
    lunch: ProtectedLunch | None = Field(
        default=None, description="a span of each day in which some time stays free for eating"
    )
    holidays: Holidays = Field(default=Holidays(), description="whether public holidays are kept")
    days_off: tuple[DayOff, ...] = Field(
        default=(), description="days on which nobody works, beside public holidays"
    )
    office_days: tuple[PersonalDays, ...] = Field(
        default=(), description="on which weekdays people are in their office"
    )
    working_days: tuple[PersonalDays, ...] = Field(
        default=(), description="on which weekdays people work"
    )
    known_ties: Path | None = Field(
        default=None, description="a CSV file of who knows whom already: two columns of addresses"
    )
    pause_after_unanswered: int = Field(
        default=3,
        ge=1,
        le=20,
        description="who left so many invitations running without an answer is paused",
    )
    retention: Retention = Field(default=Retention(), description="how long things are kept")

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        seen: set[str] = set()
        for office in self.offices:
            for name in (office.name, *office.also):
                if name.casefold() in seen:
                    raise ValueError(f"two offices are called {name}")
                seen.add(name.casefold())
        return self
