"""The commands that lead a round through its life."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.cli.options import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    LogOption,
    RoundArgument,
)

if TYPE_CHECKING:
    from scheduler.rounds.figures import PlanFigures


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("plan")(plan)
    app.command("show")(show)
    app.command("approve")(approve)
    app.command("book")(book)


def plan(
    programme: Annotated[
        str, typer.Argument(metavar="PROGRAMME", help="A file name in config/programmes/.")
    ],
    config: ConfigOption = DEFAULT_CONFIG,
    first_day: Annotated[
        dt.datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="A day in the round's first week."),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of the search; normally left alone.")] = None,
    as_json: JsonOption = False,
    log: LogOption = None,
) -> None:
    """Plan the next round of a programme. Nobody is told; approve and book it afterwards."""
    from scheduler.cli.session import run  # noqa: PLC0415 -- slow import
    from scheduler.rounds.figures import count_plan  # noqa: PLC0415 -- slow import
    from scheduler.rounds.planning import plan_round  # noqa: PLC0415 -- slow import

    day = None if first_day is None else first_day.date()
    planned = run(
        config,
        lambda context: plan_round(context, programme, first_day=day, seed=seed),
        log=log,
    )
    print_figures(count_plan(planned.plan), as_json=as_json)
    if not as_json:
        typer.echo(f"Next: scheduler show {planned.plan.round_id}")


def show(
    round_id: RoundArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    page: Annotated[
        str | None, typer.Option("--page", help="Write the plan as an HTML page to this file.")
    ] = None,
    prices: Annotated[
        bool, typer.Option("--prices", help="Say what each hard rule costs, in places.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show a round's plan: its figures, its groups and who is left out."""
    from scheduler.cli.plan_view import show_round  # noqa: PLC0415 -- slow import

    show_round(round_id, config, page=page, prices=prices, as_json=as_json)


def approve(round_id: RoundArgument) -> None:
    """Approve a plan, so that it can be booked."""
    from scheduler.cli.session import open_own_store, user_name  # noqa: PLC0415 -- slow import
    from scheduler.rounds.approval import approve_round  # noqa: PLC0415 -- slow import

    with open_own_store() as store:
        approve_round(store, round_id, by=user_name())
    typer.echo(f"{round_id} is approved. Next: scheduler book {round_id}")


def book(
    round_id: RoundArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
    log: LogOption = None,
) -> None:
    """Book an approved round in Outlook and tell everybody in Teams.

    Safe to repeat: what is booked stays as it is, what is missing is made up for.
    """
    from scheduler.cli.session import run  # noqa: PLC0415 -- slow import
    from scheduler.rounds.outcome import carry_out_round  # noqa: PLC0415 -- slow import

    outcome = run(config, lambda context: carry_out_round(context, round_id), log=log)
    if as_json:
        typer.echo(json.dumps(outcome.as_dict(), indent=2))
    else:
        typer.echo(outcome.in_words())
    raise typer.Exit(outcome.exit_code)


def print_figures(figures: PlanFigures, *, as_json: bool) -> None:
    """Print what a plan comes to."""
    if as_json:
        typer.echo(json.dumps(figures.as_dict(), indent=2))
        return
    placed_share = figures.placed / max(1, figures.placed_bound)
    typer.echo(f"Round {figures.round}")
    typer.echo(
        f"  {figures.placed} of {figures.roster} people have a seat, in {figures.groups} groups; "
        f"{figures.placed_bound} is the most possible ({placed_share:.1%})."
    )
    typer.echo(
        f"  {figures.new_ties} new ties, {figures.cross_department_ties} of them between "
        f"departments; {figures.repeats} pairs have met before."
    )
    typer.echo(f"  The plan's value is within {figures.gap:.1%} of the best there can be.")
    if figures.left_out:
        typer.echo("  Without a seat:")
        for kind, count in figures.left_out.items():
            typer.echo(f"    {count:>5}  {kind}")
