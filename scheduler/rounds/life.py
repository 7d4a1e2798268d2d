"""The life of a round as a durable workflow: killed at any line, it goes on at the next start.

DBOS keeps the workflow beside our own tables (SQLite: a file beside ours; PostgreSQL: the schema
``dbos`` of the same database). A round's id is its workflow's id, so starting it twice is one
round. DBOS repeats a step that was under way when the process ended, and every step of
:mod:`scheduler.rounds.steps` is safe to repeat. Waiting for approval and for the last meeting are
waits of the workflow, which cost nothing while they last.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext, suppress
from dataclasses import replace
from typing import Any, TypeVar

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID

from scheduler.graph.errors import GraphError
from scheduler.rounds.context import Context
from scheduler.rounds.crew import APPLICATION, database_url, forget_parts
from scheduler.rounds.listening import Listener
from scheduler.rounds.notices import send_due_notices
from scheduler.rounds.retention import forget_what_is_due
from scheduler.rounds.running import RUNNER, refuse_if_taken_down
from scheduler.rounds.secrets import read_secrets
from scheduler.rounds.standing import read_standing
from scheduler.rounds.steps import (
    CLOSES_AFTER,
    Result,
    find_due_rounds,
    seconds_until_over,
    take_step,
)
from scheduler.store.engine import now
from scheduler.store.errors import RoundHeldError
from scheduler.store.hold import Hold, hold_name
from scheduler.store.old_sqlite import teach_old_sqlite
from scheduler.store.rounds import list_rounds, split_round_id

log = structlog.get_logger(__name__)

VERSION = "1"
"""Of the workflow below: rounds that wait are carried on by a newer release of the product as
long as this stays the same."""
TAKES_OVER_SECONDS = 2.0
"""A helper looks so often whether somebody still leads."""
AGAIN_AFTER: dict[Result, float] = {"later": 600.0, "failed": 3600.0}
"""Seconds until a step is tried again."""
BROKEN_OFF = frozenset({"ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED"})
"""States of a workflow that does not go on by itself."""
DECISION, AGAIN, TIME = "decision", "again", "time"
"""What a round waits for: HR, another try, the end of its meetings."""

Value = TypeVar("Value")


class _Engine:
    """The one context that the steps of this process work with, and the loop it belongs to."""

    def __init__(self) -> None:
        self.context: Context | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.waiting: dict[str, str] = {}

    async def call(self, work: Coroutine[Any, Any, Value]) -> Value:
        """Run on the context's own loop: DBOS carries on recovered rounds on a loop of its own."""
        assert self.loop is not None  # noqa: S101 -- set while the engine runs
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))


_engine = _Engine()


def _context() -> Context:
    assert _engine.context is not None  # noqa: S101 -- set while the engine runs
    return _engine.context


@DBOS.step(name="step")
async def _step(step: str, round_id: str) -> Result:
    return await _engine.call(take_step(_context(), step, round_id))


@DBOS.step(name="seconds until")
async def _seconds_until(what: str, round_id: str) -> float:
    if what == "over":
        return seconds_until_over(_context(), round_id)
    start = dt.datetime.combine(split_round_id(round_id)[1], dt.time(), dt.UTC)
    return (start - _context().moment()).total_seconds()


# Every start of a job recovers each round that waits, for weeks, so there is no number of times
# after which something must be wrong.
@DBOS.workflow(name="round", max_recovery_attempts=None)
async def _live(round_id: str) -> str:
    """Plan, wait for approval, book, see the meetings through, close."""
    if await _until_done("plan", round_id) == "ended":
        return "ended"
    while (approved := await _step("approval", round_id)) in AGAIN_AFTER:
        seconds = max(1.0, await _seconds_until("start", round_id))
        with _Waiting(round_id, DECISION):
            await DBOS.recv_async(DECISION, timeout_seconds=seconds)
    if approved == "ended" or await _until_done("book", round_id) == "ended":
        return "ended"
    while (seconds := await _seconds_until("over", round_id)) > 0:
        with _Waiting(round_id, TIME):
            await DBOS.sleep_async(seconds)
    with _Waiting(round_id, TIME):
        await DBOS.sleep_async(CLOSES_AFTER.total_seconds())
    return await _until_done("close", round_id)


async def _until_done(step: str, round_id: str) -> Result:
    while (result := await _step(step, round_id)) in AGAIN_AFTER:
        with _Waiting(round_id, AGAIN):
            await DBOS.recv_async(AGAIN, timeout_seconds=AGAIN_AFTER[result])
    return result


class _Waiting:
    """Marks a round that has nothing to do until something comes."""

    def __init__(self, round_id: str, what: str) -> None:
        self._round_id, self._what = round_id, what

    def __enter__(self) -> None:
        _engine.waiting[self._round_id] = self._what

    def __exit__(self, *_: object) -> None:
        _engine.waiting.pop(self._round_id, None)


@asynccontextmanager
async def durable_rounds(context: Context, *, held: Hold | None = None) -> AsyncIterator[Hold]:
    """Carry on all rounds that were under way, for the length of an ``async with`` block.

    Yields what says whether this is still the one process that does.

    Args:
        context: Settings, store and connection.
        held: That, where the caller holds ``RUNNER`` already.

    Raises:
        RoundHeldError: another process does this already.
        TakenDownError: this installation was taken down.
    """
    with nullcontext(held) if held else hold_name(context.store, RUNNER) as hold:
        refuse_if_taken_down(context.store)
        _engine.context, _engine.loop = context, asyncio.get_running_loop()
        _engine.waiting.clear()
        teach_old_sqlite()
        DBOS(
            config=DBOSConfig(
                name=APPLICATION,
                system_database_url=database_url(context),
                application_version=VERSION,
                console_log_level="ERROR",
            )
        )
        loop = _engine.loop
        await asyncio.to_thread(DBOS.launch)
        try:
            yield hold
        finally:
            await asyncio.to_thread(DBOS.destroy)
            # DBOS made its own threads the loop's, and has just closed them.
            loop.set_default_executor(ThreadPoolExecutor())
            _engine.context = _engine.loop = None


async def start_due_rounds(context: Context) -> tuple[str, ...]:
    """Start every round that is due and not under way; a second start of one is none.

    One whose workflow broke off is begun anew: its steps leave alone what is done.
    """
    started = []
    for round_id in find_due_rounds(context):
        known = await DBOS.list_workflows_async(workflow_ids=[round_id], load_input=False)
        if known and known[0].status in BROKEN_OFF:
            log.error("round-broken-off", round=round_id, status=known[0].status)
            await DBOS.delete_workflow_async(round_id)
            known = []
        if not known:
            with SetWorkflowID(round_id):
                await DBOS.start_workflow_async(_live, round_id)
            started.append(round_id)
            log.info("round-started", round=round_id)
    return tuple(started)


async def pass_on_decisions(context: Context) -> frozenset[str]:
    """Wake the rounds that HR has decided on since they fell asleep; which they are."""
    decided = [
        round_
        for round_ in list_rounds(context.store)
        if _engine.waiting.get(round_.id) == DECISION and round_.state != "planned"
    ]
    for round_ in decided:
        # One message a decision, however often it is passed on.
        key = f"{round_.id} {round_.state} {round_.revision}"
        await DBOS.send_async(round_.id, round_.state, DECISION, idempotency_key=key)
    return frozenset(round_.id for round_ in decided)


async def tend_rounds(context: Context) -> bool:
    """Read the answers of every booked round, repair it, and send the notices that are due.

    What was stopped on its way is carried on: a repair, an announcement, a cancelling.

    Returns:
        False when something outside was in the way: the next time goes on.
    """
    results = [
        await take_step(context, "tend", round_.id)
        for round_ in list_rounds(context.store, states=frozenset({"booking", "booked"}))
        # One that is booking for the first time is at it in its own workflow.
        if round_.state == "booked" or _engine.waiting.get(round_.id) == TIME
    ]
    results += [
        await take_step(context, "cancel", round_.id)
        for round_ in list_rounds(context.store, states=frozenset({"cancelling"}))
    ]
    try:
        notices = await send_due_notices(context, context.moment())
    except GraphError as error:
        log.warning("notices-put-off", reason=str(error))
        return False
    return AGAIN_AFTER.keys().isdisjoint(results) and not notices.failed


async def run_due(context: Context) -> bool:
    """Do everything that is due and come back: for cron and container jobs.

    Returns:
        Whether all that was due is done; False when something was in the way, and the next run
        goes on.

    Raises:
        RoundHeldError: another process does this already.
    """
    async with durable_rounds(context):
        await start_due_rounds(context)
        await _until_idle(context)
        put_off = sorted(r for r, what in _engine.waiting.items() if what == AGAIN)
        tended = await tend_rounds(context)
        await forget_what_is_due(context, context.today)
        await asyncio.to_thread(forget_parts, DBOS)
    incomplete = _find_incomplete(context)
    log.info(
        "run-finished", rounds_incomplete=len(incomplete), rounds_put_off=put_off, tended=tended
    )
    return tended and not incomplete and not put_off


def _find_incomplete(context: Context) -> tuple[str, ...]:
    """Rounds of which planned = booked = announced is not true, each said in the log."""
    found = []
    for round_ in list_rounds(context.store, states=frozenset({"approved", "booking", "booked"})):
        standing = read_standing(context.store, round_.id)
        if round_.state != "booked" or not standing.complete:
            found.append(round_.id)
            log.error(
                "round-incomplete",
                round=round_.id,
                planned=standing.planned,
                booked=standing.booked,
                removed_by_hand=standing.removed_by_hand,
                announced=standing.announced,
                differs=standing.describe_difference(),
            )
    return tuple(found)


async def _until_idle(context: Context) -> None:
    """Wait until every round waits for something that is not due; each is tried again once."""
    tried: set[str] = set()
    quiet = 0
    while quiet < 2:  # twice, since a round that was just woken is not busy at once
        waking = await pass_on_decisions(context)
        again = {r for r, what in _engine.waiting.items() if what == AGAIN} - tried
        for round_id in again:
            await DBOS.send_async(round_id, "run", AGAIN)
            _engine.waiting.pop(round_id, None)  # busy from now on, though not awake at once
        tried |= again
        await asyncio.sleep(0.2)
        pending = await DBOS.list_workflows_async(
            status=["PENDING", "ENQUEUED"], name="round", load_input=False, load_output=False
        )
        awake = {workflow.workflow_id for workflow in pending} - set(_engine.waiting)
        quiet = 0 if awake or waking or again else quiet + 1


async def stay(
    context: Context,
    today: Callable[[], dt.date],
    *,
    every_seconds: float = 300.0,
    listener: Listener | None = None,
) -> None:
    """Do on schedule what :func:`run_due` does once, until cancelled.

    While another process does it (a job that is just running), this one waits for its end.

    Args:
        context: Whose ``today`` is replaced by what ``today`` says, time after time.
        today: The day.
        every_seconds: How often.
        listener: Has it done at once when Graph tells of answers; without one, on schedule alone.
    """
    while True:
        try:
            async with durable_rounds(context) as hold:
                await _lead(context, hold, today, every_seconds, listener)
        except RoundHeldError:
            log.info("rounds-kept-elsewhere")
            await asyncio.sleep(every_seconds)


async def work(
    context: Context,
    today: Callable[[], dt.date],
    *,
    every_seconds: float = 300.0,
) -> None:
    """Lead where nobody does, else help the process that leads, until cancelled.

    Args:
        context: As for :func:`stay`.
        today: The day.
        every_seconds: How often the leader looks for what is due.

    Raises:
        OneMachineError: The store is SQLite, which several processes cannot share.
        KeysError, SecretError: The environment lacks what this process may need as the leader.
        TakenDownError: This installation was taken down.
    """
    from scheduler.rounds.helping import helping  # noqa: PLC0415 -- registers workflows of its own

    read_secrets(os.environ, context.store)
    while True:
        async with AsyncExitStack() as stack:
            async with helping(context):
                while True:
                    with suppress(RoundHeldError):
                        hold = stack.enter_context(hold_name(context.store, RUNNER))
                        break
                    await asyncio.sleep(TAKES_OVER_SECONDS)
            log.info("leading")
            with suppress(RoundHeldError):
                async with durable_rounds(context, held=hold):
                    await _lead(context, hold, today, every_seconds, None)
            log.warning("lead-lost")


async def _lead(
    context: Context,
    hold: Hold,
    today: Callable[[], dt.date],
    every_seconds: float,
    listener: Listener | None,
) -> None:
    """Do what is due, time after time.

    Raises:
        RoundHeldError: The database was away meanwhile, and another process may lead now.
    """
    wait = asyncio.sleep if listener is None else listener.wait
    while True:
        await asyncio.to_thread(hold.check)
        _engine.context = at_present = replace(context, today=today())
        await start_due_rounds(at_present)
        await pass_on_decisions(at_present)
        await tend_rounds(at_present)
        await forget_what_is_due(at_present, at_present.today)
        await asyncio.to_thread(forget_parts, DBOS)
        if listener is not None:
            await listener.keep(at_present, at=now())
        await wait(every_seconds)
