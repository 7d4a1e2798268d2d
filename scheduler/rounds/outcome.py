"""Planned = booked = announced, or what differs."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import structlog

from scheduler.booking.report import BookingReport, list_numbers
from scheduler.rounds.announcing import AnnouncementReport, announce_round
from scheduler.rounds.booking import book_round
from scheduler.rounds.context import Context

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What booking and announcing a round came to."""

    booking: BookingReport
    announcement: AnnouncementReport

    @property
    def exit_code(self) -> int:
        """0 when planned = booked = announced, else 1."""
        return 0 if self.booking.complete and self.announcement.complete else 1

    def describe_difference(self) -> str | None:
        """What does not agree, in sentences; None when planned = booked = announced."""
        told, parts = self.announcement, [self.booking.describe_difference()]
        if told.untold:
            parts.append(
                f"{told.booked} groups are booked and {told.announced} have been told; somebody "
                f"was not told in {list_numbers(told.untold)}."
            )
        return " ".join(part for part in parts if part) or None

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "round": self.booking.round_id,
            "planned": self.booking.planned,
            "booked": self.booking.booked,
            "announced": self.announcement.announced,
            "agendas_attached": self.booking.attached,
            "booking": asdict(self.booking),
            "announcement": asdict(self.announcement),
        }

    def in_words(self) -> str:
        """What happened, and what differs."""
        booking, told = self.booking, self.announcement
        lines = []
        if booking.nothing_to_do:
            lines.append(f"Round {booking.round_id} was booked already; nothing was booked again.")
        else:
            lines.append(
                f"Round {booking.round_id}: {booking.booked} of {booking.planned} groups are "
                f"booked, {booking.attached} with their agenda."
            )
        lines.append(
            f"{told.announced} of {told.booked} groups have been told: {told.cards} cards, "
            f"{told.mails} mails."
        )
        if (difference := self.describe_difference()) is not None:
            lines.append(f"Not as planned. {difference}")
        if told.failed:
            lines.append(f"{told.failed} people could not be told; the same command tries again.")
        return "\n".join(lines)


async def carry_out_round(context: Context, round_id: str, *, again: bool = False) -> Outcome:
    """Book an approved round and tell everybody; each part goes on where it left off.

    With ``again`` a round that is booked already is compared with its plan and healed.

    Raises:
        RoundHeldError: another process is at it.
        RoundStateError: the round is not approved, or over.
        UnknownRoundError: there is no such round.
        GraphError: Graph cannot be reached; the next start goes on.
    """
    booking = await book_round(context, round_id, again=again)
    outcome = Outcome(booking, await announce_round(context, round_id))
    if outcome.exit_code:
        log.error(
            "round-incomplete",
            round=round_id,
            planned=booking.planned,
            booked=booking.booked,
            removed_by_hand=booking.removed_by_hand,
            announced=outcome.announcement.announced,
            differs=outcome.describe_difference(),
        )
    return outcome
