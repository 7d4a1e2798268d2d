"""What earlier rounds say about people: silence, last meetings, who goes on from where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from scheduler.people.audience import Participation
from scheduler.people.choices import Choices
from scheduler.people.person import Person
from scheduler.programmes.programme import Programme
from scheduler.rounds.context import Context
from scheduler.store.answers import Invitation, read_invitations
from scheduler.store.meetings import Meeting


def read_participation(
    context: Context,
    programme: Programme,
    people: Iterable[Person],
    choices: Mapping[str, Choices],
    meetings: Sequence[Meeting],
    *,
    round_id: str,
) -> Participation:
    """What the past says about the people of a round.

    Args:
        context: settings and store.
        programme: whose round it is.
        people: the directory.
        choices: by person id.
        meetings: of all programmes, without those of the round itself.
        round_id: the round, whose own invitations do not count.
    """
    begins = dt.datetime.combine(context.today, dt.time(), dt.UTC)
    invitations = read_invitations(context.store, until=begins, without_round=round_id)
    return Participation(
        unanswered={
            person_id: silence.unanswered
            for person_id, silence in find_silences(invitations, choices).items()
        },
        last_met=find_last_met(meetings),
        handed_over=find_handed_over(
            context.settings.programmes.values(), programme.name, people, meetings, context.today
        ),
    )


@dataclass(frozen=True, slots=True)
class Silence:
    """Invitations running without an answer, the first to a meeting that began at ``since``."""

    unanswered: int
    since: dt.datetime


def find_paused(
    context: Context,
    choices: Mapping[str, Choices],
    *,
    person_ids: Collection[str],
    until: dt.datetime | None = None,
) -> dict[str, Silence]:
    """Who of some people left so many invitations unanswered that they are asked no more.

    Args:
        context: Settings and store.
        choices: By person id.
        person_ids: Whom to look at.
        until: Meetings that begin before it count; by default those before the context's day.
    """
    begins = until or dt.datetime.combine(context.today, dt.time(), dt.UTC)
    invitations = read_invitations(context.store, until=begins, person_ids=person_ids)
    most = context.settings.organisation.pause_after_unanswered
    silences = find_silences(invitations, choices)
    return {person_id: one for person_id, one in silences.items() if one.unanswered >= most}


def find_silences(
    invitations: Iterable[Invitation], choices: Mapping[str, Choices]
) -> dict[str, Silence]:
    """How long people have not answered, by person id, since the last answer or "join".

    Args:
        invitations: to meetings that have begun, in the order of their starts.
        choices: joining a programme, again too, is an answer to everything before it.
    """
    running: dict[str, Silence] = {}
    for invitation in invitations:
        person_id, start = invitation.person_id, invitation.start
        joined = choices[person_id].joined_at if person_id in choices else {}
        if invitation.answered or any(at >= start for at in joined.values()):
            running.pop(person_id, None)
        elif person_id in running:
            before = running[person_id]
            running[person_id] = Silence(before.unanswered + 1, before.since)
        else:
            running[person_id] = Silence(1, start)
    return running


def find_last_met(meetings: Iterable[Meeting]) -> dict[str, dt.date]:
    """The day of each person's last meeting, by id."""
    last: dict[str, dt.date] = {}
    for meeting in meetings:
        day = meeting.start.date()
        for person_id in meeting.person_ids:
            last[person_id] = max(day, last.get(person_id, day))
    return last


def find_handed_over(
    programmes: Iterable[Programme],
    to: str,
    people: Iterable[Person],
    meetings: Iterable[Meeting],
    today: dt.date,
) -> frozenset[str]:
    """Who took part in a programme that hands over to ``to`` when they were new, and no longer are.

    Somebody is new for ``after_days`` since they were hired, or came back.
    """
    spans = {
        one.name: dt.timedelta(days=one.hand_over.after_days)
        for one in programmes
        if one.hand_over is not None and one.hand_over.to == to
    }
    if not spans:
        return frozenset()
    began = {
        person.id: max(day for day in (person.hired, person.returned) if day is not None)
        for person in people
        if person.hired is not None or person.returned is not None
    }
    return frozenset(
        person_id
        for meeting in meetings
        if meeting.programme in spans
        for person_id in meeting.person_ids
        if person_id in began
        and meeting.start.date() < began[person_id] + spans[meeting.programme] <= today
    )
