"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigOption = Annotated[
    Path,
    typer.Option("--config", envvar="SCHEDULER_CONFIG", help="The folder that HR edits."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print figures as JSON.")]
LogOption = Annotated[
    Path | None,
    typer.Option("--log", envvar="SCHEDULER_LOG", help="Write the log to this file, JSON lines."),
]
RoundArgument = Annotated[
    str, typer.Argument(metavar="ROUND", help="Programme and date: cross-team-lunch/2026-12-07.")
]
DEFAULT_CONFIG = Path("config")
