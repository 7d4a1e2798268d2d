"""The rules as the engine sees them: codes and masks over people, no names.

``weight`` is ``None`` for a hard rule, else the points that each violation costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class AtMostOfOne:
    """At most ``count`` members of a group share one code; -1 shares with nobody.

    ``count`` 1 is "different". A violation is each member above ``count``.
    """

    name: str
    code: Ints
    count: int = 1
    weight: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Same:
    """All members share one code. A violation is each code beyond the first."""

    name: str
    code: Ints
    weight: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class AtLeast:
    """At least ``count`` members are in ``who``, in groups with a member in ``when`` (or in
    all groups where ``when`` is None). A violation is each member missing.
    """

    name: str
    who: Bools
    count: int
    when: Bools | None = None
    weight: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class AtMost:
    """At most ``count`` members are in ``who``. A violation is each member above."""

    name: str
    who: Bools
    count: int
    weight: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """No group holds both people of a pair, shape ``(k, 2)``. A violation is each pair."""

    name: str
    pairs: Ints
    weight: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Both people of a pair are in one group, or neither is placed. Always hard."""

    name: str
    pairs: Ints


@dataclass(frozen=True, slots=True, eq=False)
class LevelSpread:
    """Highest minus lowest level in a group is at least / at most so much; -1 has no level.

    A group in which nobody has a level, or one person alone has, spreads 0 levels, and
    ``at_least`` counts only where two members have a level. A violation is each level missing or
    too many.
    """

    name: str
    level: Ints
    at_least: int | None = None
    at_most: int | None = None
    weight: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CommonBit:
    """All members have at least one bit in common (spoken languages), ``bits`` uint64 ``(n,)``.

    A violation is the group.
    """

    name: str
    bits: npt.NDArray[np.uint64]
    weight: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CommonHours:
    """The members' working hours overlap by at least ``minutes`` on the day they meet.

    ``opens[n, d]`` and ``closes[n, d]``: the minutes (since 1970, UTC) between which person ``n``
    works on day ``d``; ``day[s]``: the day of slot ``s``. Somebody who does not work that day has
    ``closes <= opens``. A violation is the group.
    """

    name: str
    opens: Ints
    closes: Ints
    day: Ints
    minutes: int
    weight: int | None = None


Rule = (
    AtMostOfOne | Same | AtLeast | AtMost | Apart | Together | LevelSpread | CommonBit | CommonHours
)
