"""Messages that are about no round, whom the bot cannot reach, and which channels it knows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, select

from scheduler.store.engine import Store, upsert
from scheduler.store.schema import channels, notices, unreachable
from scheduler.store.sendings import begin_sending, finish_sending


def begin_notice(
    store: Store,
    subject: str,
    person_id: str,
    kind: str,
    *,
    at: dt.datetime,
    again_before: dt.datetime | None = None,
) -> bool:
    """Write down that a message is about to be sent. False: it has been sent, so do not.

    ``again_before``: one that was sent before this moment may be sent again.
    """
    key = {"subject": subject, "person_id": person_id, "kind": kind}
    return begin_sending(store, notices, key, at=at, again_before=again_before)


def finish_notice(
    store: Store,
    subject: str,
    person_id: str,
    kind: str,
    *,
    at: dt.datetime,
    reference: str | None = None,
    problem: str | None = None,
) -> None:
    """Write down that it was sent, or what stood in the way."""
    key = {"subject": subject, "person_id": person_id, "kind": kind}
    finish_sending(store, notices, key, at=at, reference=reference, problem=problem)


def read_noticed(store: Store, subject: str, kind: str) -> dict[str, dt.datetime]:
    """When each person was sent a message of this kind, by person id."""
    statement = select(notices.c.person_id, notices.c.done_at).where(
        notices.c.subject == subject, notices.c.kind == kind, notices.c.state == "sent"
    )
    with store.read() as connection:
        return dict(tuple(row) for row in connection.execute(statement).all())


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Somebody whom the bot cannot write to, for the administrator."""

    person_id: str
    reason: str
    since: dt.datetime


def note_unreachable(store: Store, person_id: str, reason: str, *, at: dt.datetime) -> None:
    """Write down that the bot cannot reach somebody; they are told by mail until that changes."""
    row = {"person_id": person_id, "reason": reason[:500], "since": at}
    with store.write() as connection:
        upsert(connection, unreachable, [row])


def note_reachable(store: Store, person_id: str) -> bool:
    """Somebody wrote to the bot or installed it. False: nobody had thought otherwise."""
    with store.read() as connection:
        known = connection.execute(
            select(unreachable.c.person_id).where(unreachable.c.person_id == person_id)
        ).scalar()
    if known is None:  # the usual case takes no lock
        return False
    with store.write() as connection:
        connection.execute(delete(unreachable).where(unreachable.c.person_id == person_id))
    return True


def read_unreachable(store: Store) -> dict[str, Unreachable]:
    """Everybody whom the bot cannot reach, by person id."""
    with store.read() as connection:
        rows = connection.execute(select(unreachable)).mappings().all()
    return {row["person_id"]: Unreachable(**row) for row in rows}


def learn_channel(store: Store, name: str, conversation_id: str, *, at: dt.datetime) -> None:
    """Remember where a channel, named ``team/channel``, is."""
    row = {"name": name.casefold(), "conversation_id": conversation_id, "learned_at": at}
    with store.write() as connection:
        upsert(connection, channels, [row])


def find_channel(store: Store, name: str) -> str | None:
    """Where a channel is, None when the bot was not added to its team."""
    statement = select(channels.c.conversation_id).where(channels.c.name == name.casefold())
    with store.read() as connection:
        found: str | None = connection.execute(statement).scalar()
    return found
