"""Compare the organisers' calendars with our records, and heal what differs."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.booking.report import CancelReport
from scheduler.booking.strays import cancel_strays as cancel_all
from scheduler.booking.strays import find_strays
from scheduler.rounds.cancelling import cancel_round
from scheduler.rounds.context import Context
from scheduler.rounds.outcome import Outcome, carry_out_round
from scheduler.store.rounds import State, list_rounds, read_round

CARRIED_ON: frozenset[State] = frozenset({"booking", "booked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """What was compared and healed. ``strays``: events of ours that no round knows."""

    outcomes: tuple[Outcome, ...]
    cancelled: tuple[CancelReport, ...]
    strays: int
    strays_cancelled: int

    @property
    def exit_code(self) -> int:
        """0 when calendars and records agree, else 1."""
        agree = all(outcome.exit_code == 0 for outcome in self.outcomes)
        agree = agree and all(report.complete for report in self.cancelled)
        return 0 if agree and self.strays == self.strays_cancelled else 1

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "rounds": [outcome.as_dict() for outcome in self.outcomes],
            "cancelled_rounds": [report.round_id for report in self.cancelled],
            "strays": self.strays,
            "strays_cancelled": self.strays_cancelled,
        }

    def in_words(self) -> str:
        """What was found and done."""
        lines = [outcome.in_words() for outcome in self.outcomes]
        lines += [
            f"Round {report.round_id}: cancelling was carried on; {report.cancelled} meetings "
            "cancelled now."
            for report in self.cancelled
        ]
        if self.strays_cancelled:
            lines.append(f"{self.strays_cancelled} events that no round knows were cancelled.")
        elif self.strays:
            lines.append(
                f"{self.strays} events carry our mark and belong to no round that we know. "
                "Look at them in the organisers' calendars; --cancel-strays MESSAGE cancels them."
            )
        return "\n".join(lines) or "No round is under way, and no event of ours is left over."


async def reconcile_all(
    context: Context, round_id: str | None = None, *, cancel_strays: str | None = None
) -> Reconciliation:
    """Heal one round, or all that are under way, and look for events that belong to none.

    Raises:
        RoundHeldError: another process is at one of them.
        UnknownRoundError: there is no such round.
        GraphError: Graph cannot be reached; the next call goes on.
    """
    rounds = [read_round(context.store, round_id)] if round_id else list_rounds(context.store)
    organisers = context.settings.organisation.organisers
    outcomes = [
        await carry_out_round(context, found.id, again=True)
        for found in rounds
        if found.state in CARRIED_ON
    ]
    cancelled = [
        await cancel_round(context, found.id, found.cancel_message or "")
        for found in rounds
        if found.state == "cancelling"
    ]
    strays = await find_strays(context.graph, context.store, organisers, at=context.moment())
    if strays and cancel_strays is not None:
        await cancel_all(context.graph, strays, cancel_strays)
    return Reconciliation(
        outcomes=tuple(outcomes),
        cancelled=tuple(cancelled),
        strays=len(strays),
        strays_cancelled=len(strays) if cancel_strays is not None else 0,
    )
