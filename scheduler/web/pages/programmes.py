"""The programmes: what is due, what waits for approval, what ran, and the file behind each."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scheduler.programmes.cadence import days_planned_ahead, due_round, next_round_start
from scheduler.programmes.programme import Programme
from scheduler.rounds.connection import try_connection
from scheduler.rounds.context import Context
from scheduler.rounds.planning import (
    NoRoundError,
    UnknownProgrammeError,
    find_programme,
    next_first_day,
    plan_round,
    round_id_of,
)
from scheduler.rounds.sign_up import ListNow, is_open, read_list
from scheduler.store.engine import Store
from scheduler.store.plans import read_plan
from scheduler.store.rounds import Round, list_rounds
from scheduler.web.access import Visitor, require_role
from scheduler.web.config_view import check_files, has_changed, list_files, read_lines
from scheduler.web.desk import MOMENT_SECONDS, Desk, desk_of
from scheduler.web.errors import error_response
from scheduler.web.rendering import render_page
from scheduler.web.round_values import STATES
from scheduler.web.waiting import waiting_page

hr = require_role("HR")
router = APIRouter(dependencies=[Depends(hr)])
At = Annotated[Desk, Depends(desk_of)]
Hr = Annotated[Visitor, Depends(hr)]

SHOWN_MOST = 30
"""Rounds that took place, on the page of all programmes."""
_CHECK = "check of the configuration"


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in a list."""

    id: str
    title: str
    date: dt.date
    state: str
    badge: str
    placed: int
    groups: int


@dataclass(frozen=True, slots=True)
class Due:
    """When a programme's next round is planned and begins; ``now``: it is due; ``open``: names can
    still be put down for it.
    """

    name: str
    title: str
    planned: dt.date | None
    start: dt.date | None
    now: bool
    open: bool = False


@router.get("/programmes")
async def all_programmes(request: Request, desk: At) -> Response:
    """What waits, what is under way, what comes, what ran; and whether all files are sound."""
    context = desk.service.context()
    rounds = await desk.service.in_store(list_rounds, context.store)
    waiting = [one for one in rounds if one.state == "planned"]
    under_way = [
        one for one in rounds if one.state in {"approved", "booking", "booked", "cancelling"}
    ]
    ran = [one for one in rounds if one.state in {"held", "closed", "cancelled"}]
    shown = [*waiting, *under_way, *ran[-SHOWN_MOST:]]
    lines = await desk.service.in_store(_tell_rounds, desk, context.store, shown)
    folder = context.settings.config_dir
    checked = await asyncio.to_thread(check_files, folder, context.today)
    files = list_files(folder)
    job = desk.jobs.find(_CHECK)
    return render_page(
        request,
        "programmes.html.j2",
        title="Programmes",
        waiting=[lines[one.id] for one in waiting],
        under_way=[lines[one.id] for one in under_way],
        ran=[lines[one.id] for one in reversed(ran[-SHOWN_MOST:])],
        due=[find_due(context, programme, rounds) for programme in _sorted(context)],
        files=[
            (
                name,
                context.settings.programmes.get(name),
                checked.of_file(path),
                has_changed(name, context.settings, checked),
            )
            for name, path in files.items()
        ],
        others=checked.of_others({path.name for path in files.values()}),
        check=job,
    )


@router.get("/programmes/{name}")
async def one_programme(name: str, request: Request, desk: At) -> Response:
    """One programme: its rounds, and its file with what is wrong in it."""
    context = desk.service.context()
    files = list_files(context.settings.config_dir)
    if name not in files:
        return error_response(request, 404, f"There is no programme {name}.")
    checked = await asyncio.to_thread(check_files, context.settings.config_dir, context.today)
    problems = checked.of_file(files[name])
    programme = context.settings.programmes.get(name)
    rounds = await desk.service.in_store(list_rounds, context.store, programme=name)
    shown = rounds[-SHOWN_MOST:]
    lines = await desk.service.in_store(_tell_rounds, desk, context.store, shown)
    return render_page(
        request,
        "programme.html.j2",
        title=programme.title if programme else name,
        name=name,
        programme=programme,
        due=find_due(context, programme, rounds) if programme else None,
        rounds=[lines[one.id] for one in reversed(shown)],
        lines=await asyncio.to_thread(read_lines, files[name]),
        problems=problems,
        marked={one.line for one in problems},
        changed=has_changed(name, context.settings, checked),
        job=desk.jobs.find(f"plan {name}"),
        again=find_planned(context, programme, rounds) if programme else None,
        names=await _read_names(desk, context, programme) if programme else None,
    )


@router.post("/programmes/{name}/plan")
async def plan_now(name: str, request: Request, desk: At, by: Hr) -> Response:
    """Plan the programme's next round now; nobody is told."""
    try:
        find_programme(desk.service.context(), name)
    except UnknownProgrammeError as error:
        return error_response(request, 404, str(error))

    async def work(context: Context) -> str:
        return (await plan_round(context, name)).plan.round_id

    desk.start(f"plan {name}", "Planning the next round", work, by=by.person_id)
    return RedirectResponse(f"/programmes/{name}/plan", 303)


@router.get("/programmes/{name}/plan")
async def watch_planning(name: str, request: Request, desk: At) -> Response:
    """How far planning is; then the plan."""
    job = desk.jobs.find(f"plan {name}")
    if job is None:
        return RedirectResponse(f"/programmes/{name}", 303)
    if job.is_over and job.problem is None:
        return RedirectResponse(f"/rounds/{job.result}?said=planned", 303)
    return waiting_page(request, job, back=f"/programmes/{name}")


@router.post("/check")
async def check_everything(desk: At, by: Hr) -> Response:
    """Check the configuration against the directory, the rooms and the organisers' mailboxes."""

    async def work(context: Context) -> dict[str, Any]:
        return await try_connection(context)

    desk.start(_CHECK, "Checking against the directory", work, by=by.person_id)
    return RedirectResponse("/check", 303)


@router.get("/check")
async def watch_checking(request: Request, desk: At) -> Response:
    """How far the check is; then all programmes with what it found."""
    job = desk.jobs.find(_CHECK)
    if job is not None:
        await desk.jobs.wait(job, MOMENT_SECONDS)
    if job is None or job.is_over:
        return RedirectResponse("/programmes#files", 303)
    return waiting_page(request, job, back="/programmes")


async def _read_names(desk: Desk, context: Context, programme: Programme) -> ListNow | None:
    """The list of the coming round, where people put their names down."""
    if programme.sign_up is None:
        return None
    people = await desk.service.directory.people()
    members = await desk.service.directory.group_members()
    return await desk.service.in_store(read_list, context, programme, people.values(), members)


def find_due(context: Context, programme: Programme, rounds: tuple[Round, ...]) -> Due:
    """When the next round of a programme is planned, and when it begins."""
    own = [r for r in rounds if r.programme == programme.name and r.state != "cancelled"]
    last = max((r.date for r in own), default=None)
    start = due_round(programme, context.today, last_start=last)
    if start is not None and not is_open(context, programme, start):
        return Due(programme.name, programme.title, context.today, start, now=True)
    after = max(context.today, last or context.today) + dt.timedelta(days=1)
    start = next_round_start(programme.cadence, after, last_start=last)
    planned = None
    if start is not None:
        planned = start - dt.timedelta(days=days_planned_ahead(programme))
    open_ = start is not None and is_open(context, programme, start)
    return Due(programme.name, programme.title, planned, start, now=False, open=open_)


def find_planned(context: Context, programme: Programme, rounds: tuple[Round, ...]) -> Round | None:
    """The round that planning now would plan anew, whose changes by hand would be lost."""
    try:
        wanted = round_id_of(programme, next_first_day(context, programme))
    except NoRoundError:
        return None
    return next((one for one in rounds if one.id == wanted and one.state == "planned"), None)


def _sorted(context: Context) -> list[Programme]:
    return [programme for _, programme in sorted(context.settings.programmes.items())]


def _tell_rounds(desk: Desk, store: Store, rounds: Sequence[Round]) -> dict[str, RoundLine]:
    lines = {}
    for one in rounds:
        key = (one.id, one.revision)
        if key not in desk.counts:
            plan = read_plan(store, *key)
            desk.counts[key] = plan.placed, len(plan.groups)
        name, badge, _ = STATES[one.state]
        lines[one.id] = RoundLine(one.id, desk.title(one), one.date, name, badge, *desk.counts[key])
    return lines
