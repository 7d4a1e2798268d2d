"""The parts that a big round's planning is cut into: calendars to read, cohorts to solve.

A part is bytes, and what comes of it is bytes, so that any process can do it. Doing one twice
changes nothing.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import time
from collections.abc import Mapping, Sequence
from typing import Literal

import structlog

from scheduler.calendars.parcels import write_calendars
from scheduler.graph.client import Graph
from scheduler.graph.schedules import read_free_busy
from scheduler.grouping.parcels import read_tasks, write_answers
from scheduler.grouping.tasks import CohortTask

log = structlog.get_logger(__name__)

Kind = Literal["calendars", "cohorts"]

CALENDARS_MOST = 500
"""Calendars in a part: 25 requests to Graph, a few seconds."""
PEOPLE_LEAST = 1_000
"""Small cohorts share a part until it has so many people; a large one is a part of its own."""


def ask_calendars(
    mails: Sequence[str],
    start: dt.datetime,
    end: dt.datetime,
    *,
    zones: Mapping[str, str],
    through: Sequence[str],
) -> list[bytes]:
    """The parts of reading ``mails``; see :func:`scheduler.graph.schedules.read_free_busy`."""
    parts = []
    for number, first in enumerate(range(0, len(mails), CALENDARS_MOST)):
        some = mails[first : first + CALENDARS_MOST]
        # Each part begins with another mailbox, so that parts at the same time spread the load.
        turn = number % len(through) if through else 0
        question = {
            "mails": list(some),
            "span": [start.isoformat(), end.isoformat()],
            "zones": {mail: zones[mail] for mail in some if mail in zones},
            "through": [*through[turn:], *through[:turn]],
        }
        parts.append(json.dumps(question).encode())
    return parts


def pack_cohorts(tasks: Sequence[CohortTask]) -> list[list[int]]:
    """Which cohorts go into one part, by number; the largest first, for they take longest."""
    order = sorted(range(len(tasks)), key=lambda n: (-len(tasks[n].board.person), n))
    parts: list[list[int]] = []
    room = 0
    for number in order:
        people = len(tasks[number].board.person)
        if room < people or not parts:
            parts.append([])
            room = max(PEOPLE_LEAST, people)
        parts[-1].append(number)
        room -= people
    return parts


async def do_part(graph: Graph, kind: Kind, data: bytes) -> bytes:
    """Do one part, with one request to Graph at a time or on one core.

    Raises:
        GraphError: Graph cannot be asked at all.
    """
    if kind == "cohorts":
        return await asyncio.to_thread(_solve, data)
    began = time.monotonic()
    question = json.loads(data)
    begin, end = (dt.datetime.fromisoformat(moment) for moment in question["span"])
    calendars = await read_free_busy(
        graph,
        question["mails"],
        begin,
        end,
        zones=question["zones"],
        through=question["through"],
        lanes=1,
    )
    seconds = round(time.monotonic() - began, 2)
    log.info("part-done", kind=kind, people=len(calendars), seconds=seconds)
    return write_calendars(calendars)


def _solve(data: bytes) -> bytes:
    from scheduler.grouping.solving import solve_task  # noqa: PLC0415 -- slow import

    began = time.thread_time()
    tasks = read_tasks(data)
    answers = [solve_task(task, lambda *_: False) for task in tasks]
    people = sum(len(task.board.person) for task in tasks)
    seconds = round(time.thread_time() - began, 2)
    log.info("part-done", kind="cohorts", people=people, cpu_seconds=seconds)
    return write_answers(answers)
