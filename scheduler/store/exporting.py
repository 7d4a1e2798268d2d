"""Everything that the store holds, in files that need no product to be read."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import shutil
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, select

from scheduler.store.engine import Store
from scheduler.store.schema import metadata


def count_rows(store: Store) -> dict[str, int]:
    """How many rows each table holds, by its name; empty tables are left out."""
    with store.read() as connection:
        counts = {
            table.name: int(
                connection.execute(select(func.count()).select_from(table)).scalar() or 0
            )
            for table in metadata.sorted_tables
        }
    return {name: count for name, count in counts.items() if count}


def export_store(store: Store, folder: Path) -> dict[str, int]:
    """Write each table that is not empty as JSON lines, one row each, for the owner alone to read.

    Confidential texts stay encrypted. The folder is there when it is whole.

    Returns:
        How many rows there are of each table.

    Raises:
        OSError: The folder is not new, or cannot be written.
    """
    if folder.exists():
        raise FileExistsError(errno.EEXIST, "it exists already", str(folder))
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    counts: dict[str, int] = {}
    with store.read() as connection:
        for table in metadata.sorted_tables:
            rows = connection.execution_options(yield_per=1000).execute(select(table)).mappings()
            if count := _write(part / f"{table.name}.jsonl", _as_json(table, rows)):
                counts[table.name] = count
    part.replace(folder)
    return counts


def count_exported(folder: Path) -> dict[str, int]:
    """How many rows of each table an export holds."""
    counts = {}
    for file in sorted(folder.glob("*.jsonl")):
        with file.open("rb") as lines:
            counts[file.stem] = sum(1 for _ in lines)
    return counts


def _as_json(table: Table, rows: Any) -> Iterator[str]:
    names = [column.name for column in table.columns]
    for row in rows:
        values = {name: row[name] for name in names}
        yield json.dumps(values, ensure_ascii=False, default=_as_text)


def _as_text(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{value!r} is of a kind that no table has")


def _write(path: Path, lines: Iterator[str]) -> int:
    first = next(lines, None)
    if first is None:
        return 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        count = 0
        for line in chain([first], lines):
            file.write(line + "\n")
            count += 1
    return count
