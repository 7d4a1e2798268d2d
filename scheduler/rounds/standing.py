"""How a round stands by our records: planned = booked = announced, or which groups differ."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.booking.keys import fingerprint
from scheduler.booking.report import list_numbers
from scheduler.rounds.group_cards import CARD
from scheduler.store.bookings import read_bookings
from scheduler.store.deliveries import read_deliveries
from scheduler.store.engine import Store
from scheduler.store.plans import read_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Groups by their numbers: planned ones that have no event, booked ones of which somebody
    could not be told, and how many are planned, were removed in Outlook by somebody, are booked.
    """

    round_id: str
    planned: int
    booked: int
    removed_by_hand: int
    unbooked: tuple[int, ...]
    untold: tuple[int, ...]

    @property
    def announced(self) -> int:
        """How many booked groups have told everybody."""
        return self.booked - len(self.untold)

    @property
    def complete(self) -> bool:
        """Whether planned = booked = announced."""
        return not self.unbooked and not self.untold

    def describe_difference(self) -> str | None:
        """What does not agree, in one sentence; None when all does."""
        parts = []
        if self.unbooked:
            parts.append(f"not booked as planned: {list_numbers(self.unbooked)}")
        if self.untold:
            parts.append(f"somebody was not told in {list_numbers(self.untold)}")
        return f"Round {self.round_id}: {'; '.join(parts)}." if parts else None


def read_standing(store: Store, round_id: str) -> Standing:
    """Compare plan, bookings and deliveries of a round; nobody else is asked.

    Raises:
        UnknownRoundError: There is no such round.
    """
    groups = {group.number: group for group in read_plan(store, round_id).groups}
    rows = read_bookings(store, round_id)
    alike = {n for n, g in groups.items() if n in rows and rows[n].fingerprint == fingerprint(g)}
    booked = {n for n in alike if rows[n].state == "booked"}
    removed = {n for n in alike if rows[n].state == "removed"}
    untold = {
        delivery.group_number
        for delivery in read_deliveries(store, round_id, kinds=[CARD])
        if delivery.state != "sent"
        and delivery.group_number in booked
        and delivery.person_id in groups[delivery.group_number].member_ids
    }
    return Standing(
        round_id=round_id,
        planned=len(groups),
        booked=len(booked),
        removed_by_hand=len(removed),
        unbooked=tuple(sorted(groups.keys() - booked - removed)),
        untold=tuple(sorted(untold)),
    )
