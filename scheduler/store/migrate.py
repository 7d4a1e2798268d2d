"""Bringing an older store up to the newest schema (alembic)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from scheduler.store.engine import Store
from scheduler.store.errors import StoreError


def migrate(store: Store, version: str = "head") -> None:
    """Run the migrations that are missing, up to ``version``, in one transaction.

    Raises:
        StoreError: The store was made by a newer release, whose migrations are not here.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with store.write() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, version)
        except CommandError as error:
            raise StoreError(
                "The store was made by a newer release of the scheduler. "
                "Install that release, or restore a backup from before it."
            ) from error
