"""``scheduler people``: choices, and what an HR export says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.cli import person as one_person
from scheduler.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption

if TYPE_CHECKING:
    from scheduler.rounds.context import Context


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    people = typer.Typer(help="What people decided, and where people come from.")
    people.command("choice")(choice)
    people.command("export-file")(export_file)
    one_person.register(people)
    app.add_typer(people, name="people")


def choice(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Mail address or id.")],
    kind: Annotated[
        str, typer.Argument(metavar="CHOICE", help="join, leave, pause-until, never-with, ...")
    ],
    values: Annotated[
        list[str], typer.Argument(metavar="VALUE...", help="What was decided; none takes it back.")
    ],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Keep a choice that somebody made, with a trail of who entered it."""
    from scheduler.cli.session import run  # noqa: PLC0415 -- slow import

    async def keep(context: Context) -> str:
        from scheduler.rounds.choosing import keep_choice  # noqa: PLC0415 -- slow import

        return (await keep_choice(context, person, kind, values)).in_words()

    typer.echo(run(config, keep))


def export_file(
    file: Annotated[Path, typer.Argument(help="A CSV or Excel file from the HR system.")],
    source: Annotated[
        str,
        typer.Option(help="workday, entra, bamboohr, personio, hibob, successfactors or any."),
    ] = "any",
    dates: Annotated[
        str | None, typer.Option(help="day-first or month-first, where the file does not tell.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Read an HR export and say what was understood, without using it."""
    from pydantic import ValidationError  # noqa: PLC0415 -- slow import

    from scheduler.errors import ScheduleError  # noqa: PLC0415 -- slow import
    from scheduler.people.imports.export import ExportSpec, read_export  # noqa: PLC0415

    try:
        spec = ExportSpec.model_validate({"file": file, "source": source, "dates": dates})
    except ValidationError:
        raise ScheduleError(
            "The source is one of entra, workday, bamboohr, personio, hibob, successfactors, any; "
            "dates are day-first or month-first."
        ) from None
    export = read_export(file, spec)
    figures = {
        "people": len(export.records),
        "gone": sum(record.gone for record in export.records),
        "skipped_rows": export.skipped,
        "problems": [f"row {problem.row}: {problem.message}" for problem in export.problems],
        "columns": dict(export.columns),
    }
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    typer.echo(f"{file}: {figures['people']} people, {figures['gone']} of them gone.")
    for name, header in export.columns.items():
        typer.echo(f"  {name}: column {header}")
    typer.echo(f"{export.skipped} rows are nobody (blank, totals, repeated headers).")
    for problem in export.problems[:50]:
        typer.echo(f"  row {problem.row}: {problem.message}")
    if len(export.problems) > 50:
        typer.echo(f"  and {len(export.problems) - 50} more")
