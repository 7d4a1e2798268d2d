"""What the store remembers, as the history that insights are made from."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduler.errors import ScheduleError
from scheduler.grouping.plan import Group, Plan
from scheduler.insights.figures import RuleCost, gather_figures
from scheduler.insights.history import Answer, Asked, History, Meeting, make_history
from scheduler.insights.report import Report, make_report
from scheduler.insights.suppress import Period, choose_periods, decide_told, list_periods
from scheduler.people.person import Person
from scheduler.rounds.company import read_company
from scheduler.rounds.context import Context
from scheduler.rounds.known_ties import read_known_ties
from scheduler.rounds.pricing import read_prices
from scheduler.store.feedback import AgainAnswer, Feedback, read_feedback
from scheduler.store.meetings import Meeting as BookedMeeting
from scheduler.store.meetings import read_meetings
from scheduler.store.plans import read_plan
from scheduler.store.rounds import State, list_rounds, split_round_id

TOOK_PLACE: frozenset[State] = frozenset({"booked", "held", "closed"})
NOT_ON_THE_ROSTER = frozenset(
    {
        "left", "not joined", "paused", "no answers", "wants to meet less often", "no office",
        "unknown office", "list closed",
    }
)  # fmt: skip
"""Kinds of reasons of people who had not asked for a seat: those of
:func:`scheduler.people.audience.make_roster`. Everybody else who was left out had."""
NOTHING_YET = (
    "There is nothing to report yet: no quarter in which five or more people had seats is over."
)
_AGAIN: Mapping[AgainAnswer | None, bool | None] = {
    "yes": True, "no": False, "maybe": None, None: None
}  # fmt: skip


class UnreportedProgrammeError(ScheduleError):
    """A report on a programme that never had a round."""


async def report_rounds(
    context: Context, *, since: dt.date | None = None, programme: str | None = None
) -> Report | None:
    """What the rounds changed, quarter by whole quarter; None where nothing may be told yet.

    Args:
        context: Settings, store and connection; its day decides which quarters are over.
        since: Quarters that end after this day alone.
        programme: Only what can be told of this one.

    Raises:
        UnreportedProgrammeError: There was no round of that programme.
        GraphError: The directory cannot be read.
    """
    return (await tell_rounds(context, since=since, programme=programme)).report


@dataclass(frozen=True, slots=True)
class Told:
    """A report, None where nothing may be told yet; and what other reports there can be:
    ``periods`` that are over, ``programmes`` whose rounds took place.
    """

    report: Report | None
    periods: tuple[Period, ...]
    programmes: tuple[str, ...]


async def tell_rounds(
    context: Context, *, since: dt.date | None = None, programme: str | None = None
) -> Told:
    """:func:`report_rounds`, and what else can be asked for.

    Raises:
        UnreportedProgrammeError: There was no round of that programme.
        GraphError: The directory cannot be read.
    """
    people = (await read_company(context)).people
    return await asyncio.to_thread(_tell, context, people, since, programme)


def _tell(
    context: Context, people: Sequence[Person], since: dt.date | None, programme: str | None
) -> Told:
    history = gather_history(context, people)
    if programme is not None and programme not in history.programmes:
        known = ", ".join(history.programmes) or "no programme yet"
        raise UnreportedProgrammeError(
            f"No round of {programme} has taken place. Rounds took place of: {known}."
        )
    periods = list_periods(history, context.today)
    chosen = choose_periods(periods, since)
    figures = gather_figures(
        history, decide_told(history, chosen), programme, costs=_read_costs(context)
    )
    report = None if figures is None else make_report(figures)
    return Told(report, periods, history.programmes)


async def read_history(context: Context) -> History:
    """Meetings before today with their answers, the rosters of their rounds, and known ties."""
    return gather_history(context, (await read_company(context)).people)


def gather_history(context: Context, people: Sequence[Person]) -> History:
    """:func:`read_history` for people who were read already."""
    file = context.settings.organisation.known_ties
    said = {(f.round_id, f.group_number, f.person_id): f for f in read_feedback(context.store)}
    plans = {
        round_.id: read_plan(context.store, round_.id)
        for round_ in list_rounds(context.store, states=TOOK_PLACE)
    }
    end = dt.datetime.combine(context.today, dt.time(), dt.UTC)
    booked = read_meetings(context.store, until=end, with_absent=True)
    held = [
        meeting for one in booked for meeting in _tell_meeting(one, plans.get(one.round_id), said)
    ]
    rounds = {one.round_id for one in booked}
    return make_history(
        people,
        held,
        [_tell_asked(plan) for round_id, plan in plans.items() if round_id in rounds],
        read_known_ties(file, people) if file is not None else (),
    )


def _read_costs(context: Context) -> list[RuleCost]:
    """What each hard rule cost each round that took place, where that was found."""
    return [
        RuleCost(round_.programme, round_.date, price.rule, price.places, price.points)
        for round_ in list_rounds(context.store, states=TOOK_PLACE)
        for price in read_prices(context.store, round_.id) or ()
    ]


def _tell_meeting(
    booked: BookedMeeting, plan: Plan | None, said: Mapping[tuple[str, int, str], Feedback]
) -> list[Meeting]:
    """One meeting, or one for each table of each turn. Answers are about the whole of it."""
    _, round_day = split_round_id(booked.round_id)
    answers = {}
    for person in booked.person_ids:
        feedback = said.get((booked.round_id, booked.group_number, person))
        if feedback is not None:
            answers[person] = Answer(feedback.met, _AGAIN[feedback.again])
    group = _find_group(plan, booked.group_number)
    tables = group.turns if group is not None and group.turns else ((booked.person_ids,),)
    here = set(booked.person_ids)
    return [
        Meeting(
            programme=booked.programme,
            round_day=round_day,
            day=booked.start.date(),
            member_ids=tuple(person for person in table if person in here),
            answers=answers,
            turn=turn,
        )
        for turn, seating in enumerate(tables)
        for table in seating
    ]


def _find_group(plan: Plan | None, number: int) -> Group | None:
    return next((g for g in plan.groups if g.number == number), None) if plan else None


def _tell_asked(plan: Plan) -> Asked:
    programme, round_day = split_round_id(plan.round_id)
    seated = [person for group in plan.groups for person in group.member_ids]
    waiting = [one.person_id for one in plan.left_out if one.kind not in NOT_ON_THE_ROSTER]
    return Asked(programme, round_day, tuple(dict.fromkeys((*seated, *waiting))))
