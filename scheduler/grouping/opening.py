"""Where groups could sit to begin with: sittings chosen before anybody is.

A table is used best when its groups follow each other without a gap, so each venue's slots are
packed first (earliest start first is optimal for intervals of equal length). Of these sittings the
search begins with those big enough for the favourite size, spread over the slots by how many
people are free. When seats are short this is what decides how many people are placed.
"""

from __future__ import annotations

import numpy as np

from scheduler.grouping.encoding import Board, Ints


def pack_venue(board: Board, load: Ints, venue: int) -> list[tuple[int, int]]:
    """Slots of one venue that follow each other, with the tables left in each."""
    tables = int(board.venue["tables"][venue])
    people = len(board.person)
    plenty = tables * int(board.fixed["least"][0]) >= people
    packed = []
    after = -1
    for slot in np.flatnonzero(board.free[venue]).tolist():
        low, high = int(board.slot["clash_from"][slot]), int(board.slot["clash_to"][slot])
        left = tables - int(load[venue, low:high].max(initial=0))
        if left <= 0 or (slot < after and not plenty):
            continue
        packed.append((slot, left))
        after = high
    return packed


def plan_sittings(board: Board, load: Ints, spare: float = 1.0) -> Ints:
    """Sittings to begin with, rows ``(slot, venue)``, with ``spare`` seats for each person."""
    people = len(board.person)
    favourite = int(board.fixed["favourite"][0])
    crowd = board.unit["size"] @ board.available
    by_class: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for venue in range(len(board.venue)):
        seats = int(board.venue["seats"][venue])
        rank = (0, seats - favourite) if seats >= favourite else (1, -seats)
        for slot, left in pack_venue(board, load, venue):
            by_class.setdefault(rank, []).append((slot, venue, left))
    used = np.zeros(len(crowd), np.int64)
    chosen: list[tuple[int, int]] = []
    wanted = people * spare
    seated = 0
    for rank in sorted(by_class):
        waiting: dict[int, list[list[int]]] = {}
        for slot, venue, left in by_class[rank]:
            waiting.setdefault(slot, []).append([venue, left])
        while seated < wanted and waiting:
            slot = max(waiting, key=lambda s: (crowd[s] / (used[s] + favourite), -s))
            if crowd[slot] < used[slot] + int(board.fixed["least"][0]):
                del waiting[slot]
                continue
            venue, left = waiting[slot][-1]
            chosen.append((slot, venue))
            waiting[slot][-1][1] = left - 1
            if left == 1:
                waiting[slot].pop()
                if not waiting[slot]:
                    del waiting[slot]
            size = min(int(board.venue["seats"][venue]), favourite)
            used[slot] += size
            seated += size
    return np.array(chosen, np.int64).reshape(-1, 2)
