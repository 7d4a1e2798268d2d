"""A round's plan, as HR reads it: the week, the groups, who is left out, which departments meet."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from scheduler.people.person import Person
from scheduler.web.access import require_role
from scheduler.web.departments import count_departments
from scheduler.web.desk import Desk, desk_of
from scheduler.web.errors import error_response
from scheduler.web.forms import read_number
from scheduler.web.plan_view import TEXTS, Filter
from scheduler.web.rendering import render_page
from scheduler.web.round_values import round_values

router = APIRouter(dependencies=[Depends(require_role("HR"))])
At = Annotated[Desk, Depends(desk_of)]

EVERYTHING = "all"
"""Asks for all groups on one page, to print; of a large plan for as many as stay readable."""
DEPARTMENTS_MOST = 40
"""Rows of the table of departments, the largest: more cannot be read, nor sent quickly."""


@router.get("/rounds/{programme}/{date}")
async def plan_of_round(
    programme: str,
    date: str,
    request: Request,
    desk: At,
    wanted: Annotated[Filter, Depends()],
    page: str = "1",
    said: str = "",
) -> Response:
    """The plan that counts, whatever state the round is in."""
    found = await desk.find_round(programme, date)
    view = await desk.view(found)
    return render_page(
        request,
        "plan_groups.html.j2",
        **round_values(desk, found, view, "plan", said),
        wanted=wanted,
        groups=view.page_groups(wanted, read_number(page, 1), everything=page == EVERYTHING),
        everything=EVERYTHING,
    )


@router.get("/rounds/{programme}/{date}/left-out")
async def left_out(
    programme: str,
    date: str,
    request: Request,
    desk: At,
    q: str = "",
    kind: str = "",
    page: str = "1",
) -> Response:
    """Who has no seat, and why."""
    found = await desk.find_round(programme, date)
    view = await desk.view(found)
    return render_page(
        request,
        "plan_left_out.html.j2",
        **round_values(desk, found, view, "left-out"),
        wanted=Filter(q=q),
        q=q,
        kind=kind,
        kinds=view.kinds.most_common(),
        lines=view.page_left_out(q, kind, read_number(page, 1)),
    )


@router.get("/rounds/{programme}/{date}/groups/{number}")
async def one_group(
    programme: str, date: str, number: str, request: Request, desk: At, said: str = ""
) -> Response:
    """One group: its members, why they meet, its tables, and what can be changed."""
    found = await desk.find_round(programme, date)
    view = await desk.view(found)
    group = view.numbers.get(read_number(number))
    if group is None:
        return error_response(request, 404, f"There is no group {number} in this plan any more.")
    settings = desk.service.context().settings.programmes.get(found.programme)
    return render_page(
        request,
        "plan_group.html.j2",
        **round_values(desk, found, view, "plan", said),
        group=group,
        card=view.card(group),
        members=[(member, view.people[member]) for member in group.member_ids],
        leader=view.people.get(group.facilitator or ""),
        guests=list(settings.guests) if settings else [],
        speaker=settings.agenda.speaker if settings else None,
        topic=settings.agenda.topic if settings else None,
        turns=_name_turns(group.turns, view.people),
    )


@router.get("/rounds/{programme}/{date}/departments")
async def departments(programme: str, date: str, request: Request, desk: At) -> Response:
    """Which departments meet in this plan."""
    found = await desk.find_round(programme, date)
    view = await desk.view(found)
    heat = await asyncio.to_thread(count_departments, view.plan.groups, view.people, TEXTS)
    return render_page(
        request,
        "plan_departments.html.j2",
        **round_values(desk, found, view, "departments"),
        heat=heat,
        most=DEPARTMENTS_MOST,
    )


def _name_turns(
    turns: tuple[tuple[tuple[str, ...], ...], ...], people: Mapping[str, Person]
) -> list[list[list[str]]]:
    """The tables of each turn, by the names of who sits there."""
    return [[[people[member].name for member in table] for table in tables] for tables in turns]
