"""The plans that a round has had, and the step from one to the next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select, update

from scheduler.grouping.plan import Plan
from scheduler.store.engine import Store
from scheduler.store.errors import PlanChangedError, RoundStateError, UnknownRoundError
from scheduler.store.plans import add_revision
from scheduler.store.rounds import State
from scheduler.store.schema import plans, rounds


@dataclass(frozen=True, slots=True)
class Revision:
    """One plan of a round, from 1; ``reason``: why it was made."""

    number: int
    reason: str
    made_at: dt.datetime


def list_revisions(store: Store, round_id: str) -> tuple[Revision, ...]:
    """The plans that a round has had, the first one first."""
    statement = (
        select(plans.c.revision, plans.c.reason, plans.c.made_at)
        .where(plans.c.round_id == round_id)
        .order_by(plans.c.revision)
    )
    with store.read() as connection:
        return tuple(Revision(*row) for row in connection.execute(statement))


def revise_plan(
    store: Store,
    plan: Plan,
    *,
    revision: int,
    states: frozenset[State],
    reason: str,
    at: dt.datetime,
    by: str,
) -> int:
    """Let another plan count, made from the one of ``revision``; the new revision.

    Nobody is told by this; booking compares the events with the plan that counts.

    Args:
        store: Holds the round.
        plan: The new one.
        revision: Of the plan that it was made from; where another counts by now, nothing is kept.
        states: In which the round has to be, now that it is kept.
        reason: Why, for the list of plans; holds no name.
        at: The moment.
        by: Who decided.

    Raises:
        PlanChangedError: Another plan counts by now.
        RoundStateError: The round is in another state.
        UnknownRoundError: There is no such round.
    """
    with store.write() as connection:
        held = connection.execute(
            update(rounds)
            .where(
                rounds.c.id == plan.round_id,
                rounds.c.revision == revision,
                rounds.c.state.in_(sorted(states)),
            )
            .values(changed_at=at, changed_by=by)
        ).rowcount
        if not held:
            row = connection.execute(
                select(rounds.c.state, rounds.c.revision).where(rounds.c.id == plan.round_id)
            ).first()
            if row is None:
                raise UnknownRoundError(plan.round_id)
            if row.state not in states:
                raise RoundStateError(plan.round_id, row.state, "changed")
            raise PlanChangedError(plan.round_id)
        return add_revision(connection, plan, reason=reason, at=at)
