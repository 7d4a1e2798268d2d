"""The commands. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import sys

import typer

from scheduler.cli import (
    backup,
    checks,
    files,
    keys,
    life,
    people,
    privacy,
    report,
    rounds,
    serve,
    simulating,
    teams,
    tenant,
    uninstall,
)
from scheduler.errors import ScheduleError

app = typer.Typer(
    name="scheduler",
    help="Lunches and networking hours across teams: planned from free/busy, booked in Outlook.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,  # boxes around the help would take a third of the time of starting
)
checks.register(app)
rounds.register(app)
life.register(app)
people.register(app)
report.register(app)
privacy.register(app)
simulating.register(app)
files.register(app)
serve.register(app)
teams.register(app)
keys.register(app)
tenant.register(app)
backup.register(app)
uninstall.register(app)


def main() -> None:
    """Run the command line; what a person can mend is a line for each problem, no traceback."""
    try:
        app()
    except ScheduleError as error:
        for line in str(error).splitlines():
            print(f"error: {line}", file=sys.stderr)  # noqa: T201 -- the command line talks to people
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
