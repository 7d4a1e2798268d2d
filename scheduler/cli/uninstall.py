"""``scheduler uninstall``: nothing of ours is left in Microsoft 365."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, LogOption

if TYPE_CHECKING:
    from scheduler.rounds.context import Context
    from scheduler.rounds.uninstalling import Remains

MESSAGE = "This programme has ended, so this meeting does not take place."


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("uninstall")(uninstall)


def uninstall(
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, only say what for.")] = False,
    message: Annotated[str, typer.Option(help="What members of meetings ahead are told.")] = (
        MESSAGE
    ),
    export: Annotated[
        Path, typer.Option(help="The folder that everything stored is written to.")
    ] = Path("uninstalled"),
    strays: Annotated[
        bool,
        typer.Option("--strays", help="Also events of ours that belong to no round we know."),
    ] = False,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
    log: LogOption = None,
) -> None:
    """Get out again: write out what is known, cancel what is ahead, take all marks away.

    Says what it would do, and does it with --yes. Meetings that took place stay in people's
    calendars. Interrupted, the same command goes on. Afterwards no job begins any more.
    """
    from scheduler.cli.session import run  # noqa: PLC0415 -- slow import
    from scheduler.rounds import uninstalling  # noqa: PLC0415 -- slow import
    from scheduler.store.engine import now  # noqa: PLC0415 -- slow import

    if not yes:
        would = run(config, lambda c: uninstalling.look_what_is_left(c, at=now()), log=log)
        typer.echo(_as_json(would) if as_json else _say_what_would_be_done(would, message, export))
        return

    def work(context: Context) -> Awaitable[Remains]:
        return uninstalling.uninstall(
            context, message=message, folder=export, strays=strays, at=now()
        )

    left = run(config, work, log=log)
    typer.echo(_as_json(left) if as_json else _say_what_was_done(left, export))
    raise typer.Exit(1 if left.strays else 0)


def _as_json(remains: Remains) -> str:
    return json.dumps(remains.as_dict(), indent=2)


def _say_what_would_be_done(would: Remains, message: str, export: Path) -> str:
    if would.nothing and not would.strays:
        return "Nothing of ours is left in the organisers' calendars, so nothing would be done."
    lines = [
        f"write {sum(would.records.values())} records to {export}/",
        f'cancel {sum(would.ahead.values())} meetings ahead, and say: "{message}"',
        *(f"  {round_id}: {would.ahead.get(round_id, 0)}" for round_id in would.rounds),
        f"take our mark off {would.held} meetings that took place; they stay in calendars",
        f"remove {would.subscriptions} subscriptions to organisers' calendars",
    ]
    said = ["scheduler uninstall --yes would do this; nothing has been changed yet.", *lines]
    if would.strays:
        said.append(
            f"{would.strays} events carry our mark and belong to no round that we know. They are "
            "left alone, unless you add --strays."
        )
    return "\n".join(said)


def _say_what_was_done(left: Remains, export: Path) -> str:
    left_over = (
        f"{left.strays} events carry our mark and belong to no round that we know; --strays takes "
        "them too. Nothing else of ours is left in the organisers' calendars."
        if left.strays
        else "Nothing of ours is left in the organisers' calendars."
    )
    return (
        f"{left_over}\n"
        f"{sum(left.records.values())} records are in {export}/, as confidential as the database.\n"
        "Next: infra/entra/remove-mailboxes and infra/entra/remove take away the rights and the "
        "app; then delete the database."
    )
