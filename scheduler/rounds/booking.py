"""Book an approved round: each group's event in Outlook, with its agenda."""

from __future__ import annotations

from collections.abc import Mapping

from scheduler.agendas.agenda import Agenda
from scheduler.agendas.html import agenda_html
from scheduler.agendas.pdf import agenda_pdf
from scheduler.booking import book
from scheduler.booking.invitation import AgendaParts, Occasion
from scheduler.booking.report import BookingReport
from scheduler.grouping.mending import Upset
from scheduler.people.audience import people_from_outside
from scheduler.people.person import Person
from scheduler.programmes.programme import Programme
from scheduler.rounds.company import read_company
from scheduler.rounds.context import Context
from scheduler.rounds.member_agendas import write_member_agenda
from scheduler.rounds.mending import mend, mend_before_booking
from scheduler.rounds.past import people_by_id
from scheduler.rounds.planning import find_programme
from scheduler.rounds.sign_up import find_withdrawn
from scheduler.rounds.watching import record_counts, watched
from scheduler.store.engine import now
from scheduler.store.plans import read_plan, replace_plan
from scheduler.store.rounds import read_round, split_round_id


@watched("book")
async def book_round(context: Context, round_id: str, *, again: bool = False) -> BookingReport:
    """Make the organisers' calendars hold what the round's plan says, each group once.

    Args:
        context: settings, store, connection.
        round_id: approved, or further: an earlier run is carried on with.
        again: compare and heal a round that is booked already.

    Raises:
        RoundHeldError: another process is at it.
        RoundStateError: the round is not approved, or over.
        UnknownRoundError: there is no such round.
        GraphError: Graph cannot be reached; the next start goes on.
    """
    programme = find_programme(context, split_round_id(round_id)[0])
    people = await read_settled_people(context)
    await _take_out_withdrawn(context, programme, round_id)
    with context.progress.step("Booking meetings in Outlook") as report:
        done = await book.book_round(
            context.graph,
            context.store,
            round_id,
            people=people,
            occasion=Occasion(
                title=programme.title,
                category=programme.category,
                organisers=context.settings.organisation.organisers,
                members_count=programme.sign_up is None,
            ),
            agenda=lambda group: agenda_parts(write_member_agenda(programme, group, people)),
            repair=lambda plan, busy: mend_before_booking(context, plan, busy),
            again=again,
            by=context.by,
            clock=context.moment,
            progress=report,
        )
    record_counts(round_id, planned=done.planned, booked=done.booked)
    return done


async def _take_out_withdrawn(context: Context, programme: Programme, round_id: str) -> None:
    """Nobody is invited who took their name off the list since the plan was made."""
    if programme.sign_up is None or read_round(context.store, round_id).state != "approved":
        return
    plan = read_plan(context.store, round_id)
    members = {person_id for group in plan.groups for person_id in group.member_ids}
    withdrawn = find_withdrawn(context, programme, members)
    if withdrawn:
        mended = await mend(context, plan, Upset(dropped=withdrawn))
        reason = "names were taken off the list"
        replace_plan(context.store, mended, reason=reason, at=now())


async def read_settled_people(context: Context) -> Mapping[str, Person]:
    """Everybody who can be in a group, by id: the directory with what the HR export knows, offices
    under the names that HR uses, and the guests of all programmes.

    Raises:
        GraphError: the directory cannot be read.
        ExportRefusedError: the HR export cannot be read without guessing.
    """
    people = (await read_company(context)).people
    guests = [
        guest
        for programme in context.settings.programmes.values()
        for guest in people_from_outside(programme, ())
    ]
    return people_by_id((*guests, *people))


def agenda_parts(agenda: Agenda) -> AgendaParts:
    """An agenda as an event carries it: in its body, and as a PDF beside it."""
    return AgendaParts(html=agenda_html(agenda), pdf=agenda_pdf(agenda), filename="agenda.pdf")
