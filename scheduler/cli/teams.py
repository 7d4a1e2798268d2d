"""``scheduler teams``: the app that the Teams administrator uploads."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.options import DEFAULT_CONFIG, ConfigOption


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    teams = typer.Typer(help="The app by which people get cards in Teams.", no_args_is_help=True)
    teams.callback()(_group)
    teams.command("package")(package)
    app.add_typer(teams, name="teams")


def _group() -> None:
    """The app by which people get cards in Teams."""


def package(
    out: Annotated[Path, typer.Option(help="The zip file to write.")] = Path("networking.zip"),
    address: Annotated[
        str | None,
        typer.Option(
            envvar="SCHEDULER_ADDRESS", help="Where the pages are, like https://meet.example.com."
        ),
    ] = None,
    app_id: Annotated[
        str | None,
        typer.Option(
            envvar="SCHEDULER_TEAMS_APP_ID", help="The bot's app id; else AZURE_CLIENT_ID."
        ),
    ] = None,
    version: Annotated[
        str, typer.Option(help="Of the package; each upload needs a higher one.")
    ] = "1.0.0",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Write the app package that is uploaded in the Teams admin centre."""
    from scheduler.settings.loader import load_settings  # noqa: PLC0415 -- slow import
    from scheduler.teams.package import (  # noqa: PLC0415 -- slow import
        AppDetails,
        TeamsPackageError,
        write_package,
    )

    app_id = app_id or os.environ.get("AZURE_CLIENT_ID")
    if not address:
        raise TeamsPackageError(
            "The address of the pages is missing. Give --address https://..., or set "
            "SCHEDULER_ADDRESS."
        )
    if not app_id:
        raise TeamsPackageError(
            "The bot's app id is missing. Give --app-id, or set SCHEDULER_TEAMS_APP_ID."
        )
    organisation = load_settings(config).organisation
    details = AppDetails(
        app_id=app_id,
        organisation=organisation.company[:32],
        service_url=address.rstrip("/"),
        version=version,
    )
    write_package(out, details)
    typer.echo(
        f"wrote {out}. Upload it in the Teams admin centre under Teams apps, Manage apps, and let "
        "a setup policy install it for everybody who may take part."
    )
