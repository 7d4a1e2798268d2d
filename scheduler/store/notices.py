"""Messages that are about no round, whom the bot cannot reach, and which channels it knows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from scheduler.store.engine import Store, lock_key, upsert
from scheduler.store.schema import channels, notices, unreachable


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
    key = (
        (notices.c.subject == subject)
        & (notices.c.person_id == person_id)
        & (notices.c.kind == kind)
    )
    with store.write() as connection:
        lock_key(connection, "notice", subject, person_id, kind)
        known = connection.execute(
            select(notices.c.state, notices.c.done_at).where(key)
        ).one_or_none()
        if known is None:
            connection.execute(
                notices.insert().values(
                    subject=subject,
                    person_id=person_id,
                    kind=kind,
                    state="intended",
                    tries=1,
                    intended_at=at,
                )
            )
            return True
        lately = again_before is None or known.done_at is None or known.done_at >= again_before
        if known.state == "sent" and lately:
            return False
        connection.execute(
            update(notices)
            .where(key)
            .values(state="intended", tries=notices.c.tries + 1, intended_at=at)
        )
    return True


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
    with store.write() as connection:
        connection.execute(
            update(notices)
            .where(
                notices.c.subject == subject,
                notices.c.person_id == person_id,
                notices.c.kind == kind,
            )
            .values(
                state="sent" if problem is None else "failed",
                reference=reference,
                problem=None if problem is None else problem[:500],
                done_at=at,
            )
        )


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
