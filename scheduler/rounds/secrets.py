"""The secrets that sign what comes back to us from cards and links."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from scheduler.errors import ScheduleError
from scheduler.store.engine import Store

VARIABLE = "SCHEDULER_SECRETS"
SHORTEST = 32


class SecretError(ScheduleError):
    """There is no secret, or it is too short to be one."""


def read_secrets(environ: Mapping[str, str], store: Store) -> tuple[str, ...]:
    """Secrets to sign with, the newest last.

    ``SCHEDULER_SECRETS`` holds them, parted by commas. Without it a file beside the SQLite
    database does, and is made at the first need; several machines on PostgreSQL share no such
    file, so there the variable is required.

    Raises:
        SecretError: there is none, or one has fewer than 32 characters.
    """
    given = tuple(part.strip() for part in environ.get(VARIABLE, "").split(",") if part.strip())
    if not given and store.file is not None:
        given = (_read_or_make(store.file.with_name(f"{store.file.name}.secret")),)
    if not given:
        raise SecretError(
            f"{VARIABLE} is not set (environment). Set it to a random text of at least "
            f"{SHORTEST} characters, the same on every machine."
        )
    if min(map(len, given)) < SHORTEST:
        raise SecretError(f"{VARIABLE} holds a secret of fewer than {SHORTEST} characters.")
    return given


def _read_or_make(path: Path) -> str:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret + "\n")
    return secret
