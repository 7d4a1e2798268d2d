"""Who takes part in a round; everybody left out has a reason."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.people.person import Person


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A person who is not in the plan. ``kind`` counts alike reasons; ``text`` is for people."""

    person_id: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Roster:
    """The people of one round, and who of the audience is not among them, and why."""

    people: tuple[Person, ...]
    left_out: tuple[LeftOut, ...] = ()
