"""Taking lines and ids out of the log's file, which other processes go on writing to.

The file is changed in place: whoever has it open for appending goes on at its new end.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path


def forget_old_lines(path: Path, before: dt.date) -> int:
    """Take the lines from before a day out of a log, and say how many there were.

    Lines stand in the order of time; one that does not say when it was goes with the one before.
    """
    if not path.is_file():
        return 0
    lines = path.read_bytes().splitlines(keepends=True)
    old = 0
    for number, line in enumerate(lines):
        day = _day_of(line)
        if day is not None and day >= before:
            break
        old = number + 1
    if old:
        _write(path, b"".join(lines[old:]))
    return old


def forget_text(path: Path, text: str) -> None:
    """Put ``erased`` in the place of a person's id, wherever it stands."""
    if not path.is_file():
        return
    before = path.read_bytes()
    after = before.replace(text.encode(), b"erased")
    if after != before:
        _write(path, after)


def _day_of(line: bytes) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(json.loads(line)["timestamp"])[:10])
    except (ValueError, KeyError, TypeError):
        return None


def _write(path: Path, content: bytes) -> None:
    with path.open("r+b") as file:
        file.write(content)
        file.truncate()
