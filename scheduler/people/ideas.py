"""Ideas whom a person could meet next, and why.

An idea tells nothing that its reader may not know. Reasons come from the directory, from the
reader's own ties and wishes, and from interests that the other named for others to read; never from
what the other wished, noted or refused. Who never wants to meet the reader is left out, and so is
one in :data:`RESTING` others, drawn with a secret: that somebody is not among the ideas, this week
or ever, says nothing about why.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from scheduler.people.choices import Choices
from scheduler.people.contacts import Contacts, pair_of
from scheduler.people.person import Person
from scheduler.people.wants import COMMON_INTEREST, NEW_FOR_DAYS, is_of_area

RESTING = 4
"""One in so many pairs is never proposed, whoever they are."""
AGAIN_AFTER_DAYS = 180
"""Half a year after their last meeting two people may be glad to meet again."""
LONG_SERVING_DAYS = 5 * 365
ALIKE = 2
"""Ideas from one department, and for the same first reason, before others have their turn."""

ReasonKind = Literal["area", "interest", "former", "department", "long-serving", "newcomer"]
WORTH: Mapping[ReasonKind, int] = {
    "area": 6,
    "interest": 4,
    "former": 4,
    "long-serving": 3,
    "newcomer": 2,
    "department": 2,
}
"""What each reason counts; what the reader asked for counts most."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two people could meet, in a sentence for the one who reads it."""

    kind: ReasonKind
    text: str


@dataclass(frozen=True, slots=True)
class Idea:
    """Somebody to meet, with one or two reasons, the stronger first."""

    person: Person
    why: tuple[Reason, ...]


def find_ideas(
    person: Person,
    people: Iterable[Person],
    contacts: Contacts,
    choices: Mapping[str, Choices],
    *,
    directory: Mapping[str, Person],
    today: dt.date,
    secret: str,
    most: int = 6,
) -> tuple[Idea, ...]:
    """Ideas for one person, the best first; others next week.

    Args:
        person: Who reads them, with the interests that they named.
        people: Whom they may be about: those who take part, with the interests that they named.
        contacts: The reader's ties; those of others are not looked at.
        choices: By person id: what the reader decided, and who never meets whom.
        directory: Everybody by id: of which departments the reader knows somebody.
        today: For lengths of time; ideas change with its week.
        secret: Decides which pairs rest, so that nobody can work it out.
        most: How many.
    """
    own = choices.get(person.id, Choices())
    others = [other for other in people if other.id != person.id and not other.guest]
    rare = _rare_interests([person, *others])
    tied = {end for pair in (*contacts.met, *contacts.known) if person.id in pair for end in pair}
    known_departments = {directory[one].department for one in tied if one in directory}
    known_departments |= {person.department, None}
    week = "{}-{}".format(*today.isocalendar()[:2])
    found: list[tuple[float, Idea]] = []
    for other in others:
        if _is_out_of_question(person, other, own, choices, contacts, today, secret):
            continue
        reasons = sorted(
            _find_reasons(person, other, own, contacts, rare, known_departments, today),
            key=lambda reason: -WORTH[reason.kind],
        )
        if reasons:
            worth = sum(WORTH[reason.kind] for reason in reasons)
            lot = _draw(secret, week, person.id, other.id)
            found.append((worth + 3 * lot, Idea(other, tuple(reasons[:2]))))
    found.sort(key=lambda one: (-one[0], one[1].person.id))
    return tuple(_mix([idea for _, idea in found], most))


def _is_out_of_question(
    person: Person,
    other: Person,
    own: Choices,
    choices: Mapping[str, Choices],
    contacts: Contacts,
    today: dt.date,
    secret: str,
) -> bool:
    theirs = choices.get(other.id)
    shunned = other.id in own.never_with or (theirs is not None and person.id in theirs.never_with)
    met = contacts.met.get(pair_of(person.id, other.id))
    return (
        shunned
        or other.id in own.meet_people  # asked for already
        or _work_together(person, other)
        or (met is not None and (today - met.last).days < AGAIN_AFTER_DAYS)
        or _draw(secret, *sorted((person.id, other.id))) < 1 / RESTING
    )


def _work_together(person: Person, other: Person) -> bool:
    """In one team, or one the manager of the other, or under the same manager."""
    if person.team is not None and person.team == other.team:
        return True
    managers = {person.manager, other.manager} - {None}
    return bool(managers) and (
        person.manager == other.manager or person.id in managers or other.id in managers
    )


def _find_reasons(
    person: Person,
    other: Person,
    own: Choices,
    contacts: Contacts,
    rare: frozenset[str],
    known_departments: set[str | None],
    today: dt.date,
) -> Iterator[Reason]:
    area = next((area for area in own.meet_areas if is_of_department(other, area)), None)
    if area is not None:
        yield Reason("area", f"You asked to meet {area}.")
    shared = sorted(_interests(person) & _interests(other) & rare)
    if shared:
        names = {text.strip().casefold(): text.strip() for text in person.interests}
        yield Reason("interest", f"You share an interest: {names[shared[0]]}.")
    pair = pair_of(person.id, other.id)
    if pair in contacts.met:
        last = contacts.met[pair].last
        yield Reason("former", f"You last met in {last:%B %Y}.")
    elif pair in contacts.known and person.team != other.team:
        yield Reason("former", "You know each other, and work in different teams now.")
    elif other.department not in known_departments:
        yield Reason("department", f"You have met nobody of {other.department} yet.")
    if _is_new(person, today) and _serves_long(other, today):
        yield Reason("long-serving", "Has been here for many years, and knows how things grew.")
    if _is_new(other, today) and _serves_long(person, today):
        yield Reason("newcomer", "Is new here, and you know your way around.")


def is_of_department(person: Person, area: str) -> bool:
    """Whether somebody belongs to an area by the directory alone, their interests aside."""
    return is_of_area(replace(person, interests=()), area)


def _interests(person: Person) -> frozenset[str]:
    return frozenset(text.strip().casefold() for text in person.interests)


def _rare_interests(people: Sequence[Person]) -> frozenset[str]:
    """An interest that very many people name says nothing about two of them."""
    counts = Counter(interest for person in people for interest in _interests(person))
    return frozenset(interest for interest, count in counts.items() if count <= COMMON_INTEREST)


def _is_new(person: Person, today: dt.date) -> bool:
    begun = max((day for day in (person.hired, person.returned) if day is not None), default=None)
    return begun is not None and 0 <= (today - begun).days < NEW_FOR_DAYS


def _serves_long(person: Person, today: dt.date) -> bool:
    return (
        person.hired is not None
        and not _is_new(person, today)
        and (today - person.hired).days >= LONG_SERVING_DAYS
    )


def _draw(secret: str, *parts: str) -> float:
    """A number from 0 to 1 that follows from the parts, for whoever knows the secret."""
    digest = hashlib.blake2b("/".join(parts).encode(), key=secret.encode()[:64], digest_size=8)
    return int.from_bytes(digest.digest(), "big") / 2**64


def _mix(ideas: Sequence[Idea], most: int) -> Iterator[Idea]:
    """The best first, but not all alike as long as there are others."""
    taken: list[Idea] = []
    passed: list[Idea] = []
    departments: Counter[str | None] = Counter()
    kinds: Counter[str] = Counter()
    for idea in ideas:
        if len(taken) == most:
            break
        department, kind = idea.person.department, idea.why[0].kind
        if departments[department] < ALIKE and kinds[kind] < ALIKE:
            taken.append(idea)
            departments[department] += 1
            kinds[kind] += 1
        else:
            passed.append(idea)
    yield from [*taken, *passed][:most]
