"""A plan as one page that HR reads before anybody is invited."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal, format_percent

from scheduler.agendas.about import department_text
from scheduler.grouping.plan import Group, Plan
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut
from scheduler.texts.catalogue import Texts, texts_in
from scheduler.texts.templates import open_templates
from scheduler.texts.times import clock_text, day_text, list_text, short_day_text, span_text
from scheduler.texts.times import zone_city as city_of
from scheduler.web.departments import count_departments

REASON_TITLES = {
    "no_slot": "Free at none of the meeting times",
    "no_venue": "No room or table open when they are free",
    "too_few": "Too few others free in the same place",
    "rules": "The programme's rules leave nobody to meet",
    "full": "Every room and table taken when they are free",
    "left_over": "The people they could meet have seats elsewhere",
    "does_not_suit": "Their group meets at a time that does not suit them",
    "waiting_list": "On the waiting list",
    "list_full": "Every seat taken by those who came first",
    "list_closed": "Put their names down after the list closed",
}
"""What a kind of reason is called; other kinds are called what they are."""


def name_kind(kind: str) -> str:
    """What a kind of reason is called above the people whom it keeps out."""
    return REASON_TITLES.get(kind.replace(" ", "_"), kind.replace("_", " ").capitalize())


STATE_NOTES = {
    "planned": "Nobody has been invited yet; the plan waits for approval.",
    "approved": "Approved; nobody has been invited yet.",
    "booking": "Invitations are being sent.",
    "booked": "Everybody has been invited.",
    "held": "The meetings have taken place.",
    "closed": "The meetings have taken place.",
    "cancelling": "The round is being cancelled.",
    "cancelled": "The round was cancelled.",
}
"""What a reader of the page is told about each state of a round."""


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One person, as a line of text."""

    name: str
    department: str
    office: str


@dataclass(frozen=True, slots=True)
class GroupCard:
    """One group on the page; ``clocks`` are the times elsewhere, for groups across zones."""

    number: int
    day: str
    span: str
    clocks: tuple[str, ...]
    place: str
    office: str
    members: tuple[MemberLine, ...]
    new_ties: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the grid: for each time the places and the numbers of the groups there."""

    name: str
    groups: int
    times: tuple[tuple[str, tuple[tuple[str, tuple[int, ...]], ...]], ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """People left out for one kind of reason, each with their own sentence."""

    title: str
    share: float
    people: tuple[tuple[str, str, str], ...]


def plan_page(
    plan: Plan,
    people: Mapping[str, Person],
    *,
    title: str,
    note: str = "Nobody has been invited yet.",
) -> str:
    """The plan as one HTML document that needs no other file and no script.

    Args:
        plan: The plan to show.
        people: Everybody whom the plan names, by id.
        title: The programme's title.
        note: Where the round stands, a sentence below the title.

    Raises:
        KeyError: When the plan names somebody who is not in ``people``.
    """
    texts = texts_in("en")
    return (
        open_templates("scheduler.web")
        .get_template("plan.html.j2")
        .render(
            plan=plan,
            title=title,
            note=note,
            figures=count_figures(plan, texts),
            weeks=_weeks(plan, texts),
            groups=[make_card(group, people, texts) for group in plan.groups],
            reasons=_reasons(plan.left_out, people, texts),
            heat=count_departments(plan.groups, people, texts),
        )
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """The headline in numbers and in words."""

    placed: str
    roster: str
    bound: str
    of_bound: str
    of_value: str
    groups: str
    sizes: str
    new_ties: str
    across: str
    repeats: str
    left_out: str
    placed_share: float
    missed_share: float
    best: bool


def count_figures(plan: Plan, texts: Texts) -> Figures:
    """The headline of a plan."""

    def number(value: int) -> str:
        return format_decimal(value, locale=texts.locale)

    def percent(part: int, whole: int) -> str:
        # Rounded down: 99.97 % is not all.
        share = int(1000 * part / whole) / 1000 if whole else 1.0
        return format_percent(share, format="#,##0.#%", locale=texts.locale)

    sizes = Counter(len(group.member_ids) for group in plan.groups)
    whole = max(plan.roster_size, 1)
    return Figures(
        placed=number(plan.placed),
        roster=number(plan.roster_size),
        bound=number(plan.placed_bound),
        of_bound=percent(plan.placed, plan.placed_bound),
        of_value=percent(plan.value, plan.value_bound),
        groups=number(len(plan.groups)),
        sizes=list_text([f"{number(sizes[size])} of {size}" for size in sorted(sizes)], texts),
        new_ties=number(plan.new_ties),
        across=number(plan.cross_department_ties),
        repeats=number(plan.repeats),
        left_out=number(len(plan.left_out)),
        placed_share=100 * plan.placed / whole,
        missed_share=100 * max(0, plan.placed_bound - plan.placed) / whole,
        best=plan.placed >= plan.placed_bound,
    )


def _weeks(plan: Plan, texts: Texts) -> list[tuple[str, tuple[Day, ...]]]:
    """The grid: weeks, their days, in these the times, at these the places with group numbers."""
    grid: defaultdict[dt.date, defaultdict[dt.time, defaultdict[str, list[int]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    clocks: dict[dt.time, str] = {}
    for group in plan.groups:
        starts = group.slot.start.astimezone(ZoneInfo(group.zone))
        clocks[starts.time()] = clock_text(starts, texts)
        grid[starts.date()][starts.time()][group.place.name].append(group.number)
    weeks: defaultdict[dt.date, list[Day]] = defaultdict(list)
    for day in sorted(grid):
        times = tuple(
            (clocks[time], tuple((place, tuple(at[place])) for place in sorted(at)))
            for time, at in sorted(grid[day].items())
        )
        count = sum(len(numbers) for _, places in times for _, numbers in places)
        monday = day - dt.timedelta(days=day.weekday())
        weeks[monday].append(Day(short_day_text(day, texts), count, times))
    return [(day_text(monday, texts), tuple(days)) for monday, days in weeks.items()]


def make_card(group: Group, people: Mapping[str, Person], texts: Texts) -> GroupCard:
    """One group for readers."""
    members = [people[member] for member in group.member_ids]
    starts = group.slot.start.astimezone(ZoneInfo(group.zone))
    offsets = {starts.utcoffset()}
    clocks = []
    for name in sorted(set(group.zones)):
        there = group.slot.start.astimezone(ZoneInfo(name))
        if there.utcoffset() not in offsets:
            offsets.add(there.utcoffset())
            clocks.append(f"{clock_text(there, texts)} {city_of(there, texts)}")
    if clocks:
        clocks.insert(0, f"{clock_text(starts, texts)} {city_of(starts, texts)}")
    return GroupCard(
        number=group.number,
        day=short_day_text(starts, texts),
        span=span_text(starts, group.slot.minutes, texts),
        clocks=tuple(clocks),
        place=group.place.name,
        office=group.place.office or "",
        members=tuple(make_line(person, texts) for person in members),
        new_ties=group.new_ties,
        why=group.why,
    )


def make_line(person: Person, texts: Texts) -> MemberLine:
    """One person for readers."""
    department = department_text(person.department, texts) if person.department else ""
    return MemberLine(person.name, department, person.office or "")


def _reasons(
    left_out: Sequence[LeftOut], people: Mapping[str, Person], texts: Texts
) -> list[Reason]:
    by_kind: defaultdict[str, list[LeftOut]] = defaultdict(list)
    for entry in left_out:
        by_kind[entry.kind].append(entry)
    reasons = []
    for kind, entries in sorted(by_kind.items(), key=lambda item: (-len(item[1]), item[0])):
        lines = []
        for entry in entries:
            line = make_line(people[entry.person_id], texts)
            about = " · ".join(part for part in (line.department, line.office) if part)
            lines.append((line.name, about, entry.text))
        reasons.append(
            Reason(
                title=name_kind(kind),
                share=100 * len(entries) / len(left_out),
                people=tuple(sorted(lines, key=lambda line: line[0].casefold())),
            )
        )
    return reasons
