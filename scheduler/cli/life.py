"""The commands that keep rounds going, and those that undo or heal one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.options import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    LogOption,
    RoundArgument,
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("run")(run_job)
    app.command("work")(work)
    app.command("status")(status)
    app.command("repair")(repair)
    app.command("reconcile")(reconcile)
    app.command("cancel")(cancel)


def run_job(config: ConfigOption = DEFAULT_CONFIG, log: LogOption = None) -> None:
    """Do everything that is due, and come back: for cron or a container job.

    Plans rounds whose time has come, books what is approved, reads answers and repairs. Stopped
    at any moment, the next run goes on. Beside a running `scheduler serve` or `scheduler work`,
    which do the same on schedule, it has nothing to do and says so.
    """
    from scheduler.cli.session import run  # noqa: PLC0415 -- slow import
    from scheduler.rounds.life import run_due  # noqa: PLC0415 -- slow import
    from scheduler.store.errors import RoundHeldError  # noqa: PLC0415 -- slow import

    try:
        done = run(config, run_due, log=log, ends_on_sigterm=True)
    except RoundHeldError:
        typer.echo(
            "Another process does this already: scheduler serve, scheduler work, or a run that is "
            "still going."
        )
        return
    typer.echo(
        "All that was due is done."
        if done
        else "Something was in the way (see the log); the next run goes on."
    )
    raise typer.Exit(0 if done else 1)


def work(
    at_once: Annotated[
        int | None,
        typer.Option(
            help="Cohorts that are solved at the same time; as many as there are cores by default.",
            min=1,
            max=256,
        ),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    log: LogOption = None,
) -> None:
    """Work beside other processes on one PostgreSQL database, until Ctrl-C.

    Any number can be started, on any number of machines. One of them leads and does on schedule
    what `scheduler run` does once; the others read calendars and solve cohorts of big rounds for
    it, and one of them takes its place when it ends. Each may be stopped or killed at any moment:
    whoever leads does the rest.
    """
    from dataclasses import replace  # noqa: PLC0415 -- slow import

    from scheduler.cli.session import run, today  # noqa: PLC0415 -- slow import
    from scheduler.rounds import life  # noqa: PLC0415 -- slow import

    run(
        config,
        lambda context: life.work(replace(context, at_once=at_once), today),
        log=log or Path("-"),
        ends_on_sigterm=True,
    )


def status(as_json: JsonOption = False) -> None:
    """List the rounds and the state of each, and whom the bot cannot reach."""
    from scheduler.cli.session import open_own_store  # noqa: PLC0415 -- slow import
    from scheduler.store.bookings import read_bookings  # noqa: PLC0415 -- slow import
    from scheduler.store.notices import read_unreachable  # noqa: PLC0415 -- slow import
    from scheduler.store.plans import read_plan  # noqa: PLC0415 -- slow import
    from scheduler.store.rounds import list_rounds  # noqa: PLC0415 -- slow import

    with open_own_store() as store:
        rows = [
            {
                "round": round_.id,
                "state": round_.state,
                "planned": len(read_plan(store, round_.id).groups),
                "booked": len(read_bookings(store, round_.id, states={"booked"})),
                "changed_at": round_.changed_at.isoformat(timespec="seconds"),
                "changed_by": round_.changed_by,
            }
            for round_ in list_rounds(store)
        ]
        lost = read_unreachable(store)
    if as_json:
        people = [
            {"person": one.person_id, "reason": one.reason, "since": one.since.isoformat()}
            for one in lost.values()
        ]
        typer.echo(json.dumps({"rounds": rows, "unreachable_in_teams": people}, indent=2))
        return
    if not rows:
        typer.echo("There is no round yet. scheduler plan PROGRAMME makes one.")
    for row in rows:
        typer.echo(
            f"{row['round']:<40} {row['state']:<11} "
            f"{row['planned']:>5} planned {row['booked']:>5} booked   {row['changed_at']}"
        )
    if lost:
        typer.echo(f"Not reached by the bot in Teams, and told by mail ({len(lost)}):")
    for one in lost.values():
        typer.echo(f"  {one.person_id}  since {one.since:%Y-%m-%d}  {one.reason}")


def repair(
    round_id: RoundArgument, config: ConfigOption = DEFAULT_CONFIG, log: LogOption = None
) -> None:
    """Read the answers of a booked round, and mend the groups that they break."""
    from scheduler.cli.session import run  # noqa: PLC0415 -- slow import
    from scheduler.rounds.repairing import repair_round  # noqa: PLC0415 -- slow import

    report = run(config, lambda context: repair_round(context, round_id), log=log)
    if report.outcome is None:
        typer.echo(f"Round {round_id}: nothing to repair.")
        return
    typer.echo(
        f"Round {round_id}: {len(report.changed)} groups changed, {report.joined} people stepped "
        f"in.\n{report.outcome.in_words()}"
    )
    raise typer.Exit(report.outcome.exit_code)


def reconcile(
    round_id: Annotated[
        str | None,
        typer.Argument(metavar="[ROUND]", help="One round; without it, all that are under way."),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    cancel_strays: Annotated[
        str | None,
        typer.Option(
            help="Cancel events of ours that no round knows, with this message to their members."
        ),
    ] = None,
    as_json: JsonOption = False,
    log: LogOption = None,
) -> None:
    """Compare the organisers' calendars with our records, and heal what differs.

    What a round knows is booked, adopted or taken back. Events that carry our mark and belong to
    no round that we know are listed, and cancelled only where you say so.
    """
    from scheduler.cli.session import run  # noqa: PLC0415 -- slow import
    from scheduler.rounds.reconciling import reconcile_all  # noqa: PLC0415 -- slow import

    found = run(
        config,
        lambda context: reconcile_all(context, round_id, cancel_strays=cancel_strays),
        log=log,
    )
    typer.echo(json.dumps(found.as_dict(), indent=2) if as_json else found.in_words())
    raise typer.Exit(found.exit_code)


def cancel(
    round_id: RoundArgument,
    message: Annotated[str, typer.Option(help="What every member is told.")],
    config: ConfigOption = DEFAULT_CONFIG,
    log: LogOption = None,
) -> None:
    """Undo a round: cancel all its meetings with a message; history is as if it never was."""
    from scheduler.cli.session import run  # noqa: PLC0415 -- slow import
    from scheduler.rounds.cancelling import cancel_round  # noqa: PLC0415 -- slow import

    report = run(config, lambda context: cancel_round(context, round_id, message), log=log)
    typer.echo(
        f"Round {round_id}: {report.cancelled} meetings cancelled now, {report.gone} were gone "
        f"already, {report.kept} have taken place and stay."
    )
    if not report.complete:
        typer.echo(f"{len(report.left)} could not be cancelled; the same command tries again.")
    raise typer.Exit(0 if report.complete else 1)
