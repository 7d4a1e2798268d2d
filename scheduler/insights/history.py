"""What happened, as arrays: who sat with whom, who was asked, what they answered afterwards.

Indices stand for people (``n``), departments (``d``), programmes (``p``), sittings (``r``),
groups (``m``) and seats (``k``). A sitting is what one draw of groups would have replaced: a round
of a programme, or one turn of a round whose tables change. Days are counted from 1970.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from scheduler.people.contacts import Pair
from scheduler.people.person import Person

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int8]
Index = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

MetAnswer = Literal["yes", "partly", "no"]
SILENT, NO, PARTLY, YES = -1, 0, 1, 2
"""The codes of what a seat answered; for "again" only ``SILENT``, ``NO`` and ``YES``."""
UNKNOWN_DAY = -1_000_000
"""A hire date that nobody told us."""
NO_DEPARTMENT = "No department"
_CODES: Mapping[MetAnswer | None, int] = {None: SILENT, "no": NO, "partly": PARTLY, "yes": YES}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one member said afterwards: whether they met, and whether they would again."""

    met: MetAnswer | None = None
    again: bool | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """One group of a round that took place. ``turn`` counts the tables of a networking hour."""

    programme: str
    round_day: dt.date
    day: dt.date
    member_ids: tuple[str, ...]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """The roster of a round: everybody who wanted a seat in it."""

    programme: str
    round_day: dt.date
    person_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Everything that the figures are made from.

    ``department[n]``, ``hired[n]`` and ``returned[n]`` (days, or ``UNKNOWN_DAY``) describe people;
    ``sitting_programme[r]``, ``sitting_day[r]`` (the round's day) and ``sitting_turn[r]`` the
    sittings, in order of time; ``group_sitting[m]`` (ascending), ``group_day[m]`` and
    ``group_first[m + 1]`` the groups: the seats of group ``g`` are
    ``seat_person[group_first[g]:group_first[g + 1]]``. ``seat_met`` and ``seat_again`` hold the
    answers. ``asked_first[r + 1]`` cuts ``asked_person`` into the rosters; a sitting without a
    roster on record has an empty one. ``known`` ``(q, 2)``: ties from elsewhere, smaller index
    first, each once.
    """

    departments: tuple[str, ...]
    programmes: tuple[str, ...]
    department: Index
    hired: Ints
    returned: Ints
    sitting_programme: Ints
    sitting_day: Ints
    sitting_turn: Ints
    group_sitting: Index
    group_day: Index
    group_first: Ints
    seat_person: Index
    seat_met: Small
    seat_again: Small
    asked_first: Ints
    asked_person: Index
    known: Index

    @property
    def people(self) -> int:
        """How many people there are."""
        return len(self.department)

    @property
    def sittings(self) -> int:
        """How many sittings there were."""
        return len(self.sitting_day)


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """The seats of those who met: ``person`` and ``group``, in order of groups.

    The seats of group ``g`` are ``first[g]`` to ``first[g + 1]``; ``present[r, n]``: who met
    somebody, or was alone at a table, in which sitting.
    """

    person: Index
    group: Index
    first: Ints
    present: Bools


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - dt.date(1970, 1, 1).toordinal()


def day_of_number(number: int) -> dt.date:
    """The date that :func:`day_number` counted."""
    return dt.date.fromordinal(int(number) + dt.date(1970, 1, 1).toordinal())


def make_history(
    people: Sequence[Person],
    meetings: Iterable[Meeting],
    asked: Iterable[Asked] = (),
    known: Iterable[Pair] = (),
) -> History:
    """The arrays of a history told in words.

    Members that are not among ``people`` (they left, or were erased) keep no seat; what the others
    of their group had in common with each other stays.
    """
    index = {person.id: number for number, person in enumerate(people)}
    rosters = {(a.round_day, a.programme, 0): a.person_ids for a in asked}
    told = sorted(meetings, key=lambda m: (m.round_day, m.programme, m.turn))
    keys = sorted({(m.round_day, m.programme, m.turn) for m in told} | set(rosters))
    sitting_of = {key: number for number, key in enumerate(keys)}
    programmes = tuple(sorted({programme for _, programme, _ in keys}))
    seats = [
        [
            (index[member], meeting.answers.get(member, Answer()))
            for member in dict.fromkeys(meeting.member_ids)
            if member in index
        ]
        for meeting in told
    ]
    asked_people = [
        [index[person] for person in rosters.get(key, ()) if person in index] for key in keys
    ]
    departments = tuple(sorted({person.department or NO_DEPARTMENT for person in people}))
    code = {name: number for number, name in enumerate(departments)}
    return History(
        departments=departments,
        programmes=programmes,
        department=np.array([code[p.department or NO_DEPARTMENT] for p in people], np.int32),
        hired=_days(person.hired for person in people),
        returned=_days(person.returned for person in people),
        sitting_programme=np.array([programmes.index(p) for _, p, _ in keys], np.int64),
        sitting_day=np.array([day_number(day) for day, _, _ in keys], np.int64),
        sitting_turn=np.array([turn for _, _, turn in keys], np.int64),
        group_sitting=np.array(
            [sitting_of[m.round_day, m.programme, m.turn] for m in told], np.int32
        ),
        group_day=np.array([day_number(m.day) for m in told], np.int32),
        group_first=_offsets(len(group) for group in seats),
        seat_person=np.array([person for group in seats for person, _ in group], np.int32),
        seat_met=np.array([_CODES[a.met] for group in seats for _, a in group], np.int8),
        seat_again=np.array([_again(a.again) for group in seats for _, a in group], np.int8),
        asked_first=_offsets(len(ids) for ids in asked_people),
        asked_person=np.array([person for ids in asked_people for person in ids], np.int32),
        known=_known_pairs(index, known),
    )


def find_held(history: History) -> Held:
    """Who met. A person who answered that they did not was not there: no contact, no tie."""
    here = history.seat_met != NO
    sizes = np.diff(history.group_first)
    # How many seats up to each cut were kept: the new cuts.
    kept = np.concatenate([[0], np.cumsum(here, dtype=np.int64)])
    first = kept[history.group_first]
    person = history.seat_person[here]
    group = np.repeat(np.arange(len(sizes), dtype=np.int32), np.diff(first))
    present = np.zeros((history.sittings, history.people), np.bool_)
    present[history.group_sitting[group], person] = True
    return Held(person, group, first, present)


def _days(days: Iterable[dt.date | None]) -> Ints:
    return np.array([UNKNOWN_DAY if day is None else day_number(day) for day in days], np.int64)


def _again(again: bool | None) -> int:
    return SILENT if again is None else YES if again else NO


def _offsets(sizes: Iterable[int]) -> Ints:
    return np.cumsum([0, *sizes], dtype=np.int64)


def _known_pairs(index: Mapping[str, int], known: Iterable[Pair]) -> Index:
    pairs = {
        (min(index[one], index[other]), max(index[one], index[other]))
        for one, other in known
        if one in index and other in index and one != other
    }
    return np.array(sorted(pairs), np.int32).reshape(-1, 2)
