"""Everything on one person, for that person."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from scheduler.grouping.plan import Plan
from scheduler.people.person import Person
from scheduler.privacy.person import Section, explain
from scheduler.rounds.booking import read_settled_people
from scheduler.rounds.context import Context
from scheduler.rounds.erasing import find_whom
from scheduler.rounds.known_ties import read_known_ties
from scheduler.store.audit import read_audit, write_audit
from scheduler.store.engine import now
from scheduler.store.persons import read_person
from scheduler.store.plans import read_plan
from scheduler.store.rounds import list_rounds

Row = dict[str, Any]


async def export_person(
    context: Context, wanted: str, *, people: Mapping[str, Person] | None = None
) -> tuple[Section, ...]:
    """What the directory says and what is stored about a person, with the reasons for keeping it.

    Whom they met is told by number: who the others were is theirs, and stands in the person's own
    calendar. What others decided about the person (never with) is theirs too.

    Args:
        context: Settings, store, connection.
        wanted: Their mail address or id.
        people: Everybody by id, where they were read already.

    Raises:
        UnknownPersonError: There is no such person.
        GraphError: The directory cannot be read.
        KeysError: A confidential text was encrypted with a key that is gone.
    """
    whom = await find_whom(context, wanted, people=people)
    sections = []
    if whom.person is not None:
        sections.append(explain("GET /users", [_describe(whom.person)], "The directory"))
        sections += await _known_ties(context, whom.person, people)
    plans = {r.id: read_plan(context.store, r.id) for r in list_rounds(context.store)}
    sections.append(explain("table plans", list(_find_in_plans(plans, whom.id)), "Plans"))
    sections += [
        explain(f"table {table}", rows)
        for table, rows in read_person(context.store, whom.id).items()
    ]
    own = [
        {"at": e.at.isoformat(), "what": e.what, "round_id": e.round_id}
        for e in read_audit(context.store)
        if e.by.casefold() == whom.id.casefold()
    ]
    sections.append(explain("table audit", own, "What the person decided for others"))
    found = tuple(section for section in sections if section.rows)
    write_audit(
        context.store,
        "person exported",
        at=now(),
        by=context.by,
        details={"records": sum(len(section.rows) for section in found)},
    )
    return found


def _describe(person: Person) -> Row:
    values = dataclasses.asdict(person)
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in values.items()
        if value not in (None, (), "")
    }


async def _known_ties(
    context: Context, person: Person, people: Mapping[str, Person] | None
) -> list[Section]:
    file = context.settings.organisation.known_ties
    if file is None:
        return []
    known = people or await read_settled_people(context)
    count = sum(person.id in pair for pair in read_known_ties(file, known.values()))
    rows = [{"file": file.name, "people_known_already": count}] if count else []
    return [explain("file known_ties of HR", rows, "Who knows whom already")]


def _find_in_plans(plans: dict[str, Plan], person_id: str) -> Iterator[Row]:
    for round_id, plan in plans.items():
        for group in plan.groups:
            if person_id in group.member_ids:
                yield {
                    "round_id": round_id,
                    "group": group.number,
                    "people": len(group.member_ids),
                    "start": group.slot.start.isoformat(),
                    "minutes": group.slot.minutes,
                    "place": group.place.name,
                    "why": list(group.why),
                }
        for left_out in plan.left_out:
            if left_out.person_id == person_id:
                yield {"round_id": round_id, "no_seat": left_out.kind, "why": [left_out.text]}
