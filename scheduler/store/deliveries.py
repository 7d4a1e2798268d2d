"""Deliveries: which card or mail went to whom, so that nobody gets one twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select, update

from scheduler.store.engine import Store, upsert
from scheduler.store.schema import deliveries
from scheduler.store.sendings import begin_sending, describe_end, finish_sending, match

DeliveryState = Literal["intended", "sent", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one person. ``reference`` is what the other side calls it: conversation and
    activity of a card, the mailbox that sent a mail. ``shown`` is a check sum of what a card shows
    that can change, None where nothing can.
    """

    round_id: str
    group_number: int
    person_id: str
    kind: str
    state: DeliveryState
    reference: str | None
    tries: int
    problem: str | None
    intended_at: dt.datetime
    done_at: dt.datetime | None
    shown: str | None = None

    @property
    def by_mail(self) -> bool:
        """Whether it went by mail."""
        return self.reference is not None and "@" in self.reference.split(" ")[0]


def begin_delivery(
    store: Store, round_id: str, group_number: int, person_id: str, kind: str, *, at: dt.datetime
) -> bool:
    """Write down that a message is about to be sent. False: it has been sent, so do not."""
    return begin_sending(store, deliveries, _key(round_id, group_number, person_id, kind), at=at)


def finish_delivery(
    store: Store,
    round_id: str,
    group_number: int,
    person_id: str,
    kind: str,
    *,
    at: dt.datetime,
    reference: str | None = None,
    problem: str | None = None,
) -> None:
    """Write down that it was sent, or what stood in the way."""
    key = _key(round_id, group_number, person_id, kind)
    finish_sending(store, deliveries, key, at=at, reference=reference, problem=problem)


def record_delivery(
    store: Store,
    round_id: str,
    group_number: int,
    person_id: str,
    kind: str,
    *,
    at: dt.datetime,
    reference: str | None = None,
    problem: str | None = None,
    shown: str | None = None,
) -> None:
    """Write down in one go what became of a message that may be sent twice without harm."""
    row = {
        **_key(round_id, group_number, person_id, kind),
        **describe_end(reference, problem),
        "tries": 1,
        "intended_at": at,
        "done_at": at,
        "shown": shown,
    }
    with store.write(outlasts_power=False) as connection:
        upsert(connection, deliveries, [row])


def note_shown(store: Store, delivery: Delivery, shown: str) -> None:
    """Write down what a card that was sent shows by now."""
    key = _key(delivery.round_id, delivery.group_number, delivery.person_id, delivery.kind)
    with store.write(outlasts_power=False) as connection:
        connection.execute(update(deliveries).where(match(deliveries, key)).values(shown=shown))


def _key(round_id: str, group_number: int, person_id: str, kind: str) -> dict[str, str | int]:
    return {
        "round_id": round_id,
        "group_number": group_number,
        "person_id": person_id,
        "kind": kind,
    }


def forget_shown(store: Store, round_id: str, group_number: int) -> None:
    """Keep no digest any more of what the cards of a group show; they stay as they are."""
    with store.write() as connection:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.round_id == round_id, deliveries.c.group_number == group_number)
            .values(shown=None)
        )


def read_chats(store: Store) -> dict[str, str]:
    """The conversation in which each person got their newest card, by person id."""
    statement = (
        select(deliveries.c.person_id, deliveries.c.reference)
        .where(deliveries.c.state == "sent", deliveries.c.reference.contains(" "))
        .order_by(deliveries.c.done_at)
    )
    with store.read() as connection:
        return {row.person_id: row.reference.split(" ")[0] for row in connection.execute(statement)}


def read_deliveries(
    store: Store, round_id: str, *, kinds: Sequence[str] | None = None
) -> tuple[Delivery, ...]:
    """The deliveries of a round, of all kinds or some."""
    statement = (
        select(deliveries)
        .where(deliveries.c.round_id == round_id)
        .order_by(deliveries.c.group_number, deliveries.c.person_id, deliveries.c.kind)
    )
    if kinds is not None:
        statement = statement.where(deliveries.c.kind.in_(list(kinds)))
    with store.read() as connection:
        return tuple(Delivery(**row) for row in connection.execute(statement).mappings())
