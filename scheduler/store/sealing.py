"""Confidential texts, encrypted at rest: private notes, thanks, and whom somebody never meets.

The keys are in the environment or, beside a SQLite database, in a file that only we can read. A
stolen copy of the database alone shows nothing of these texts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from scheduler.errors import ScheduleError

VARIABLE = "SCHEDULER_NOTES_KEYS"
_MARK = "sealed"


class KeysError(ScheduleError):
    """There is no key, a key is none, or a text was sealed with a key that is gone."""


class Sealer:
    """Seals with the newest key and opens with any; a newer one on disk is found when needed."""

    def __init__(self, load: Callable[[], tuple[str, ...]]) -> None:
        """Take what gives the keys, oldest first; it is called at the first use."""
        self._load = load
        self._box: MultiFernet | None = None

    def seal(self, text: str) -> str:
        """The text, encrypted.

        Raises:
            KeysError: There is no key.
        """
        return self.seal_bytes(text.encode())

    def open(self, sealed: str) -> str:
        """The text that was sealed.

        Raises:
            KeysError: The key it was sealed with is gone.
        """
        return self.open_bytes(sealed).decode()

    def seal_bytes(self, data: bytes) -> str:
        """Bytes, encrypted, as a text.

        Raises:
            KeysError: There is no key.
        """
        return (self._box or self._open_box()).encrypt(data).decode()

    def open_bytes(self, sealed: str) -> bytes:
        """The bytes that were sealed.

        Raises:
            KeysError: The key they were sealed with is gone.
        """
        for box in (self._box, None):
            try:
                return (box or self._open_box()).decrypt(sealed.encode())
            except InvalidToken:
                continue
        raise KeysError(
            "A confidential text cannot be read: the key that it was sealed with is gone. Put it "
            f"back into {VARIABLE}, before the newer ones."
        )

    def reseal(self, sealed: str) -> str:
        """The same text under the newest key."""
        return self.seal(self.open(sealed))

    def seal_value(self, value: Any) -> Any:
        """Anything JSON can hold, as JSON that says nothing; None stays None."""
        return None if value is None else {_MARK: self.seal(json.dumps(value))}

    def open_value(self, value: Any) -> Any:
        """What :meth:`seal_value` was given; a value that was never sealed comes back as it is."""
        if isinstance(value, dict) and value.keys() == {_MARK}:
            return json.loads(self.open(value[_MARK]))
        return value

    def forget(self) -> None:
        """Read the keys again at the next use."""
        self._box = None

    def _open_box(self) -> MultiFernet:
        self._box = MultiFernet([Fernet(key) for key in reversed(self._load())])
        return self._box


def new_key() -> str:
    """A new key."""
    return Fernet.generate_key().decode()


def key_file(database: Path) -> Path:
    """Where the keys lie for a SQLite database."""
    return database.with_name(f"{database.name}.keys")


def read_keys(environ: Mapping[str, str], database: Path | None) -> tuple[str, ...]:
    """The keys, the newest last.

    ``SCHEDULER_NOTES_KEYS`` holds them, parted by commas. Without it a file beside the SQLite
    database does, and is made at the first need; machines that share a PostgreSQL database share
    no such file, so there the variable is required.

    Raises:
        KeysError: There is none, or one is not a key.
    """
    given = tuple(part.strip() for part in environ.get(VARIABLE, "").split(",") if part.strip())
    if not given and database is not None:
        given = _read_or_make(key_file(database))
    if not given:
        raise KeysError(
            f"{VARIABLE} is not set (environment). `scheduler keys new` prints a key; set it to "
            "the same on every machine."
        )
    for number, key in enumerate(given, 1):
        try:
            Fernet(key)
        except ValueError:
            raise KeysError(
                f"Key {number} of {VARIABLE} is not a key. `scheduler keys new` prints one."
            ) from None
    return given


def write_keys(path: Path, keys: tuple[str, ...]) -> None:
    """Put other keys in the place of the file's, in one step."""
    made = path.with_name(f"{path.name}.new")
    handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("\n".join(keys) + "\n")
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)


def _read_or_make(path: Path) -> tuple[str, ...]:
    if not path.exists():
        made = path.with_name(f"{path.name}.{os.getpid()}")
        write_keys(made, (new_key(),))
        try:
            os.link(made, path)  # fails where another process was quicker, and leaves its keys
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return tuple(path.read_text(encoding="ascii").split())
