"""Tasks and answers as bytes, for the way to another process and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scheduler.calendars.parcels import read_arrays, write_arrays
from scheduler.grouping.encoding import Board
from scheduler.grouping.tasks import CohortAnswer, CohortTask


def write_tasks(tasks: Sequence[CohortTask]) -> bytes:
    """Several cohorts in one parcel."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for number, task in enumerate(tasks):
        for name, array in zip(Board._fields, task.board, strict=True):
            arrays[f"{number} board {name}"] = array
        for name in ("taken", "waited", "start"):
            arrays[f"{number} {name}"] = getattr(task, name)
        arrays[f"{number} seed"] = np.array([task.seed], np.uint64)
        arrays[f"{number} effort"] = np.array([task.effort], np.float64)
    return write_arrays(arrays)


def read_tasks(data: bytes) -> list[CohortTask]:
    """What :func:`write_tasks` was given."""
    arrays = read_arrays(data)
    return [
        CohortTask(
            board=Board(*(arrays[f"{number} board {name}"] for name in Board._fields)),
            taken=arrays[f"{number} taken"],
            waited=arrays[f"{number} waited"],
            start=arrays[f"{number} start"],
            seed=int(arrays[f"{number} seed"][0]),
            effort=float(arrays[f"{number} effort"][0]),
        )
        for number in range(sum(name.endswith(" seed") for name in arrays))
    ]


def write_answers(answers: Sequence[CohortAnswer]) -> bytes:
    """Several plans in one parcel."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for number, answer in enumerate(answers):
        members = [person for people, _, _ in answer.groups for person in people]
        where = [(len(people), slot, venue) for people, slot, venue in answer.groups]
        figures = (*answer[1:4], answer.done, answer.proven)
        arrays[f"{number} members"] = np.array(members, np.int64)
        arrays[f"{number} groups"] = np.array(where, np.int64).reshape(-1, 3)
        arrays[f"{number} figures"] = np.array(figures, np.int64)
        arrays[f"{number} by"] = np.array([answer.bound_by])
    return write_arrays(arrays)


def read_answers(data: bytes) -> list[CohortAnswer]:
    """What :func:`write_answers` was given."""
    arrays = read_arrays(data)
    answers = []
    for number in range(sum(name.endswith(" by") for name in arrays)):
        placed, placed_bound, value_bound, done, proven = arrays[f"{number} figures"].tolist()
        members = iter(arrays[f"{number} members"].tolist())
        groups = [
            ([next(members) for _ in range(size)], slot, venue)
            for size, slot, venue in arrays[f"{number} groups"].tolist()
        ]
        answers.append(
            CohortAnswer(
                groups,
                placed,
                placed_bound,
                value_bound,
                str(arrays[f"{number} by"][0]),
                bool(done),
                bool(proven),
            )
        )
    return answers
