"""The people of one place on a board from which rules can be lifted, by their names.

"Why has she no seat?" is answered by looking for a group with her under fewer rules. Lifting a rule
changes few numbers of a board: the board is made once for all people of a place, and again only
where people who must be together need not be.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scheduler.grouping.encoding import (
    FORBIDDEN,
    Board,
    Cohort,
    Worth,
    find_units,
    make_board,
    order_people,
    with_slots,
)
from scheduler.grouping.problem import Bools, Ints, Problem, Seating
from scheduler.grouping.rule_codes import IDLE, name_rules
from scheduler.grouping.rules import Apart, Together
from scheduler.grouping.search import make_table
from scheduler.grouping.seeking import FOUND, Seeker

Names = frozenset[str]


class Place:
    """All people of one place (or of all places, where a venue is open to everybody).

    Args:
        problem: The whole problem.
        inside: Who belongs to it, ``(n,)``, without anybody in a fixed group.
        groups: The groups of these people that have a seat left.
        seated: Who has a seat, ``(n,)``.
        load: Tables that fixed groups take, ``(v, s)``.
        taken: Tables that all groups take.
    """

    def __init__(
        self,
        problem: Problem,
        inside: Bools,
        groups: Sequence[Seating],
        seated: Bools,
        load: Ints,
        taken: Ints,
    ) -> None:
        self.problem, self.inside, self.groups, self.seated = problem, inside, groups, seated
        at, places = np.asarray(problem.venues.place), np.asarray(problem.place)[inside]
        self.venues = np.flatnonzero((at < 0) | np.isin(at, places))
        self.load, self.taken = load[self.venues], taken[self.venues]
        self.apart = [r for r in problem.rules if isinstance(r, Apart) and r.weight is None]
        self.together = Names(r.name for r in problem.rules if isinstance(r, Together))
        self.settings: dict[Names, _Setting] = {}
        self.boards: dict[Names, Board] = {}
        plain = self._set_up(Names())
        #: The rules that say something here; where people are bound together comes last.
        self.names = plain.list_names(self.apart)
        if plain.is_bound:
            self.names += [r.name for r in problem.rules if r.name in self.together]
        self.names = list(dict.fromkeys(self.names))

    def could_sit(self, person: int, without: Names) -> bool:
        """Whether there can be a group with somebody without some rules, were all still free."""
        setting = self._set_up(without)
        seeker = Seeker(self._lift(without), setting.anywhere)
        return bool(seeker.seek(setting.unit_of(person))[0, 0] == FOUND)

    def can_sit(self, person: int, without: Names) -> bool:
        """Whether the plan has a seat left for somebody, or a table with others who have none."""
        setting = self._set_up(without)
        unit = setting.unit_of(person)
        if setting.barred[unit[0]]:
            return False
        seeker = Seeker(self._lift(without), setting.planned)
        if seeker.can_join(int(unit[0]), setting.open):
            return True
        return bool(seeker.seek(unit, setting.barred)[0, 0] == FOUND)

    def _set_up(self, without: Names) -> _Setting:
        key = without & self.together
        if key not in self.settings:
            self.settings[key] = _Setting(self, key)
        return self.settings[key]

    def _lift(self, without: Names) -> Board:
        """The board without some rules."""
        if without not in self.boards:
            setting = self._set_up(without)
            board = setting.board
            rule, asked, partner = board.rule.copy(), board.asked.copy(), board.partner
            rule["kind"][[name in without for name in setting.rules]] = IDLE
            asked["least"][[name in without for name in setting.asked]] = 0
            if without & {r.name for r in self.apart}:
                kept = [r.name not in without for r in self.apart]
                partner = partner.copy()
                partner["points"] = np.where(setting.forbidden[:, kept].any(axis=1), FORBIDDEN, 0)
            self.boards[without] = board._replace(rule=rule, asked=asked, partner=partner)
        return self.boards[without]


class _Setting:
    """A place with its people bound together in one way: the board and its plan in units."""

    def __init__(self, place: Place, without: Names) -> None:
        problem = place.problem
        bonds = [r for r in problem.rules if isinstance(r, Together) and r.name not in without]
        units = find_units(bonds)
        within = [[p for p in unit if place.inside[p]] for unit in units]
        self.is_bound = any(within)
        people = order_people(np.flatnonzero(place.inside), [u for u in within if len(u) > 1])
        slots = np.arange(len(problem.start))
        self.board = make_board(
            problem,
            Cohort(people, slots, place.venues),
            [unit for unit in within if len(unit) > 1],
            _forbid(place.apart, problem),
        )
        row = np.full(len(place.inside), -1, np.int64)
        row[people] = np.arange(len(people))
        self.unit = np.where(row < 0, -1, self.board.person["unit"][row])
        # Whom a fixed group parts from those with whom they must be together has no slot at all.
        parted = [p for unit, in_ in zip(units, within, strict=True) if len(in_) < len(unit)
                  for p in in_]  # fmt: skip
        available = self.board.available.copy()
        available[self.unit[parted]] = False
        self.board = with_slots(self.board, available)
        self.rules, self.asked = name_rules(problem, people, slots)
        self.forbidden = self._find_forbidden(place.apart, people)
        self.barred = np.zeros(len(self.board.unit), np.bool_)
        self.barred[self.unit[np.flatnonzero(place.inside & place.seated)]] = True
        self.open = self._list_groups(place)
        self.anywhere = make_table(self.board, place.load, 0)
        self.planned = make_table(self.board, place.taken, 0)

    def unit_of(self, person: int) -> Ints:
        """The unit of somebody, as an array of one."""
        return self.unit[[person]]

    def list_names(self, apart: Sequence[Apart]) -> list[str]:
        """The hard rules of this board, people bound together aside."""
        names = [n for n, w in zip(self.rules, self.board.rule["weight"], strict=True) if w < 0]
        names += [n for n, w in zip(self.asked, self.board.asked["weight"], strict=True) if w < 0]
        return names + [rule.name for r, rule in enumerate(apart) if self.forbidden[:, r].any()]

    def _find_forbidden(self, apart: Sequence[Apart], people: Ints) -> Bools:
        """Which rule keeps the pairs of the board's partners apart, ``(pairs, rules)``."""
        n = len(self.unit)
        partner = self.board.partner["other"]
        owner = np.repeat(people, self.board.person["last"] - self.board.person["first"])
        keys = _keys_of(np.column_stack([owner, people[partner]]), n)
        columns = [np.isin(keys, _keys_of(rule.pairs, n)) for rule in apart]
        return np.column_stack(columns) if columns else np.zeros((len(keys), 0), np.bool_)

    def _list_groups(self, place: Place) -> Ints:
        """The groups with a seat left as rows of slot, venue and units (-1: none)."""
        venue = {v: i for i, v in enumerate(place.venues.tolist())}
        rows = np.full((len(place.groups), 2 + place.problem.size_most), -1, np.int64)
        for index, group in enumerate(place.groups):
            units = np.unique(self.unit[list(group.members)])
            rows[index, :2] = group.slot, venue[group.venue]
            rows[index, 2 : 2 + len(units)] = units
        return rows


def _keys_of(pairs: npt.ArrayLike, n: int) -> Ints:
    """One number for each pair of people."""
    ends = np.sort(np.asarray(pairs, np.int64).reshape(-1, 2), axis=1)
    keys: Ints = ends[:, 0] * n + ends[:, 1]
    return keys


def _forbid(apart: Sequence[Apart], problem: Problem) -> Worth:
    """Nothing is worth anything, and pairs who must not meet do not."""
    n = problem.available.shape[0]
    keys = np.unique(
        np.concatenate([np.zeros(0, np.int64)] + [_keys_of(r.pairs, n) for r in apart])
    )
    return Worth(1, np.zeros(problem.size_most + 1, np.int64), keys, np.full(len(keys), FORBIDDEN))
