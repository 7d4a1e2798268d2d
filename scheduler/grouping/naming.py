"""From the engine's indices back to the names that people know."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from scheduler.grouping.framing import PRIVATE_RULE, Frame
from scheduler.grouping.plan import Group, Place, Plan
from scheduler.grouping.problem import Seating
from scheduler.grouping.solution import Kind, Solution, Unplaced
from scheduler.people.contacts import Contacts, pair_of
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut

LONG_SERVING_YEARS = 5
NEWCOMER_DAYS = 90


def name_plan(frame: Frame, solution: Solution, *, round_id: str, seed: int) -> Plan:
    """The plan that a solution of ``frame`` stands for.

    Groups are numbered in the order of their slots, then places, so that the same solution
    always gets the same numbers.
    """
    seatings = sorted(solution.groups, key=lambda g: (g.slot, g.venue, g.members))
    groups = [make_group(frame, seating, number=n) for n, seating in enumerate(seatings, 1)]
    pairs = _seated_pairs(frame, seatings)
    return Plan(
        round_id=round_id,
        groups=tuple(groups),
        left_out=_name_left_out(frame, solution),
        roster_size=len(frame.people),
        placed=solution.placed,
        placed_bound=solution.placed_bound,
        value=solution.value,
        value_bound=solution.value_bound,
        bound_by=solution.bound_by,
        new_ties=sum(g.new_ties for g in groups),
        cross_department_ties=sum(
            a.department != b.department and not frame.contacts.tied(a.id, b.id) for a, b in pairs
        ),
        repeats=sum(pair_of(a.id, b.id) in frame.contacts.met for a, b in pairs),
        seed=seed,
        complete=solution.complete,
    )


def make_group(frame: Frame, seating: Seating, *, number: int) -> Group:
    """The group that a seating of ``frame`` stands for."""
    members = [frame.people[i] for i in seating.members]
    place = frame.places[seating.venue]
    return Group(
        number=number,
        member_ids=tuple(p.id for p in members),
        slot=frame.availability.slots[seating.slot],
        place=place,
        new_ties=count_new_ties(members, frame.contacts),
        why=explain_group(members, frame),
        zones=tuple(_clock_of(frame, i, place) for i in seating.members),
    )


def _clock_of(frame: Frame, person: int, place: Place) -> str:
    if place.office is not None:
        return frame.zones[place.office]
    return frame.availability.hours[person].zone


def count_new_ties(members: Sequence[Person], contacts: Contacts) -> int:
    """Pairs of members who neither met through a programme nor knew each other before."""
    return sum(not contacts.tied(a.id, b.id) for a, b in combinations(members, 2))


def explain_group(members: Sequence[Person], frame: Frame) -> tuple[str, ...]:
    """Sentences for the members: why these people meet. Nobody's private choice is among them."""
    sentences = []
    departments = sorted({p.department for p in members if p.department})
    pairs = len(members) * (len(members) - 1) // 2
    new = count_new_ties(members, frame.contacts)
    if len(departments) > 1:
        sentences.append(f"You come from {_list_names(departments)}.")
    if new == pairs:
        sentences.append(
            "No two of you have met through this programme or are known to work together."
            if pairs > 1
            else "You have not met through this programme and are not known to work together."
        )
    elif new:
        sentences.append(f"{new} of the {pairs} pairs among you have not met before.")
    sentences.extend(_explain_tenure(members, frame))
    offices = sorted({p.office for p in members if p.office})
    if len(offices) > 1:
        sentences.append(f"You work in {_list_names(offices)}.")
    return tuple(sentences)


def _explain_tenure(members: Sequence[Person], frame: Frame) -> list[str]:
    days = [(frame.today - p.hired).days for p in members if p.hired is not None]
    if any(0 <= d <= NEWCOMER_DAYS for d in days) and any(
        d >= 365 * LONG_SERVING_YEARS for d in days
    ):
        return ["Somebody who just joined meets somebody who has been here for years."]
    return []


def _name_left_out(frame: Frame, solution: Solution) -> tuple[LeftOut, ...]:
    """Reasons of the availability (nobody can be seated without a free slot), then the engine's."""
    told = {r.person_id: r for r in frame.availability.left_out}
    named = []
    for unplaced in sorted(solution.unplaced, key=lambda u: u.person):
        person = frame.people[unplaced.person]
        kind = _kind_to_tell(unplaced)
        named.append(
            told.get(person.id)
            or LeftOut(person.id, kind.replace("_", " "), _reason_text(kind, unplaced.rules))
        )
    return tuple(named)


def _kind_to_tell(unplaced: Unplaced) -> Kind:
    """Where private choices alone stand in the way, the reason is the one that tells nothing."""
    if unplaced.kind == "rules" and all(rule == PRIVATE_RULE for rule in unplaced.rules):
        return "left_over"
    return unplaced.kind


REASONS: dict[Kind, str] = {
    "no_slot": "They are free at none of this round's meeting times.",
    "no_venue": "No room or table in their office is open when they are free.",
    "too_few": "Too few other people are free in the same place when they are.",
    "rules": "They can meet nobody who is free when they are, under {rules}.",
    "full": "Every room and table was taken when they are free. They come first next time.",
    "does_not_suit": "They cannot come at the time and place that suit most of their group.",
    "waiting_list": "Others put their names down earlier; they are on the waiting list.",
    "list_full": "Others put their names down earlier and have every seat; there is no waiting "
    "list.",
    "left_over": "Those they could meet have seats in other groups. They come first next time.",
}
"""What each kind of reason says to a reader; ``{rules}`` names the rules that stand in the way."""


def _reason_text(kind: Kind, rules: Sequence[str]) -> str:
    """A rule made of private choices is not named: that there is one is private too."""
    named = [f"“{rule}”" for rule in rules if rule != PRIVATE_RULE]
    return REASONS[kind].format(rules=_list_names(named) if named else "this programme's rules")


def _seated_pairs(frame: Frame, seatings: Sequence[Seating]) -> list[tuple[Person, Person]]:
    return [
        (frame.people[i], frame.people[j])
        for seating in seatings
        for i, j in combinations(seating.members, 2)
    ]


def _list_names(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
