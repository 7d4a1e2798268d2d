"""From the words of a programme to the engine's arrays."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from scheduler.calendars.availability import Availability, minute_stamps, taken_slots
from scheduler.calendars.freebusy import (
    BUSY,
    OUT_OF_OFFICE,
    TENTATIVE,
    UNKNOWN,
    FreeBusy,
    WorkingHours,
)
from scheduler.calendars.slots import Slot
from scheduler.grouping import rules as engine
from scheduler.grouping.bridges import add_bridges
from scheduler.grouping.companions import frame_asked_for, frame_bridge, frame_contact_mix
from scheduler.grouping.encoding import find_usual_tie, make_size_points
from scheduler.grouping.plan import Place
from scheduler.grouping.problem import Problem, Ties, Venues
from scheduler.people.contacts import Contacts, Pair, pair_of
from scheduler.people.person import Person
from scheduler.people.wants import buddy_pairs, chain_pairs
from scheduler.programmes import rules as words
from scheduler.programmes.programme import Programme

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Select = Callable[[str], Bools]
"""A ``where`` expression to the people of the roster who satisfy it, shape ``(n,)``."""

NEW_TIE = 10
"""Points of one new tie; the weights of soft rules are on this scale."""
BRIDGE = 20
"""Weights of "prefer: few_ties" that the first tie between two departments is worth on top, given
to one couple each: measured on the real organisation of the benchmark, see the study."""
NO_LIMIT = 1_000_000
"""Groups that can meet online at the same time."""
PRIVATE_RULE = "kept apart"
"""The rule that private choices go into; it is named to nobody."""
FADE_DAYS = 365
"""The price of meeting again halves in a year (our choice; no source gives a figure)."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people and HR ask for, on pairs of person ids.

    ``points`` add to the value of a pair; ``apart`` and ``together`` are absolute. Nothing in
    here says why: an ``apart`` may be a private choice.
    """

    points: Mapping[Pair, int] = field(default_factory=dict)
    apart: frozenset[Pair] = frozenset()
    together: frozenset[Pair] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Everything that a round is planned from, under the names people know.

    ``place_calendars``: free/busy of the places that have a mailbox, by address;
    ``place_hours``: when a place without one is open; ``waited``: rounds since a person last had
    a seat, by id; ``turn``: who put their name down first, by id from 0, where seats go by that;
    ``today`` is the day the plan is made on.
    """

    programme: Programme
    people: Sequence[Person]
    availability: Availability
    places: Sequence[Place]
    place_calendars: Mapping[str, FreeBusy]
    zones: Mapping[str, str]
    contacts: Contacts
    select: Select
    today: dt.date
    place_hours: Mapping[Place, WorkingHours] = field(default_factory=dict)
    waited: Mapping[str, int] = field(default_factory=dict)
    wishes: Wishes = Wishes()
    turn: Mapping[str, int] = field(default_factory=dict)


def frame_problem(frame: Frame) -> Problem:
    """The arrays of one round; indices follow the order of ``people``, ``slots``, ``places``."""
    people, slots = frame.people, frame.availability.slots
    offices = {name: code for code, name in enumerate(sorted({p.office or "" for p in people}))}
    in_person = frame.programme.venue.kind == "in-person"
    size, sign_up = frame.programme.size, frame.programme.sign_up
    size_most = size.at_most if sign_up is None else min(size.at_most, sign_up.capacity)
    problem = Problem(
        available=frame.availability.free,
        start=minute_stamps(slots),
        minutes=frame.programme.window.minutes,
        venues=_frame_venues(frame, offices),
        place=np.array(
            [offices[p.office] if in_person and p.office else -1 for p in people], np.int64
        ),
        waited=np.array([frame.waited.get(p.id, 0) for p in people], np.int64),
        pleasant=_pleasant_points(frame),
        size_least=size.at_least,
        size_ideal=min(size.ideal, size_most),
        size_most=size_most,
        ties=_frame_ties(frame),
        rules=frame_rules(frame),
    )
    problem = dataclasses.replace(problem, size_points=_size_points(problem))
    weight = sum(r.weight for r in _preferences(frame) if r.what == "few_ties")
    return add_bridges(problem, BRIDGE * weight) if weight else problem


def _size_points(problem: Problem) -> Ints:
    """Points by group size: HR's ideal is a wish, and worth half a tie a person for each step.

    The engine's own points make all sizes worth the same per person; without a price on top, a
    few points more or less for a tie would decide how many people sit at a table.
    """
    sizes = np.arange(problem.size_most + 1, dtype=np.int64)
    steps = np.abs(sizes - problem.size_ideal)
    return make_size_points(problem) - find_usual_tie(problem) * sizes * steps // 2


def _frame_venues(frame: Frame, offices: Mapping[str, int]) -> Venues:
    slots = frame.availability.slots
    free = np.ones((len(frame.places), len(slots)), np.bool_)
    blocking = [TENTATIVE, BUSY, OUT_OF_OFFICE, UNKNOWN]
    for row, place in enumerate(frame.places):
        if place.office is not None:
            window = frame.programme.window
            zone = frame.zones[place.office]
            free[row] &= _inside(slots, zone, window.earliest, window.latest)
        if place in frame.place_hours:
            hours = frame.place_hours[place]
            free[row] &= _inside(slots, hours.zone, hours.start, hours.end, hours.days)
        if place.mail is not None:
            calendar = frame.place_calendars.get(place.mail, FreeBusy(problem="no answer"))
            free[row] &= ~taken_slots(calendar, slots, blocking)
            free[row] &= calendar.problem is None
    return Venues(
        seats=np.array([p.seats for p in frame.places], np.int64),
        tables=np.array([p.tables for p in frame.places], np.int64),
        place=np.array(
            [-1 if p.office is None else offices.get(p.office, len(offices)) for p in frame.places],
            np.int64,
        ),
        free=free,
    )


def _inside(
    slots: Sequence[Slot],
    zone: str,
    earliest: dt.time,
    latest: dt.time,
    days: frozenset[int] = frozenset(range(7)),
) -> Bools:
    info = ZoneInfo(zone)
    walls = [(slot.start.astimezone(info), slot.end.astimezone(info)) for slot in slots]
    return np.array(
        [
            start.weekday() in days
            and start.date() == end.date()
            and earliest <= start.time()
            and end.time() <= latest
            for start, end in walls
        ],
        np.bool_,
    )


def _pleasant_points(frame: Frame) -> Ints:
    """0 to 3 points: the nearer to the middle of the window on somebody's wall clock, the more."""
    window, slots = frame.programme.window, frame.availability.slots
    first = window.earliest.hour * 60 + window.earliest.minute
    last = window.latest.hour * 60 + window.latest.minute - window.minutes
    middle, half = (first + last) / 2, max((last - first) / 2, 1)
    points = np.zeros(len(slots), np.int64)
    for zone in sorted({hours.zone for hours in frame.availability.hours}):
        info = ZoneInfo(zone)
        for index, slot in enumerate(slots):
            wall = slot.start.astimezone(info)
            off = abs(wall.hour * 60 + wall.minute - middle) / half
            if off <= 1:
                points[index] = max(points[index], round(3 * (1 - off)))
    return points


def _frame_ties(frame: Frame) -> Ties:
    index = {p.id: row for row, p in enumerate(frame.people)}
    names = sorted({p.department or "" for p in frame.people})
    code = {name: number for number, name in enumerate(names)}
    department = np.array([code[p.department or ""] for p in frame.people], np.int64)
    met = [
        (index[a], index[b], meeting_again_price(times=m.times, days=(frame.today - m.last).days))
        for (a, b), m in frame.contacts.met.items()
        if a in index and b in index
    ]
    known = [
        (index[a], index[b], 0)
        for a, b in frame.contacts.known
        if a in index and b in index and (a, b) not in frame.contacts.met
    ]
    points = [
        (index[a], index[b], value)
        for (a, b), value in frame.wishes.points.items()
        if a in index and b in index
    ]
    return Ties(
        department=department,
        between=_department_points(frame, department, len(names), np.array(met + known)),
        pairs=_triples(points),
        met=_triples(met + known),
    )


def meeting_again_price(*, times: int, days: int) -> int:
    """Points that meeting again costs: the square of times met, halved with each year since.

    The square makes repeats spread evenly (good-enough-golfers' cost).
    """
    return round(NEW_TIE * times**2 * math.pow(0.5, max(days, 0) / FADE_DAYS))


def _department_points(frame: Frame, department: Ints, count: int, tied: Ints) -> Ints:
    """``NEW_TIE`` for each pair of departments, and what "prefer: few_ties" adds.

    Departments without any tie get the full weight, those tied at or above the average share of
    their possible pairs none. Within one department a tie is worth a tenth.
    """
    between = np.full((count, count), NEW_TIE, np.int64)
    weights = [r.weight for r in _preferences(frame) if r.what == "few_ties"]
    if weights and len(tied):
        seen = np.zeros((count, count))
        np.add.at(seen, (department[tied[:, 0]], department[tied[:, 1]]), 1)
        seen = seen + seen.T
        sizes = np.bincount(department, minlength=count).astype(float)
        possible = np.maximum(np.outer(sizes, sizes), 1)
        across = ~np.eye(count, dtype=bool)
        average = seen[across].sum() / possible[across].sum()
        if average > 0:
            between += np.rint(sum(weights) * np.clip(1 - seen / possible / average, 0, 1)).astype(
                np.int64
            )
    elif weights:
        between += sum(weights)
    np.fill_diagonal(between, NEW_TIE // 10)
    return between


def _preferences(frame: Frame) -> list[words.Prefer]:
    return [rule for rule in frame.programme.rules if isinstance(rule, words.Prefer)]


def _triples(rows: Sequence[tuple[int, int, int]]) -> Ints:
    triples = np.array(rows, np.int64).reshape(-1, 3)
    triples[:, :2].sort(axis=1)
    return triples[np.lexsort(triples.T[::-1])]


def _pairs(frame: Frame, pairs: Iterable[Pair]) -> Ints:
    """Pairs of people of the roster as rows, each once, ascending."""
    index = {p.id: row for row, p in enumerate(frame.people)}
    ends = [(index.get(a, -1), index.get(b, -1)) for a, b in pairs]
    rows = np.array(ends, np.int64).reshape(-1, 2)
    rows = np.sort(rows[(rows >= 0).all(axis=1)], axis=1)
    return np.unique(rows, axis=0)


def frame_rules(frame: Frame) -> tuple[engine.Rule, ...]:
    """The programme's rules, and what holds in every programme: nobody meets whom they shun."""
    framed = [
        result for rule in frame.programme.rules if (result := _frame_rule(frame, rule)) is not None
    ]
    for rule in frame.programme.rules:
        framed += _frame_companions(frame, rule)
    if len(apart := _pairs(frame, frame.wishes.apart)):
        framed.append(engine.Apart(PRIVATE_RULE, apart))
    if len(together := _pairs(frame, frame.wishes.together)):
        framed.append(engine.Together("kept together", together))
    return tuple(framed)


def _frame_rule(frame: Frame, rule: words.Rule) -> engine.Rule | None:  # noqa: PLR0911, C901 -- one case a rule
    match rule:
        case words.Different():
            name = f"different {rule.field}"
            return engine.AtMostOfOne(name, _codes(frame, rule.field), 1, _points(rule.weight))
        case words.Same():
            code = _codes(frame, rule.field)
            return engine.Same(f"same {rule.field}", code, _points(rule.weight))
        case words.AtMostOfOne():
            name = f"at most {rule.count} of one {rule.field}"
            code = _codes(frame, rule.field)
            return engine.AtMostOfOne(name, code, rule.count, _points(rule.weight))
        case words.AtLeast():
            name = f"at least {rule.count} where {rule.where}"
            when = None if rule.when is None else frame.select(rule.when)
            return engine.AtLeast(
                name, frame.select(rule.where), rule.count, when, _points(rule.weight)
            )
        case words.AtMost():
            name = f"at most {rule.count} where {rule.where}"
            return engine.AtMost(name, frame.select(rule.where), rule.count, _points(rule.weight))
        case words.Apart():
            return engine.Apart("apart", _pairs(frame, _apart(frame, rule)), _points(rule.weight))
        case words.Together():
            by_mail = {p.mail.lower(): p.id for p in frame.people}
            pairs = _by_mail(by_mail, rule.pairs)
            if rule.newcomer_and_buddy:
                pairs += sorted(buddy_pairs(frame.people))
            return engine.Together("together", _pairs(frame, pairs))
        case words.NotMetWithin():
            days = rule.days or (rule.rounds or 0) * 7 * frame.programme.cadence.every_weeks
            since = frame.today - dt.timedelta(days=days)
            recent = [pair for pair, met in frame.contacts.met.items() if met.last >= since]
            return engine.Apart("not met lately", _pairs(frame, recent), _points(rule.weight))
        case words.LevelSpread():
            level = np.array([-1 if p.level is None else p.level for p in frame.people], np.int64)
            return engine.LevelSpread(
                "level spread", level, rule.at_least, rule.at_most, _points(rule.weight)
            )
        case words.CommonLanguage():
            return engine.CommonBit(
                "common language", _language_bits(frame.people), _points(rule.weight)
            )
        case words.CommonHours():
            opens, closes, day = working_day_minutes(frame.availability)
            return engine.CommonHours(
                "common hours", opens, closes, day, rule.minutes, _points(rule.weight)
            )
    return None  # a preference is counted in Ties; the rest is framed by _frame_companions


def _frame_companions(frame: Frame, rule: words.Rule) -> list[engine.Rule]:
    """Rules of HR's that take several of the engine's."""
    people = frame.people
    match rule:
        case words.ContactMix():
            return frame_contact_mix(people, rule, frame.contacts, frame.select)
        case words.AskedFor():
            return frame_asked_for(people, rule, frame.select)
        case words.Bridge():
            at_most = frame.programme.size.at_most
            return frame_bridge(people, rule, at_most=at_most, seed=frame.today.toordinal())
    return []


def _points(weight: words.Weight) -> int | None:
    return None if weight == "hard" else weight


def _codes(frame: Frame, field_name: str) -> Ints:
    """One number for each value of a field; -1 where a person has none."""
    values = [getattr(p, field_name) for p in frame.people]
    code = {v: n for n, v in enumerate(sorted({str(v) for v in values if v is not None}))}
    return np.array([-1 if v is None else code[str(v)] for v in values], np.int64)


def _by_mail(by_mail: Mapping[str, str], pairs: Sequence[tuple[str, str]]) -> list[Pair]:
    found = [(by_mail.get(a.lower()), by_mail.get(b.lower())) for a, b in pairs]
    return [pair_of(a, b) for a, b in found if a is not None and b is not None]


def _apart(frame: Frame, rule: words.Apart) -> list[Pair]:
    pairs = _by_mail({p.mail.lower(): p.id for p in frame.people}, rule.pairs)
    if rule.managers_and_reports:
        pairs += [pair_of(p.id, p.manager) for p in frame.people if p.manager is not None]
    if rule.manager_chain:
        pairs += sorted(chain_pairs(frame.people))
    return pairs


def _language_bits(people: Sequence[Person]) -> npt.NDArray[np.uint64]:
    """One bit a language; 64 languages are counted, the most common ones first."""
    count: dict[str, int] = {}
    for person in people:
        for language in person.languages:
            count[language] = count.get(language, 0) + 1
    common = sorted(count, key=lambda name: (-count[name], name))[:64]
    bit = {name: np.uint64(1) << np.uint64(n) for n, name in enumerate(common)}
    rows = np.zeros(len(people), np.uint64)
    for row, person in enumerate(people):
        for language in person.languages:
            rows[row] |= bit.get(language, np.uint64(0))
    return rows


def working_day_minutes(availability: Availability) -> tuple[Ints, Ints, Ints]:
    """When each person's working day around each slot begins and ends.

    Returns:
        Minutes since 1970 (UTC), shape ``(n, days)`` each, and the day of each slot, ``(s,)``:
        slots around which everybody's day is the same share one. A person who does not work on a
        day has an empty one (both equal).
    """
    hours = sorted(set(availability.hours), key=repr)
    row_of = {h: row for row, h in enumerate(hours)}
    around = np.zeros((2, len(hours), len(availability.slots)), np.int64)
    for row, h in enumerate(hours):
        info = ZoneInfo(h.zone)
        for column, slot in enumerate(availability.slots):
            day = slot.start.astimezone(info).date()
            begin = dt.datetime.combine(day, h.start, info).astimezone(dt.UTC)
            end = dt.datetime.combine(day, h.end, info).astimezone(dt.UTC)
            if h.end == dt.time(0):
                end += dt.timedelta(days=1)
            works = day.weekday() in h.days
            opens = int(begin.timestamp()) // 60
            around[:, row, column] = opens, int(end.timestamp()) // 60 if works else opens
    days, day_of = np.unique(around, axis=2, return_inverse=True)
    rows = np.array([row_of[h] for h in availability.hours], np.int64)
    return days[0, rows], days[1, rows], day_of.reshape(-1).astype(np.int64)
