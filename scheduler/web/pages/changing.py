"""HR changes a plan: sees what a change does, keeps it, fixes groups, has the rest solved again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scheduler.errors import ScheduleError
from scheduler.rounds.context import Context
from scheduler.rounds.editing import (
    Drop,
    Edit,
    EditError,
    Move,
    Swap,
    check_editable,
    find_seats,
    keep_fixed,
    keep_trial,
    solve_again,
    try_change,
)
from scheduler.rounds.outcome import Outcome, carry_out_round
from scheduler.rounds.planning import Prospect, find_programme
from scheduler.store.errors import RoundHeldError
from scheduler.store.rounds import Round
from scheduler.web.access import Visitor, require_role
from scheduler.web.change_words import (
    list_costs,
    list_sides,
    name_edit,
    tell_breach,
    tell_edit,
    tell_error,
)
from scheduler.web.desk import Desk, desk_of
from scheduler.web.forms import check_revision, read_form, read_number
from scheduler.web.jobs import Job
from scheduler.web.plan_view import PlanView
from scheduler.web.rendering import render_page
from scheduler.web.round_values import round_values
from scheduler.web.waiting import waiting_page

hr = require_role("HR")
router = APIRouter(dependencies=[Depends(hr)])
At = Annotated[Desk, Depends(desk_of)]
Hr = Annotated[Visitor, Depends(hr)]
NOWHERE = "out"
_UNCLEAR = "This page cannot tell what is to be changed. Begin at a group."


class _ChooseError(Exception):
    """A name says nobody, or several people."""

    def __init__(self, text: str, names: list[tuple[str, str]]) -> None:
        super().__init__(text)
        self.names = names


@router.get("/rounds/{programme}/{date}/change")
async def show_change(programme: str, date: str, request: Request, desk: At, by: Hr) -> Response:
    """What a change would break and cost; nothing is kept by looking."""
    found = await desk.find_round(programme, date)
    view = await desk.view(found)
    values = round_values(desk, found, view, "plan")
    wish = dict(request.query_params)
    context = desk.service.context(by.person_id)
    try:
        check_editable(context, found)
        prospect = await desk.prospect(found.id, by.person_id)
        if isinstance(prospect, Job):
            return waiting_page(request, prospect, back=f"/rounds/{found.id}")
        return await _show(request, context, found, view, prospect, wish, values)
    except _ChooseError as choice:
        return render_page(
            request, "change_choose.html.j2", **values, wish=wish, text=str(choice),
            names=choice.names,
        )  # fmt: skip
    except EditError as error:
        return _refused(request, values, tell_error(error, view.people))
    except ScheduleError as error:
        return _refused(request, values, str(error))


@router.post("/rounds/{programme}/{date}/change")
async def keep_change(programme: str, date: str, request: Request, desk: At, by: Hr) -> Response:
    """Keep a change that was looked at; where people are invited, tell those concerned."""
    found = await desk.find_round(programme, date)
    view = await desk.view(found)
    values = round_values(desk, found, view, "plan")
    form = await read_form(request)
    context = desk.service.context(by.person_id)
    try:
        check_revision(form, found)
        check_editable(context, found)
        prospect = await desk.prospect(found.id, by.person_id)
        if isinstance(prospect, Job):
            return waiting_page(request, prospect, back=f"/rounds/{found.id}", again=True)
        edit = _require(_read_edit(form, view))
        trial = await asyncio.to_thread(try_change, context, found, view.plan, prospect, edit)
        agreed = form.get("agreed") == "yes"
        await desk.service.in_store(
            keep_trial, context, found, trial, what=name_edit(edit), agreed=agreed
        )
    except EditError as error:
        return _refused(request, values, tell_error(error, view.people))
    except (ScheduleError, _ChooseError) as error:
        return _refused(request, values, str(error))
    if found.state == "booked":
        begin_carrying(desk, found.id, by.person_id, again=True)
        return RedirectResponse(f"/rounds/{found.id}/progress", 303)
    return RedirectResponse(f"/rounds/{found.id}?said=kept", 303)


@router.post("/rounds/{programme}/{date}/fix")
async def fix(programme: str, date: str, request: Request, desk: At, by: Hr) -> Response:
    """Fix a group, or let it change again."""
    found = await desk.find_round(programme, date)
    view = await desk.view(found)
    form = await read_form(request)
    number, fixed = read_number(form.get("number", "")), form.get("fixed") == "yes"
    try:
        check_revision(form, found)
        await desk.service.in_store(
            keep_fixed, desk.service.context(by.person_id), found, view.plan, number, fixed=fixed
        )
    except ScheduleError as error:
        return _refused(request, round_values(desk, found, view, "plan"), str(error))
    said = "fixed" if fixed else "loose"
    return RedirectResponse(f"/rounds/{found.id}/groups/{number}?said={said}", 303)


@router.post("/rounds/{programme}/{date}/solve")
async def solve(programme: str, date: str, request: Request, desk: At, by: Hr) -> Response:
    """Solve everything that is not fixed again; the page shows how far that is."""
    found = await desk.find_round(programme, date)
    view = await desk.view(found)
    form = await read_form(request)
    try:
        check_revision(form, found)
        check_editable(desk.service.context(), found)

        async def work(context: Context) -> None:
            await solve_again(context, found, view.plan)
            desk.forget_prospect(found.id)

        desk.start(f"solve {found.id}", "Solving the rest again", work, by=by.person_id)
    except ScheduleError as error:
        return _refused(request, round_values(desk, found, view, "plan"), str(error))
    return RedirectResponse(f"/rounds/{found.id}/solve", 303)


@router.get("/rounds/{programme}/{date}/solve")
async def watch_solving(programme: str, date: str, request: Request, desk: At) -> Response:
    """How far solving again is; then the plan."""
    found = await desk.find_round(programme, date)
    job = desk.jobs.find(f"solve {found.id}")
    if job is None or (job.is_over and job.problem is None):
        said = "?said=solved" if job is not None else ""
        return RedirectResponse(f"/rounds/{found.id}{said}", 303)
    return waiting_page(request, job, back=f"/rounds/{found.id}")


def begin_carrying(desk: Desk, round_id: str, by: str, *, again: bool = False) -> Job:
    """Book a round and tell everybody, beside the pages; the store says how far it is."""

    async def work(context: Context) -> Outcome | None:
        try:
            return await carry_out_round(context, round_id, again=again)
        except RoundHeldError:
            return None  # the job is at it already, and the records say how far it is

    key = f"carry {round_id}"
    return desk.start(key, "Sending invitations", work, by=by, in_line=False)


async def _show(
    request: Request,
    context: Context,
    found: Round,
    view: PlanView,
    prospect: Prospect,
    wish: Mapping[str, str],
    values: Mapping[str, Any],
) -> Response:
    edit = _read_edit(wish, view)
    size = find_programme(context, found.programme).size
    if edit is None:
        person = view.people[_read_person(wish, view)]
        if wish.get("what") == "swap":
            return render_page(request, "change_swap.html.j2", **values, person=person)
        seats = await asyncio.to_thread(find_seats, context, found, view.plan, prospect, person.id)
        return render_page(
            request,
            "change_seats.html.j2",
            **values,
            person=person,
            own=view.seat_of.get(person.id),
            seats=[
                (
                    view.card(view.numbers[seat.number]),
                    seat.value,
                    [tell_breach(breach, view.people, size) for breach in seat.breaches],
                )
                for seat in seats
            ],
        )
    trial = await asyncio.to_thread(try_change, context, found, view.plan, prospect, edit)
    return render_page(
        request,
        "change.html.j2",
        **values,
        sentence=tell_edit(edit, view),
        sides=list_sides(trial, view),
        costs=list_costs(trial),
        trial=trial,
        breaches=[tell_breach(breach, view.people, size) for breach in trial.breaches],
        sent=_send_edit(edit),
        size=size,
    )


def _read_edit(wish: Mapping[str, str], view: PlanView) -> Edit | None:
    """The change that a form or an address asks for; None: it still has to be said where to.

    Raises:
        EditError: It makes no sense.
        _ChooseError: A name says nobody, or several people.
    """
    what, to = wish.get("what", ""), wish.get("to", "").strip()
    if what == "drop":
        return Drop(read_number(to))
    person = _read_person(wish, view)
    if what == "out" or to == NOWHERE:
        return Move(person, None)
    if what == "move":
        return Move(person, read_number(to)) if to else None
    if what == "swap":
        other = wish.get("with", "") or _find_one(wish.get("other", ""), view)
        return Swap(person, other) if other else None
    raise EditError(_UNCLEAR)


def _require(edit: Edit | None) -> Edit:
    if edit is None:
        raise EditError(_UNCLEAR)
    return edit


def _read_person(wish: Mapping[str, str], view: PlanView) -> str:
    """Whom the change is about, by id or by what was written.

    Raises:
        EditError: Nobody of this round.
        _ChooseError: Several people.
    """
    person = wish.get("person") or _find_one(wish.get("other", ""), view)
    if person in view.seat_of or any(one.person_id == person for one in view.plan.left_out):
        return person
    raise EditError("Nobody of that name takes part in this round.")


def _find_one(text: str, view: PlanView) -> str:
    """The one person whom a text names, or nobody where it says nothing."""
    if not text.strip():
        return ""
    found = view.find_people(text)
    if len(found) == 1:
        return found[0].id
    if not found:
        raise _ChooseError(f"Nobody in this round is called “{text}”.", [])
    names = [
        (one.id, ", ".join(part for part in (one.name, one.department, one.office) if part))
        for one in found
    ]
    raise _ChooseError(f"Several people fit “{text}”. Whom do you mean?", names)


def _send_edit(edit: Edit) -> dict[str, str]:
    """The change as hidden fields."""
    match edit:
        case Drop(number):
            return {"what": "drop", "to": str(number)}
        case Swap(one, other):
            return {"what": "swap", "person": one, "with": other}
        case Move(person_id, None):
            return {"what": "out", "person": person_id}
        case Move(person_id, number):
            return {"what": "move", "person": person_id, "to": str(number)}


def _refused(request: Request, values: Mapping[str, Any], text: str) -> Response:
    return render_page(request, "change_refused.html.j2", status=409, **values, text=text)
