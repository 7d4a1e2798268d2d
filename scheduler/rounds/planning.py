"""Plan a round: from the directory and the calendars to groups. Nothing leaves the building."""

from __future__ import annotations

import dataclasses
import datetime as dt
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import structlog

from scheduler.calendars.availability import Availability, find_availability, find_zone
from scheduler.calendars.freebusy import FreeBusy, WorkingHours
from scheduler.calendars.slots import make_slots
from scheduler.errors import ScheduleError
from scheduler.graph.groups import read_group_members
from scheduler.graph.places import read_rooms
from scheduler.graph.schedules import read_free_busy
from scheduler.grouping.companions import frame_whole
from scheduler.grouping.engine import solve
from scheduler.grouping.framing import Frame, Select, Wishes, frame_problem
from scheduler.grouping.naming import name_plan
from scheduler.grouping.plan import Place, Plan
from scheduler.grouping.problem import Problem
from scheduler.grouping.solution import Solution
from scheduler.grouping.whole import solve_whole
from scheduler.people.audience import make_roster
from scheduler.people.choices import Choices, order_of_joining, shunned_pairs
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut, Roster
from scheduler.people.wants import pair_points
from scheduler.people.where import parse_where
from scheduler.programmes.cadence import monday_of, next_round_start, round_days
from scheduler.programmes.load import ProtectedLunch
from scheduler.programmes.programme import Programme
from scheduler.programmes.rules import Prefer
from scheduler.rounds.arranging import arrange_groups
from scheduler.rounds.company import read_company
from scheduler.rounds.context import Context
from scheduler.rounds.participation import read_participation
from scheduler.rounds.past import (
    meeting_starts,
    people_by_id,
    read_contacts,
    read_own_choices,
    read_waits,
)
from scheduler.rounds.surroundings import block_slots, list_places, office_habits, office_zones
from scheduler.settings.organisation import Organisation
from scheduler.store.engine import now
from scheduler.store.meetings import Meeting
from scheduler.store.rounds import list_rounds, save_plan

log = structlog.get_logger(__name__)


class UnknownProgrammeError(ScheduleError):
    """There is no such file in ``config/programmes/``."""

    def __init__(self, name: str, names: Sequence[str]) -> None:
        super().__init__(f"There is no programme {name}; there are {', '.join(names)}.")


class NoRoundError(ScheduleError):
    """The programme has no further round."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} has no further round: its cadence has ended (cadence.last, cadence.on)."
        )


@dataclass(frozen=True, slots=True)
class PlannedRound:
    """A plan, everybody in the directory by id, and the records that were set aside."""

    plan: Plan
    people: Mapping[str, Person]
    set_aside: tuple[LeftOut, ...]


def find_programme(context: Context, name: str) -> Programme:
    """The programme of that name.

    Raises:
        UnknownProgrammeError: there is none.
    """
    programmes = context.settings.programmes
    if name not in programmes:
        raise UnknownProgrammeError(name, sorted(programmes))
    return programmes[name]


def next_first_day(context: Context, programme: Programme) -> dt.date:
    """The first day of the next round that can still be planned and approved in time.

    Raises:
        NoRoundError: the programme's ``last`` day has passed.
    """
    earliest = context.today + dt.timedelta(days=programme.cadence.plan_days_ahead)
    before = [
        r.date
        for r in list_rounds(context.store, programme=programme.name)
        if r.state not in {"planned", "cancelling", "cancelled"}
    ]
    start = next_round_start(programme.cadence, earliest, last_start=max(before, default=None))
    if start is None:
        raise NoRoundError(programme.name)
    return start


def round_id_of(programme: Programme, first_day: dt.date) -> str:
    """``programme/date``: the Monday of the round's first week, or its day where days are fixed."""
    start = first_day if programme.cadence.on else monday_of(first_day)
    return f"{programme.name}/{start.isoformat()}"


def list_round_days(programme: Programme, first_day: dt.date) -> tuple[dt.date, ...]:
    """All days of a round that begins on ``first_day`` or in its week."""
    start = first_day if programme.cadence.on else monday_of(first_day)
    first, last = round_days(programme.cadence, start)
    return tuple(first + dt.timedelta(days=n) for n in range((last - first).days + 1))


def seed_of(round_id: str) -> int:
    """A seed that is the same on every machine and differs from round to round."""
    return zlib.crc32(round_id.encode())


async def plan_round(
    context: Context, name: str, *, first_day: dt.date | None = None, seed: int | None = None
) -> PlannedRound:
    """Plan the next round of a programme and keep the plan, in the state "planned".

    Args:
        context: settings, store, connection.
        name: the programme.
        first_day: a day in the first week; by default the next round's.
        seed: of the search; by default it follows from the round's name.

    Raises:
        UnknownProgrammeError: there is no such programme.
        NoRoundError: the programme has ended.
        RoundStateError: the round was approved already, or has gone further.
        GraphError: the directory or all calendars cannot be read.
    """
    programme = find_programme(context, name)
    start = first_day or next_first_day(context, programme)
    round_id = round_id_of(programme, start)
    seed = seed_of(round_id) if seed is None else seed
    prospect = await look_ahead(context, programme, start)
    frame = prospect.frame
    problem = frame_problem(frame)
    with context.progress.step("Grouping people") as report:
        if programme.whole is not None:
            solution = _solve_whole(problem, programme, frame.people, prospect.choices)
        else:
            solution = solve(
                problem,
                seed=seed,
                effort=context.effort,
                progress=lambda p: report(round(100 * p.share_done), 100),
            )
    plan = name_plan(frame, solution, round_id=round_id, seed=seed)
    plan = dataclasses.replace(plan, left_out=prospect.roster.left_out + plan.left_out)
    plan = arrange_groups(context, programme, plan, prospect.people, frame.contacts)
    save_plan(context.store, plan, at=now(), by=context.by)
    log.info(
        "round-planned", round=round_id, roster=plan.roster_size, placed=plan.placed,
        placed_bound=plan.placed_bound, groups=len(plan.groups), complete=plan.complete,
    )  # fmt: skip
    return PlannedRound(plan, prospect.people, prospect.set_aside)


@dataclass(frozen=True, slots=True)
class Prospect:
    """A round as it can be today: its frame and roster, everybody by id, records set aside."""

    frame: Frame
    roster: Roster
    choices: Mapping[str, Choices]
    people: Mapping[str, Person]
    set_aside: tuple[LeftOut, ...]


async def look_ahead(context: Context, programme: Programme, start: dt.date) -> Prospect:
    """Read everything that a round which begins on ``start`` depends on.

    Raises:
        GraphError: the directory or all calendars cannot be read.
        UnknownGroupError: the audience names an Entra group that there is not.
    """
    days = list_round_days(programme, start)
    round_id = round_id_of(programme, start)
    organisation = context.settings.organisation

    with context.progress.step("Reading the directory") as report:
        company = await read_company(context, lambda done: report(done, done))
    people = company.people
    if company.unknown_offices:
        log.warning("offices-unknown", round=round_id, count=len(company.unknown_offices))
    if company.row_problems:
        log.warning("hr-export-rows-unused", round=round_id, count=len(company.row_problems))
    choices = read_own_choices(context)
    contacts, meetings = read_contacts(context, people, without_round=round_id)
    members = await read_group_members(context.graph, programme.audience.groups)
    roster = make_roster(
        people,
        programme,
        choices,
        today=context.today,
        round_start=days[0],
        offices=organisation.offices,
        group_members=members,
        participation=read_participation(
            context, programme, people, choices, meetings, round_id=round_id
        ),
        pause_after_unanswered=organisation.pause_after_unanswered,
    )
    sight = await _look(context, programme, roster.people, days)
    frame = Frame(
        programme=programme,
        people=roster.people,
        availability=_find_free_slots(
            context, programme, roster.people, days, sight=sight, meetings=meetings
        ),
        places=sight.places,
        place_calendars=sight.calendars,
        place_hours=sight.place_hours,
        zones=office_zones(organisation),
        contacts=contacts,
        select=_selector(roster.people, context.today),
        today=context.today,
        waited=read_waits(context, programme.name, days[0]),
        wishes=Wishes(
            points=pair_points(
                roster.people,
                [rule for rule in programme.rules if isinstance(rule, Prefer)],
                choices,
                today=context.today,
            ),
            apart=shunned_pairs(choices),
        ),
    )
    everybody = people_by_id((*people, *roster.people))
    return Prospect(frame, roster, choices, everybody, company.set_aside)


def _solve_whole(
    problem: Problem,
    programme: Programme,
    people: Sequence[Person],
    choices: Mapping[str, Choices],
) -> Solution:
    """Groups that are not chosen; where seats are counted, those who said yes first have them."""
    code = frame_whole(people, programme.whole or "everybody")
    if programme.sign_up is None:
        return solve_whole(problem, code)
    rank = {
        person_id: place
        for place, person_id in enumerate(
            order_of_joining([person.id for person in people], choices, programme.name)
        )
    }
    most = min(problem.size_most, programme.sign_up.capacity)
    order = np.array([rank[person.id] for person in people], np.int64)
    return solve_whole(dataclasses.replace(problem, size_most=most), code, order)


@dataclass(frozen=True, slots=True)
class _Sight:
    """What was seen of the calendars: places, when tables are open, free/busy by address."""

    places: Sequence[Place]
    place_hours: Mapping[Place, WorkingHours]
    calendars: Mapping[str, FreeBusy]


async def _look(
    context: Context, programme: Programme, people: Sequence[Person], days: Sequence[dt.date]
) -> _Sight:
    organisation = context.settings.organisation
    rooms: Sequence[Place] = ()
    if programme.venue.kind == "in-person" and programme.venue.rooms:
        offices = [office.name for office in organisation.offices if office.in_person]
        rooms = (await read_rooms(context.graph, offices)).places
    places, place_hours = list_places(programme, organisation, rooms)
    mails = [p.mail for p in people if not _comes_anyway(programme, p)]
    mails += [p.mail for p in places if p.mail is not None]
    if not mails:
        return _Sight(places, place_hours, {})
    # A day's margin on both sides: the round's first day begins earlier in Sydney than in UTC.
    begin = dt.datetime.combine(days[0], dt.time(), dt.UTC) - dt.timedelta(days=1)
    end = dt.datetime.combine(days[-1], dt.time(), dt.UTC) + dt.timedelta(days=2)
    with context.progress.step("Reading free/busy calendars") as report:
        calendars = await read_free_busy(
            context.graph,
            mails,
            begin,
            end,
            lambda done: report(done, len(mails)),
            zones={p.mail: p.zone for p in people if p.zone is not None},
            through=organisation.organisers,
        )
    return _Sight(places, place_hours, calendars)


def _comes_anyway(programme: Programme, person: Person) -> bool:
    """Whether nobody looks at a person's calendar: guests, and who put their name down."""
    return person.guest or programme.sign_up is not None


def _find_free_slots(
    context: Context,
    programme: Programme,
    people: Sequence[Person],
    days: Sequence[dt.date],
    *,
    sight: _Sight,
    meetings: Sequence[Meeting],
) -> Availability:
    """In which slots each person can meet, with the company's limits kept."""
    organisation = context.settings.organisation
    in_person = programme.venue.kind == "in-person"
    habits = office_habits(organisation, days)
    calendars = {
        p.id: FreeBusy() if _comes_anyway(programme, p) else sight.calendars[p.mail] for p in people
    }
    zones = {
        p.id: find_zone(p, calendars[p.id], habits.get(p.office, habits[None]), in_person=in_person)
        for p in people
    }
    slots = make_slots(programme.window, days, zones.values())
    return find_availability(
        people,
        calendars,
        slots,
        programme.window,
        habits,
        in_person=in_person,
        breathing_minutes=organisation.load.breathing_minutes,
        lunch=_lunch_to_keep(programme, organisation),
        blocked=block_slots(
            organisation,
            people,
            slots,
            zones,
            meeting_starts(meetings),
            in_person=in_person,
            today=context.today,
        ),
    )


def _lunch_to_keep(programme: Programme, organisation: Organisation) -> ProtectedLunch | None:
    """The lunch break, unless the meeting is one: held in the middle of the day, and in person."""
    lunch = organisation.lunch
    if lunch is None or programme.venue.kind == "online":
        return lunch
    window = programme.window
    is_lunch = window.earliest < lunch.latest and lunch.earliest < window.latest
    return None if is_lunch else lunch


def _selector(people: Sequence[Person], today: dt.date) -> Select:
    """Which of ``people`` satisfy an expression."""

    def select(text: str) -> npt.NDArray[np.bool_]:
        where = parse_where(text)
        return np.array([where.matches(person, today) for person in people], np.bool_)

    return select
