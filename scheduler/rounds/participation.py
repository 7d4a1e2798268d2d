"""What earlier rounds say about people: silence, last meetings, who goes on from where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from scheduler.people.audience import Participation
from scheduler.people.choices import Choices
from scheduler.people.person import Person
from scheduler.programmes.programme import Programme
from scheduler.rounds.context import Context
from scheduler.rounds.past import read_own_choices
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
        unanswered=count_unanswered(invitations, choices),
        last_met=find_last_met(meetings),
        handed_over=find_handed_over(
            context.settings.programmes.values(), programme.name, people, meetings, context.today
        ),
    )


def is_paused_for_silence(context: Context, person_id: str) -> bool:
    """Whether somebody left so many invitations unanswered that they are asked no more."""
    begins = dt.datetime.combine(context.today, dt.time(), dt.UTC)
    invitations = [
        one for one in read_invitations(context.store, until=begins) if one.person_id == person_id
    ]
    unanswered = count_unanswered(invitations, read_own_choices(context)).get(person_id, 0)
    return unanswered >= context.settings.organisation.pause_after_unanswered


def count_unanswered(
    invitations: Iterable[Invitation], choices: Mapping[str, Choices]
) -> dict[str, int]:
    """Invitations running without an answer, by person id, since the last answer or "join".

    Args:
        invitations: to meetings that have begun, in the order of their starts.
        choices: joining a programme, again too, is an answer to everything before it.
    """
    running: dict[str, int] = {}
    for invitation in invitations:
        joined = choices[invitation.person_id].joined_at if invitation.person_id in choices else {}
        if invitation.answered or any(at >= invitation.start for at in joined.values()):
            running.pop(invitation.person_id, None)
        else:
            running[invitation.person_id] = running.get(invitation.person_id, 0) + 1
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
