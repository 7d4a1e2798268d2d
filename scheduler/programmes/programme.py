"""A programme: a standing activity that HR configured."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scheduler.programmes.rules import Frozen, Rule

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Audience(Frozen):
    """Who is asked. ``join`` says whether silence means yes (opt-out) or no (opt-in)."""

    join: Literal["opt-in", "opt-out"] = "opt-in"
    where: str | None = None
    groups: tuple[str, ...] = ()


class Size(Frozen):
    """How many people a group has; ``ideal`` is what the plan steers for."""

    at_least: int = Field(ge=2, le=60)
    ideal: int = Field(ge=2, le=60)
    at_most: int = Field(ge=2, le=60)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.at_least <= self.ideal <= self.at_most:
            raise ValueError("sizes must satisfy at_least <= ideal <= at_most")
        return self


class Window(Frozen):
    """When groups may meet, on the wall clock of the people who meet."""

    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    earliest: dt.time
    latest: dt.time = Field(description="the meeting has ended by then")
    minutes: int = Field(ge=15, le=480)
    starts_every: int = Field(default=30, ge=5, le=240, description="minutes")

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        start = self.earliest.hour * 60 + self.earliest.minute
        end = self.latest.hour * 60 + self.latest.minute
        if end - start < self.minutes:
            raise ValueError(
                f"{self.minutes} minutes do not fit between {self.earliest:%H:%M} "
                f"and {self.latest:%H:%M}"
            )
        return self


class Cadence(Frozen):
    """How often a round takes place: the Monday of its first week, and how many weeks it spans."""

    every_weeks: int = Field(default=2, ge=1, le=52)
    spans_weeks: int = Field(default=2, ge=1, le=8)
    first: dt.date | None = Field(default=None, description="a day in the first round's week")


class VenueWish(Frozen):
    """Where groups meet: in a room or at a café table of one office, or online."""

    kind: Literal["in-person", "online"]
    rooms: bool = Field(default=True, description="use the rooms that Outlook knows")
    tables: bool = Field(default=True, description="use the tables in organisation.yaml")


class AgendaItem(Frozen):
    """One line of an agenda; minutes of all items add up to at most the meeting's length."""

    minutes: int = Field(ge=1, le=480)
    title: str
    text: str = ""


class AgendaPlan(Frozen):
    """What a group gets to read."""

    purpose: str
    items: tuple[AgendaItem, ...] = Field(min_length=1)


class Programme(Frozen):
    """One file of ``config/programmes/``; ``name`` is the file's name without its ending."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    title: str
    audience: Audience
    size: Size
    window: Window
    cadence: Cadence = Cadence()
    venue: VenueWish
    rules: tuple[Rule, ...] = ()
    agenda: AgendaPlan
    approval: Literal["required", "automatic"] = "required"
    category: str = Field(default="Networking", description="the Outlook category of its events")
