"""What people answered afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.insights.history import NO, PARTLY, SILENT, YES, Bools, History, Index


@dataclass(frozen=True, slots=True)
class Feedback:
    """Answers of all seats of some sittings.

    ``yes``, ``partly`` and ``no`` answer "did you meet?"; ``again`` and ``not_again`` answer
    "would you again?". ``people`` and ``moods`` count the different people behind the two.
    """

    seats: int
    yes: int
    partly: int
    no: int
    again: int
    not_again: int
    people: int
    moods: int

    @property
    def answered(self) -> int:
        """Seats that said whether they met."""
        return self.yes + self.partly + self.no

    @property
    def met_rate(self) -> float | None:
        """The share of answers that say they met, at least partly."""
        return (self.yes + self.partly) / self.answered if self.answered else None

    @property
    def mood(self) -> float | None:
        """The share of people who would do it again, of those who said."""
        said = self.again + self.not_again
        return self.again / said if said else None


def count_feedback(history: History, sittings: Bools) -> Feedback:
    """The answers of the chosen sittings ``(r,)``."""
    groups = np.flatnonzero(sittings[history.group_sitting])
    span = slice(groups[0], groups[-1] + 1) if len(groups) else slice(0, 0)
    seats = slice(history.group_first[span.start], history.group_first[span.stop])
    sizes = np.diff(history.group_first[span.start : span.stop + 1])
    chosen = np.repeat(sittings[history.group_sitting[span]], sizes)
    met, again = history.seat_met[seats][chosen], history.seat_again[seats][chosen]
    person = history.seat_person[seats][chosen]
    return Feedback(
        seats=len(met),
        yes=int(np.count_nonzero(met == YES)),
        partly=int(np.count_nonzero(met == PARTLY)),
        no=int(np.count_nonzero(met == NO)),
        again=int(np.count_nonzero(again == YES)),
        not_again=int(np.count_nonzero(again == NO)),
        people=_different(person[met != SILENT], history.people),
        moods=_different(person[again != SILENT], history.people),
    )


def _different(person: Index, people: int) -> int:
    return int(np.count_nonzero(np.bincount(person, minlength=people)))
