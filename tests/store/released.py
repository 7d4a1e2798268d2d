"""Databases as earlier releases left them, with invented data in every table.

``tests/store/releases/0001.sql`` is what that migration made, filled, and kept: a later change to
the migration does not change it. Where a revision has none yet,

    .venv/bin/python -m tests.store.released

writes it. Rows are invented from the tables as they are, and are the same on every machine.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, Connection, Date, DateTime, Integer, MetaData, Table

from scheduler.calendars.slots import Slot
from scheduler.grouping.plan import Group, Place, Plan
from scheduler.people.roster import LeftOut
from scheduler.store import migrate
from scheduler.store.engine import Store, make_engine, parse_url
from scheduler.store.plans import write_plan

FOLDER = Path(__file__).with_name("releases")
ROWS = 3
START = dt.datetime(2026, 12, 7, 11, tzinfo=dt.UTC)
PLAN = Plan(
    round_id="round_id-0/2026-12-07",
    groups=(
        Group(1, ("ann", "bob"), Slot(START, 60), Place("Oak", "room", 4, 1, "London", "o@x"), 3),
    ),
    left_out=(LeftOut("fay", "no slot", "Free in no lunch window."),),
    roster_size=3, placed=2, placed_bound=2, value=30, value_bound=30, bound_by="matching",
    new_ties=1, cross_department_ties=1, repeats=0, seed=7, complete=True,
)  # fmt: skip


def list_revisions() -> list[str]:
    """All revisions, oldest first."""
    folder = Path(migrate.__file__).with_name("migrations")
    return [script.revision for script in ScriptDirectory(str(folder)).walk_revisions()][::-1]


def make_release(where: str, revision: str) -> Store:
    """A new database at a revision, with rows in every table; who calls closes it."""
    store = Store(make_engine(parse_url(where)))
    migrate.migrate(store, revision)
    with store.write() as connection:
        for table in list_tables(connection):
            connection.execute(table.insert(), [_invent(table, n) for n in range(ROWS)])
    return store


def list_tables(connection: Connection) -> list[Table]:
    """The tables that are really there, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def read_all(connection: Connection) -> dict[str, list[Mapping[str, Any]]]:
    """Every row of every table, in the order of its key."""
    return {
        table.name: [
            dict(row)
            for row in connection.execute(table.select().order_by(*table.primary_key)).mappings()
        ]
        for table in list_tables(connection)
    }


def _invent(table: Table, number: int) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.nullable and number == ROWS - 1:
            row[column.name] = None
        else:
            row[column.name] = _invent_value(table, column.name, number)
    return row


def _invent_value(table: Table, name: str, number: int) -> Any:
    column = table.columns[name]
    moment = START + dt.timedelta(days=number, minutes=len(name))
    round_id = f"round_id-{number}/2026-12-07"
    if name == "round_id" or (table.name, name) == ("rounds", "id"):
        return round_id
    if (table.name, name) == ("plans", "plan"):
        return write_plan(PLAN).replace(PLAN.round_id, round_id)
    if (table.name, name) == ("rounds", "state"):
        return ("booked", "held", "closed")[number]
    if (table.name, name) in {("plans", "revision"), ("rounds", "revision")}:
        return 1
    if isinstance(column.type, JSON):
        return {"about": [number, "Zoë", None]}
    if isinstance(column.type, Boolean):
        return number % 2 == 0
    if isinstance(column.type, Integer):
        return number + 1
    if isinstance(column.type, DateTime):
        return moment if column.type.timezone else moment.replace(tzinfo=None)
    if isinstance(column.type, Date):
        return moment.date()
    return f"{name}-{number} Łukasz"[: getattr(column.type, "length", None)]


def dump(file: Path) -> Iterator[str]:
    """A SQLite file as statements."""
    with sqlite3.connect(file) as connection:
        yield from connection.iterdump()
    connection.close()


def main() -> None:
    """Write what is missing; the newest revision may still change."""
    FOLDER.mkdir(exist_ok=True)
    for revision in list_revisions()[:-1]:
        kept = FOLDER / f"{revision}.sql"
        if not kept.exists():
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "scheduler.db"
                make_release(str(file), revision).close()
                kept.write_text("\n".join(dump(file)) + "\n", "utf-8")
            sys.stdout.write(f"wrote {kept}\n")


if __name__ == "__main__":
    main()
