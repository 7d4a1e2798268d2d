"""Who did what, when: for HR, and for whoever must explain it later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select

from scheduler.store.engine import Store
from scheduler.store.schema import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One deed. ``details`` hold ids and counts, no names."""

    at: dt.datetime
    by: str
    what: str
    round_id: str | None
    details: dict[str, Any]


def write_audit(
    store: Store,
    what: str,
    *,
    at: dt.datetime,
    by: str,
    round_id: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry; there is no way to change one."""
    with store.write() as connection:
        connection.execute(
            insert(audit).values(
                at=at, by=by, what=what, round_id=round_id, details=dict(details or {})
            )
        )


def read_audit(store: Store, *, round_id: str | None = None) -> tuple[AuditEntry, ...]:
    """All entries, oldest first, or those of one round."""
    statement = select(
        audit.c.at, audit.c.by, audit.c.what, audit.c.round_id, audit.c.details
    ).order_by(audit.c.id)
    if round_id is not None:
        statement = statement.where(audit.c.round_id == round_id)
    with store.read() as connection:
        return tuple(AuditEntry(**row) for row in connection.execute(statement).mappings())


def find_last_audit(store: Store, what: str) -> dt.datetime | None:
    """When something was last done; None: never."""
    latest = func.max(audit.c.at, type_=audit.c.at.type)
    with store.read() as connection:
        at: dt.datetime | None = connection.execute(
            select(latest).where(audit.c.what == what)
        ).scalar()
    return at
