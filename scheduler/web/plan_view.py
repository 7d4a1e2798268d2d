"""A plan as HR's pages show it: searched, filtered and paged here, however large it is."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from scheduler.grouping.plan import Group, Place, Plan
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut
from scheduler.rounds.reporting import NOT_ON_THE_ROSTER
from scheduler.texts.catalogue import texts_in
from scheduler.texts.times import clock_text, day_text, short_day_text
from scheduler.web.plan_page import GroupCard, make_card, make_line, name_kind

GROUPS_A_PAGE = 24
PRINTED_MOST = 400
"""Groups on one page that is asked for to be printed."""
PEOPLE_A_PAGE = 60
SINGLE_MOST = 160
"""Groups up to which the week names each one; beyond, it counts them by office."""
TEXTS = texts_in("en")


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody looks for. ``place`` is an office, or a place that belongs to none."""

    q: str = ""
    day: str = ""
    at: str = ""
    place: str = ""
    only: str = ""

    def address(self, **changes: object) -> str:
        """The query of a page with these filters and changes, with its question mark."""
        values = {"q": self.q, "day": self.day, "at": self.at, "place": self.place}
        values |= {"only": self.only} | {name: str(value) for name, value in changes.items()}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"?{query}" if query else "?"

    @property
    def is_set(self) -> bool:
        """Whether anything is left out."""
        return any((self.q, self.day, self.at, self.place, self.only))


@dataclass(frozen=True, slots=True)
class Spot:
    """A place at one time: its groups by number, or how many there are and where they are listed.

    ``query`` leads to the list; empty where the numbers do.
    """

    name: str
    numbers: tuple[int, ...]
    query: str = ""


@dataclass(frozen=True, slots=True)
class GridDay:
    """A day of the week grid: times, and at each of them the places."""

    name: str
    groups: int
    times: tuple[tuple[str, tuple[Spot, ...]], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Some of many: page ``number`` of ``last``, from 1; ``count``: how many there are in all."""

    items: tuple[object, ...]
    number: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """A person without a seat, as lines of text."""

    person_id: str
    name: str
    about: str
    text: str
    may_sit: bool
    """Whether they take part in the round, so that a seat can be found for them."""


class PlanView:
    """One plan with the names of its people, ready to be asked."""

    def __init__(self, plan: Plan, people: Mapping[str, Person]) -> None:
        """Look through the plan once.

        Args:
            plan: What to show.
            people: Everybody whom it names, by id.
        """
        self.plan = plan
        self.people = people
        self._starts = {
            group.number: group.slot.start.astimezone(ZoneInfo(group.zone)) for group in plan.groups
        }
        self._words = {group.number: self._words_of(group) for group in plan.groups}
        self.numbers = {group.number: group for group in plan.groups}
        self.seat_of = {m: group.number for group in plan.groups for m in group.member_ids}
        self.weeks = self._make_weeks()
        self.days = sorted({start.date() for start in self._starts.values()})
        self.places = sorted({area_of(group.place) for group in plan.groups})
        self.kinds = Counter(name_kind(one.kind) for one in plan.left_out)
        self.fixed = sum(group.fixed for group in plan.groups)

    def find_groups(self, wanted: Filter) -> list[Group]:
        """Groups that fit, by time, then number."""
        words = plain(wanted.q).split()
        found = [
            group
            for group in self.plan.groups
            if (not wanted.day or self._starts[group.number].date().isoformat() == wanted.day)
            and (not wanted.at or f"{self._starts[group.number]:%H:%M}" == wanted.at)
            and (not wanted.place or area_of(group.place) == wanted.place)
            and (wanted.only != "fixed" or group.fixed)
            and all(word in self._words[group.number] for word in words)
        ]
        return sorted(found, key=lambda group: (self._starts[group.number], group.number))

    def page_groups(self, wanted: Filter, number: int, *, everything: bool = False) -> Page:
        """Cards of the groups that fit, one page of them, or as many as can be printed."""
        size = PRINTED_MOST if everything else GROUPS_A_PAGE
        page = cut_page(self.find_groups(wanted), number, size)
        cards = tuple(self.card(group) for group in page.items if isinstance(group, Group))
        return Page(cards, page.number, page.last, page.count)

    def page_left_out(self, q: str, kind: str, number: int) -> Page:
        """People without a seat who fit, by kind of reason and name, one page of them."""
        words = plain(q).split()
        lines = [
            (name_kind(one.kind), self._line(one))
            for one in self.plan.left_out
            if not kind or name_kind(one.kind) == kind
        ]
        lines = [
            (kind, line)
            for kind, line in lines
            if not words
            or all(word in plain(f"{line.name} {line.about} {line.text}") for word in words)
        ]
        lines.sort(key=lambda item: (-self.kinds[item[0]], item[0], item[1].name.casefold()))
        return cut_page(lines, number, PEOPLE_A_PAGE)

    def card(self, group: Group) -> GroupCard:
        """One group for readers."""
        return make_card(group, self.people, TEXTS)

    def when(self, number: int) -> str:
        """``Tue, 8 Dec, 12:00``."""
        return self.moment(self.numbers[number])

    def moment(self, group: Group) -> str:
        """When a group meets, also one of another plan of the round."""
        start = group.slot.start.astimezone(ZoneInfo(group.zone))
        return f"{short_day_text(start, TEXTS)}, {clock_text(start, TEXTS)}"

    def find_people(self, text: str, most: int = 12) -> list[Person]:
        """People of this round whom a text names: id, address, or parts of the name."""
        return find_people(
            [self.people[person_id] for person_id in self._everybody()], text, most=most
        )

    def _everybody(self) -> list[str]:
        return [*self.seat_of, *(one.person_id for one in self.plan.left_out)]

    def _line(self, one: LeftOut) -> LeftOutLine:
        line = make_line(self.people[one.person_id], TEXTS)
        about = " · ".join(part for part in (line.department, line.office) if part)
        may_sit = one.kind not in NOT_ON_THE_ROSTER
        return LeftOutLine(one.person_id, line.name, about, one.text, may_sit)

    def _words_of(self, group: Group) -> str:
        start = self._starts[group.number]
        parts = [str(group.number), group.place.name, group.place.office or ""]
        parts += [short_day_text(start, TEXTS), f"{start:%H:%M}"]
        for member in group.member_ids:
            person = self.people[member]
            parts += [person.name, person.mail, person.department or "", person.office or ""]
        return plain(" ".join(parts))

    def _make_weeks(self) -> list[tuple[str, tuple[GridDay, ...]]]:
        single = len(self.plan.groups) <= SINGLE_MOST
        grid: defaultdict[dt.date, defaultdict[dt.time, defaultdict[str, list[int]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(list))
        )
        for group in self.plan.groups:
            start = self._starts[group.number]
            name = group.place.name if single else area_of(group.place)
            grid[start.date()][start.time()][name].append(group.number)
        weeks: defaultdict[dt.date, list[GridDay]] = defaultdict(list)
        for day in sorted(grid):
            times = tuple(
                (
                    clock_text(dt.datetime.combine(day, time, dt.UTC), TEXTS),
                    tuple(
                        Spot(
                            place,
                            tuple(sorted(at[place])),
                            ""
                            if single
                            else Filter(
                                day=day.isoformat(), at=f"{time:%H:%M}", place=place
                            ).address(),
                        )
                        for place in sorted(at)
                    ),
                )
                for time, at in sorted(grid[day].items())
            )
            count = sum(len(spot.numbers) for _, spots in times for spot in spots)
            monday = day - dt.timedelta(days=day.weekday())
            weeks[monday].append(GridDay(short_day_text(day, TEXTS), count, times))
        return [(day_text(monday, TEXTS), tuple(days)) for monday, days in weeks.items()]


def area_of(place: Place) -> str:
    """The office of a place, or its name where it belongs to none."""
    return place.office or place.name


def plain(text: str) -> str:
    """The text without case and accents, as people type it."""
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def find_people(people: Sequence[Person], text: str, *, most: int = 12) -> list[Person]:
    """Whom a text names: exactly by id, address or name, else all with its words in their name."""
    wanted = plain(text.strip())
    if not wanted:
        return []
    exact = [one for one in people if wanted in {plain(one.id), plain(one.mail), plain(one.name)}]
    words = wanted.split()
    found = exact or [one for one in people if all(word in plain(one.name) for word in words)]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))[:most]


def cut_page(items: Sequence[object], number: int, size: int) -> Page:
    """One page of many; a number that there is not is the nearest one."""
    last = max(1, -(-len(items) // size))
    number = min(max(1, number), last)
    return Page(tuple(items[(number - 1) * size : number * size]), number, last, len(items))
