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
