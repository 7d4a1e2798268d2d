"""What if: rounds ahead with a changed programme beside the same rounds as it is. Nothing is kept.

A simulation is computed beside the pages, one at a time for the whole service, of at most
``ROUNDS_MOST`` rounds. What it came to is at hand for a while, under an address of its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scheduler.errors import ScheduleError
from scheduler.programmes.programme import Programme
from scheduler.rounds.context import Context
from scheduler.rounds.planning import find_programme
from scheduler.rounds.simulating import Simulation, simulate
from scheduler.settings.changing import ChangeError, change_programme
from scheduler.web.access import Visitor, require_role
from scheduler.web.desk import MOMENT_SECONDS, Desk, desk_of
from scheduler.web.errors import error_response
from scheduler.web.forms import read_form, read_number
from scheduler.web.rendering import render_page
from scheduler.web.waiting import waiting_page

hr = require_role("HR")
router = APIRouter(dependencies=[Depends(hr)])
At = Annotated[Desk, Depends(desk_of)]
Hr = Annotated[Visitor, Depends(hr)]

ROUNDS_MOST = 26
"""A year of rounds every fortnight."""
_ROUNDS = "rounds"
_MORE = "more"


@dataclass(frozen=True, slots=True)
class Slider:
    """A number to try: ``key`` as in the programme's file, ``value`` what is shown."""

    key: str
    title: str
    least: int
    most: int
    now: int
    value: int
    step: int = 1
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure as it is and with the change; ``sign`` 1 where the change is better."""

    name: str
    before: str
    after: str
    change: str
    sign: int


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What was tried, and what it came to."""

    programme: Programme
    rounds: int
    changes: tuple[str, ...]
    before: Simulation
    after: Simulation | None


@router.get("/what-if")
async def what_if(request: Request, desk: At, programme: str = "") -> Response:
    """The sliders of a programme."""
    programmes = desk.service.context().settings.programmes
    chosen = programmes.get(programme) or next(iter(programmes.values()), None)
    return _form(request, desk, chosen, {})


@router.post("/what-if")
async def try_out(request: Request, desk: At, by: Hr) -> Response:
    """Begin to compute what was asked for."""
    form = await read_form(request)
    context = desk.service.context(by.person_id)
    try:
        programme = find_programme(context, form.get("programme", ""))
        changes = _read_changes(programme, form)
        if changes:
            change_programme(programme, changes)
        rounds = min(max(read_number(form.get(_ROUNDS, ""), 6), 1), ROUNDS_MOST)
        key = secrets.token_urlsafe(9)

        async def work(context: Context) -> Outcome:
            before, after = await simulate(context, programme.name, rounds=rounds, changes=changes)
            return Outcome(programme, rounds, tuple(changes), before, after)

        desk.start(f"what-if {key}", f"Trying it out: {programme.title}", work, by=by.person_id)
    except ScheduleError as error:
        chosen = context.settings.programmes.get(form.get("programme", ""))
        text = str(error).replace("--set ", "")
        status = 400 if isinstance(error, ChangeError) else 409
        return _form(request, desk, chosen, form, problem=text, status=status)
    return RedirectResponse(f"/what-if/{key}", 303)


@router.get("/what-if/{key}")
async def outcome(key: str, request: Request, desk: At) -> Response:
    """How far it is; then what it came to, side by side."""
    job = desk.jobs.find(f"what-if {key}")
    if job is None:
        text = "What was tried out is not at hand any more. Try it once more."
        return error_response(request, 404, text)
    await desk.jobs.wait(job, MOMENT_SECONDS)
    if not isinstance(job.result, Outcome):
        return waiting_page(request, job, back="/what-if")
    found = job.result
    tried = dict(change.split("=", 1) for change in found.changes)
    return render_page(
        request,
        "what_if_outcome.html.j2",
        title="What if",
        found=found,
        measures=compare(found.before, found.after),
        rounds=list(
            zip(
                found.before.rounds,
                found.after.rounds if found.after else found.before.rounds,
                strict=False,
            )
        ),
        sliders=list_sliders(found.programme, tried),
        tried=tried,
    )


def list_sliders(programme: Programme, wish: Mapping[str, str]) -> list[Slider]:
    """The numbers of a programme that can be tried; those of ``wish`` as they were asked for."""
    size, cadence, window = programme.size, programme.cadence, programme.window

    def slider(
        key: str, title: str, least: int, most: int, now: int, step: int = 1, unit: str = ""
    ) -> Slider:
        value = read_number(wish.get(key, ""), now)
        most = max(most, now)
        return Slider(key, title, least, most, now, min(max(value, least), most), step, unit)

    most = max(8, 2 * size.at_most)
    sliders = [
        slider("size.at_least", "Smallest group", 2, most, size.at_least, unit="people"),
        slider("size.ideal", "Ideal group", 2, most, size.ideal, unit="people"),
        slider("size.at_most", "Largest group", 2, most, size.at_most, unit="people"),
    ]
    if not cadence.on:
        sliders += [
            slider("cadence.every_weeks", "A round every", 1, 12, cadence.every_weeks, 1, "weeks"),
            slider("cadence.spans_weeks", "Spread over", 1, 8, cadence.spans_weeks, 1, "weeks"),
        ]
    sliders.append(
        slider("window.minutes", "Length of a meeting", 15, 120, window.minutes, 15, "minutes")
    )
    return sliders


def compare(before: Simulation, after: Simulation | None) -> list[Measure]:
    """The figures of both, and the difference."""
    rows = [
        ("People who take part", before.people, after and after.people, 0),
        ("Seats over all rounds", before.seats, after and after.seats, 1),
        ("Seats that are possible", before.seats_bound, after and after.seats_bound, 1),
        ("People who never have a seat", before.never_placed, after and after.never_placed, -1),
        ("New ties", before.new_ties, after and after.new_ties, 1),
        ("Pairs who meet again", before.repeats, after and after.repeats, -1),
        (
            f"Pairs of departments reached, of {before.possible_department_pairs}",
            before.department_pairs,
            after and after.department_pairs,
            1,
        ),
        ("Longest wait, in rounds", before.longest_wait, after and after.longest_wait, -1),
    ]
    return [_measure(name, was, is_, good) for name, was, is_, good in rows]


def _measure(name: str, was: int, is_: int | Simulation | None, good: int) -> Measure:
    if not isinstance(is_, int):
        return Measure(name, f"{was:,}", "", "", 0)
    difference = is_ - was
    change = "=" if not difference else f"{difference:+,}".replace("-", "−")
    sign = good * ((difference > 0) - (difference < 0))
    return Measure(name, f"{was:,}", f"{is_:,}", change, sign)


def _read_changes(programme: Programme, form: Mapping[str, str]) -> list[str]:
    """What was moved away from how it is, and the further changes that were written down."""
    changes = [
        f"{slider.key}={slider.value}"
        for slider in list_sliders(programme, form)
        if slider.value != slider.now
    ]
    return changes + [line.strip() for line in form.get(_MORE, "").splitlines() if line.strip()]


def _form(
    request: Request,
    desk: Desk,
    programme: Programme | None,
    wish: Mapping[str, str],
    *,
    problem: str = "",
    status: int = 200,
) -> Response:
    return render_page(
        request,
        "what_if.html.j2",
        status=status,
        title="What if",
        programmes=list(desk.service.context().settings.programmes.values()),
        programme=programme,
        sliders=list_sliders(programme, wish) if programme else [],
        rounds=min(max(read_number(wish.get(_ROUNDS, ""), 6), 1), ROUNDS_MOST),
        rounds_most=ROUNDS_MOST,
        more=wish.get(_MORE, ""),
        problem=problem,
    )
