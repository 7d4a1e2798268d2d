"""``scheduler backup`` and ``scheduler restore``, for a store that is a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

BackupArgument = Annotated[Path, typer.Argument(metavar="FILE", help="Like backup.tar.gz.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(file: BackupArgument) -> None:
    """Write the SQLite store with its keys into one file, while everything goes on.

    Keep the file as safe as the store itself. PostgreSQL is backed up with its own pg_dump.
    """
    from scheduler.store.backup import back_up  # noqa: PLC0415 -- slow import

    size = back_up(_store_file(), file)
    typer.echo(f"Written to {file}: {size / 1e6:.1f} MB, with the keys. Copy it off this machine.")


def restore(
    file: BackupArgument,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the store that is there aside.")
    ] = False,
) -> None:
    """Put a backup in the place of the store. Stop the job and the pages first."""
    from scheduler.rounds.running import no_job  # noqa: PLC0415 -- slow import
    from scheduler.store.backup import restore as put_back  # noqa: PLC0415 -- slow import
    from scheduler.store.engine import now  # noqa: PLC0415 -- slow import

    store_file = _store_file()
    with no_job(store_file):
        done = put_back(file, store_file, replace=replace, at=now())
    if done.before is not None:
        typer.echo(f"What was there before is in {done.before}/.")
    typer.echo(
        f"Restored to {store_file}. Rounds under way or ahead: {done.rounds}.\n"
        "Next, before anything else: scheduler reconcile"
    )


def _store_file() -> Path:
    """Where the SQLite store is.

    Raises:
        ScheduleError: It is no file.
    """
    from scheduler.errors import ScheduleError  # noqa: PLC0415 -- with the next ones
    from scheduler.store.engine import parse_url, read_database_url  # noqa: PLC0415 -- slow import

    url = parse_url(read_database_url(os.environ))
    if url.get_backend_name() != "sqlite" or not url.database:
        raise ScheduleError(
            "SCHEDULER_DATABASE_URL names a PostgreSQL database, which its own pg_dump and "
            "pg_restore back up and restore: see the IT guide."
        )
    return Path(url.database)
