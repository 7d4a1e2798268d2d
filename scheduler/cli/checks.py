"""``scheduler check``: configuration and connection, before anything is planned."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from scheduler.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("check")(check)


def check(
    config: ConfigOption = DEFAULT_CONFIG,
    offline: Annotated[
        bool, typer.Option("--offline", help="Look at the files only, do not connect.")
    ] = False,
    permissions: Annotated[
        bool,
        typer.Option("--permissions", help="Compare the app's rights with those it needs."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Find every mistake in the configuration, then try the connection to Microsoft Graph."""
    if permissions:
        _check_permissions(config, as_json=as_json)
    from scheduler.cli.session import today  # noqa: PLC0415 -- slow import
    from scheduler.settings.loader import load_settings  # noqa: PLC0415 -- slow import

    settings = load_settings(config, today=today())
    figures: dict[str, object] = {
        "programmes": sorted(settings.programmes),
        "offices": [office.name for office in settings.organisation.offices],
    }
    warnings = [str(warning) for warning in settings.warnings]
    if not offline:
        found = _check_connection(config)
        warnings += found.pop("doubts")
        figures |= found
    figures["warnings"] = warnings
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    for warning in warnings:
        typer.echo(f"warning: {warning}")
    typer.echo(f"{config}: {len(settings.programmes)} programmes, no mistakes.")
    for name, programme in sorted(settings.programmes.items()):
        typer.echo(f"  {name}: {programme.title}")
    if not offline:
        typer.echo(
            f"Microsoft Graph: {figures['people']} people, {figures['rooms']} rooms, "
            f"{figures['organisers']} organiser mailboxes answer."
        )


def _check_connection(config: Path) -> dict[str, Any]:
    from scheduler.cli.session import run  # noqa: PLC0415 -- slow import
    from scheduler.rounds.connection import try_connection  # noqa: PLC0415 -- slow import

    return run(config, try_connection)


def _check_permissions(config: Path, *, as_json: bool) -> None:
    """Print what is missing or too much, and end with 1 where there is any of it."""
    from scheduler.cli.session import run  # noqa: PLC0415 -- slow import
    from scheduler.rounds.connection import compare_rights  # noqa: PLC0415 -- slow import

    report = run(config, compare_rights)
    typer.echo(json.dumps(asdict(report), indent=2) if as_json else report.in_words())
    raise typer.Exit(report.exit_code)
