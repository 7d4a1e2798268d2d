"""What members and rooms answered to their invitations, and how far each calendar was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select

from scheduler.store.engine import Store, upsert
from scheduler.store.schema import answers, calendar_links


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


def read_calendar_link(store: Store, round_id: str, mailbox: str) -> str | None:
    """Where reading a mailbox for a round goes on, None at the beginning."""
    statement = select(calendar_links.c.delta_link).where(
        calendar_links.c.round_id == round_id, calendar_links.c.mailbox == mailbox
    )
    with store.read() as connection:
        link: str | None = connection.execute(statement).scalar()
    return link
