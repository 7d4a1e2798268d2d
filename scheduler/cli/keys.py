"""``scheduler keys``: the keys that private notes and other confidential texts are sealed with."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    keys = typer.Typer(
        help="The keys that confidential texts are sealed with.", no_args_is_help=True
    )
    keys.command("new")(new)
    keys.command("rotate")(rotate)
    app.add_typer(keys, name="keys")


def new() -> None:
    """Print a new key, for SCHEDULER_NOTES_KEYS; the newest stands last there."""
    from scheduler.store.sealing import new_key  # noqa: PLC0415 -- slow import

    typer.echo(new_key())


def rotate() -> None:
    """Seal every confidential text anew with the newest key.

    With SCHEDULER_NOTES_KEYS: put a new key last, run this, then take the old ones away. Without
    it a new key is made, and the old one is thrown away in the end.
    """
    from scheduler.cli.session import open_own_store  # noqa: PLC0415 -- slow import
    from scheduler.store.rotation import rotate_keys  # noqa: PLC0415 -- slow import

    with open_own_store() as store:
        done = rotate_keys(store)
    made = "with a new key" if done.made_key else "with the newest key of SCHEDULER_NOTES_KEYS"
    typer.echo(f"{done.sealed} texts are sealed {made}; the older keys are not needed any more.")
