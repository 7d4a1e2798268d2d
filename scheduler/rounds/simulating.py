"""Rounds ahead on today's people and typical calendars: what a change to a programme would do.

Calendars are read once, for the weeks of the next round and those after it, and serve for all
rounds in turn: nobody's calendar says much about a day in half a year. Time goes on all the same:
who has met ages, newcomers cease to be new, and who had no seat waits. Meetings count towards the
company's limits: those that are booked or planned, those of the rounds played so far, and those of
other programmes' rounds that would be planned before, in which everybody who takes part is taken to
have a seat. Nothing is stored or sent.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from scheduler.graph.groups import read_group_members
from scheduler.grouping.naming import name_plan
from scheduler.grouping.plan import Plan
from scheduler.people.audience import Participation, make_roster
from scheduler.people.choices import Choices
from scheduler.people.contacts import Pair, gather_contacts
from scheduler.people.person import Person
from scheduler.people.roster import Roster
from scheduler.programmes.programme import Programme
from scheduler.rounds.company import read_company
from scheduler.rounds.context import Context
from scheduler.rounds.other_rounds import OtherRounds
from scheduler.rounds.participation import find_handed_over, find_last_met
from scheduler.rounds.past import read_contacts, read_own_choices, read_waits
from scheduler.rounds.planning import find_programme, list_round_days, next_first_day, seed_of
from scheduler.rounds.promised import Promise, read_promised
from scheduler.rounds.prospect import Sight, frame_round, look_at_calendars, solve_round
from scheduler.rounds.sign_up import read_names
from scheduler.settings.changing import change_programme
from scheduler.store.meetings import Meeting

TYPICAL_ROUNDS = 2
"""How many rounds' weeks of calendars are read, one after the other."""
ABOUT = dt.timedelta(days=31)
"""Limits are of weeks and calendar months."""
EFFORT = 0.2
"""Of the usual work for each round: a simulation compares, and need not find the last point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedRound:
    """One round. ``department_pairs``: reached by it or a round before; ``longest_wait``: rounds
    that somebody who takes part has been without a seat.
    """

    date: dt.date
    roster: int
    placed: int
    placed_bound: int
    groups: int
    new_ties: int
    repeats: int
    department_pairs: int
    longest_wait: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What a programme comes to over several rounds.

    ``people``: who took part in any round; ``never_placed``: of them, who never had a seat;
    ``possible_department_pairs``: among the departments of those people.
    """

    rounds: tuple[SimulatedRound, ...]
    people: int
    never_placed: int
    department_pairs: int
    possible_department_pairs: int

    @property
    def seats(self) -> int:
        """Seats over all rounds."""
        return sum(one.placed for one in self.rounds)

    @property
    def seats_bound(self) -> int:
        """The most seats that there could have been."""
        return sum(one.placed_bound for one in self.rounds)

    @property
    def new_ties(self) -> int:
        """Pairs of people who met for the first time."""
        return sum(one.new_ties for one in self.rounds)

    @property
    def repeats(self) -> int:
        """Pairs who met and had met before, round by round."""
        return sum(one.repeats for one in self.rounds)

    @property
    def longest_wait(self) -> int:
        """Rounds running that somebody who wanted to come had no seat."""
        return max((one.longest_wait for one in self.rounds), default=0)


@dataclass(frozen=True, slots=True)
class _World:
    """What is the same for all rounds and both ways of running them."""

    people: Sequence[Person]
    choices: Mapping[str, Choices]
    meetings: Sequence[Meeting]
    promised: Sequence[Promise]
    known: frozenset[Pair]
    members: Mapping[str, frozenset[str]]
    start: dt.date


async def simulate(
    context: Context, name: str, *, rounds: int = 12, changes: Sequence[str] = ()
) -> tuple[Simulation, Simulation | None]:
    """Run a programme's rounds ahead, as it is and, if there are ``changes``, with them.

    Args:
        context: settings, store (read only), connection.
        name: the programme.
        rounds: how many, from 1.
        changes: like ``size.ideal=5``, see :func:`scheduler.settings.changing.change_programme`.

    Raises:
        UnknownProgrammeError: there is no such programme.
        ChangeError: a change cannot be made.
        NoRoundError: the programme has ended.
        GraphError: the directory or all calendars cannot be read.
    """
    programme = find_programme(context, name)
    changed = change_programme(programme, changes) if changes else None
    with context.progress.step("Reading the directory") as report:
        company = await read_company(context, lambda done: report(done, done))
    programmes = (*context.settings.programmes.values(), *([changed] if changed else ()))
    groups = {group for one in programmes for group in one.audience.groups}
    contacts, meetings = read_contacts(context, company.people, without_round="")
    world = _World(
        people=company.people,
        choices=read_own_choices(context),
        meetings=meetings,
        promised=read_promised(context, without_round=""),
        known=contacts.known,
        members=await read_group_members(context.graph, sorted(groups)),
        start=next_first_day(context, programme),
    )
    before = await _run(context, programme, world, rounds, "As it is")
    if changed is None:
        return before, None
    return before, await _run(context, changed, world, rounds, "With the change")


async def _run(
    context: Context, programme: Programme, world: _World, rounds: int, title: str
) -> Simulation:
    windows = _list_windows(programme, world.start)
    history = _History(context, programme, world)
    takers = await asyncio.to_thread(history.list_takers, rounds)
    sights = [await look_at_calendars(context, programme, takers, days) for days in windows]
    done: list[SimulatedRound] = []
    with context.progress.step(f"{title}: {rounds} rounds") as report:
        for number in range(rounds):
            turn = number % len(windows)
            done.append(await asyncio.to_thread(history.play, number, windows[turn], sights[turn]))
            report(number + 1, rounds)
    return history.sum_up(done)


def _list_windows(programme: Programme, start: dt.date) -> list[tuple[dt.date, ...]]:
    """The days of the next round, and of one right after it."""
    if programme.cadence.on:
        return [list_round_days(programme, start)]
    span = dt.timedelta(weeks=programme.cadence.spans_weeks)
    return [list_round_days(programme, start + span * turn) for turn in range(TYPICAL_ROUNDS)]


class _History:
    """The rounds that were played, and what they mean for the next one."""

    def __init__(self, context: Context, programme: Programme, world: _World) -> None:
        self.context, self.programme, self.world = context, programme, world
        self.meetings = list(world.meetings)
        self.others = OtherRounds(context, programme, world.people, world.choices, world.members)
        self.waited = read_waits(context, programme.name, world.start)
        self.names = read_names(context, programme, world.start)
        self.handed_over = find_handed_over(
            context.settings.programmes.values(),
            programme.name,
            world.people,
            world.meetings,
            context.today,
        )
        self.department_pairs: set[tuple[str, str]] = set()
        self.departments: dict[str, str | None] = {}
        self.seated: set[str] = set()

    def _passed(self, number: int) -> dt.timedelta:
        return dt.timedelta(weeks=self.programme.cadence.every_weeks * number)

    def make_roster(self, number: int, participation: Participation) -> Roster:
        """Who takes part in a round, on the day on which it would be planned."""
        return make_roster(
            self.world.people,
            self.programme,
            self.world.choices,
            today=self.context.today + self._passed(number),
            round_start=self.world.start + self._passed(number),
            offices=self.context.settings.organisation.offices,
            group_members=self.world.members,
            participation=participation,
            names=self.names if number == 0 else None,
        )

    def list_takers(self, rounds: int) -> list[Person]:
        """Everybody who takes part in any of so many rounds."""
        takers = {
            person.id: person
            for number in range(rounds)
            for person in self.make_roster(
                number, Participation(handed_over=self.handed_over)
            ).people
        }
        return list(takers.values())

    def play(self, number: int, days: Sequence[dt.date], sight: Sight) -> SimulatedRound:
        """Group one round as on its day, on the calendars of ``days``."""
        start = self.world.start + self._passed(number)
        context = dataclasses.replace(self.context, today=self.context.today + self._passed(number))
        last_met = find_last_met(self.meetings)
        roster = self.make_roster(
            number, Participation(last_met=last_met, handed_over=self.handed_over)
        )
        frame = frame_round(
            context,
            self.programme,
            roster,
            self.world.choices,
            days,
            sight=sight,
            contacts=gather_contacts(
                ((m.start.date(), m.person_ids) for m in self.meetings), self.world.known
            ),
            meetings=self._list_load(days, shift=start - days[0]),
            waited=self.waited,
            names=self.names,
        )
        round_id = f"{self.programme.name}/{start}"
        seed = seed_of(round_id)
        solution = solve_round(frame, seed=seed, effort=EFFORT * self.context.effort)
        plan = name_plan(frame, solution, round_id=round_id, seed=seed)
        self._remember(plan, roster, shift=start - days[0])
        own = [self.waited.get(person.id, 0) for person in roster.people]
        return SimulatedRound(
            date=start,
            roster=plan.roster_size,
            placed=plan.placed,
            placed_bound=plan.placed_bound,
            groups=len(plan.groups),
            new_ties=plan.new_ties,
            repeats=plan.repeats,
            department_pairs=len(self.department_pairs),
            longest_wait=max(own, default=0),
        )

    def _list_load(self, days: Sequence[dt.date], *, shift: dt.timedelta) -> list[Meeting]:
        """Social meetings about the time of a round, as far from ``days`` as from its own days."""
        first, last = days[0] + shift - ABOUT, days[-1] + shift + ABOUT
        near = [one for one in self.meetings if first <= one.start.date() <= last]
        near += [
            Meeting("", "", 0, promise.slot.start, (promise.person_id,))
            for promise in self.world.promised
            if first <= promise.slot.start.date() <= last
        ]
        near += self.others.list_meetings(first, last, planned_before=days[0] + shift)
        return [dataclasses.replace(one, start=one.start - shift) for one in near]

    def _remember(self, plan: Plan, roster: Roster, *, shift: dt.timedelta) -> None:
        people = {person.id: person for person in roster.people}
        self.departments |= {p.id: p.department for p in roster.people if not p.guest}
        seated = {member for group in plan.groups for member in group.member_ids}
        self.seated |= seated
        for person_id in people:
            waited = 0 if person_id in seated else self.waited.get(person_id, 0) + 1
            self.waited[person_id] = waited
        for group in plan.groups:
            start = group.slot.start + shift
            self.meetings.append(
                Meeting(plan.round_id, self.programme.name, group.number, start, group.member_ids)
            )
            departments = {people[m].department for m in group.member_ids} - {None}
            self.department_pairs.update(combinations(sorted(map(str, departments)), 2))

    def sum_up(self, rounds: Sequence[SimulatedRound]) -> Simulation:
        """All rounds together."""
        departments = {name for name in self.departments.values() if name is not None}
        return Simulation(
            rounds=tuple(rounds),
            people=len(self.departments),
            never_placed=len(self.departments.keys() - self.seated),
            department_pairs=len(self.department_pairs),
            possible_department_pairs=len(departments) * (len(departments) - 1) // 2,
        )
