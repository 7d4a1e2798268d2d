"""Who of the directory takes part in a round, and why everybody else does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scheduler.people.choices import Choices
from scheduler.people.offices import Office, find_office
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut, Roster
from scheduler.people.sign_up import NameList, is_late
from scheduler.people.where import parse_where
from scheduler.programmes.programme import Programme
from scheduler.programmes.rules import Bridge

__all__ = [
    "Participation", "in_audience", "joins_by_silence", "make_roster", "name_teams",
    "people_from_outside", "settle_people", "with_choices",
]  # fmt: skip

_NOTHING = Choices()


@dataclass(frozen=True, slots=True)
class Participation:
    """What the past says about people, by person id.

    ``unanswered``: invitations running that were left without an answer; ``last_met``: the day
    of the last meeting in any programme; ``handed_over``: those who reached the end of a
    programme that hands over to this one, and so count as having joined.
    """

    unanswered: Mapping[str, int] = field(default_factory=dict)
    last_met: Mapping[str, dt.date] = field(default_factory=dict)
    handed_over: frozenset[str] = frozenset()


def settle_people(
    people: Iterable[Person], offices: tuple[Office, ...]
) -> tuple[tuple[Person, ...], tuple[str, ...]]:
    """People with the office's own name, country and zone, and the office names nobody knows.

    A zone that the person already has (from their mailbox) is kept. Who has no team gets one by
    :func:`name_teams`, for the directory knows none.
    """
    known: dict[str, Office | None] = {}
    settled: list[Person] = []
    for person in people:
        name = person.office
        if name is not None and name not in known:
            known[name] = find_office(offices, name)
        office = known[name] if name is not None else None
        if office is None:
            settled.append(person)
            continue
        settled.append(
            replace(
                person,
                office=office.name,
                country=person.country or office.country,
                zone=person.zone or office.zone,
            )
        )
    unknown = tuple(sorted(name for name, office in known.items() if office is None))
    return name_teams(settled), unknown


def name_teams(people: Sequence[Person]) -> tuple[Person, ...]:
    """People with a team, named after its manager, where HR names none.

    Managers of people who lead nobody are in the team that they lead; everybody else is in their
    manager's.
    """
    by_id = {person.id: person for person in people}
    managers = {person.manager for person in people}
    leaders = {person.manager for person in people if person.id not in managers}
    named: list[Person] = []
    for person in people:
        leader = person if person.id in leaders else by_id.get(person.manager or "")
        if person.team is None and leader is not None:
            person = replace(person, team=f"Team {leader.name}")  # noqa: PLW2901
        named.append(person)
    return tuple(named)


def in_audience(
    person: Person,
    programme: Programme,
    *,
    today: dt.date,
    group_members: Mapping[str, frozenset[str]] | None = None,
) -> bool:
    """Whether the programme is meant for this person at all (their choices aside).

    ``group_members``: the ids of the members of each Entra group that the audience names; a
    group that is not in it has no members.
    """
    audience = programme.audience
    if audience.groups:
        members = group_members or {}
        if not any(person.id in members.get(group, ()) for group in audience.groups):
            return False
    if audience.where is not None and not parse_where(audience.where).matches(person, today):
        return False
    bridges = [rule for rule in programme.rules if isinstance(rule, Bridge)]
    return all(_on_bridge(person, bridge) for bridge in bridges)


def _on_bridge(person: Person, bridge: Bridge) -> bool:
    own = getattr(person, bridge.field)
    return own is not None and own.casefold() in {
        end.casefold() for pair in bridge.pairs for end in pair
    }


def make_roster(
    people: Iterable[Person],
    programme: Programme,
    choices: Mapping[str, Choices],
    *,
    today: dt.date,
    round_start: dt.date | None = None,
    offices: tuple[Office, ...] = (),
    group_members: Mapping[str, frozenset[str]] | None = None,
    participation: Participation | None = None,
    pause_after_unanswered: int = 3,
    names: NameList | None = None,
) -> Roster:
    """The people of one round. Those outside the audience are neither in it nor left out of it.

    Args:
        people: The directory, as :func:`settle_people` gives it.
        programme: Whose audience and rules count.
        choices: By person id; who is not in it decided nothing.
        today: For lengths of time (tenure), which run to this day.
        round_start: The first day of the round, on which a pause must be over; today if None.
        offices: For a programme in person; empty: every office is one where people can meet.
        group_members: See :func:`in_audience`.
        participation: What the past says.
        pause_after_unanswered: Invitations running without an answer after which a person pauses.
        names: The list of a programme on which people put their names down.
    """
    starts = round_start or today
    past = participation or Participation()
    taking_part: list[Person] = []
    left_out: list[LeftOut] = []
    for person in people:
        if not in_audience(person, programme, today=today, group_members=group_members):
            continue
        own = choices.get(person.id, _NOTHING)
        silence = _silence_means_yes(person, programme, past, today)
        reason = (
            _own_reason(own, programme, starts, silence=silence)
            or _list_reason(person, names, offices)
            or _past_reason(person, own, past, starts, pause_after_unanswered)
            or _place_reason(person, programme, offices)
        )
        if reason is None:
            taking_part.append(with_choices(person, own))
        else:
            left_out.append(LeftOut(person.id, *reason))
    taking_part.extend(people_from_outside(programme, taking_part))
    return Roster(tuple(taking_part), tuple(left_out))


Reason = tuple[str, str]
"""The kind, by which alike reasons are counted, and the text for people."""


def _silence_means_yes(
    person: Person, programme: Programme, past: Participation, today: dt.date
) -> bool:
    return person.id in past.handed_over or joins_by_silence(person, programme, today)


def joins_by_silence(person: Person, programme: Programme, today: dt.date) -> bool:
    """Whether somebody of the audience is in as long as they say nothing."""
    audience = programme.audience
    if audience.join == "opt-out":
        return True
    return audience.automatic is not None and parse_where(audience.automatic).matches(person, today)


def _own_reason(
    own: Choices, programme: Programme, starts: dt.date, *, silence: bool
) -> Reason | None:
    if not own.takes_part(programme.name, silence=silence):
        if own.takes_part(programme.name, silence=True):
            return "not joined", "Has not joined this programme, which people join by saying yes."
        return "left", "Has left this programme."
    if own.paused_until is not None and own.paused_until > starts:
        return "paused", f"Takes a break until {own.paused_until}."
    return None


def _list_reason(
    person: Person, names: NameList | None, offices: tuple[Office, ...]
) -> Reason | None:
    if names is None or not is_late(person, names, offices):
        return None
    return "list closed", f"Put their name down after the list closed on {names.closes}."


def _past_reason(
    person: Person, own: Choices, past: Participation, starts: dt.date, pause_after: int
) -> Reason | None:
    unanswered = past.unanswered.get(person.id, 0)
    if unanswered >= pause_after:
        text = (
            f"Left {unanswered} invitations running without an answer, and is paused until "
            "they say that they would like to be asked again."
        )
        return "no answers", text
    last = past.last_met.get(person.id)
    if own.every_weeks is not None and last is not None:
        again = last + dt.timedelta(weeks=own.every_weeks)
        if again > starts:
            return (
                "wants to meet less often",
                f"Wants at most one meeting in {own.every_weeks} weeks; the last was on {last}.",
            )
    return None


def _place_reason(
    person: Person, programme: Programme, offices: tuple[Office, ...]
) -> Reason | None:
    if programme.venue.kind != "in-person":
        return None
    if person.office is None:
        return "no office", "The directory names no office, and the programme meets in person."
    office = find_office(offices, person.office)
    if offices and office is None:
        return (
            "unknown office",
            f"The office {person.office} is not in organisation.yaml.",
        )
    if office is not None and not office.in_person:
        return "no office", f"Works from {office.name}, where nobody meets in person."
    return None


def with_choices(person: Person, own: Choices) -> Person:
    """The person with what they said about themselves: interests, languages, wishes."""
    if own == _NOTHING:
        return person
    return replace(
        person,
        interests=own.interests or person.interests,
        languages=own.languages or person.languages,
        wishes=own.meet_areas,
        adviser=own.adviser,
    )


def people_from_outside(programme: Programme, people: Iterable[Person]) -> tuple[Person, ...]:
    """The programme's guests as people: their address is their id, and no calendar is read.

    A guest comes to the office that HR names, or to the one at which all of ``people`` work.
    """
    offices = {(person.office, person.zone) for person in people}
    names = {office for office, _ in offices}
    only = next(iter(names)) if len(names) == 1 else None
    zones = {office: zone for office, zone in sorted(offices, key=str) if zone is not None}
    return tuple(
        Person(
            id=guest.mail.casefold(),
            name=guest.name,
            mail=guest.mail,
            company=guest.company,
            office=guest.office or only,
            zone=zones.get(guest.office or only),
            guest=True,
        )
        for guest in programme.guests
    )
