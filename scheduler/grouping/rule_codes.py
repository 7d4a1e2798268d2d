"""The rules over people as plain integer arrays, for one cohort.

Most rules are looked at for every group. A rule that only few people bring about ("with somebody
who just came back, somebody they know": one rule for each of those who came back) says nothing of
nearly any group: hundreds of such rules are kept with the people who bring them about, and a group
is held only to what its own members ask for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from scheduler.grouping.problem import Bools, Ints, Problem
from scheduler.grouping.rules import (
    AtLeast,
    AtMost,
    AtMostOfOne,
    CommonBit,
    CommonHours,
    LevelSpread,
    Rule,
    Same,
    Together,
)

if TYPE_CHECKING:
    from scheduler.grouping.encoding import Board

Records = npt.NDArray[np.void]

# Kinds of rule as the kernels know them; IDLE is never broken.
AT_MOST_OF_ONE, SAME, AT_LEAST, AT_MOST, LEVEL_SPREAD, COMMON_BIT, COMMON_HOURS, IDLE = range(8)

RULE = np.dtype([(name, np.int64) for name in ("kind", "least", "most", "weight")])
ASKED = np.dtype([(name, np.int64) for name in ("least", "weight")])

FEW = 4
"""A rule is kept with those who bring it about where they are at most one in so many people."""


class RuleCodes(NamedTuple):
    """The rules of one cohort: people ``p``, rules ``r``, spans of hours ``h``, slots ``s``.

    The rules ``asked`` are those kept with people; ``asks[p]`` of them are brought about by a
    person, ``ask`` lists them, one person after the other; bit ``q % 64`` of
    ``answers[a, q // 64]`` is set where person ``q`` is one of those asked for.
    """

    rule: Records  # hard rules first; weight -1: hard
    code: Ints  # (p, r)
    hours: Ints  # (h, p, day, 2)
    day: Ints  # (h, s)
    asks: Ints  # (p,)
    ask: Ints
    asked: Records  # (a,)
    answers: npt.NDArray[np.uint64]  # (a, words)


def encode_rules(problem: Problem, people: Ints, slots: Ints, *, apart: bool = True) -> RuleCodes:
    """The rules that say something of these people.

    Args:
        problem: The whole problem.
        people: Of the cohort, in the board's order.
        slots: Of the cohort.
        apart: Whether rules that few people bring about are kept with these.
    """
    whole, few = _select_rules(problem, people, slots, apart=apart)
    spans = [rule for rule, _ in whole if isinstance(rule, CommonHours)]
    records = np.zeros(len(whole), RULE)
    codes = np.zeros((len(people), len(whole)), np.int64)
    for index, (rule, encoded) in enumerate(whole):
        span = next((h for h, span in enumerate(spans) if span is rule), encoded.most)
        records[index] = (encoded.kind, encoded.least, span, _weigh(rule))
        codes[:, index] = encoded.code
    hours, day = _encode_hours(spans, people, slots)
    asks, ask, asked, answers = _keep_apart(few, people)
    return RuleCodes(records, codes, hours, day, asks, ask, asked, answers)


def name_rules(problem: Problem, people: Ints, slots: Ints) -> tuple[list[str], list[str]]:
    """The names of ``rule`` and of ``asked`` in the codes of these people."""
    whole, few = _select_rules(problem, people, slots, apart=True)
    return [rule.name for rule, _ in whole], [rule.name for rule, _ in few]


def _select_rules(
    problem: Problem, people: Ints, slots: Ints, *, apart: bool
) -> tuple[list[tuple[Rule, _Encoded]], list[tuple[AtLeast, Bools]]]:
    """The rules that every group is held to, and those kept with people and who brings them about.

    Rules that no group of these people can break are in neither.
    """
    whole: list[tuple[Rule, _Encoded]] = []
    few: list[tuple[AtLeast, Bools]] = []
    for rule in problem.rules:
        when = None
        if isinstance(rule, AtLeast) and rule.when is not None:
            when = np.asarray(rule.when)[people]
            if apart and np.count_nonzero(when) * FEW <= len(people):
                if when.any():
                    few.append((rule, when))
                continue
        encoded = _encode_rule(rule, people)
        if encoded is not None and not _is_idle(rule, encoded, people, slots):
            whole.append((rule, encoded))
    whole.sort(key=lambda one: _order(*one))
    return whole, few


class _Encoded(NamedTuple):
    """Kind, lower count, upper count and code per person."""

    kind: int
    least: int
    most: int
    code: Ints


def _weigh(rule: Rule) -> int:
    weight = None if isinstance(rule, Together) else rule.weight
    return -1 if weight is None else weight


CHEAP = (SAME, COMMON_BIT, AT_MOST_OF_ONE, AT_MOST, LEVEL_SPREAD, COMMON_HOURS, AT_LEAST)
"""Kinds in the order in which they are looked at: what forbids most groups for least work first."""


def _order(rule: Rule, encoded: _Encoded) -> tuple[bool, int]:
    return _weigh(rule) >= 0, CHEAP.index(encoded.kind)


def _encode_rule(rule: Rule, people: Ints) -> _Encoded | None:  # noqa: PLR0911 -- one case a rule
    """``None`` for rules over pairs."""
    none = -1
    match rule:
        case AtMostOfOne():
            return _Encoded(AT_MOST_OF_ONE, none, rule.count, np.asarray(rule.code)[people])
        case Same():
            return _Encoded(SAME, none, none, np.asarray(rule.code)[people])
        case AtLeast():
            code = np.asarray(rule.who)[people].astype(np.int64)
            if rule.when is None:
                return _Encoded(AT_LEAST, rule.count, 0, code)
            return _Encoded(AT_LEAST, rule.count, 1, code + 2 * np.asarray(rule.when)[people])
        case AtMost():
            code = np.asarray(rule.who)[people].astype(np.int64)
            return _Encoded(AT_MOST, none, rule.count, code)
        case LevelSpread():
            least = none if rule.at_least is None else rule.at_least
            most = none if rule.at_most is None else rule.at_most
            return _Encoded(LEVEL_SPREAD, least, most, np.asarray(rule.level)[people])
        case CommonBit():
            return _Encoded(COMMON_BIT, none, none, np.asarray(rule.bits)[people].view(np.int64))
        case CommonHours():
            return _Encoded(COMMON_HOURS, rule.minutes, none, np.zeros(len(people), np.int64))
        case _:
            return None


def _is_idle(rule: Rule, encoded: _Encoded, people: Ints, slots: Ints) -> bool:  # noqa: PLR0911 -- one case a rule
    """Whether no group of these people can break a rule."""
    code = encoded.code
    if len(code) == 0:
        return True
    match rule:
        case AtMostOfOne():
            return (
                int(np.unique(code[code >= 0], return_counts=True)[1].max(initial=0)) <= rule.count
            )
        case Same():
            return bool(code[0] >= 0 and (code == code[0]).all())
        case AtMost():
            return int(code.sum()) <= rule.count
        case LevelSpread():
            known = code[code >= 0]
            spread = int(known.max(initial=0)) - int(known.min(initial=0)) if len(known) else 0
            wide = encoded.most >= 0 and spread > encoded.most
            return not wide and (encoded.least <= 0 or len(known) < 2)
        case CommonBit():
            return bool(np.bitwise_and.reduce(np.asarray(rule.bits)[people]) != 0)
        case CommonHours():
            day = np.unique(np.asarray(rule.day)[slots])
            opens = np.asarray(rule.opens)[np.ix_(people, day)].max(axis=0)
            closes = np.asarray(rule.closes)[np.ix_(people, day)].min(axis=0)
            return bool((closes - opens >= rule.minutes).all())
    return False


def _encode_hours(spans: Sequence[CommonHours], people: Ints, slots: Ints) -> tuple[Ints, Ints]:
    """Hours ``(h, p, day, 2)`` and the day of each slot ``(h, s)``."""
    days = max((rule.opens.shape[1] for rule in spans), default=1)
    hours = np.zeros((len(spans), len(people), days, 2), np.int64)
    day = np.zeros((len(spans), len(slots)), np.int64)
    for index, span in enumerate(spans):
        hours[index, :, : span.opens.shape[1], 0] = np.asarray(span.opens)[people]
        hours[index, :, : span.closes.shape[1], 1] = np.asarray(span.closes)[people]
        day[index] = np.asarray(span.day)[slots]
    return hours, day


def _keep_apart(
    few: Sequence[tuple[AtLeast, Bools]], people: Ints
) -> tuple[Ints, Ints, Records, npt.NDArray[np.uint64]]:
    """The rules that few bring about: ``asks``, ``ask``, ``asked`` and ``answers``."""
    asked = np.zeros(len(few), ASKED)
    answers = np.zeros((len(few), len(people) // 64 + 1), np.uint64)
    who: list[Ints] = [np.zeros(0, np.int64)]
    for number, (rule, when) in enumerate(few):
        asked[number] = (rule.count, _weigh(rule))
        bits = np.zeros(answers.shape[1] * 64, np.bool_)
        bits[: len(people)] = np.asarray(rule.who)[people]
        answers[number] = np.packbits(bits, bitorder="little").view("<u8")
        who.append(np.flatnonzero(when))
    asking = np.concatenate(who)
    ask = np.repeat(np.arange(len(few)), [len(one) for one in who[1:]]).astype(np.int64)
    order = np.argsort(asking, kind="stable")
    asks = np.bincount(asking, minlength=len(people)).astype(np.int64)
    return asks, ask[order], asked, answers


class Asked(NamedTuple):
    """An ``AtLeast`` as a board has it: ``when`` is ``None`` where it holds for all groups."""

    least: int
    weight: int
    who: Bools  # (p,)
    when: Bools | None


def list_asked(board: Board) -> list[Asked]:
    """All ``AtLeast`` rules of a board, wherever they are kept."""
    found = [
        Asked(
            int(rule["least"]),
            int(rule["weight"]),
            (board.code[:, r] & 1) > 0,
            board.code[:, r] >= 2 if rule["most"] else None,
        )
        for r, rule in enumerate(board.rule)
        if rule["kind"] == AT_LEAST
    ]
    people = len(board.person)
    asking = np.repeat(np.arange(people), board.person["asks"])
    for number, rule in enumerate(board.asked):
        who = np.unpackbits(board.answers[number].view(np.uint8), bitorder="little")[:people] > 0
        when = np.zeros(people, np.bool_)
        when[asking[board.ask == number]] = True
        found.append(Asked(int(rule["least"]), int(rule["weight"]), who, when))
    return found
