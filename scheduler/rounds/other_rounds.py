"""What other programmes' rounds to come would ask of people, for simulations."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from scheduler.people.audience import make_roster
from scheduler.people.choices import Choices
from scheduler.people.person import Person
from scheduler.programmes.cadence import days_planned_ahead, next_round_start, round_days
from scheduler.programmes.programme import WEEKDAYS, Programme
from scheduler.rounds.context import Context
from scheduler.store.meetings import Meeting
from scheduler.store.rounds import list_rounds


class OtherRounds:
    """Rounds of the other programmes that have no plan yet."""

    def __init__(
        self,
        context: Context,
        programme: Programme,
        people: Sequence[Person],
        choices: Mapping[str, Choices],
        group_members: Mapping[str, frozenset[str]],
    ) -> None:
        """``programme`` is the one that is simulated; ``people`` everybody."""
        self._own = programme
        self._others: list[tuple[Programme, dt.date | None, list[Person]]] = []
        organisation = context.settings.organisation
        self._zone = organisation.offices[0].zone
        self._today = context.today
        for name, other in sorted(context.settings.programmes.items()):
            if name == programme.name:
                continue
            rounds = [r.date for r in list_rounds(context.store, programme=name)]
            roster = make_roster(
                people, other, choices, today=context.today,
                offices=organisation.offices, group_members=group_members,
            )  # fmt: skip
            takers = [person for person in roster.people if not person.guest]
            self._others.append((other, max(rounds, default=None), takers))

    def list_meetings(
        self, first: dt.date, last: dt.date, *, planned_before: dt.date
    ) -> Iterator[Meeting]:
        """A meeting for each person who takes part, on one of the round's days.

        Which day it is, is drawn from the round and the person, the same each time.

        Args:
            first: Rounds that begin on this day or later.
            last: Rounds that begin up to this day.
            planned_before: The first day of a round of the programme that is simulated; only
                rounds whose plan is made before that one's come first.
        """
        mine = self._plan_day(self._own, planned_before)
        for other, latest, takers in self._others:
            for start in _list_starts(other, self._today, last, latest):
                if start >= first and self._plan_day(other, start) < mine:
                    yield from self._seat(other, start, takers)

    def _plan_day(self, programme: Programme, start: dt.date) -> tuple[dt.date, str]:
        return start - dt.timedelta(days=days_planned_ahead(programme)), programme.name

    def _seat(self, other: Programme, start: dt.date, takers: list[Person]) -> Iterator[Meeting]:
        begin, end = round_days(other.cadence, start)
        span = [begin + dt.timedelta(days=n) for n in range((end - begin).days + 1)]
        days = [day for day in span if WEEKDAYS[day.weekday()] in other.window.days] or span
        round_id = f"{other.name}/{start.isoformat()}"
        for person in takers:
            day = days[zlib.crc32(f"{round_id} {person.id}".encode()) % len(days)]
            zone = ZoneInfo(person.zone or self._zone)
            at = dt.datetime.combine(day, other.window.earliest, zone).astimezone(dt.UTC)
            yield Meeting(round_id, other.name, 0, at, (person.id,))


def _list_starts(
    programme: Programme, today: dt.date, last: dt.date, latest: dt.date | None
) -> Iterator[dt.date]:
    """The first days of a programme's rounds up to a day, after the latest that has a plan."""
    earliest = today if latest is None else max(today, latest + dt.timedelta(days=1))
    while True:
        start = next_round_start(programme.cadence, earliest, last_start=latest)
        if start is None or start > last:
            return
        yield start
        earliest, latest = start + dt.timedelta(days=1), start
