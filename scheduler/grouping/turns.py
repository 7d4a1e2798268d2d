"""Who sits at which table in each turn of a group whose tables change, under people's names."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from itertools import combinations

import numpy as np

from scheduler.grouping.framing import NEW_TIE, meeting_again_price
from scheduler.grouping.plan import Group
from scheduler.grouping.problem import Ties
from scheduler.grouping.rotations import Rotation, RotationPlan, plan_rotation
from scheduler.people.contacts import Contacts, pair_of
from scheduler.people.person import Person
from scheduler.programmes import programme as words


def seat_turns(
    group: Group,
    rotation: words.Rotation,
    people: Mapping[str, Person],
    contacts: Contacts,
    *,
    seed: int,
    effort: float = 1.0,
) -> Group:
    """The group with the tables of each turn, at which nobody meets the same person twice.

    Tables are smaller than HR asked for where a group is too small for that: four turns of eight
    people are pairs. Where no size of table can do it, those with the fewest repeats are taken.

    Args:
        group: Its members change tables; seated again where it was before.
        rotation: The programme's turns.
        people: By id; everybody in the group.
        contacts: Who has met or knows each other, and so had better sit apart.
        seed: Decides everything that is random.
        effort: The amount of work, 1 being usual.
    """
    members = [people[person_id] for person_id in group.member_ids]
    if len(members) <= 2:
        return dataclasses.replace(group, turns=(((*group.member_ids,),),) * rotation.turns)
    ties = _ties(members, contacts, group)
    best: RotationPlan | None = None
    for size in range(min(rotation.table, len(members)), 1, -1):
        tables = -(-len(members) // size)
        if size > 2 and not _may_meet_once(len(members), tables, rotation.turns):
            continue
        seated = plan_rotation(
            Rotation(
                present=np.ones((len(members), rotation.turns), np.bool_),
                seats=np.full(tables, size, np.int64),
                ties=ties,
            ),
            seed=seed,
            effort=effort,
        )
        if best is None or seated.repeats < best.repeats:
            best = seated
        if best.repeats == 0:
            break
    assert best is not None  # noqa: S101 -- tables of two are always tried
    turns = tuple(
        tuple(tuple(group.member_ids[row] for row in table) for table in tables if table)
        for tables in best.turns
    )
    return dataclasses.replace(group, turns=turns)


def _may_meet_once(people: int, tables: int, turns: int) -> bool:
    """Whether counting allows that nobody meets twice: whoever shares a table must part."""
    largest = -(-people // tables)
    smallest = people // tables
    return largest <= tables and turns * (smallest - 1) <= people - 1


def _ties(members: list[Person], contacts: Contacts, group: Group) -> Ties:
    """Worth most: two people of different departments who have not met."""
    names = sorted({person.department or "" for person in members})
    between = np.full((len(names), len(names)), NEW_TIE, np.int64)
    np.fill_diagonal(between, NEW_TIE // 10)
    met = []
    day = group.slot.start.date()
    for (i, one), (j, other) in combinations(enumerate(members), 2):
        pair = pair_of(one.id, other.id)
        if pair in contacts.met:
            before = contacts.met[pair]
            price = meeting_again_price(times=before.times, days=(day - before.last).days)
            met.append((i, j, price))
        elif pair in contacts.known:
            met.append((i, j, 0))
    return Ties(
        department=np.array([names.index(p.department or "") for p in members], np.int64),
        between=between,
        pairs=np.zeros((0, 3), np.int64),
        met=np.array(met, np.int64).reshape(-1, 3),
    )
