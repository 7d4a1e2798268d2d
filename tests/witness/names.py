"""Who must have a seat where people put their names down, by the rows of the trail alone.

It reads the database and not our records of it, and knows the end of a list as an instant.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Collection, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduler.grouping.plan import Plan


def read_signed_up(database: Path, programme: str) -> list[tuple[dt.datetime, str]]:
    """Since when whose name has stood on the list, the first first."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute(
            "select person_id, kind, changed_at from choice_changes "
            "where kind in ('join', 'leave') and about in (?, '*') order by changed_at, id",
            (programme,),
        ).fetchall()
    since: dict[str, dt.datetime] = {}
    for person, kind, text in rows:
        if kind == "leave":
            since.pop(person, None)
        elif person not in since:
            since[person] = dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
    return sorted((at, person) for person, at in since.items())


def find_name_faults(
    plan: Plan,
    database: Path,
    programme: str,
    *,
    offices: Mapping[str, str],
    zones: Mapping[str, str],
    day: dt.date,
    closes_days_before: int,
    capacity: int,
    refused: Collection[str] = (),
    refilled: bool = True,
    first: Collection[str] | None = None,
) -> list[str]:
    """Every name on the list that is treated otherwise than it was told.

    Args:
        plan: The one that counts.
        database: A SQLite file.
        programme: Its name.
        offices: Each person's office.
        zones: Each office's zone.
        day: Of the event.
        closes_days_before: As HR wrote it.
        capacity: As HR wrote it.
        refused: Who said that they do not come.
        refilled: Whether there is a waiting list.
        first: Without one, who had a seat in the first plan.
    """
    late, waiting = set(), []
    for at, person in read_signed_up(database, programme):
        zone = ZoneInfo(zones[offices[person]])
        midnight = dt.datetime.combine(day, dt.time(), zone)
        ends = midnight - dt.timedelta(days=closes_days_before - 1)  # on the wall clock
        if at >= ends.astimezone(dt.UTC):
            late.add(person)
        elif person not in refused:
            waiting.append(person)
    if not refilled and first is not None:
        waiting = [person for person in waiting if person in first]
    seated = {person for group in plan.groups for person in group.member_ids}
    wanted = set(waiting[:capacity])
    faults = [f"{person} came first and has no seat" for person in sorted(wanted - seated)]
    faults += [f"{person} has a seat out of turn" for person in sorted(seated - wanted)]
    told = {one.person_id: one.text for one in plan.left_out}
    closed = f"after the list closed on {day - dt.timedelta(days=closes_days_before)}"
    faults += [
        f"{person} came late and is told: {told.get(person)}"
        for person in sorted(late)
        if closed not in told.get(person, "")
    ]
    return faults
