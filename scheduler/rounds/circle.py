"""Who takes part, whom somebody could ask to meet, and ideas for that."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from scheduler.people.audience import in_audience, with_choices
from scheduler.people.choices import Choice, Choices, Introduction, Kind, gather_choices
from scheduler.people.contacts import Contacts, gather_contacts
from scheduler.people.ideas import Idea, find_ideas
from scheduler.people.person import Person
from scheduler.rounds.context import Context
from scheduler.rounds.deeds import read_my_choices, save_choices, takes_part
from scheduler.rounds.known_ties import read_known_ties
from scheduler.store.choices import read_choices, read_choices_version
from scheduler.store.meetings import read_own_meetings

NEEDED: tuple[Kind, ...] = ("join", "leave", "pause-until", "never-with", "interests")
"""What has to be known of everybody; what they wish or note is not read."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Everybody who takes part in a programme, by id, with the interests that they named.

    Who takes a break is in it too: that they do is theirs to tell. ``choices`` of all of them say
    who never meets whom, and so stay here.
    """

    people: Mapping[str, Person]
    choices: Mapping[str, Choices] = field(repr=False)


def find_circle(
    context: Context,
    people: Iterable[Person],
    group_members: Mapping[str, frozenset[str]] | None = None,
) -> Circle:
    """Everybody of the directory who takes part in at least one programme."""
    stored = read_choices(context.store, kinds=NEEDED)
    choices = gather_choices(
        Choice(c.person_id, c.kind, c.value, c.changed_at, c.changed_by)  # type: ignore[arg-type]
        for c in stored
    )
    programmes = list(context.settings.programmes.values())
    inside: dict[str, Person] = {}
    for person in people:
        own = choices.get(person.id, Choices())
        if any(
            takes_part(own, programme, person, context.today)
            and in_audience(person, programme, today=context.today, group_members=group_members)
            for programme in programmes
        ):
            inside[person.id] = with_choices(person, own)
    return Circle(inside, choices)


class Circles:
    """Finds who takes part, anew only where a choice, the day or the directory has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[object, Mapping[str, Person], Circle] | None = None

    def find(
        self,
        context: Context,
        people: Mapping[str, Person],
        group_members: Mapping[str, frozenset[str]],
    ) -> Circle:
        """Everybody of the directory who takes part in at least one programme."""
        as_of = (read_choices_version(context.store), context.today)
        with self._lock:
            if self._known is None or self._known[0] != as_of or self._known[1] is not people:
                self._known = as_of, people, find_circle(context, people.values(), group_members)
            return self._known[2]


def propose_people(
    context: Context,
    circle: Circle,
    person: Person,
    people: Mapping[str, Person],
    *,
    secret: str,
    most: int = 6,
) -> tuple[Idea, ...]:
    """Ideas whom somebody could meet next, of those who take part and take no break."""
    own = read_my_choices(context, person.id)
    today = context.today
    present = [
        other
        for other in circle.people.values()
        if (until := circle.choices.get(other.id, Choices()).paused_until) is None or until <= today
    ]
    return find_ideas(
        with_choices(person, own),
        present,
        read_own_contacts(context, person, people),
        {**circle.choices, person.id: own},
        directory=people,
        today=today,
        secret=secret,
        most=most,
    )


def read_own_contacts(context: Context, person: Person, people: Mapping[str, Person]) -> Contacts:
    """Whom somebody has met in any programme, is going to, or knew; not the ties of others."""
    days = [
        (meeting.start.date(), {person.id, other})
        for meeting in read_own_meetings(context.store, person.id)
        for other in meeting.person_ids
        if other != person.id
    ]
    file = context.settings.organisation.known_ties
    known = read_known_ties(file, people.values()) if file is not None else frozenset()
    return gather_contacts(days, (pair for pair in known if person.id in pair))


def read_introductions(context: Context, person_ids: Collection[str]) -> dict[str, Introduction]:
    """What people wrote about themselves for others to read, by person id."""
    stored = read_choices(context.store, person_ids=person_ids, kinds=["introduction"])
    return {c.person_id: Introduction(**c.value) for c in stored if c.value}


def ask_to_meet(context: Context, person: Person, other: Person) -> bool:
    """Add a person to those whom somebody would like to meet. False: they are among them.

    Raises:
        ChoiceError: There are too many already.
    """
    wanted = read_my_choices(context, person.id).meet_people
    if other.id in wanted:
        return False
    return _keep(context, person, "meet-person", [*wanted, other.id], {other.id: other})


def take_back_person(context: Context, person: Person, other_id: str) -> bool:
    """Ask no more to meet a person. False: they were not asked for."""
    wanted = read_my_choices(context, person.id).meet_people
    left = [one for one in wanted if one != other_id]
    return len(left) < len(wanted) and _keep(context, person, "meet-person", left, {})


def ask_to_meet_area(context: Context, person: Person, area: str) -> bool:
    """Add a department, team or topic. False: it is among them, or names nothing.

    Raises:
        ChoiceError: It is too long, or there are too many already.
    """
    wanted = read_my_choices(context, person.id).meet_areas
    new = [part.strip() for part in area.split(",") if part.strip()]
    known = {one.casefold() for one in wanted}
    more = [one for one in dict.fromkeys(new) if one.casefold() not in known]
    return bool(more) and _keep(context, person, "meet-area", [*wanted, *more], {})


def take_back_area(context: Context, person: Person, area: str) -> bool:
    """Ask no more to meet an area. False: it was not asked for."""
    wanted = read_my_choices(context, person.id).meet_areas
    left = [one for one in wanted if one != area]
    return len(left) < len(wanted) and _keep(context, person, "meet-area", left, {})


def _keep(
    context: Context, person: Person, kind: Kind, words: list[str], more: Mapping[str, Person]
) -> bool:
    """Keep a list of wishes; people who have left the directory stay in it as they are."""
    ids = words if kind == "meet-person" else ()
    known = {one: Person(id=one, name="", mail="") for one in ids} | dict(more)
    return bool(save_choices(context, person.id, {kind: words or ["none"]}, people=known))
