"""Bringing an older store up to the newest schema (alembic)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from scheduler.store.engine import Store


def migrate(store: Store, version: str = "head") -> None:
    """Run the migrations that are missing, up to ``version``, in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with store.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
