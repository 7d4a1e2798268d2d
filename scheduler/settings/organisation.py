"""config/organisation.yaml: the company, its offices, tables and limits."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from scheduler.people.offices import DayOff, Hours, Office, PersonalDays, Table
from scheduler.programmes.load import LoadLimit, ProtectedLunch
from scheduler.programmes.programme import Mail
from scheduler.programmes.values import Frozen


class Contact(Frozen):
    """Whom people write to, and where HR reads reports."""

    name: str = Field(min_length=1, max_length=120)
    mail: Mail
    channel: str | None = Field(default=None, description="HR's Teams channel, as team/channel")


class Retention(Frozen):
    """How long things are kept; free/busy is never kept at all."""

    history_months: int = Field(default=24, ge=1, le=120)
    feedback_months: int = Field(default=12, ge=1, le=120)
    log_days: int = Field(default=30, ge=1, le=3650)


class Holidays(Frozen):
    """Which public holidays are kept, beside those of the office's country."""

    public: bool = Field(default=True, description="public holidays of the office's country")
    language: Literal["local", "english"] = "english"


class Organisation(Frozen):
    """The company as HR describes it once for all programmes."""

    company: str = Field(min_length=1, max_length=120)
    mail_domain: str = Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", description="like example.com")
    contact: Contact
    organisers: tuple[Mail, ...] = Field(
        min_length=1, description="mailboxes from which invitations are sent"
    )
    offices: tuple[Office, ...] = Field(min_length=1)
    tables: tuple[Table, ...] = ()
    hours: Hours = Hours(start=dt.time(9), end=dt.time(17, 30))
    load: LoadLimit = LoadLimit()
    lunch: ProtectedLunch | None = None
    holidays: Holidays = Holidays()
    days_off: tuple[DayOff, ...] = ()
    office_days: tuple[PersonalDays, ...] = ()
    working_days: tuple[PersonalDays, ...] = ()
    known_ties: Path | None = Field(
        default=None, description="a CSV file of who knows whom already: two columns of addresses"
    )
    pause_after_unanswered: int = Field(
        default=3, ge=1, le=20, description="invitations running without an answer"
    )
    retention: Retention = Retention()

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        seen: set[str] = set()
        for office in self.offices:
            for name in (office.name, *office.also):
                if name.casefold() in seen:
                    raise ValueError(f"two offices are called {name}")
                seen.add(name.casefold())
        return self
