"""Plan a round: from the directory and the calendars to groups. Nothing leaves the building."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from scheduler.errors import ScheduleError
from scheduler.graph.groups import read_group_members
from scheduler.grouping.framing import Frame
from scheduler.grouping.naming import name_plan
from scheduler.grouping.plan import Plan
from scheduler.people.audience import make_roster
from scheduler.people.choices import Choices
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut, Roster
from scheduler.programmes.cadence import monday_of, next_round_start, round_days
from scheduler.programmes.programme import Programme
from scheduler.rounds.arranging import arrange_groups
from scheduler.rounds.company import read_company
from scheduler.rounds.context import Context
from scheduler.rounds.crew import find_crew
from scheduler.rounds.participation import read_participation
from scheduler.rounds.past import (
    people_by_id,
    read_contacts,
    read_own_choices,
    read_waits,
)
from scheduler.rounds.promised import read_promised
from scheduler.rounds.prospect import frame_round, look_at_calendars, solve_round
from scheduler.rounds.sign_up import read_names, refuse_while_open
from scheduler.rounds.watching import record_counts, watched
from scheduler.store.departments import note_departments
from scheduler.store.engine import now
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
    """A plan, what it was made from, everybody by id, and the records that were set aside."""

    plan: Plan
    frame: Frame
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

    Where people put their names down, that is the next one that is not approved yet: it can be
    planned from the day on which its list has closed until the day before it.

    Raises:
        NoRoundError: the programme's ``last`` day has passed.
    """
    before = [
        r.date
        for r in list_rounds(context.store, programme=programme.name)
        if r.state not in {"planned", "cancelling", "cancelled"}
    ]
    if programme.sign_up is None:
        earliest = context.today + dt.timedelta(days=programme.cadence.plan_days_ahead)
    else:
        earliest = max([context.today, *before]) + dt.timedelta(days=1)
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
        ListOpenError: names can still be put down for the round.
        RoundStateError: the round was approved already, or has gone further.
        GraphError: the directory or all calendars cannot be read.
    """
    programme = find_programme(context, name)
    start = first_day or next_first_day(context, programme)
    first = list_round_days(programme, start)[0]
    refuse_while_open(context, programme, round_id_of(programme, start), first)
    return await _plan(context, round_id_of(programme, start), programme, start, seed)


@watched("plan")
async def _plan(
    context: Context, round_id: str, programme: Programme, start: dt.date, seed: int | None
) -> PlannedRound:
    seed = seed_of(round_id) if seed is None else seed
    prospect = await look_ahead(context, programme, start)
    frame = prospect.frame
    crew = await find_crew(context, len(frame.people))
    with context.progress.step("Grouping people") as report:
        solution = await asyncio.to_thread(  # pages are served meanwhile
            solve_round,
            frame,
            seed=seed,
            effort=context.effort,
            progress=lambda p: report(round(100 * p.share_done), 100),
            share=None
            if crew is None
            else crew.share_cohorts(
                asyncio.get_running_loop(), lambda share: report(round(100 * share), 100)
            ),
        )
    plan = name_plan(frame, solution, round_id=round_id, seed=seed)
    plan = dataclasses.replace(plan, left_out=prospect.roster.left_out + plan.left_out)
    plan = arrange_groups(context, programme, plan, prospect.people, frame.contacts)
    save_plan(context.store, plan, at=now(), by=context.by)
    log.info(
        "round-planned", round=round_id, roster=plan.roster_size, placed=plan.placed,
        placed_bound=plan.placed_bound, groups=len(plan.groups), complete=plan.complete,
    )  # fmt: skip
    record_counts(round_id, placed=plan.placed, planned=len(plan.groups))
    return PlannedRound(plan, frame, prospect.people, prospect.set_aside)


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
    _note_departments(context, people, round_id)
    choices = read_own_choices(context)
    contacts, meetings = read_contacts(context, people, without_round=round_id)
    members = await read_group_members(context.graph, programme.audience.groups)
    names = read_names(context, programme, days[0])
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
        names=names,
    )
    sight = await look_at_calendars(context, programme, roster.people, days)
    frame = await asyncio.to_thread(
        frame_round,
        context,
        programme,
        roster,
        choices,
        days,
        sight=sight,
        contacts=contacts,
        meetings=meetings,
        waited=read_waits(context, programme.name, days[0]),
        promised=read_promised(context, without_round=round_id),
        names=names,
    )
    everybody = people_by_id((*people, *roster.people))
    return Prospect(frame, roster, choices, everybody, company.set_aside)


def _note_departments(context: Context, people: Sequence[Person], round_id: str) -> None:
    """Warn of departments that there were not when the last round was planned."""
    names = {person.department for person in people if person.department is not None}
    new = note_departments(context.store, names, day=context.today)
    if new:
        log.warning("departments-new", round=round_id, departments=sorted(new))
