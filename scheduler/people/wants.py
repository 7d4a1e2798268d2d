"""Which pairs of people are wanted or unwanted together, out of what is known about them."""

from __future__ import annotations

import datetime as dt
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from scheduler.people.choices import Choices
from scheduler.people.contacts import Pair, pair_of
from scheduler.people.person import Person
from scheduler.programmes.rules import Bridge, Prefer

COMMON_INTEREST = 200
"""An interest that more people name says nothing about two of them, and would make millions of
pairs."""
NEAR = 2
"""Steps in the chain of managers: own manager 1, a colleague of the same manager 2."""
INFLUENTIAL = 4
"""The rating (1 to 5) from which a person is a contact worth having for somebody new."""
NEW_FOR_DAYS = 365


def chain_pairs(people: Iterable[Person]) -> frozenset[Pair]:
    """Everybody with everybody above them in the chain of managers."""
    manager_of = {person.id: person.manager for person in people}
    pairs: set[Pair] = set()
    for person_id, manager in manager_of.items():
        above, seen = manager, {person_id}
        while above is not None and above not in seen:  # a chain may lead in a circle
            pairs.add(pair_of(person_id, above))
            seen.add(above)
            above = manager_of.get(above)
    return frozenset(pairs)


def buddy_pairs(people: Iterable[Person]) -> frozenset[Pair]:
    """Each person with the buddy who looks after them."""
    return frozenset(
        pair_of(person.id, person.buddy)
        for person in people
        if person.buddy is not None and person.buddy != person.id
    )


def fold(text: str) -> str:
    """The form in which names of areas are compared: capitals and blanks around do not matter."""
    return text.strip().casefold()


def _areas_of(person: Person) -> set[str]:
    own = (person.department, person.team, *person.interests)
    return {fold(text) for text in own if text is not None}


def is_of_area(person: Person, area: str) -> bool:
    """Whether the person belongs to an area: a department, a team, or an interest they named."""
    return fold(area) in _areas_of(person)


def index_areas(people: Sequence[Person]) -> dict[str, list[int]]:
    """The rows of the people of each area, by its name (see :func:`fold`)."""
    areas: dict[str, list[int]] = defaultdict(list)
    for row, person in enumerate(people):
        for area in _areas_of(person):
            areas[area].append(row)
    return dict(areas)


def bridge_sides(people: Sequence[Person], bridge: Bridge, *, seed: int) -> dict[str, int]:
    """The number of the pair on whose bridge each person meets, by id.

    People of a department that has several bridges are dealt out over them, in proportion to the
    departments at the other ends, in an order that ``seed`` shuffles from round to round.
    """
    members: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        members[(getattr(person, bridge.field) or "").casefold()].append(person)
    ends = [tuple(end.casefold() for end in pair) for pair in bridge.pairs]
    sides: dict[str, int] = {}
    for name in sorted({end for pair in ends for end in pair}):
        bridges = [number for number, pair in enumerate(ends) if name in pair]
        weight = {
            number: len(members[next(end for end in ends[number] if end != name)]) + 1
            for number in bridges
        }
        dealt = dict.fromkeys(bridges, 0)
        for person in sorted(members[name], key=lambda one: _shuffled(one.id, seed)):
            number = min(bridges, key=lambda one: ((dealt[one] + 1) / weight[one], one))
            dealt[number] += 1
            sides[person.id] = number
    return sides


def _shuffled(person_id: str, seed: int) -> tuple[int, str]:
    return zlib.crc32(f"{seed}/{person_id}".encode()), person_id


def pair_points(
    people: Sequence[Person],
    preferences: Iterable[Prefer],
    choices: Mapping[str, Choices],
    *,
    today: dt.date,
) -> dict[Pair, int]:
    """Points that meeting is worth beyond the tie itself, for the pairs where there are any.

    ``few_ties`` is about departments and not about pairs, and so gives none here.
    """
    points: dict[Pair, int] = defaultdict(int)
    for preference in preferences:
        for pair, share in _shares(preference, people, choices, today).items():
            points[pair] += round(preference.weight * share)
    return {pair: value for pair, value in points.items() if value}


def _shares(
    preference: Prefer, people: Sequence[Person], choices: Mapping[str, Choices], today: dt.date
) -> Mapping[Pair, float]:
    match preference.what:
        case "requested":
            return _requested(people, choices)
        case "shared_interest":
            return _shared_interests(people)
        case "far_in_organisation":
            return dict.fromkeys(_near_pairs(people), -1.0)
        case "influence":
            return _influence(people, today)
    return {}


def _requested(people: Sequence[Person], choices: Mapping[str, Choices]) -> dict[Pair, float]:
    """The full weight for a person who was asked for, half of it for people of an area."""
    present = {person.id for person in people}
    areas = index_areas(people)
    shares: dict[Pair, float] = {}
    for person in people:
        own = choices.get(person.id)
        if own is None:
            continue
        for area in own.meet_areas:
            for row in areas.get(fold(area), ()):
                if people[row].id != person.id:
                    shares[pair_of(person.id, people[row].id)] = 0.5
    for person in people:
        for wanted in choices[person.id].meet_people if person.id in choices else ():
            if wanted in present and wanted != person.id:
                shares[pair_of(person.id, wanted)] = 1.0
    return shares


def _shared_interests(people: Sequence[Person]) -> dict[Pair, float]:
    holders: dict[str, list[str]] = defaultdict(list)
    for person in people:
        for interest in {fold(text) for text in person.interests}:
            holders[interest].append(person.id)
    return {
        pair_of(one, other): 1.0
        for ids in holders.values()
        if len(ids) <= COMMON_INTEREST
        for index, one in enumerate(ids)
        for other in ids[index + 1 :]
    }


def _near_pairs(people: Sequence[Person]) -> set[Pair]:
    """Pairs at most ``NEAR`` steps apart in the chain of managers."""
    managers = {person.id: person.manager for person in people}
    reports: dict[str, list[str]] = defaultdict(list)
    for person_id, manager in managers.items():
        if manager is not None and manager != person_id:
            reports[manager].append(person_id)
    pairs: set[Pair] = set()
    for manager, team in reports.items():
        above = managers.get(manager)
        for index, one in enumerate(team):
            pairs.update(pair_of(one, other) for other in (manager, *team[index + 1 :]))
            if above is not None and above != one:
                pairs.add(pair_of(one, above))
    return pairs


def _influence(people: Sequence[Person], today: dt.date) -> dict[Pair, float]:
    """Influential people with those in their first year, the more influential the more."""
    newcomers = [
        person.id
        for person in people
        if person.hired is not None and (today - person.hired).days < NEW_FOR_DAYS
    ]
    return {
        pair_of(person.id, newcomer): person.influence / 5
        for person in people
        if person.influence is not None and person.influence >= INFLUENTIAL
        for newcomer in newcomers
        if newcomer != person.id
    }
