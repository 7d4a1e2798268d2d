"""``scheduler report``: what the rounds changed."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("report")(report)


def report(
    config: ConfigOption = DEFAULT_CONFIG,
    since: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only quarters that end after this day."),
    ] = None,
    programme: Annotated[
        str | None, typer.Option(help="Only this programme: a file name in config/programmes/.")
    ] = None,
    as_json: JsonOption = False,
    csv: Annotated[
        Path | None, typer.Option(help="Write the figures to this file, for a spreadsheet.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with charts to this file, to mail or print.")
    ] = None,
) -> None:
    """Say what the rounds changed between departments, beside what chance would have done.

    Whole quarters that are over; nothing about fewer than five people.
    """
    # Before numpy is loaded: threads that wait for each other cost twice the work and save no time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from scheduler.cli.session import run  # noqa: PLC0415 -- slow import
    from scheduler.insights.report import as_csv, as_table  # noqa: PLC0415
    from scheduler.insights.report import as_json as to_json  # noqa: PLC0415
    from scheduler.rounds.reporting import NOTHING_YET, report_rounds  # noqa: PLC0415

    day = None if since is None else since.date()

    made = run(config, lambda context: report_rounds(context, since=day, programme=programme))
    if made is None:
        typer.echo("null" if as_json else NOTHING_YET)
        return
    if csv is not None:
        csv.write_text(as_csv(made), encoding="utf-8-sig", newline="")
    if html is not None:
        from scheduler.insights.page import report_as_page  # noqa: PLC0415 -- slow import

        html.write_text(report_as_page(made), encoding="utf-8")
    if as_json:
        typer.echo(to_json(made), nl=False)
    elif csv is None and html is None:
        from rich.console import Console  # noqa: PLC0415 -- slow import

        Console().print(as_table(made))
    for file in (csv, html):
        if file is not None:
            typer.echo(f"Written to {file}.", err=as_json)
