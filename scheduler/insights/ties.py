"""Ties: which pairs sat together, and for which of them it was new.

A tie is made when two people meet through a programme who neither met through one before nor knew
each other from elsewhere. All counting is over sorted whole numbers that hold a pair and a
sitting, so that five years of 100,000 people take seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scheduler.insights.history import Held, History, Index, Ints

_CHUNK = 4_000_000  # pairs worked on at a time: tens of megabytes


@dataclass(frozen=True, slots=True, eq=False)
class Ties:
    """What the meetings did for ties.

    Per sitting, shape ``(r,)``: ``pairs`` that sat together, of them ``across`` departments;
    ``new`` ties, of them ``new_across``; ``known``: first meeting of two who knew each other from
    elsewhere; ``again``: two who had met through a programme before. Every pair that sat together
    is one of new, known and again.

    Each new tie is also listed in order of pairs: its two people ``one < other``, their
    departments, and the ``sitting`` that made it.
    """

    pairs: Ints
    across: Ints
    new: Ints
    new_across: Ints
    known: Ints
    again: Ints
    one: Index
    other: Index
    department_one: Index
    department_other: Index
    sitting: Index


def count_ties(history: History, held: Held) -> Ties:
    """All ties of the history, with "before" meaning all programmes and all time."""
    bits_person = max(1, (max(history.people, 1) - 1).bit_length())
    bits_sitting = max(1, history.sittings.bit_length())
    keys = _pair_keys(history, held, bits_person, bits_sitting)
    keys.sort()
    low = np.int64((1 << bits_sitting) - 1)
    # Code 0 stands for "knew each other from elsewhere", sitting r has code r + 1.
    code = (keys & low).astype(np.int32)
    np.right_shift(keys, bits_sitting, out=keys)
    same = np.zeros(len(keys), np.bool_)
    if len(keys):
        np.equal(keys[1:], keys[:-1], out=same[1:])
    after_known = np.zeros(len(keys), np.bool_)
    after_known[1:] = same[1:] & (code[:-1] == 0)
    met = code > 0
    new = met & ~same
    sittings = history.sittings
    pairs = np.bincount(code[met], minlength=sittings + 1)[1:]
    known = np.bincount(code[after_known], minlength=sittings + 1)[1:]
    old = np.flatnonzero(met & same)
    again = np.bincount(code[old[~after_known[old]]], minlength=sittings + 1)[1:]
    apart = np.not_equal(*_departments(history, *_split(keys[old], bits_person)))
    old_across = np.bincount(code[old[apart]], minlength=sittings + 1)[1:]
    del same, after_known, met
    keys, code = keys[new], code[new] - np.int32(1)
    del new
    one, other = _split(keys, bits_person)
    del keys
    department_one, department_other = _departments(history, one, other)
    new_across = np.bincount(code[department_one != department_other], minlength=sittings)
    return Ties(
        pairs=pairs,
        across=new_across + old_across,
        new=np.bincount(code, minlength=sittings),
        new_across=new_across,
        known=known,
        again=again,
        one=one,
        other=other,
        department_one=department_one,
        department_other=department_other,
        sitting=code,
    )


def tables_by_sitting(history: History, held: Held) -> list[Ints]:
    """The sizes of the groups that met, for each sitting; groups of nobody are left out."""
    sizes = np.diff(held.first)
    cuts = np.searchsorted(history.group_sitting, np.arange(history.sittings + 1))
    return [(part := sizes[low:high])[part > 0] for low, high in pairwise(cuts)]


def _pair_keys(history: History, held: Held, bits_person: int, bits_sitting: int) -> Ints:
    """Every pair at one table, and every tie from elsewhere, as one whole number each."""
    person, first, sitting = held.person, held.first, history.group_sitting
    sizes = np.diff(first)
    total = int((sizes * (sizes - 1) // 2).sum()) + len(history.known)
    keys = np.empty(total, np.int64)
    known = history.known.astype(np.int64)
    keys[: len(known)] = ((known[:, 0] << bits_person) | known[:, 1]) << bits_sitting
    filled = len(known)
    for size in np.unique(sizes[sizes > 1]):
        left, right = np.triu_indices(int(size), 1)
        for groups in _chunks(np.flatnonzero(sizes == size), _CHUNK // len(left)):
            seats = first[groups][:, None]
            one = person[seats + left].astype(np.int64)
            other = person[seats + right].astype(np.int64)
            pair = (np.minimum(one, other) << bits_person) | np.maximum(one, other)
            made = (pair << bits_sitting) | (sitting[groups] + np.int64(1))[:, None]
            keys[filled : filled + made.size] = made.ravel()
            filled += made.size
    return keys


def _split(pair: Ints, bits_person: int) -> tuple[Index, Index]:
    """The two people of each pair."""
    other = pair & np.int64((1 << bits_person) - 1)
    return (pair >> bits_person).astype(np.int32), other.astype(np.int32)


def _departments(history: History, one: Index, other: Index) -> tuple[Index, Index]:
    return history.department[one], history.department[other]


def _chunks(indices: Ints, size: int) -> Iterator[Ints]:
    step = max(1, size)
    for start in range(0, len(indices), step):
        yield indices[start : start + step]
