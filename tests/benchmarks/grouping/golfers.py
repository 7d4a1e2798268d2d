"""How many turns are known to be possible without anybody meeting twice.

The social golfer problem: so many tables of so many seats, all of them full in each turn. For up to
six tables, and for seven of up to four seats, the figures are proven to be the most (OEIS A107431).
So are those that counting allows no more than: everybody meets ``size - 1`` others in a turn. The
rest is the most that published constructions give, as collected for ten tables and seats in
github.com/guwidoe/GroupMixer (March 2026; W. Harvey's results page, and A. Miller, I. Valkov and
R. J. R. Abel, "Combinatorial Solutions to the Social Golfer Problem", Symmetry 18 (2026) 269).
"""

from __future__ import annotations

KNOWN_TURNS = {
    2: (3,),
    3: (5, 4),
    4: (7, 4, 5),
    5: (9, 7, 5, 6),
    6: (11, 8, 7, 6, 3),
    7: (13, 10, 9, 7, 7, 8),
    8: (15, 11, 10, 8, 8, 8, 9),
    9: (17, 13, 11, 9, 9, 9, 9, 10),
    10: (19, 14, 13, 9, 7, 7, 5, 5, 4),
}
"""By tables, for two seats, three and so on. With more seats than tables one turn is the most."""

PROVEN = {(7, 3), (7, 4)} | {(tables, size) for tables in range(2, 7) for size in range(2, 7)}


def list_known() -> list[tuple[int, int, int]]:
    """Tables, seats and turns of all of them."""
    return [
        (tables, size, turns)
        for tables, row in KNOWN_TURNS.items()
        for size, turns in enumerate(row, 2)
    ]


def is_most(tables: int, size: int, turns: int) -> bool:
    """Whether no schedule has more turns, by proof or by counting."""
    return (tables, size) in PROVEN or (turns + 1) * (size - 1) > tables * size - 1
