"""HR's records and the directory's people, joined by address or employee number."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from scheduler.people.imports.export import HrRecord, turn_name
from scheduler.people.imports.refusal import RowProblem
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut

_TAKEN = (
    "department", "team", "office", "country", "title", "level", "company", "hired", "returned",
    "languages", "interests", "influence", "zone", "employee_type", "employee_id",
)  # fmt: skip
"""Fields in which HR knows better than the directory, wherever HR says anything."""


@dataclass(frozen=True, slots=True)
class Joined:
    """``people``: the directory's, with what HR knows; ``left_out``: those who left the company;
    ``without_person``: records that nobody in the directory matches; ``without_record``: people
    whom HR does not list.
    """

    people: tuple[Person, ...]
    left_out: tuple[LeftOut, ...]
    without_person: tuple[HrRecord, ...]
    without_record: tuple[Person, ...]
    problems: tuple[RowProblem, ...]


def join_directory(
    people: Sequence[Person],
    records: Sequence[HrRecord],
    *,
    today: dt.date,
    by: Literal["automatic", "mail", "employee_id"] = "automatic",
) -> Joined:
    """Put what HR knows beside each person of the directory.

    ``automatic`` tries the directory's id, then the address, then the employee number. The name
    is the directory's: it is the one that colleagues see.
    """
    matches = _match(people, records, by)
    person_of_row = {record.row: person.id for person, record in matches}
    finder = _PersonFinder(records, person_of_row)
    joined: list[Person] = []
    left_out: list[LeftOut] = []
    record_of = {person.id: record for person, record in matches}
    for person in people:
        record = record_of.get(person.id)
        if record is None:
            joined.append(person)
        elif has_left(record, today):
            text = "Has left the company, as the HR export says."
            left_out.append(LeftOut(person.id, "left the company", text))
        else:
            joined.append(_enrich(person, record, finder))
    return Joined(
        people=tuple(joined),
        left_out=tuple(left_out),
        without_person=tuple(
            record
            for record in records
            if record.row not in person_of_row and not has_left(record, today)
        ),
        without_record=tuple(person for person in people if person.id not in record_of),
        problems=tuple(finder.problems),
    )


def has_left(record: HrRecord, today: dt.date) -> bool:
    """Whether HR says that this person does not work here any more.

    Somebody who came back after the day of leaving has not left.
    """
    if record.left is not None:
        back = record.returned is not None and record.returned > record.left
        return record.left < today and not back
    return record.gone


def people_of_records(records: Sequence[HrRecord], *, today: dt.date) -> tuple[Person, ...]:
    """People out of an HR export alone, for trying things out without a directory.

    Their id is the directory's id, else the employee number, else the address. Records without an
    address are passed over: nobody can be invited without one.
    """
    present = [record for record in records if record.mail and not has_left(record, today)]
    ids = {record.row: record.id or record.employee_id or record.mail or "" for record in present}
    finder = _PersonFinder(records, ids)
    return tuple(
        _enrich(
            Person(
                id=ids[record.row],
                name=record.name or str(record.mail),
                mail=str(record.mail),
            ),
            record,
            finder,
        )
        for record in present
    )


def _match(
    people: Sequence[Person], records: Sequence[HrRecord], by: str
) -> list[tuple[Person, HrRecord]]:
    ways = ("id", "mail", "employee_id") if by == "automatic" else (by,)
    free = {person.id: person for person in people}
    rest = list(records)
    found: list[tuple[Person, HrRecord]] = []
    for way in ways:
        by_value = {value: person for person in free.values() if (value := _key(person, way))}
        unmatched: list[HrRecord] = []
        for record in rest:
            value = _key(record, way)
            person = by_value.pop(value, None) if value else None
            if person is None:
                unmatched.append(record)
            else:
                found.append((person, record))
                del free[person.id]
        rest = unmatched
    return found


def _key(thing: Person | HrRecord, way: str) -> str | None:
    value = getattr(thing, way)
    return value.strip().casefold() or None if isinstance(value, str) else None


def _enrich(person: Person, record: HrRecord, finder: _PersonFinder) -> Person:
    changes: dict[str, Any] = {
        name: value for name in _TAKEN if (value := getattr(record, name)) not in (None, ())
    }
    manager = finder.find(record, "manager", record.manager)
    if manager is not None and manager != person.id:
        changes["manager"] = manager
    buddy = finder.find(record, "buddy", record.buddy)
    if buddy is not None:
        changes["buddy"] = buddy
    return replace(person, **changes) if changes else person


class _PersonFinder:
    """Finds whom an export means by a number, an address or a name. ``problems`` grows."""

    def __init__(self, records: Iterable[HrRecord], person_of_row: Mapping[int, str]) -> None:
        self.problems: list[RowProblem] = []
        self._by_key: dict[str, str] = {}
        names: Counter[str] = Counter()
        by_name: dict[str, str] = {}
        for record in records:
            person_id = person_of_row.get(record.row)
            for key in (record.employee_id, record.mail, record.id):
                if key and person_id:
                    self._by_key[key.casefold()] = person_id
            if record.name:
                names[record.name.casefold()] += 1
                if person_id:
                    by_name[record.name.casefold()] = person_id
        self._names = names
        self._by_name = by_name

    def find(self, record: HrRecord, what: str, written: str | None) -> str | None:
        """The person's id; None where nothing is written, or nobody or several are meant."""
        if written is None:
            return None
        for text in _spellings(written):
            key = text.casefold()
            if key in self._by_key:
                return self._by_key[key]
            if self._names[key] > 1:
                message = f"the {what} {text} is the name of {self._names[key]} people"
                self.problems.append(RowProblem(record.row, message))
                return None
            if key in self._by_name:
                return self._by_name[key]
        self.problems.append(RowProblem(record.row, f"the {what} {written[:60]} is not found"))
        return None


def _spellings(written: str) -> Iterator[str]:
    """``Ruiz, Ana (10023)`` is a name and a number; either may be known."""
    yield written
    yield turn_name(written) or written
    name, _, rest = written.partition("(")
    if rest.endswith(")"):
        yield from (rest[:-1].strip(), name.strip(), turn_name(name.strip()) or name)
