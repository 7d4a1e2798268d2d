"""The embedded tenant: ``scheduler sandbox`` keeps it running, ``scheduler demo`` uses it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.options import DEFAULT_CONFIG, ConfigOption

OrganisationOption = Annotated[
    Path | None,
    typer.Option(
        "--organisation",
        help="A folder with people.csv (and ties.csv), or an HR export; else one is invented.",
    ),
]
PeopleOption = Annotated[int, typer.Option(min=20, max=100_000, help="How many are invented.")]
SeedOption = Annotated[int, typer.Option(help="Names, calendars and answers follow from it.")]
TodayOption = Annotated[
    dt.datetime | None,
    typer.Option("--today", formats=["%Y-%m-%d"], help="The day on which it plays."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("sandbox")(sandbox)
    app.command("demo")(demo)


def sandbox(
    state: Annotated[Path, typer.Option(help="Where sandbox.env and the certificate go.")] = Path(
        "sandbox"
    ),
    people: PeopleOption = 1000,
    seed: SeedOption = 7,
    organisation: OrganisationOption = None,
    today: TodayOption = None,
    port: Annotated[int, typer.Option(help="The HTTPS port; 0 takes a free one.")] = 0,
    page_port: Annotated[
        int, typer.Option(help="The port of its pages, without TLS; 0 takes a free one.")
    ] = 0,
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Go on where the last tenant of --state ended, and keep it."),
    ] = False,
) -> None:
    """Run an embedded Microsoft 365 tenant until Ctrl-C, to try everything without a cloud.

    In another terminal: set -a; . sandbox/sandbox.env; set +a; scheduler check
    """
    from scheduler.cli.errors import explain_sandbox_errors  # noqa: PLC0415 -- slow import
    from scheduler.sandbox.process import serve  # noqa: PLC0415 -- slow import
    from scheduler.sandbox.settings import SandboxSettings  # noqa: PLC0415 -- slow import

    typer.echo(f"Starting; then, in another terminal: set -a; . {state}/sandbox.env; set +a")
    with explain_sandbox_errors():
        serve(
            SandboxSettings(
                state=state,
                people=people,
                seed=seed,
                organisation=organisation,
                today=None if today is None else today.date(),
                port=port,
                page_port=page_port,
                keep=keep,
            )
        )


def demo(
    organisation: OrganisationOption = None,
    people: PeopleOption = 1000,
    seed: SeedOption = 7,
    today: TodayOption = None,
    config: ConfigOption = DEFAULT_CONFIG,
    out: Annotated[Path, typer.Option(help="The folder for what the demo makes.")] = Path("demo"),
) -> None:
    """Plan, book and announce real rounds of lunch and coffee in an embedded tenant."""
    from scheduler.cli.demo import run_demo  # noqa: PLC0415 -- slow import

    run_demo(
        organisation=organisation,
        people=people,
        seed=seed,
        today=None if today is None else today.date(),
        config=config,
        out=out,
    )
