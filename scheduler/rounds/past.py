"""What earlier rounds mean for the next one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from scheduler.grouping.plan import Plan
from scheduler.people.choices import Choice, Choices, gather_choices
from scheduler.people.contacts import Contacts, gather_contacts
from scheduler.people.person import Person
from scheduler.rounds.context import Context
from scheduler.rounds.known_ties import read_known_ties
from scheduler.store.choices import read_choices
from scheduler.store.meetings import Meeting, read_meetings
from scheduler.store.plans import read_plan
from scheduler.store.rounds import list_rounds

ROUNDS_LOOKED_BACK = 12
"""Somebody who has waited this long comes first anyway; older plans say nothing more."""


def read_own_choices(context: Context) -> dict[str, Choices]:
    """What people decided, by person id."""
    return gather_choices(
        Choice(c.person_id, c.kind, c.value, c.changed_at, c.changed_by)  # type: ignore[arg-type]
        for c in read_choices(context.store)
    )


def read_contacts(
    context: Context, people: Sequence[Person], *, without_round: str
) -> tuple[Contacts, tuple[Meeting, ...]]:
    """Who has met whom in any programme, the round that is being planned aside."""
    meetings = read_meetings(context.store, without_round=without_round)
    file = context.settings.organisation.known_ties
    known = read_known_ties(file, people) if file is not None else frozenset()
    return gather_contacts(((m.start.date(), m.person_ids) for m in meetings), known), meetings


def meeting_starts(meetings: Iterable[Meeting]) -> dict[str, list[dt.datetime]]:
    """When each person has social meetings, by person id."""
    starts: dict[str, list[dt.datetime]] = {}
    for meeting in meetings:
        for person_id in meeting.person_ids:
            starts.setdefault(person_id, []).append(meeting.start)
    return starts


def read_waits(context: Context, programme: str, round_date: dt.date) -> dict[str, int]:
    """In how many rounds running, up to the last, each person had no seat, by person id."""
    rounds = [
        r
        for r in list_rounds(context.store, programme=programme)
        if r.date < round_date and r.state not in {"cancelling", "cancelled"}
    ]
    plans = [read_plan(context.store, r.id) for r in rounds[-ROUNDS_LOOKED_BACK:]]
    return count_waits(plans)


def count_waits(plans: Sequence[Plan]) -> dict[str, int]:
    """Rounds without a seat since each person's last seat; ``plans`` oldest first."""
    waits: dict[str, int] = {}
    for plan in plans:
        for group in plan.groups:
            for person_id in group.member_ids:
                waits.pop(person_id, None)
        for left_out in plan.left_out:
            waits[left_out.person_id] = waits.get(left_out.person_id, 0) + 1
    return waits


def people_by_id(people: Iterable[Person]) -> Mapping[str, Person]:
    """People under their directory ids."""
    return {person.id: person for person in people}
