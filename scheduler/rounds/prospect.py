"""From calendars and choices to groups: the steps that planning and simulating share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from scheduler.calendars.availability import Availability, find_availability, find_zone
from scheduler.calendars.freebusy import FreeBusy, WorkingHours
from scheduler.calendars.slots import make_slots
from scheduler.graph.places import read_rooms
from scheduler.graph.schedules import read_free_busy
from scheduler.grouping.framing import Frame, Select, Wishes, frame_problem
from scheduler.grouping.plan import Place
from scheduler.grouping.solution import Progress, Solution
from scheduler.grouping.tasks import Share
from scheduler.grouping.whole import solve_frame
from scheduler.people.choices import Choices, shunned_pairs
from scheduler.people.contacts import Contacts
from scheduler.people.person import Person
from scheduler.people.roster import Roster
from scheduler.people.sign_up import NameList, order_names
from scheduler.people.wants import pair_points
from scheduler.people.where import parse_where
from scheduler.programmes.load import ProtectedLunch
from scheduler.programmes.programme import Programme
from scheduler.programmes.rules import Prefer
from scheduler.rounds.context import Context
from scheduler.rounds.crew import find_crew
from scheduler.rounds.past import meeting_starts
from scheduler.rounds.promised import Promise, block_promised
from scheduler.rounds.surroundings import block_slots, list_places, office_habits, office_zones
from scheduler.settings.organisation import Organisation
from scheduler.store.meetings import Meeting


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of the calendars: places, when tables are open, free/busy by address."""

    places: Sequence[Place]
    place_hours: Mapping[Place, WorkingHours]
    calendars: Mapping[str, FreeBusy]


async def look_at_calendars(
    context: Context, programme: Programme, people: Sequence[Person], days: Sequence[dt.date]
) -> Sight:
    """Read the rooms, and free/busy of people and rooms over the days of a round.

    Raises:
        GraphError: the rooms or all calendars cannot be read.
    """
    organisation = context.settings.organisation
    rooms: Sequence[Place] = ()
    if programme.venue.kind == "in-person" and programme.venue.rooms:
        offices = [office.name for office in organisation.offices if office.in_person]
        rooms = (await read_rooms(context.graph, offices)).places
    places, place_hours = list_places(programme, organisation, rooms)
    mails = [p.mail for p in people if not _comes_anyway(programme, p)]
    mails += [p.mail for p in places if p.mail is not None]
    if not mails:
        return Sight(places, place_hours, {})
    # A day's margin on both sides: the round's first day begins earlier in Sydney than in UTC.
    begin = dt.datetime.combine(days[0], dt.time(), dt.UTC) - dt.timedelta(days=1)
    end = dt.datetime.combine(days[-1], dt.time(), dt.UTC) + dt.timedelta(days=2)
    crew = await find_crew(context, len(mails))
    read = crew.read_calendars if crew is not None else partial(read_free_busy, context.graph)
    with context.progress.step("Reading free/busy calendars") as report:
        calendars = await read(
            mails,
            begin,
            end,
            lambda done: report(done, len(mails)),
            zones={p.mail: p.zone for p in people if p.zone is not None},
            through=organisation.organisers,
        )
    return Sight(places, place_hours, calendars)


def _comes_anyway(programme: Programme, person: Person) -> bool:
    """Whether nobody looks at a person's calendar: guests, and who put their name down."""
    return person.guest or programme.sign_up is not None


def find_free_slots(
    context: Context,
    programme: Programme,
    people: Sequence[Person],
    days: Sequence[dt.date],
    *,
    sight: Sight,
    meetings: Sequence[Meeting],
    promised: Sequence[Promise] = (),
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
    starts = meeting_starts(meetings)
    for promise in promised:
        starts.setdefault(promise.person_id, []).append(promise.slot.start)
    blocked = block_slots(
        organisation, people, slots, zones, starts, in_person=in_person, today=context.today
    )
    block_promised(blocked, promised, slots)
    return find_availability(
        people,
        calendars,
        slots,
        programme.window,
        habits,
        in_person=in_person,
        breathing_minutes=organisation.load.breathing_minutes,
        lunch=_lunch_to_keep(programme, organisation),
        blocked=blocked,
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


def frame_round(
    context: Context,
    programme: Programme,
    roster: Roster,
    choices: Mapping[str, Choices],
    days: Sequence[dt.date],
    *,
    sight: Sight,
    contacts: Contacts,
    meetings: Sequence[Meeting],
    waited: Mapping[str, int],
    promised: Sequence[Promise] = (),
    names: NameList | None = None,
) -> Frame:
    """Everything that a round is grouped from, put together.

    Args:
        context: settings, and the day on which lengths of time are counted.
        programme: whose round it is.
        roster: who takes part.
        choices: what everybody decided, by person id.
        days: of the round.
        sight: what was seen of calendars and places.
        contacts: who has met or knows each other.
        meetings: of all programmes, for the limits of the company.
        waited: rounds without a seat, by person id.
        promised: seats in rounds that are planned and not booked.
        names: the list of a programme on which people put their names down.
    """
    return Frame(
        programme=programme,
        people=roster.people,
        availability=find_free_slots(
            context,
            programme,
            roster.people,
            days,
            sight=sight,
            meetings=meetings,
            promised=promised,
        ),
        places=sight.places,
        place_calendars=sight.calendars,
        place_hours=sight.place_hours,
        zones=office_zones(context.settings.organisation),
        contacts=contacts,
        select=_selector(roster.people, context.today),
        today=context.today,
        waited=waited,
        wishes=Wishes(
            points=pair_points(
                roster.people,
                [rule for rule in programme.rules if isinstance(rule, Prefer)],
                choices,
                today=context.today,
            ),
            apart=shunned_pairs(choices),
        ),
        turn={} if names is None else order_names(roster.people, names),
    )


def solve_round(
    frame: Frame,
    *,
    seed: int,
    effort: float,
    progress: Callable[[Progress], None] | None = None,
    share: Share | None = None,
) -> Solution:
    """Group the people of a round, or, where groups are not chosen, find their time and place."""
    from scheduler.grouping.engine import solve  # noqa: PLC0415 -- slow import

    if frame.programme.whole is not None:
        return solve_frame(frame)
    return solve(frame_problem(frame), seed=seed, effort=effort, progress=progress, share=share)
