"""Rounds: one per programme and date, and the states it goes through.

    planned -> approved -> booking -> booked -> held -> closed
    each of them -> cancelling -> cancelled
    booking -> held, where the meetings' time came before all were booked

Every step is one guarded update, so two processes cannot both take it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import insert, select, update

from scheduler.grouping.plan import Plan
from scheduler.store.engine import Store
from scheduler.store.errors import RoundStateError, UnknownRoundError
from scheduler.store.plans import add_revision
from scheduler.store.schema import rounds

State = Literal[
    "planned", "approved", "booking", "booked", "held", "closed", "cancelling", "cancelled"
]

COMES_FROM: dict[State, frozenset[State]] = {
    "planned": frozenset({"approved"}),  # sent back before anybody was invited
    "approved": frozenset({"planned"}),
    "booking": frozenset({"approved", "booked"}),  # from booked: a repair, a reconciliation
    "booked": frozenset({"booking"}),
    "held": frozenset({"booking", "booked"}),  # from booking: time went by, and not all was booked
    "closed": frozenset({"held"}),
    "cancelling": frozenset({"planned", "approved", "booking", "booked", "held", "closed"}),
    "cancelled": frozenset({"cancelling"}),
}
"""From which states a state can be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round as stored. ``revision`` counts its plans; the newest counts."""

    id: str
    programme: str
    date: dt.date
    state: State
    seed: int
    revision: int
    cancel_message: str | None
    created_at: dt.datetime
    changed_at: dt.datetime
    changed_by: str


def split_round_id(round_id: str) -> tuple[str, dt.date]:
    """Programme and date of ``programme/date``.

    Raises:
        UnknownRoundError: It is not of that form.
    """
    programme, _, date = round_id.rpartition("/")
    try:
        if programme:
            return programme, dt.date.fromisoformat(date)
    except ValueError:
        pass
    raise UnknownRoundError(round_id)


def save_plan(store: Store, plan: Plan, *, at: dt.datetime, by: str) -> Round:
    """Keep a plan as its round, which is then planned.

    A round that is still planned gets the new plan instead of the old one.

    Raises:
        RoundStateError: The round has been approved, or has gone further.
        UnknownRoundError: The plan's round id is not ``programme/date``.
    """
    programme, date = split_round_id(plan.round_id)
    with store.write() as connection:
        state = connection.execute(
            select(rounds.c.state).where(rounds.c.id == plan.round_id)
        ).scalar()
        if state is None:
            connection.execute(
                insert(rounds).values(
                    id=plan.round_id,
                    programme=programme,
                    date=date,
                    state="planned",
                    seed=plan.seed,
                    revision=0,
                    created_at=at,
                    changed_at=at,
                    changed_by=by,
                )
            )
        elif state != "planned":
            raise RoundStateError(plan.round_id, state, "planned anew")
        add_revision(connection, plan, reason="planned", at=at)
    return read_round(store, plan.round_id)


def read_round(store: Store, round_id: str) -> Round:
    """Read one round.

    Raises:
        UnknownRoundError: There is none of that name.
    """
    found = find_round(store, round_id)
    if found is None:
        raise UnknownRoundError(round_id)
    return found


def find_round(store: Store, round_id: str) -> Round | None:
    """Read one round, None when there is none of that name."""
    with store.read() as connection:
        row = connection.execute(select(rounds).where(rounds.c.id == round_id)).mappings().first()
    return None if row is None else Round(**row)


def list_rounds(
    store: Store, *, programme: str | None = None, states: frozenset[State] | None = None
) -> tuple[Round, ...]:
    """Rounds by date, those of one programme or in some states."""
    statement = select(rounds).order_by(rounds.c.date, rounds.c.id)
    if programme is not None:
        statement = statement.where(rounds.c.programme == programme)
    if states is not None:
        statement = statement.where(rounds.c.state.in_(sorted(states)))
    with store.read() as connection:
        return tuple(Round(**row) for row in connection.execute(statement).mappings())


def move_round(store: Store, round_id: str, state: State, *, at: dt.datetime, by: str) -> Round:
    """Take a round to its next state. Where it is there already, nothing happens.

    Raises:
        RoundStateError: No step leads there from its state.
        UnknownRoundError: There is no such round.
    """
    return _move(store, round_id, state, at=at, by=by, cancel_message=None)


def begin_cancelling(
    store: Store, round_id: str, message: str, *, at: dt.datetime, by: str
) -> Round:
    """Take a round to cancelling, with what its members are told; the first message stays.

    Raises:
        RoundStateError: It is cancelled already.
        UnknownRoundError: There is no such round.
    """
    return _move(store, round_id, "cancelling", at=at, by=by, cancel_message=message)


def _move(
    store: Store,
    round_id: str,
    state: State,
    *,
    at: dt.datetime,
    by: str,
    cancel_message: str | None,
) -> Round:
    values: dict[str, object] = {"state": state, "changed_at": at, "changed_by": by}
    if cancel_message is not None:
        values["cancel_message"] = cancel_message
    with store.write() as connection:
        moved = connection.execute(
            update(rounds)
            .where(rounds.c.id == round_id, rounds.c.state.in_(sorted(COMES_FROM[state])))
            .values(**values)
        ).rowcount
        row = connection.execute(select(rounds).where(rounds.c.id == round_id)).mappings().first()
    if row is None:
        raise UnknownRoundError(round_id)
    found = Round(**row)
    if not moved and found.state != state:
        raise RoundStateError(round_id, cast("str", found.state), state)
    return found
