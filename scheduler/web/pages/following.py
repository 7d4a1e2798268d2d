"""A round after its plan was made: what changed, what its rules cost, who answered, what needs a
hand.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scheduler.grouping.plan import Group
from scheduler.rounds.context import Context
from scheduler.rounds.pricing import price_rules, read_prices
from scheduler.store.revisions import list_revisions
from scheduler.web.access import Visitor, require_role
from scheduler.web.answer_view import Standing, read_standing
from scheduler.web.desk import Desk, desk_of
from scheduler.web.differences import compare_plans
from scheduler.web.forms import read_number
from scheduler.web.plan_view import PEOPLE_A_PAGE, PlanView, cut_page
from scheduler.web.rendering import render_page
from scheduler.web.round_values import is_whole, round_values
from scheduler.web.waiting import waiting_page

hr = require_role("HR")
router = APIRouter(dependencies=[Depends(hr)])
At = Annotated[Desk, Depends(desk_of)]
Hr = Annotated[Visitor, Depends(hr)]


@router.get("/rounds/{programme}/{date}/rules")
async def rules(programme: str, date: str, request: Request, desk: At, said: str = "") -> Response:
    """How good the plan is, and what each hard rule costs it, where that was asked."""
    found = await desk.find_round(programme, date)
    view = await desk.view(found)
    job = desk.jobs.find(f"prices {found.id}")
    prices = await desk.service.in_store(read_prices, desk.service.context().store, found.id)
    return render_page(
        request,
        "plan_rules.html.j2",
        **round_values(desk, found, view, "rules", said),
        prices=prices,
        whole=is_whole(desk, found),
        problem=job.problem if job and job.is_over else None,
        working=job is not None and not job.is_over,
    )


@router.post("/rounds/{programme}/{date}/prices")
async def ask_prices(programme: str, date: str, desk: At, by: Hr) -> Response:
    """Find the price of each rule, which takes about as long as planning; it is kept."""
    found = await desk.find_round(programme, date)

    async def work(context: Context) -> None:
        await price_rules(context, found.id)

    desk.start(f"prices {found.id}", "Finding what each rule costs", work, by=by.person_id)
    return RedirectResponse(f"/rounds/{found.id}/prices", 303)


@router.get("/rounds/{programme}/{date}/prices")
async def watch_prices(programme: str, date: str, request: Request, desk: At) -> Response:
    """How far finding the prices is; then the prices."""
    found = await desk.find_round(programme, date)
    job = desk.jobs.find(f"prices {found.id}")
    if job is None or job.is_over:
        said = "?said=priced" if job is not None and job.problem is None else ""
        return RedirectResponse(f"/rounds/{found.id}/rules{said}", 303)
    return waiting_page(request, job, back=f"/rounds/{found.id}/rules")


@router.get("/rounds/{programme}/{date}/versions")
async def versions(
    programme: str, date: str, request: Request, desk: At, of: str = "", page: str = "1"
) -> Response:
    """The plans that this round has had, and what is different between one and the one before."""
    found = await desk.find_round(programme, date)
    view = await desk.view(found)
    store = desk.service.context().store
    revisions = await desk.service.in_store(list_revisions, store, found.id)
    number = min(max(2, read_number(of, found.revision)), max(found.revision, 2))
    difference, moved = None, cut_page([], 1, PEOPLE_A_PAGE)
    names: dict[str, str] = {}
    if found.revision > 1:
        earlier, later = (
            await desk.read_plan(found.id, number - 1),
            await desk.read_plan(found.id, number),
        )
        difference = await asyncio.to_thread(compare_plans, earlier, later)
        moved = cut_page(difference.moved, read_number(page, 1), PEOPLE_A_PAGE)
        people = await desk.service.directory.people()
        for one in difference.moved:
            person = people.get(one.person_id) or view.people.get(one.person_id)
            names[one.person_id] = person.name if person else "Somebody who has left"
    return render_page(
        request,
        "plan_versions.html.j2",
        **round_values(desk, found, view, "versions"),
        revisions=revisions,
        number=number,
        difference=difference,
        moved=moved,
        names=names,
        seat=lambda group: _tell_seat(group, view),
    )


@router.get("/rounds/{programme}/{date}/answers")
async def answers(
    programme: str, date: str, request: Request, desk: At, only: str = "", page: str = "1"
) -> Response:
    """Who answered, what was repaired, and what needs a hand."""
    found = await desk.find_round(programme, date)
    view = await desk.view(found)
    standing: Standing = await desk.service.in_store(
        read_standing, desk.service.context().store, found, view
    )
    lines = [line for line in standing.groups if only != "hand" or line.needs]
    return render_page(
        request,
        "plan_answers.html.j2",
        **round_values(desk, found, view, "answers"),
        standing=standing,
        only=only,
        lines=cut_page(lines, read_number(page, 1), PEOPLE_A_PAGE),
    )


def _tell_seat(group: Group | None, view: PlanView) -> str:
    if group is None:
        return "no seat"
    return f"group {group.number}, {view.moment(group)}, {group.place.name}"
