"""Programmes on whose list people put their names down: who is on it, and until when.

A plan is made once the list has closed at every office: made before, it would leave out those who
still put their names down in time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from scheduler.errors import ScheduleError
from scheduler.people.audience import (
    Participation,
    in_audience,
    joins_by_silence,
    make_roster,
)
from scheduler.people.choices import EVERY_PROGRAMME, Choice, Choices, gather_choices
from scheduler.people.person import Person
from scheduler.people.sign_up import (
    Listing,
    Move,
    NameList,
    Standing,
    closing_day,
    first_open_day,
    has_closed,
    is_late,
    order_names,
    trace_names,
    zone_of_office,
)
from scheduler.programmes.cadence import next_round_start
from scheduler.programmes.programme import Programme, SignUp
from scheduler.rounds.context import Context
from scheduler.rounds.participation import find_silences
from scheduler.store.answers import read_invitations
from scheduler.store.choices import read_choices, read_moves
from scheduler.store.meetings import read_meetings
from scheduler.store.plans import read_plan
from scheduler.store.rounds import State, find_round, list_rounds

OpenList = tuple[dt.date, dt.date]
"""The first day of a round, and the last day on which names can be put down for it."""
_GONE: frozenset[State] = frozenset({"cancelling", "cancelled"})
_INVITED: frozenset[State] = frozenset({"booking", "booked", "held", "closed"})
_LOOKED_AHEAD = 3
"""Rounds to come that are looked at for one whose list is open."""
_OUT = frozenset({"cannot come", "taken out"})
"""Kinds of reasons of people who were asked and do not come, so that nothing is kept for them."""


class ListOpenError(ScheduleError):
    """The list of a round is still open, so it is not planned."""

    def __init__(self, round_id: str, sign_up: SignUp, closes: dt.date) -> None:
        super().__init__(
            f"The list of {round_id} is open until the end of {closes} at every office, so it is "
            f"planned from {closes + dt.timedelta(days=1)} on. To close it earlier, raise "
            f"sign_up.closes_days_before, which is {sign_up.closes_days_before}."
        )
        self.closes = closes


def is_open(context: Context, programme: Programme, day: dt.date) -> bool:
    """Whether names can still be put down, at some office, for the round that begins on ``day``."""
    if programme.sign_up is None:
        return False
    closes = closing_day(programme.sign_up, day)
    zones = {office.zone for office in context.settings.organisation.offices}
    return not all(has_closed(closes, context.moment(), zone) for zone in zones)


def refuse_while_open(context: Context, programme: Programme, round_id: str, day: dt.date) -> None:
    """Refuse to plan a round while names can still be put down for it.

    Raises:
        ListOpenError: They can; says from when on it is planned.
    """
    if programme.sign_up is not None and is_open(context, programme, day):
        raise ListOpenError(round_id, programme.sign_up, closing_day(programme.sign_up, day))


def read_names(context: Context, programme: Programme, day: dt.date) -> NameList | None:
    """The names on the list of a round that begins on ``day``; None: the programme has no list."""
    if programme.sign_up is None:
        return None
    stored = read_moves(context.store, ["join", "leave"], [programme.name, EVERY_PROGRAMME])
    moves = (
        Move(one.person_id, "join" if one.kind == "join" else "leave", one.about, one.at,
             one.taken_back)
        for one in stored
    )  # fmt: skip
    earlier = read_meetings(
        context.store,
        until=dt.datetime.combine(day, dt.time(), dt.UTC),
        programme=programme.name,
        without_round=_round_id(programme, day),
    )
    seats: dict[str, dt.datetime] = {}
    for meeting in earlier:
        seats |= dict.fromkeys(meeting.person_ids, meeting.start)  # by start: the last one stays
    return NameList(
        day=day,
        closes=closing_day(programme.sign_up, day),
        since=trace_names(moves, programme.name),
        last_seat=seats,
    )


def find_withdrawn(
    context: Context, programme: Programme, person_ids: Collection[str]
) -> frozenset[str]:
    """Who of some people took their name off the list again; nobody where there is none."""
    if programme.sign_up is None:
        return frozenset()
    own = _read_own(context, person_ids, ["join", "leave"])
    return frozenset(
        person_id
        for person_id, choices in own.items()
        if not choices.takes_part(programme.name, silence=True)
    )


def list_coming_days(context: Context, programme: Programme, today: dt.date) -> list[dt.date]:
    """The first days of the next rounds, from today on; those that were cancelled are none."""
    cadence = programme.cadence
    rounds = list_rounds(context.store, programme=programme.name)
    gone = {one.date for one in rounds if one.state in _GONE}
    known = sorted({one.date for one in rounds} - gone)
    days = {day for day in known if day >= today}
    latest = max(known, default=None)
    earliest = today if cadence.on or not days else max(days) + dt.timedelta(days=1)
    for _ in range(_LOOKED_AHEAD + len(gone)):
        start = next_round_start(cadence, earliest, last_start=latest)
        if start is None:
            break
        days |= {start} - gone
        earliest, latest = start + dt.timedelta(days=1), start
    return sorted(days)[:_LOOKED_AHEAD]


def find_open_list(
    context: Context, programme: Programme, person: Person, at: dt.datetime
) -> OpenList | None:
    """The next list that is open to somebody at ``at``; None: no list, or no such round."""
    if programme.sign_up is None:
        return None
    zone = zone_of_office(person.office, context.settings.organisation.offices)
    days = list_coming_days(context, programme, at.date())
    day = first_open_day(days, programme.sign_up, at, zone)
    return None if day is None else (day, closing_day(programme.sign_up, day))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNow:
    """The list of a programme's coming round as it is now.

    ``days``: of this round and of those after it, their first ones; ``people``: whose names count,
    who comes first first; ``open``: at some office.
    """

    days: tuple[dt.date, ...]
    names: NameList
    people: tuple[Person, ...]
    choices: Mapping[str, Choices]
    open: bool


def read_list(
    context: Context,
    programme: Programme,
    people: Iterable[Person],
    group_members: Mapping[str, frozenset[str]],
) -> ListNow | None:
    """The list of the coming round; None: the programme has no list, or no further round.

    Args:
        context: Settings, store, day.
        programme: Whose list.
        people: The directory, settled in offices.
        group_members: Who is in each Entra group that an audience names.
    """
    days = list_coming_days(context, programme, context.today)
    if programme.sign_up is None or not days:
        return None
    names = read_names(context, programme, days[0])
    assert names is not None  # noqa: S101 -- there is a list
    asked = [
        person
        for person in people
        if person.id in names.since or joins_by_silence(person, programme, context.today)
    ]
    ids = frozenset(person.id for person in asked)
    choices = _read_own(context, ids, ["join", "leave", "pause-until"])
    begins = dt.datetime.combine(context.today, dt.time(), dt.UTC)
    silences = find_silences(read_invitations(context.store, until=begins, person_ids=ids), choices)
    organisation = context.settings.organisation
    roster = make_roster(
        asked,
        programme,
        choices,
        today=context.today,
        round_start=days[0],
        offices=organisation.offices,
        group_members=group_members,
        participation=Participation(
            unanswered={person_id: one.unanswered for person_id, one in silences.items()}
        ),
        pause_after_unanswered=organisation.pause_after_unanswered,
        names=names,
    )
    turn = order_names(roster.people, names)
    return ListNow(
        days=tuple(days),
        names=names,
        people=tuple(sorted(roster.people, key=lambda person: turn[person.id])),
        choices=choices,
        open=is_open(context, programme, days[0]),
    )


def find_listing(context: Context, programme: Programme, person: Person, here: ListNow) -> Listing:
    """Where somebody stands on the list of the coming round.

    Before people are invited that is their place on it; then it is what the plan says.
    """
    sign_up = programme.sign_up
    assert sign_up is not None  # noqa: S101 -- there is a list
    offices = context.settings.organisation.offices
    zone = zone_of_office(person.office, offices)
    closed = has_closed(here.names.closes, context.moment(), zone)
    line = [one for one in here.people if _is_with(one, person, programme)]
    standing, number = _stand(context, programme, person, here, line)
    later = first_open_day(here.days[1:], sign_up, context.moment(), zone)
    return Listing(
        title=programme.title,
        day=here.names.day,
        fixed=bool(programme.cadence.on),
        closes=here.names.closes,
        closed=closed,
        capacity=sign_up.capacity,
        waiting_list=sign_up.waiting_list,
        names=len(line),
        standing=standing,
        number=number,
        next_day=later,
    )


def find_listings(
    context: Context,
    person: Person,
    people: Mapping[str, Person],
    group_members: Mapping[str, frozenset[str]],
    *,
    names: Collection[str] | None = None,
) -> dict[str, Listing]:
    """Where somebody stands on the lists that are meant for them, by the programme's name.

    Args:
        context: Settings, store, day.
        person: Settled in offices.
        people: The directory by id, settled in offices.
        group_members: Who is in each Entra group that an audience names.
        names: Of these programmes alone.
    """
    found: dict[str, Listing] = {}
    for name, programme in sorted(context.settings.programmes.items()):
        if programme.sign_up is None or (names is not None and name not in names):
            continue
        if in_audience(person, programme, today=context.today, group_members=group_members):
            here = read_list(context, programme, people.values(), group_members)
            if here is not None:
                found[name] = find_listing(context, programme, person, here)
    return found


def _is_with(one: Person, other: Person, programme: Programme) -> bool:
    """Whether two people would be in one group: seats are counted for each."""
    field = programme.whole
    if field is None or field == "everybody":
        return True
    return bool(getattr(one, field) == getattr(other, field))


def _stand(
    context: Context, programme: Programme, person: Person, here: ListNow, line: list[Person]
) -> tuple[Standing, int]:
    sign_up, own = programme.sign_up, here.choices.get(person.id, Choices())
    assert sign_up is not None  # noqa: S101 -- there is a list
    silence = joins_by_silence(person, programme, context.today)
    if not own.takes_part(programme.name, silence=silence):
        return "out", 0
    if is_late(person, here.names, context.settings.organisation.offices):
        return "late", 0
    place = next((n for n, one in enumerate(line, 1) if one.id == person.id), None)
    if place is None:
        return "away", 0
    beyond: Standing = "waiting" if sign_up.waiting_list else "full"
    round_ = find_round(context.store, _round_id(programme, here.names.day))
    if round_ is None or round_.state not in _INVITED:
        over = place - sign_up.capacity
        return ("place", place) if over <= 0 else (beyond, over)
    plan = read_plan(context.store, round_.id)
    seated = {member for group in plan.groups for member in group.member_ids}
    out = {one.person_id for one in plan.left_out if one.kind in _OUT}
    if person.id in seated or person.id in out:
        return ("seat" if person.id in seated else "away"), 0
    before = [one for one in line[: place - 1] if one.id not in seated | out]
    return beyond, len(before) + 1


def _round_id(programme: Programme, day: dt.date) -> str:
    return f"{programme.name}/{day.isoformat()}"


def _read_own(
    context: Context, person_ids: Collection[str], kinds: Collection[str]
) -> dict[str, Choices]:
    return gather_choices(
        Choice(one.person_id, one.kind, one.value, one.changed_at, one.changed_by)  # type: ignore[arg-type]
        for one in read_choices(context.store, person_ids=person_ids, kinds=kinds)
    )
