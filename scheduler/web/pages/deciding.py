"""HR decides about a round: approve, send back, invite, call off; and watches how far that is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scheduler.booking.report import CancelReport
from scheduler.errors import ScheduleError
from scheduler.rounds.approval import approve_round, send_back_round
from scheduler.rounds.cancelling import cancel_round
from scheduler.rounds.context import Context
from scheduler.rounds.group_cards import CARD
from scheduler.rounds.outcome import Outcome
from scheduler.store.bookings import read_bookings
from scheduler.store.deliveries import read_deliveries
from scheduler.store.engine import Store, now
from scheduler.store.errors import RoundStateError
from scheduler.store.rounds import Round, State
from scheduler.web.access import Visitor, require_role
from scheduler.web.desk import Desk, desk_of
from scheduler.web.forms import check_revision, read_form
from scheduler.web.pages.changing import begin_carrying
from scheduler.web.rendering import render_page
from scheduler.web.round_values import round_values

hr = require_role("HR")
router = APIRouter(dependencies=[Depends(hr)])
At = Annotated[Desk, Depends(desk_of)]
Hr = Annotated[Visitor, Depends(hr)]

QUIET = dt.timedelta(minutes=2)
"""After so long without a new record, inviting was interrupted, and is not going on elsewhere."""
_DOING: dict[State, str] = {"booking": "Sending invitations", "cancelling": "Calling the round off"}


@router.post("/rounds/{programme}/{date}/approve")
async def approve(programme: str, date: str, request: Request, desk: At, by: Hr) -> Response:
    """Approve the plan that was looked at, so that everybody can be invited."""
    found = await desk.find_round(programme, date)
    form = await read_form(request)
    try:
        check_revision(form, found)
        await desk.service.in_store(
            approve_round, desk.service.context().store, found.id, by=by.person_id
        )
    except ScheduleError as error:
        return await _refused(request, desk, programme, date, str(error))
    return RedirectResponse(f"/rounds/{found.id}?said=approved", 303)


@router.get("/rounds/{programme}/{date}/send-back")
async def ask_why(programme: str, date: str, request: Request, desk: At) -> Response:
    """Ask what should be different."""
    found = await desk.find_round(programme, date)
    values = round_values(desk, found, await desk.view(found), "plan")
    return render_page(request, "round_send_back.html.j2", **values)


@router.post("/rounds/{programme}/{date}/send-back")
async def send_back(programme: str, date: str, request: Request, desk: At, by: Hr) -> Response:
    """Take the approval back, while nobody has been invited."""
    found = await desk.find_round(programme, date)
    form = await read_form(request)
    try:
        await desk.service.in_store(
            send_back_round,
            desk.service.context().store,
            found.id,
            by=by.person_id,
            reason=form.get("reason", ""),
        )
    except ScheduleError as error:
        return await _refused(request, desk, programme, date, str(error))
    return RedirectResponse(f"/rounds/{found.id}?said=sent-back", 303)


@router.post("/rounds/{programme}/{date}/book")
async def book(programme: str, date: str, request: Request, desk: At, by: Hr) -> Response:
    """Invite everybody now, or go on where that was interrupted."""
    found = await desk.find_round(programme, date)
    try:
        if found.state not in {"approved", "booking", "booked"}:
            raise RoundStateError(found.id, found.state, "booked")
        begin_carrying(desk, found.id, by.person_id, again=found.state == "booked")
    except ScheduleError as error:
        return await _refused(request, desk, programme, date, str(error))
    return RedirectResponse(f"/rounds/{found.id}/progress", 303)


@router.get("/rounds/{programme}/{date}/cancel")
async def ask_to_cancel(programme: str, date: str, request: Request, desk: At) -> Response:
    """Ask what everybody is told when the round is called off."""
    found = await desk.find_round(programme, date)
    values = round_values(desk, found, await desk.view(found), "plan")
    store = desk.service.context().store
    booked = await desk.service.in_store(read_bookings, store, found.id, states={"booked"})
    return render_page(request, "round_cancel.html.j2", **values, booked=len(booked))


@router.post("/rounds/{programme}/{date}/cancel")
async def cancel(programme: str, date: str, request: Request, desk: At, by: Hr) -> Response:
    """Call the round off: everybody who was invited is told, and history is as if it never was."""
    found = await desk.find_round(programme, date)
    message = (await read_form(request)).get("message", "")
    if not message:
        text = "Write what everybody is told; nothing was called off."
        return await _refused(request, desk, programme, date, text)

    async def work(context: Context) -> CancelReport:
        return await cancel_round(context, found.id, message)

    desk.start(f"carry {found.id}", "Calling the round off", work, by=by.person_id, in_line=False)
    return RedirectResponse(f"/rounds/{found.id}/progress", 303)


@router.get("/rounds/{programme}/{date}/progress")
async def progress(programme: str, date: str, request: Request, desk: At) -> Response:
    """How far inviting or calling off is: by the records, so that a reload changes nothing.

    What is at work in this process is told besides.
    """
    found = await desk.find_round(programme, date)
    view = await desk.view(found)
    job = desk.jobs.find(f"carry {found.id}")
    counted = await desk.service.in_store(_count, desk.service.context().store, found)
    at_work = job is not None and not job.is_over
    elsewhere = found.state in {"booking", "cancelling"} and now() < counted.last + QUIET
    seats = sum(not view.people[member].guest for member in view.seat_of)
    return render_page(
        request,
        "round_progress.html.j2",
        **round_values(desk, found, view, "progress"),
        job=job,
        live=at_work or elsewhere,
        doing=_DOING.get(found.state, "") if job is None or not at_work else job.title,
        planned=len(view.plan.groups),
        seats=seats,
        booked=counted.booked,
        told=counted.told,
        problems=counted.problems,
        outcome=job.result.in_words() if job and isinstance(job.result, Outcome) else "",
        complete=not (job and isinstance(job.result, Outcome) and job.result.exit_code),
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """Groups with an event, people told of theirs, groups that met a problem, and when the records
    were last written to.
    """

    booked: int
    told: int
    problems: int
    last: dt.datetime


def _count(store: Store, found: Round) -> Counted:
    rows = read_bookings(store, found.id).values()
    sent = [one for one in read_deliveries(store, found.id, kinds=[CARD]) if one.state == "sent"]
    moments = [row.done_at or row.intended_at for row in rows]
    moments += [one.done_at or one.intended_at for one in sent]
    return Counted(
        booked=sum(row.state == "booked" for row in rows),
        told=len({one.person_id for one in sent}),
        problems=sum(row.problem is not None for row in rows),
        last=max([found.changed_at, *moments]),
    )


async def _refused(request: Request, desk: Desk, programme: str, date: str, text: str) -> Response:
    found = await desk.find_round(programme, date)
    values = round_values(desk, found, await desk.view(found), "plan")
    return render_page(request, "change_refused.html.j2", status=409, **values, text=text)
