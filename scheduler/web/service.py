"""What routes work with: one for the whole life of the process."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

import structlog
from starlette.requests import Request

from scheduler.agendas.agenda import Agenda
from scheduler.errors import ScheduleError
from scheduler.grouping.plan import Group, Plan
from scheduler.rounds.attending import Repair
from scheduler.rounds.circle import Circles
from scheduler.rounds.context import Context
from scheduler.rounds.directory import Directory
from scheduler.rounds.listening import Listener
from scheduler.rounds.member_agendas import write_member_agenda
from scheduler.store.plans import read_plan
from scheduler.store.rounds import Round, split_round_id
from scheduler.teams.settings import TeamsSettings
from scheduler.teams.signing import Signer
from scheduler.web.limits import FORGERIES, PRESSES, SEARCHES, Limiter
from scheduler.web.settings import WebSettings
from scheduler.web.sign_in import SignIn
from scheduler.web.teams_sdk import ConnectorTokens

log = structlog.get_logger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
PLANS_KEPT = 8
STORE_WORKERS = 8
"""Store calls at the same time on PostgreSQL. SQLite has one writer: there they stand in line
here, where waiting is cheap, and not in the database, where it is a busy loop."""


class Service:
    """Settings and connections, the directory, and work that goes on after an answer."""

    def __init__(
        self,
        context: Context,
        *,
        web: WebSettings,
        sign_in: SignIn,
        secrets: tuple[str, ...],
        teams: TeamsSettings | None,
        clock: Callable[[], dt.datetime],
        repair: Repair,
        listener: Listener | None = None,
    ) -> None:
        """Take what was opened; see :func:`scheduler.web.app.create_app`."""
        self._context = context
        self._clock = clock
        self._repair = repair
        self.listener = listener
        self.web = web
        self.sign_in = sign_in
        self.secrets = secrets
        self.signer = Signer(secrets)
        self.teams = teams
        self.tokens = (
            None
            if teams is None
            else ConnectorTokens(teams.app_id, web.teams_keys_url, teams.ca_file)
        )
        self.directory = Directory(context)
        self.circles = Circles()
        self.presses = Limiter(PRESSES)
        self.searches = Limiter(SEARCHES)
        self.forgeries = Limiter(FORGERIES)
        self._plans: OrderedDict[tuple[str, int], Plan] = OrderedDict()
        self._plans_lock = threading.Lock()
        workers = 1 if context.store.file is not None else STORE_WORKERS
        self._store_threads = ThreadPoolExecutor(workers, thread_name_prefix="store")
        self._tasks: set[asyncio.Task[None]] = set()
        self._repairs: dict[str, bool] = {}

    def now(self) -> dt.datetime:
        """The moment, in UTC."""
        return self._clock()

    def context(self, by: str = "service") -> Context:
        """What a step of a round is given, as of today, on behalf of somebody."""
        return dataclasses.replace(self._context, today=self.now().date(), by=by)

    async def in_store(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something that reads or writes the store, without stopping everything else."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._store_threads, lambda: work(*args, **kwargs))

    def go_on(self, work: Coroutine[Any, Any, None], what: str) -> None:
        """Let something go on after the answer; a failure of it is logged."""
        task = asyncio.create_task(self._watch(work, what))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def ask_repair(self, round_id: str) -> None:
        """Have a round mended: one repair of it at a time, and one more for what came meanwhile."""
        if round_id in self._repairs:
            self._repairs[round_id] = True
            return
        self._repairs[round_id] = False
        self.go_on(self._mend(round_id), "repair")

    async def close(self, *, seconds: float = 20.0) -> None:
        """Let what goes on finish, for a while; the next run of the job does the rest."""
        if self._tasks:
            _, unfinished = await asyncio.wait(self._tasks, timeout=seconds)
            for task in unfinished:
                task.cancel()
        self._store_threads.shutdown(wait=False)

    async def find_group(self, found: Round, number: int) -> Group | None:
        """A group of the plan that counts now."""
        plan = await self.in_store(self._read_plan, found.id, found.revision)
        return next((group for group in plan.groups if group.number == number), None)

    async def write_agenda(
        self, found: Round, number: int, person_id: str, language: str
    ) -> Agenda | None:
        """A group's agenda as a member reads it; None where programme or group are gone."""
        group = await self.find_group(found, number)
        programme = self._context.settings.programmes.get(split_round_id(found.id)[0])
        people = await self.directory.people()
        if group is None or programme is None or not any(m in people for m in group.member_ids):
            return None
        return write_member_agenda(programme, group, people, person_id, language=language)

    def _read_plan(self, round_id: str, revision: int) -> Plan:
        key = (round_id, revision)
        with self._plans_lock:
            if key not in self._plans:
                self._plans[key] = read_plan(self._context.store, round_id, revision)
                if len(self._plans) > PLANS_KEPT:
                    self._plans.popitem(last=False)
            self._plans.move_to_end(key)
            return self._plans[key]

    async def _mend(self, round_id: str) -> None:
        try:
            while True:
                await self._repair(self.context("service"), round_id)
                if not self._repairs[round_id]:
                    return
                self._repairs[round_id] = False
        finally:
            del self._repairs[round_id]

    async def _watch(self, work: Coroutine[Any, Any, None], what: str) -> None:
        try:
            await work
        except ScheduleError as error:
            log.warning("not-done-afterwards", what=what, error=type(error).__name__)
        except Exception:  # whatever it is, the answer has been given and the job comes after us
            log.exception("went-wrong-afterwards", what=what)


def service_of(request: Request) -> Service:
    """The service of the app that a request came to; a dependency of routes."""
    service: Service = request.app.state.service
    return service
