"""Plans in the store: JSON in, the same plan out."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, select, update

from scheduler.grouping.plan import Plan
from scheduler.store.engine import Store
from scheduler.store.errors import UnknownRoundError
from scheduler.store.schema import plans, rounds

if TYPE_CHECKING:
    from pydantic import TypeAdapter as Adapter


@cache
def _adapter() -> Adapter[Plan]:
    return TypeAdapter(Plan)


def write_plan(plan: Plan) -> str:
    """The plan as JSON."""
    return _adapter().dump_json(plan).decode()


def parse_plan(text: str) -> Plan:
    """The plan of :func:`write_plan`'s JSON, equal to the one that was written."""
    return _adapter().validate_json(text)


def read_plan(store: Store, round_id: str, revision: int | None = None) -> Plan:
    """The plan of a round that counts now, or an earlier revision (from 1).

    Raises:
        UnknownRoundError: There is none.
    """
    wanted = rounds.c.revision if revision is None else revision
    statement = (
        select(plans.c.plan)
        .join(rounds, rounds.c.id == plans.c.round_id)
        .where(plans.c.round_id == round_id, plans.c.revision == wanted)
    )
    with store.read() as connection:
        text = connection.execute(statement).scalar()
    if text is None:
        raise UnknownRoundError(round_id)
    return parse_plan(text)


def write_prices(store: Store, round_id: str, revision: int, prices: str) -> None:
    """Keep what the rules cost a round beside the plan that they are the prices of, as JSON."""
    with store.write() as connection:
        connection.execute(
            update(plans)
            .where(plans.c.round_id == round_id, plans.c.revision == revision)
            .values(prices=prices)
        )


def read_prices(store: Store, round_id: str) -> str | None:
    """The newest prices of a round as JSON, of the plan that counts or an earlier one.

    None: nobody asked for them, or there is no such round.
    """
    statement = (
        select(plans.c.prices)
        .where(plans.c.round_id == round_id, plans.c.prices.is_not(None))
        .order_by(plans.c.revision.desc())
        .limit(1)
    )
    with store.read() as connection:
        found: str | None = connection.execute(statement).scalar()
    return found


def replace_plan(store: Store, plan: Plan, *, reason: str, at: dt.datetime) -> int:
    """Let another plan count for a round that exists, and return its revision.

    Nobody is told by this; booking compares the events with the plan that counts.

    Raises:
        UnknownRoundError: There is no such round.
    """
    with store.write() as connection:
        return add_revision(connection, plan, reason=reason, at=at)


def add_revision(connection: Connection, plan: Plan, *, reason: str, at: dt.datetime) -> int:
    """:func:`replace_plan` within a transaction."""
    revision: int | None = connection.execute(
        update(rounds)
        .where(rounds.c.id == plan.round_id)
        .values(revision=rounds.c.revision + 1, seed=plan.seed, changed_at=at)
        .returning(rounds.c.revision)
    ).scalar()
    if revision is None:
        raise UnknownRoundError(plan.round_id)
    connection.execute(
        insert(plans).values(
            round_id=plan.round_id,
            revision=revision,
            plan=write_plan(plan),
            reason=reason,
            made_at=at,
        )
    )
    return revision
