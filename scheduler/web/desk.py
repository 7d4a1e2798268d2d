"""What HR's pages keep in this process: work under way, plans looked at, rounds as of today.

All of it can be made again, and is after a restart.
"""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request

from scheduler.grouping.plan import Plan
from scheduler.people.person import Person
from scheduler.rounds.context import Context
from scheduler.rounds.editing import look_at_round
from scheduler.rounds.planning import Prospect
from scheduler.store.plans import read_plan
from scheduler.store.rounds import Round, read_round, split_round_id
from scheduler.web.jobs import Job, JobProgress, Jobs
from scheduler.web.plan_view import PlanView
from scheduler.web.service import Service

VIEWS_KEPT = 4
PROSPECTS_KEPT = 2
PROSPECT_SECONDS = 900.0
"""How long calendars that were read serve to try changes: a quarter of an hour, like the directory.
Booking reads them once more."""
MOMENT_SECONDS = 2.0
"""How long a page waits for work before it shows how far that is."""


class Desk:
    """Shared by all requests of one process."""

    def __init__(self, service: Service) -> None:
        """Take what the pages work with."""
        self.service = service
        self.jobs = Jobs()
        self.counts: dict[tuple[str, int], tuple[int, int]] = {}
        """Seats and groups of plans that were counted, by round and revision."""
        self._views: OrderedDict[tuple[str, int, int], PlanView] = OrderedDict()
        self._prospects: OrderedDict[str, tuple[float, Prospect]] = OrderedDict()

    async def close(self) -> None:
        """Let work that is under way finish, for a while."""
        await self.jobs.close()

    async def find_round(self, programme: str, date: str) -> Round:
        """The round of an address.

        Raises:
            UnknownRoundError: There is none.
        """
        round_id = f"{programme}/{date}"
        split_round_id(round_id)
        return await self.service.in_store(read_round, self.service.context().store, round_id)

    async def view(self, found: Round) -> PlanView:
        """The plan of a round that counts now."""
        return await self.view_of(found.id, found.revision)

    async def view_of(self, round_id: str, revision: int) -> PlanView:
        """One plan of a round; the last ones that were looked at are at hand."""
        people = await self.service.directory.people()
        key = (round_id, revision, id(people))
        if key not in self._views:
            plan = await self.read_plan(round_id, revision)
            everybody = with_strangers(plan, people, self._guests(round_id))
            self._views[key] = await asyncio.to_thread(PlanView, plan, everybody)
            while len(self._views) > VIEWS_KEPT:
                self._views.popitem(last=False)
        self._views.move_to_end(key)
        return self._views[key]

    async def read_plan(self, round_id: str, revision: int) -> Plan:
        """One plan of a round.

        Raises:
            UnknownRoundError: There is none.
        """
        store = self.service.context().store
        return await self.service.in_store(read_plan, store, round_id, revision)

    def title(self, found: Round) -> str:
        """What the programme of a round is called."""
        known = self.service.context().settings.programmes.get(found.programme)
        return known.title if known else found.programme

    async def prospect(self, round_id: str, by: str) -> Prospect | Job:
        """The round as it is today, or the work of reading that, where it takes a while.

        Raises:
            BusyError: Too much is being computed.
        """
        kept = self._prospects.get(round_id)
        if kept is not None and time.monotonic() < kept[0] + PROSPECT_SECONDS:
            return kept[1]

        async def look(context: Context) -> None:
            prospect = await look_at_round(context, round_id)
            self._prospects[round_id] = (time.monotonic(), prospect)
            self._prospects.move_to_end(round_id)
            while len(self._prospects) > PROSPECTS_KEPT:
                self._prospects.popitem(last=False)

        job = self.start(f"look {round_id}", "Reading today’s calendars", look, by=by)
        if await self.jobs.wait(job, MOMENT_SECONDS) and job.problem is None:
            return self._prospects[round_id][1]
        return job

    def forget_prospect(self, round_id: str) -> None:
        """Read the calendars of a round anew the next time."""
        self._prospects.pop(round_id, None)

    def start(
        self,
        key: str,
        title: str,
        work: Callable[[Context], Awaitable[Any]],
        *,
        by: str,
        in_line: bool = True,
    ) -> Job:
        """Let something be done beside the pages, on somebody's behalf; see :class:`Jobs`."""
        context = self.service.context(by)

        async def run(progress: JobProgress) -> Any:
            return await work(dataclasses.replace(context, progress=progress))

        return self.jobs.start(key, title, run, by=by, in_line=in_line)

    def _guests(self, round_id: str) -> Mapping[str, str]:
        known = self.service.context().settings.programmes.get(split_round_id(round_id)[0])
        return {guest.mail: guest.name for guest in known.guests} if known else {}


def with_strangers(
    plan: Plan, people: Mapping[str, Person], guests: Mapping[str, str]
) -> dict[str, Person]:
    """Everybody whom the plan names: guests, and those who have left since, are in no directory."""
    named = {p for group in plan.groups for p in group.member_ids}
    named |= {entry.person_id for entry in plan.left_out}
    strangers = {
        person_id: Person(
            id=person_id, name=guests.get(person_id, "Somebody who has left"), mail=person_id
        )
        for person_id in named - set(people)
    }
    return {**people, **strangers}


def desk_of(request: Request) -> Desk:
    """The desk of the app that a request came to; a dependency of routes."""
    desk: Desk = request.app.state.desk
    return desk
