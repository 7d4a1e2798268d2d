"""What members and rooms answered to their invitations, and how far each calendar was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Table, and_, select

from scheduler.store.engine import Store, upsert
from scheduler.store.schema import answers, calendar_links, feedback, meetings, rounds, seats


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer. ``who`` is a person's id or a room's address; ``response`` is Graph's word:
    none, accepted, tentativelyAccepted, declined or notResponded.
    """

    round_id: str
    group_number: int
    who: str
    response: str
    answered_at: dt.datetime | None
    proposed_start: dt.datetime | None
    read_at: dt.datetime


FEW = 500
"""People asked about at once: databases bound the number of values in a statement."""
UNANSWERED = frozenset({"none", "notResponded"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Somebody was asked to a meeting that begins at ``start``; ``answered`` in any way."""

    person_id: str
    start: dt.datetime
    answered: bool


def save_answers(
    store: Store,
    new: Sequence[Answer],
    *,
    links: Sequence[tuple[str, str, str]] = (),
    at: dt.datetime,
) -> None:
    """Keep answers and, in the same transaction, how far each calendar was read.

    ``links`` are (round, mailbox, delta link).
    """
    with store.write() as connection:
        upsert(connection, answers, [asdict(answer) for answer in new])
        upsert(
            connection,
            calendar_links,
            [
                {"round_id": round_id, "mailbox": mailbox, "delta_link": link, "read_at": at}
                for round_id, mailbox, link in links
            ],
        )


def read_answers(store: Store, round_id: str) -> tuple[Answer, ...]:
    """All answers of a round, by group."""
    statement = (
        select(answers)
        .where(answers.c.round_id == round_id)
        .order_by(answers.c.group_number, answers.c.who)
    )
    with store.read() as connection:
        return tuple(Answer(**row) for row in connection.execute(statement).mappings())


def find_lately_unanswered(store: Store, since: dt.date) -> frozenset[str]:
    """Ids of people who left an invitation of a round that began on this day or later open."""
    statement = (
        select(answers.c.who)
        .distinct()
        .join(rounds, rounds.c.id == answers.c.round_id)
        .where(
            rounds.c.date >= since,
            answers.c.response.in_(sorted(UNANSWERED)),
            answers.c.who.not_like("%@%"),
        )
    )
    with store.read() as connection:
        return frozenset(connection.execute(statement).scalars())


def read_invitations(
    store: Store,
    *,
    until: dt.datetime,
    without_round: str | None = None,
    person_ids: Collection[str] | None = None,
) -> tuple[Invitation, ...]:
    """Invitations of all rounds to meetings that begin before ``until``, by start.

    ``person_ids``: of these people alone.

    Only those whose answers were read. Saying on a card that one comes or not is an answer, and
    so is feedback. Of a member who was replaced, the round's first day stands for the start.
    """
    statement = (
        select(
            answers.c.who,
            answers.c.round_id,
            answers.c.group_number,
            answers.c.response,
            rounds.c.date,
            meetings.c.starts_at,
            seats.c.coming,
            feedback.c.said_at,
        )
        .join(rounds, rounds.c.id == answers.c.round_id)
        .outerjoin(meetings, _same_seat(meetings))
        .outerjoin(seats, _same_seat(seats))
        .outerjoin(feedback, _same_seat(feedback))
        .where(answers.c.who.not_like("%@%"), rounds.c.state.not_in(["cancelling", "cancelled"]))
    )
    if without_round is not None:
        statement = statement.where(answers.c.round_id != without_round)
    with store.read() as connection:
        if person_ids is None:
            rows = list(connection.execute(statement))
        else:
            wanted = sorted(person_ids)
            rows = [
                row
                for start in range(0, len(wanted), FEW)
                for row in connection.execute(
                    statement.where(answers.c.who.in_(wanted[start : start + FEW]))
                )
            ]
    found = [
        Invitation(
            person_id=row.who,
            start=row.starts_at or dt.datetime.combine(row.date, dt.time(), dt.UTC),
            answered=row.response not in UNANSWERED
            or row.coming is not None
            or row.said_at is not None,
        )
        for row in rows
    ]
    found.sort(key=lambda one: (one.start, one.person_id))
    return tuple(one for one in found if one.start < until)


def _same_seat(other: Table) -> ColumnElement[bool]:
    return and_(
        other.c.round_id == answers.c.round_id,
        other.c.group_number == answers.c.group_number,
        other.c.person_id == answers.c.who,
    )


def read_calendar_link(store: Store, round_id: str, mailbox: str) -> str | None:
    """Where reading a mailbox for a round goes on, None at the beginning."""
    statement = select(calendar_links.c.delta_link).where(
        calendar_links.c.round_id == round_id, calendar_links.c.mailbox == mailbox
    )
    with store.read() as connection:
        link: str | None = connection.execute(statement).scalar()
    return link
