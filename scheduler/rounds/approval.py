"""HR's decision about a plan."""

from __future__ import annotations

from scheduler.store.audit import write_audit
from scheduler.store.engine import Store, now
from scheduler.store.rounds import Round, move_round


def approve_round(store: Store, round_id: str, *, by: str) -> Round:
    """Approve a planned round; approving it twice changes nothing.

    Raises:
        RoundStateError: it has been booked or cancelled already.
        UnknownRoundError: there is no such round.
    """
    approved = move_round(store, round_id, "approved", at=now(), by=by)
    write_audit(store, "round approved", at=now(), by=by, round_id=round_id)
    return approved


def send_back_round(store: Store, round_id: str, *, by: str, reason: str = "") -> Round:
    """Take an approval back, so that the round can be planned anew.

    Raises:
        RoundStateError: somebody has been invited already.
        UnknownRoundError: there is no such round.
    """
    planned = move_round(store, round_id, "planned", at=now(), by=by)
    write_audit(
        store, "round sent back", at=now(), by=by, round_id=round_id, details={"reason": reason}
    )
    return planned
