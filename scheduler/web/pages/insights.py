"""What the rounds changed: figures, pictures and tables of whole quarters, to read, save and print.

Everything comes from :mod:`scheduler.insights`, which tells nothing about fewer than five people.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from scheduler.insights.report import Report, as_csv, table_as_csv
from scheduler.insights.suppress import tell_count
from scheduler.insights.tables import Table, write_row
from scheduler.rounds.context import Context
from scheduler.rounds.reporting import Told, tell_rounds
from scheduler.web.access import Visitor, require_role
from scheduler.web.desk import MOMENT_SECONDS, Desk, desk_of
from scheduler.web.errors import error_response
from scheduler.web.jobs import Job
from scheduler.web.rendering import render_page
from scheduler.web.waiting import waiting_page

if TYPE_CHECKING:  # charts are drawn by what takes a second to import
    from scheduler.insights.page import Picture, Tile

hr = require_role("HR")
router = APIRouter(dependencies=[Depends(hr)])
At = Annotated[Desk, Depends(desk_of)]
Hr = Annotated[Visitor, Depends(hr)]

FRESH_SECONDS = 900.0
"""How long a report serves before it is made anew: it is about quarters that are over."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A report with its pictures, and what else can be asked for."""

    told: Told
    report: Report | None
    pictures: tuple[Picture, ...]
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which programme, and of quarters that end after which day; empty: of all."""

    programme: str = ""
    since: str = ""


Of = Annotated[Wanted, Depends()]


@router.get("/insights")
async def insights(request: Request, desk: At, by: Hr, of: Of) -> Response:
    """The report as a page."""
    shown = await _find(desk, of, by.person_id)
    if isinstance(shown, Job):
        return waiting_page(request, shown, back="/")
    beside = {picture.table.key for picture in shown.pictures if picture.table}
    tables = shown.report.tables if shown.report else ()
    return render_page(
        request,
        "insights.html.j2",
        title=shown.report.title if shown.report else "What our rounds changed",
        shown=shown,
        report=shown.report,
        tables=[table for table in tables if table.key not in beside],
        of=of,
        reached=_tell_reached(shown.report),
        write_row=write_row,
    )


@router.get("/insights/charts/{key}")
async def chart(key: str, request: Request, desk: At, by: Hr, of: Of) -> Response:
    """A picture to save, as SVG or, where its name ends so, as PNG."""
    from scheduler.insights.drawing import chart_as_png  # noqa: PLC0415 -- slow import

    shown = await _find(desk, of, by.person_id)
    if isinstance(shown, Job):
        return waiting_page(request, shown, back="/insights")
    name, _, kind = key.partition(".")
    found = next((one for one in shown.pictures if one.chart.key == name), None)
    if found is None or kind not in {"svg", "png"}:
        return error_response(request, 404)
    if kind == "png":
        content = await asyncio.to_thread(chart_as_png, found.chart)
        return _file(content, "image/png", key)
    return _file(found.chart.svg.encode(), "image/svg+xml", key)


@router.get("/insights/tables/{key}")
async def table(key: str, request: Request, desk: At, by: Hr, of: Of) -> Response:
    """Numbers to save, as CSV: those of one table or picture, or ``all.csv``."""
    shown = await _find(desk, of, by.person_id)
    if isinstance(shown, Job):
        return waiting_page(request, shown, back="/insights")
    if shown.report is None:
        return error_response(request, 404)
    name, _, kind = key.partition(".")
    tables: dict[str, Table] = {one.key: one for one in shown.report.tables}
    tables |= {one.chart.key: one.table for one in shown.pictures if one.table}
    if kind != "csv" or (name != "all" and name not in tables):
        return error_response(request, 404)
    text = as_csv(shown.report) if name == "all" else table_as_csv(tables[name])
    # With a byte order mark, without which Excel takes UTF-8 for something else.
    return _file(text.encode("utf-8-sig"), "text/csv; charset=utf-8", key)


async def _find(desk: Desk, of: Wanted, by: str) -> Shown | Job:
    """The report that was asked for, or the work of making it.

    Raises:
        BusyError: Too much is being computed.
    """
    key = f"insights {of.programme} {of.since}"
    job = desk.jobs.find(key)
    stale = job is not None and job.is_over and time.monotonic() > job.ended_at + FRESH_SECONDS
    if job is None or stale:

        async def work(context: Context) -> Shown:
            since = _read_day(of.since)
            with context.progress.step("Counting who met whom"):
                told = await tell_rounds(context, since=since, programme=of.programme or None)
            with context.progress.step("Drawing pictures"):
                return await asyncio.to_thread(_draw, told)

        job = desk.start(key, "What our rounds changed", work, by=by)
    await desk.jobs.wait(job, MOMENT_SECONDS)
    return job.result if isinstance(job.result, Shown) else job


def _draw(told: Told) -> Shown:
    from scheduler.insights.page import draw_pictures, make_tiles  # noqa: PLC0415 -- slow import

    if told.report is None:
        return Shown(told, None, (), ())
    return Shown(
        told,
        told.report,
        tuple(draw_pictures(told.report)),
        tuple(make_tiles(told.report.figures)),
    )


def _tell_reached(report: Report | None) -> tuple[int, int, int] | None:
    """People who had a seat, those who had none yet, and all; None where that may not be told."""
    if report is None:
        return None
    figures = report.figures
    reached = tell_count(figures.total.people, figures.people, figures.floor)
    return None if reached is None else (reached, figures.people - reached, figures.people)


def _read_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)
