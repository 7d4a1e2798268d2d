"""Undo a round: Outlook's meetings are cancelled, and the cards in Teams say so."""

from __future__ import annotations

from scheduler.booking import cancel
from scheduler.booking.report import CancelReport
from scheduler.rounds.booking import read_settled_people
from scheduler.rounds.context import Context
from scheduler.rounds.refreshing import refresh_cards


async def cancel_round(context: Context, round_id: str, message: str) -> CancelReport:
    """Cancel every meeting of a round that is ahead, with a message to its members.

    Raises:
        RoundHeldError: Another process is at it.
        UnknownRoundError: There is no such round.
        GraphError: Graph cannot be reached; the next call goes on.
    """
    with context.progress.step("Cancelling meetings") as progress:
        report = await cancel.cancel_round(
            context.graph,
            context.store,
            round_id,
            message,
            organisers=context.settings.organisation.organisers,
            by=context.by,
            clock=context.moment,
            progress=progress,
        )
    if report.cancelled or report.gone:
        people = await read_settled_people(context)
        await refresh_cards(context, round_id, people, at=context.moment())
    return report
