"""Rules that say whom single people meet, as masks: each becomes several of the engine's rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from scheduler.grouping import rules as engine
from scheduler.people.contacts import Contacts
from scheduler.people.person import Person
from scheduler.people.wants import bridge_sides, fold, index_areas
from scheduler.programmes import rules as words
from scheduler.programmes.programme import Whole

Bools = npt.NDArray[np.bool_]
Select = Callable[[str], Bools]

ASKED = "what people asked for"
"""The name of rules made of requests: who asked for what is told to nobody."""


def frame_contact_mix(
    people: Sequence[Person], rule: words.ContactMix, contacts: Contacts, select: Select
) -> list[engine.Rule]:
    """At most one such person in a group; with them, people they know and people they do not."""
    chosen = select(rule.of)
    weight = None if rule.weight == "hard" else rule.weight
    framed: list[engine.Rule] = [engine.AtMost(f"one who satisfies {rule.of}", chosen, 1, weight)]
    tied = _find_tied(people, chosen, contacts)
    for row in np.flatnonzero(chosen).tolist():
        knows = np.zeros(len(people), np.bool_)
        knows[tied[row]] = True
        new = ~knows
        new[row] = False
        when = _only(len(people), row)
        if rule.known:
            framed.append(engine.AtLeast("somebody known", knows, rule.known, when, weight))
        if rule.new:
            framed.append(engine.AtLeast("somebody new", new, rule.new, when, weight))
    return framed


def _find_tied(
    people: Sequence[Person], chosen: Bools, contacts: Contacts
) -> Mapping[int, list[int]]:
    """Whom each of the chosen has met or knew before, in rows."""
    row = {person.id: number for number, person in enumerate(people)}
    wanted = {people[number].id for number in np.flatnonzero(chosen).tolist()}
    tied: dict[int, list[int]] = defaultdict(list)
    for pair in chain(contacts.met, contacts.known):
        for own, other in (pair, pair[::-1]):
            if own in wanted and other in row:
                tied[row[own]].append(row[other])
    return tied


def frame_asked_for(
    people: Sequence[Person], rule: words.AskedFor, select: Select
) -> list[engine.Rule]:
    """With each person who asked about an area: people of it, and the adviser they asked for.

    People who asked for the same and are not of it themselves share one rule.
    """
    weight = None if rule.weight == "hard" else rule.weight
    advisers = None if rule.advisers is None else select(rule.advisers)
    areas = index_areas(people)
    row_of = {person.id: row for row, person in enumerate(people)}
    managers = np.zeros(len(people), np.bool_)
    managers[[row_of[p.manager] for p in people if p.manager in row_of]] = True
    shared = _index_interests(people)
    asked: dict[tuple[bytes, int], tuple[Bools, Bools]] = defaultdict(
        lambda: (np.zeros(0, np.bool_), np.zeros(len(people), np.bool_))
    )

    def ask(row: int, who: Bools, count: int) -> None:
        who[row] = False
        key = (who.tobytes(), count)
        when = asked[key][1]
        when[row] = True
        asked[key] = (who, when)

    for row, person in enumerate(people):
        if person.wishes:
            of_area = [one for area in person.wishes for one in areas.get(fold(area), ())]
            ask(row, _among(len(people), of_area), rule.count)
        if person.adviser == "recruiter" and advisers is not None:
            ask(row, advisers.copy(), 1)
        if person.adviser == "supervisor":
            alike = [one for text in person.interests for one in shared[text.casefold()]]
            fitting = _among(len(people), alike) & managers
            if person.manager in row_of:
                fitting[row_of[person.manager]] = False
            ask(row, fitting, 1)
    return [
        engine.AtLeast(ASKED, who, count, when, weight) for (_, count), (who, when) in asked.items()
    ]


def frame_bridge(
    people: Sequence[Person], rule: words.Bridge, *, at_most: int, seed: int
) -> list[engine.Rule]:
    """One bridge to a group, and at most half of the largest group of one department."""
    sides = bridge_sides(people, rule, seed=seed)
    ends = {end.casefold(): code for code, end in enumerate(_ends(rule))}
    values = [(getattr(person, rule.field) or "").casefold() for person in people]
    bridge = np.array([sides.get(person.id, -1) for person in people], np.int64)
    department = np.array([ends.get(value, -1) for value in values], np.int64)
    return [
        engine.Same("one bridge", bridge),
        engine.AtMostOfOne(f"half of one {rule.field}", department, at_most // 2),
    ]


def frame_whole(people: Sequence[Person], whole: Whole) -> npt.NDArray[np.int64]:
    """Which group each person belongs to, where groups are not chosen; -1 where a person has none.

    ``manager``: people with the same manager.
    """
    if whole == "everybody":
        return np.zeros(len(people), np.int64)
    values = [getattr(person, whole) for person in people]
    code = {value: n for n, value in enumerate(sorted({v for v in values if v is not None}))}
    return np.array([code.get(value, -1) for value in values], np.int64)


def _ends(rule: words.Bridge) -> list[str]:
    return sorted({end for pair in rule.pairs for end in pair}, key=str.casefold)


def _index_interests(people: Sequence[Person]) -> Mapping[str, list[int]]:
    """Who named an interest, in rows; capitals do not matter."""
    shared: dict[str, list[int]] = defaultdict(list)
    for row, person in enumerate(people):
        for text in person.interests:
            shared[text.casefold()].append(row)
    return shared


def _among(count: int, rows: Sequence[int]) -> Bools:
    mask = np.zeros(count, np.bool_)
    mask[list(rows)] = True
    return mask


def _only(count: int, row: int) -> Bools:
    return _among(count, [row])
