"""Who has met whom, and who knew each other before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Pair = tuple[str, str]


def pair_of(one: str, other: str) -> Pair:
    """Two person ids in the one order in which pairs are kept."""
    return (one, other) if one < other else (other, one)


@dataclass(frozen=True, slots=True)
class Met:
    """How often two people met through the programmes, and when last."""

    times: int
    last: dt.date


@dataclass(frozen=True, slots=True)
class Contacts:
    """``met``: pairs that a programme brought together; ``known``: pairs with a tie from elsewhere.

    Keys are made by :func:`pair_of`.
    """

    met: Mapping[Pair, Met] = field(default_factory=dict)
    known: frozenset[Pair] = frozenset()

    def tied(self, one: str, other: str) -> bool:
        """Whether two people have met or knew each other before."""
        pair = pair_of(one, other)
        return pair in self.met or pair in self.known


def gather_contacts(
    meetings: Iterable[tuple[dt.date, Iterable[str]]], known: Iterable[Pair] = ()
) -> Contacts:
    """Contacts out of held meetings (day, member ids) and ties from elsewhere."""
    met: dict[Pair, Met] = {}
    for day, member_ids in meetings:
        members = sorted(set(member_ids))
        for index, one in enumerate(members):
            for other in members[index + 1 :]:
                before = met.get((one, other), Met(0, day))
                met[one, other] = Met(before.times + 1, max(before.last, day))
    return Contacts(met, frozenset(pair_of(*pair) for pair in known if pair[0] != pair[1]))
