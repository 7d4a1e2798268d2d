"""A programme: a standing activity that HR configured."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scheduler.programmes.rules import Bridge, Rule
from scheduler.programmes.values import WEEKDAYS, Clock, Day, Frozen, Weekday, minute_of_day

__all__ = [
    "WEEKDAYS", "AgendaItem", "AgendaPlan", "Audience", "Cadence", "Guest", "HandOver", "Notices",
    "Programme", "Rotation", "SignUp", "Size", "VenueWish", "Weekday", "Whole", "Window",
]  # fmt: skip

Mail = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", description="an e-mail address")]
ProgrammeName = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Whole = Literal["team", "department", "office", "manager", "everybody"]


class Audience(Frozen):
    """Who is asked. ``join`` says whether silence means yes (opt-out) or no (opt-in).

    ``automatic`` names people for whom silence means yes all the same (newcomers).
    """

    join: Literal["opt-in", "opt-out"] = Field(
        default="opt-in",
        description="opt-in: people take part once they said yes; opt-out: until they say no",
    )
    automatic: str | None = Field(
        default=None,
        description="in an opt-in programme, whose silence means yes: tenure < 90 days",
    )
    where: str | None = Field(
        default=None,
        description="who is asked, for example: office in [London, Pune] and not contractor",
    )
    groups: tuple[str, ...] = Field(
        default=(), description="Entra groups whose members are asked; empty: everybody"
    )


class Size(Frozen):
    """How many people a group has; ``ideal`` is what the plan steers for."""

    at_least: int = Field(ge=2, le=500, description="a smaller group does not meet")
    ideal: int = Field(ge=2, le=500, description="what the plan aims for")
    at_most: int = Field(ge=2, le=500, description="no group is larger")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.at_least <= self.ideal <= self.at_most:
            raise ValueError(
                "the sizes must grow from at_least over ideal to at_most, and they are "
                f"{self.at_least}, {self.ideal}, {self.at_most}"
            )
        return self


class Window(Frozen):
    """When groups may meet, on the wall clock of the people who meet."""

    days: tuple[Weekday, ...] = Field(
        default=("mon", "tue", "wed", "thu", "fri"),
        min_length=1,
        max_length=7,
        description="the weekdays",
    )
    earliest: Clock = Field(description="the meeting does not begin before")
    latest: Clock = Field(description="the meeting has ended by then")
    minutes: int = Field(ge=15, le=480, description="the length of the meeting")
    starts_every: int = Field(
        default=30, ge=5, le=240, description="minutes from one possible start to the next"
    )
    outside_hours: bool = Field(
        default=False, description="may lie outside working hours (an evening)"
    )

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        if minute_of_day(self.latest) - minute_of_day(self.earliest) < self.minutes:
            raise ValueError(
                f"{self.minutes} minutes do not fit between {self.earliest:%H:%M} "
                f"and {self.latest:%H:%M}"
            )
        return self


class Cadence(Frozen):
    """How often a round takes place: the Monday of its first week, and how many weeks it spans.

    With ``on``, rounds take place on exactly these days instead.
    """

    every_weeks: int = Field(default=2, ge=1, le=52, description="a new round every so many weeks")
    spans_weeks: int = Field(
        default=2, ge=1, le=8, description="the meetings of a round are spread over so many weeks"
    )
    first: Day | None = Field(default=None, description="a day in the first round's week")
    last: Day | None = Field(default=None, description="no round begins after this day")
    on: tuple[Day, ...] = Field(default=(), description="exactly these days, and no others")
    plan_days_ahead: int = Field(
        default=7,
        ge=1,
        le=60,
        description="the plan is made this many days before the round; with a sign_up, once the "
        "list has closed",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"last ({self.last}) lies before first ({self.first})")
        return self


class VenueWish(Frozen):
    """Where groups meet: in a room or at a café table of one office, online, or ``elsewhere``
    (``place`` says where: an industry fair, a park).
    """

    kind: Literal["in-person", "online", "elsewhere"] = Field(
        description="in one office, online, or somewhere else"
    )
    rooms: bool = Field(default=True, description="use the rooms that Outlook knows")
    tables: bool = Field(default=True, description="use the tables in organisation.yaml")
    place: str | None = Field(default=None, description="the address, for a venue elsewhere")

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.kind == "elsewhere" and not self.place:
            raise ValueError("a venue elsewhere needs its place, for example: place: Victoria Park")
        if self.kind == "in-person" and not (self.rooms or self.tables):
            raise ValueError("meeting in person needs rooms or tables, and both are switched off")
        return self


class AgendaItem(Frozen):
    """One line of an agenda; minutes of all items add up to at most the meeting's length."""

    minutes: int = Field(ge=1, le=480, description="how long it takes")
    title: str = Field(min_length=1, max_length=200, description="the line in bold")
    text: str = Field(default="", max_length=2000, description="what to do, in a sentence or two")


class AgendaPlan(Frozen):
    """What a group gets to read.

    ``facilitator``: nobody, or a member by turn who opens and keeps the time. ``speaker`` and
    ``topic`` are for evenings with a guest.
    """

    purpose: str = Field(
        min_length=1,
        max_length=2000,
        description="what the meeting is for, in the first lines of the invitation",
    )
    items: tuple[AgendaItem, ...] = Field(
        min_length=1,
        max_length=40,
        description="one after the other; together not longer than the meeting",
    )
    facilitator: Literal["nobody", "by-turn"] = Field(
        default="nobody", description="by-turn: a member who opens and keeps the time"
    )
    speaker: str | None = Field(
        default=None, max_length=200, description="who speaks, on an evening with a guest"
    )
    topic: str | None = Field(default=None, max_length=200, description="what about")


class Rotation(Frozen):
    """Tables (or breakout rooms) that change every ``minutes``, so that nobody sits with the same
    person twice; ``table`` people sit together in each turn.
    """

    minutes: int = Field(ge=5, le=60, description="length of a turn; 10 to 20 work best")
    turns: int = Field(ge=2, le=12, description="how many turns there are")
    table: int = Field(default=4, ge=2, le=12, description="people at one table")


class SignUp(Frozen):
    """Announced first; people put their names down, and who comes first has a seat.

    Calendars are not looked at. The plan is made once the list has closed, and at least a day
    before the round: a list cannot close later than two days before.
    """

    capacity: int = Field(ge=2, le=500, description="how many can take part, of one group")
    closes_days_before: int = Field(
        default=7,
        ge=2,
        le=90,
        description="the list closes at the end of the day so many days before the round, on the "
        "clock of each person's office",
    )
    waiting_list: bool = Field(
        default=True,
        description="yes: whoever drops out is replaced by the first without a seat; no: who finds "
        "the seats taken is told that it is full",
    )


class Guest(Frozen):
    """Somebody from outside: invited by mail, their calendar is not read."""

    name: str = Field(min_length=1, max_length=200, description="as the invitation says it")
    mail: Annotated[Mail, Field(max_length=100)]
    company: str = Field(min_length=1, max_length=200, description="whom they work for")
    office: str | None = Field(default=None, description="the office to which the guest comes")


class HandOver(Frozen):
    """Who took part here for ``after_days`` since they were hired goes on in programme ``to``."""

    to: ProgrammeName = Field(description="the file name of the next programme, without .yaml")
    after_days: int = Field(
        default=90, ge=1, le=1000, description="days since the person was hired"
    )


class Notices(Frozen):
    """What people hear, and when, beside the invitation."""

    invite: bool = Field(default=True, description="ask the audience of an opt-in programme")
    reminder_days_before: int | None = Field(
        default=1,
        ge=1,
        le=14,
        description="remind those who have not answered, so many days before",
    )
    feedback: bool = Field(default=True, description="ask afterwards how it was")
    follow_up_days_after: int | None = Field(
        default=14, ge=1, le=90, description="ask what came of it, so many days after"
    )
    channel: str | None = Field(
        default=None, description="the Teams channel of this programme, as team/channel"
    )


class Programme(Frozen):
    """One file of ``config/programmes/``; ``name`` is the file's name without its ending.

    ``whole``: a group is not chosen but is everybody of the audience who shares that field (one
    whole team, one office's chapter; ``everybody``: all who signed up).
    """

    name: ProgrammeName
    title: str = Field(
        min_length=1, max_length=120, description="as people read it in invitations and cards"
    )
    audience: Audience = Field(description="who is asked")
    size: Size = Field(description="how many people a group has")
    window: Window = Field(description="when groups may meet")
    cadence: Cadence = Field(default=Cadence(), description="how often a round takes place")
    venue: VenueWish = Field(description="where groups meet")
    rules: tuple[Rule, ...] = ()
    agenda: AgendaPlan = Field(description="what a group gets to read")
    approval: Literal["required", "automatic"] = Field(
        default="required",
        description="required: nobody is invited before HR approved; automatic: at once",
    )
    category: str = Field(
        default="Networking", max_length=100, description="the Outlook category of its events"
    )
    notices: Notices = Field(
        default=Notices(), description="what people hear beside the invitation"
    )
    whole: Whole | None = Field(
        default=None,
        description="a group is not chosen, but is everybody of the audience who shares this",
    )
    rotation: Rotation | None = Field(
        default=None, description="tables that change during the meeting"
    )
    sign_up: SignUp | None = Field(default=None, description="people put their names down first")
    guests: tuple[Guest, ...] = Field(default=(), description="named people from outside")
    hand_over: HandOver | None = Field(
        default=None, description="newcomers go on in another programme"
    )

    @model_validator(mode="after")
    def _agenda_fits(self) -> Self:
        agenda = sum(item.minutes for item in self.agenda.items)
        if agenda > self.window.minutes:
            raise ValueError(
                f"the agenda's items take {agenda} minutes, and the meeting has "
                f"{self.window.minutes}"
            )
        return self

    @model_validator(mode="after")
    def _turns_fit(self) -> Self:
        turn = self.rotation
        if turn and turn.minutes * turn.turns > self.window.minutes:
            raise ValueError(
                f"{turn.turns} turns of {turn.minutes} minutes take "
                f"{turn.turns * turn.minutes} minutes, and the meeting has {self.window.minutes}"
            )
        return self

    @model_validator(mode="after")
    def _bridges_have_halves(self) -> Self:
        size = self.size
        bridges = any(isinstance(rule, Bridge) for rule in self.rules)
        if bridges and (size.at_most % 2 or size.at_least < size.at_most - 1):
            raise ValueError(
                "a bridge mixes half and half, which works with groups of at most an even number "
                "and at least one less, for example at_least: 3, ideal: 4, at_most: 4"
            )
        return self

    @model_validator(mode="after")
    def _seats_are_of_a_group(self) -> Self:
        if self.sign_up is None:
            return self
        if self.whole is None:
            raise ValueError(
                "sign_up counts the seats of one meeting, so it needs whole, for example "
                "whole: everybody (all who put their names down meet)"
            )
        least, most, seats = self.size.at_least, self.size.at_most, self.sign_up.capacity
        if not least <= seats <= most:
            raise ValueError(
                f"sign_up.capacity is {seats}, and a group has {least} to {most} people "
                "(size.at_least, size.at_most); change one of them"
            )
        return self

    @model_validator(mode="after")
    def _hands_over_to_another(self) -> Self:
        if self.hand_over and self.hand_over.to == self.name:
            raise ValueError("a programme cannot hand people over to itself")
        return self
