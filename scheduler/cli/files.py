"""``scheduler init`` and ``scheduler schema``: the files that HR edits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("init")(init)
    app.command("schema")(schema)


def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")] = Path("config"),
    company: Annotated[str | None, typer.Option(help="Answer to the first question.")] = None,
    organisers: Annotated[str | None, typer.Option(help="Answer to the second.")] = None,
    contact: Annotated[str | None, typer.Option(help="Answer to the third.")] = None,
    offices: Annotated[str | None, typer.Option(help="Answer to the fourth.")] = None,
    programmes: Annotated[str | None, typer.Option(help="Answer to the fifth.")] = None,
) -> None:
    """Ask five questions and write a working configuration."""
    from scheduler.settings.starting import (  # noqa: PLC0415 -- slow import
        QUESTIONS,
        Answers,
        offered_presets,
        write_config,
    )

    given = {
        "company": company,
        "organisers": organisers,
        "contact": contact,
        "offices": offices,
        "programmes": programmes,
    }
    for question in QUESTIONS:
        if given[question.key] is None:
            if question.key == "programmes":
                typer.echo(f"There are {', '.join(offered_presets())}.")
            given[question.key] = typer.prompt(f"{question.text} (like {question.hint})")
    files = write_config(folder, Answers(**{key: value or "" for key, value in given.items()}))
    for file in files:
        typer.echo(f"wrote {file}")
    typer.echo(f"Next: scheduler check --offline --config {folder}")


def schema(
    kind: Annotated[str, typer.Argument(help="organisation, programme or people.")] = "programme",
) -> None:
    """Print the JSON Schema of a kind of file, for editors that complete and check."""
    from scheduler.errors import ScheduleError  # noqa: PLC0415 -- slow import
    from scheduler.settings.schema import FILE_KINDS, make_schema  # noqa: PLC0415 -- slow import

    for known in FILE_KINDS:
        if kind == known:
            typer.echo(json.dumps(make_schema(known), indent=1, ensure_ascii=False))
            return
    raise ScheduleError(f"There is no file kind {kind}; there are {', '.join(FILE_KINDS)}.")
