"""What booking says at its end: numbers that must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NUMBERS_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingReport:
    """How the organisers' calendars compare with the plan, counted by reading them back.

    ``planned`` groups, of which ``booked`` have exactly one event and ``attached`` of these
    their agenda; the ``unbooked`` ones, by their numbers, have none; ``removed_by_hand`` were
    deleted in Outlook by somebody, which is respected.
    ``created``, ``adopted`` (found, not in our records), ``changed`` and ``cancelled`` (twins
    and groups that the plan no longer has) say what this run did. ``no_longer_free`` are group
    numbers that were not booked because a member is taken now, ``without_link`` online meetings
    for which Microsoft 365 made no link, ``problems`` group numbers with what went wrong.
    ``nothing_to_do`` says that the round was booked already.
    """

    round_id: str
    planned: int
    booked: int
    unbooked: tuple[int, ...]
    attached: int
    removed_by_hand: int
    created: int
    adopted: int
    changed: int
    cancelled: int
    no_longer_free: tuple[int, ...]
    without_link: tuple[int, ...]
    problems: tuple[tuple[int, str], ...]
    nothing_to_do: bool = False

    @property
    def complete(self) -> bool:
        """Whether every planned group has one event with its agenda."""
        return (
            self.planned == self.booked + self.removed_by_hand
            and self.attached == self.booked
            and not self.problems
        )

    def describe_difference(self) -> str | None:
        """What does not agree, in one sentence; None when all does."""
        if self.complete:
            return None
        parts = [f"{self.planned} groups are planned and {self.booked} are booked"]
        if self.unbooked:
            parts.append(f"not booked: {list_numbers(self.unbooked)}")
        if self.removed_by_hand:
            parts.append(f"{self.removed_by_hand} were removed in Outlook")
        if self.no_longer_free:
            parts.append(f"{len(self.no_longer_free)} have a member who is no longer free")
        if self.attached != self.booked:
            parts.append(f"{self.booked - self.attached} lack their agenda")
        if self.problems:
            parts.append(f"{len(self.problems)} met a problem, the first: {self.problems[0][1]}")
        return f"Round {self.round_id}: " + "; ".join(parts) + "."


def list_numbers(numbers: Sequence[int]) -> str:
    """Groups by their numbers, the first of many: "group 3", "groups 3, 8, 9 and 40 more"."""
    shown = ", ".join(map(str, numbers[:NUMBERS_SHOWN]))
    more = len(numbers) - NUMBERS_SHOWN
    return f"group{'s' * (len(numbers) > 1)} {shown}" + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelReport:
    """What cancelling a round did: events cancelled now, gone already, and kept because the
    meeting had taken place; ``left`` could not be cancelled.
    """

    round_id: str
    cancelled: int
    gone: int
    kept: int
    left: tuple[tuple[int, str], ...]

    @property
    def complete(self) -> bool:
        """Whether no event is left that should be gone."""
        return not self.left
