"""``scheduler privacy``: what is read, stored and shown, for how long and why."""

from __future__ import annotations

from typing import Annotated

import typer

from scheduler.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("privacy")(privacy)


def privacy(
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the sheet for the works council.")
    ] = False,
) -> None:
    """Say what is known about people: every field with its source, purpose, readers and end.

    How long things are kept is read from organisation.yaml; without one, the usual times hold.
    """
    from scheduler.privacy import sheet  # noqa: PLC0415 -- slow import
    from scheduler.settings.loader import load_settings  # noqa: PLC0415 -- slow import
    from scheduler.settings.organisation import Retention  # noqa: PLC0415 -- slow import

    retention = load_settings(config).organisation.retention if config.is_dir() else Retention()
    write = sheet.as_json if as_json else sheet.as_markdown if markdown else sheet.as_text
    typer.echo(write(retention), nl=False)
