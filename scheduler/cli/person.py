"""``scheduler people export`` and ``erase``: what a person may ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.cli.options import DEFAULT_CONFIG, ConfigOption, LogOption

if TYPE_CHECKING:
    from scheduler.privacy.person import Section
    from scheduler.rounds.context import Context
    from scheduler.settings.organisation import Retention

PersonArgument = Annotated[str, typer.Argument(metavar="PERSON", help="Mail address or id.")]


def register(people: typer.Typer) -> None:
    """Add the commands of this module to ``scheduler people``."""
    people.command("export")(export)
    people.command("erase")(erase)


def export(
    person: PersonArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    json: Annotated[Path | None, typer.Option(help="Write it as JSON to this file.")] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write it as a page to this file, for the person to read.")
    ] = None,
    log: LogOption = None,
) -> None:
    """Give everything that is known about a person; with no file, print it as JSON."""
    from scheduler.cli.session import run  # noqa: PLC0415 -- slow import
    from scheduler.privacy.person import person_as_json, person_as_page  # noqa: PLC0415

    async def read(context: Context) -> tuple[tuple[Section, ...], Retention]:
        from scheduler.rounds.exporting import export_person  # noqa: PLC0415 -- slow import

        retention = context.settings.organisation.retention
        return await export_person(context, person), retention

    sections, retention = run(config, read, log=log)
    if json is None and html is None:
        typer.echo(person_as_json(sections), nl=False)
    if json is not None:
        json.write_text(person_as_json(sections), "utf-8")
        typer.echo(f"Written to {json}.")
    if html is not None:
        html.write_text(person_as_page(sections, retention), "utf-8")
        typer.echo(f"Written to {html}.")


def erase(
    person: PersonArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    log: LogOption = None,
) -> None:
    """Remove everything about a person, for good, and take them out of meetings to come."""
    from scheduler.cli.session import run  # noqa: PLC0415 -- slow import
    from scheduler.rounds.erasing import erase as erase_all  # noqa: PLC0415 -- slow import

    if not yes:
        typer.confirm("This cannot be undone. Remove everything about this person?", abort=True)
    done = run(config, lambda context: erase_all(context, person), log=log)
    typer.echo(
        f"Erased: {done.erased.rows} records removed, {done.rounds} rounds to come changed, "
        f"{done.erased.seats} seats in meetings kept without a name."
    )
    if done.in_directory:
        typer.echo(
            "The person is still in the directory, and programmes in which everybody takes part "
            "will ask them again. `scheduler people choice PERSON leave all` keeps that one choice."
        )
    typer.echo(
        "Files that HR keeps (known ties, HR export, guests) and invitations in Outlook are not "
        "changed by this."
    )
