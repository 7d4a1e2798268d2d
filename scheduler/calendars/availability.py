"""For each person of the roster, which slots they are free in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.calendars.slots import Slot


@dataclass(frozen=True, slots=True, eq=False)
class Availability:
    """``free[p, s]``: person ``p`` (an id of ``person_ids``) can meet in ``slots[s]``."""

    person_ids: tuple[str, ...]
    slots: tuple[Slot, ...]
    free: npt.NDArray[np.bool_]
