"""Failing the calls of a round, and running it twice at once. For kills see ``killing.py``.

Run as a program, because a process that forks must not be the test runner:

    python tests/booking/harness.py fault --groups 100
    python tests/booking/harness.py race  --groups 20 --database postgresql://...

It starts its own sandbox, prints what it found as one JSON object, and ends with 1 when a
promise was broken.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import logging
import os
import ssl
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from scheduler.booking import book, cancel
from scheduler.booking.invitation import AgendaParts, Occasion
from scheduler.booking.recheck import is_taken
from scheduler.calendars.freebusy import (
    BUSY,
    OUT_OF_OFFICE,
    TENTATIVE,
    UNKNOWN,
    WORKING_ELSEWHERE,
)
from scheduler.calendars.slots import Slot
from scheduler.graph.client import open_graph
from scheduler.graph.directory import read_people
from scheduler.graph.schedules import read_free_busy
from scheduler.graph.settings import read_graph_settings
from scheduler.grouping.plan import Group, Place, Plan
from scheduler.sandbox import SandboxSettings, start_sandbox
from scheduler.store import bookings, meetings, rounds
from scheduler.store.engine import open_store
from scheduler.store.errors import RoundHeldError

TODAY = dt.date(2026, 12, 1)
NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
ORGANISERS = ("networking-1@lindenhof.example", "networking-2@lindenhof.example")
OCCASION = Occasion(title="Lunch", category="Networking", organisers=ORGANISERS)
TAKEN = (BUSY, OUT_OF_OFFICE, TENTATIVE, UNKNOWN, WORKING_ELSEWHERE)


def agenda(group):
    return AgendaParts(f"<p>Group {group.number}</p>", b"%PDF-1.7 " * 500, "agenda.pdf")


@dataclass
class World:
    """A tenant, a plan in which one member of each tenth group is taken, and who replaces them."""

    addresses: object
    settings: object
    people: dict
    plan: Plan
    spare: dict  # group number -> (who is taken, who is free instead)

    def repair(self, plan, busy):
        numbers = {entry.group_number: entry for entry in busy}
        groups = []
        for group in plan.groups:
            if group.number in numbers:
                taken, free = self.spare[group.number]
                assert numbers[group.number].person_ids == (taken,)
                members = tuple(free if m == taken else m for m in group.member_ids)
                groups.append(replace(group, member_ids=members))
            else:
                groups.append(group)
        return replace(plan, groups=tuple(groups))

    def mended(self, round_id):
        busy = [
            type("Busy", (), {"group_number": n, "person_ids": (taken,)})
            for n, (taken, _) in self.spare.items()
        ]
        return replace(self.repair(self.plan, busy), round_id=round_id)

    def control(self, path, body=None):
        context = ssl.create_default_context(cafile=self.addresses.ca_file)
        request = urllib.request.Request(
            f"{self.addresses.https}/sandbox/{path}",
            method="GET" if body is None else "POST",
            data=None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.urlopen(request, context=context) as answer:
            return json.loads(answer.read() or b"null")

    def events(self, round_id):
        """What stands in the organisers' calendars: group number -> who is invited, when."""
        found = {}
        for organiser in ORGANISERS:
            for event in self.control(f"mailboxes/{organiser}")["events"]:
                key = next((v for k, v in event["properties"].items() if k.endswith("group")), "")
                if event["removed"] or not key.startswith(f"{round_id}/"):
                    continue
                invited = sorted(a["emailAddress"]["address"] for a in event["attendees"])
                number = int(key.split("/")[-2])
                found.setdefault(number, []).append(
                    (invited, event["start"]["dateTime"][:16], len(event["attachments"]))
                )
        return found


async def make_world(addresses, count, settings):
    """Groups of four who are free together, none of them twice."""
    start = dt.datetime(2026, 12, 7, tzinfo=dt.UTC)
    async with open_graph(settings) as graph:
        people = (await read_people(graph)).people
        mails = [person.mail for person in people]
        calendars = await read_free_busy(graph, mails, start, start + dt.timedelta(days=14))
    slots = [
        Slot(start + dt.timedelta(days=day, hours=hour), 60)
        for day in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)
        for hour in range(8, 17)
    ]
    waiting = {slot: [] for slot in slots}
    groups, used, spare = [], set(), {}
    for person in people:
        free = [s for s in slots if not is_taken(calendars[person.mail], s, TAKEN)]
        if not free or len(groups) == count:
            continue
        slot = max(free, key=lambda s: len(waiting[s]))
        waiting[slot].append(person.id)
        if len(waiting[slot]) == 4:
            place = Place("Online", "online", 9) if len(groups) % 2 else Place("Table", "table", 4)
            groups.append(Group(len(groups) + 1, tuple(waiting[slot]), slot, place, 6))
            used |= set(waiting.pop(slot))
            waiting[slot] = []
    assert len(groups) == count, f"only {len(groups)} groups can be made"
    rest = [person for person in people if person.id not in used]
    for index in range(0, count, 10):
        group = groups[index]
        taken = next(
            p for p in rest
            if calendars[p.mail].problem is None and is_taken(calendars[p.mail], group.slot, [BUSY])
        )  # fmt: skip
        free = group.member_ids[0]
        rest.remove(taken)
        groups[index] = replace(group, member_ids=(taken.id, *group.member_ids[1:]))
        spare[group.number] = (taken.id, free)
    plan = Plan("lunch/2026-12-07", tuple(groups), (), len(people), 4 * count, 4 * count, 0, 0,
                "none", 0, 0, 0, 7, True)  # fmt: skip
    return World(addresses, settings, {p.id: p for p in people}, plan, spare)


async def live(world, database, round_id, *, undo):
    """A round's life from wherever it stands: plan, approve, book with repairs, and undo."""
    with open_store(database) as store:
        found = rounds.find_round(store, round_id)
        if found is None:
            plan = replace(world.plan, round_id=round_id)
            found = rounds.save_plan(store, plan, at=NOW, by="hr")
        if found.state == "planned":
            found = rounds.move_round(store, round_id, "approved", at=NOW, by="hr")
        async with open_graph(world.settings) as graph:
            calls = 0
            if found.state in {"approved", "booking"}:
                report = await book.book_round(
                    graph, store, round_id, people=world.people, occasion=OCCASION,
                    agenda=agenda, repair=world.repair, clock=lambda: NOW,
                )  # fmt: skip
                assert report.complete, report.describe_difference()
                calls = graph.figures.calls
            if undo:
                gone = await cancel.cancel_round(
                    graph, store, round_id, "Sorry.", organisers=ORGANISERS, clock=lambda: NOW
                )
                assert gone.complete, gone
            return calls


def final_state(world, database, round_id):
    """Everything that must be the same whatever happened on the way."""
    with open_store(database) as store:
        found = rounds.read_round(store, round_id)
        rows = bookings.read_bookings(store, round_id)
        met = [m.person_ids for m in meetings.read_meetings(store) if m.round_id == round_id]
    return {
        "state": found.state,
        "rows": sorted((n, r.state, r.fingerprint, r.agenda_attached) for n, r in rows.items()),
        "met": met,
        "events": world.events(round_id),
    }


def check(world, state, round_id, *, undo):
    """Compare with what the mended plan says; returns what is wrong."""
    if undo:
        wrong = [] if state["state"] == "cancelled" else [f"the round is {state['state']}"]
        wrong += ["an event is left"] * bool(state["events"]) + ["history"] * bool(state["met"])
        return wrong
    wrong = [] if state["state"] == "booked" else [f"the round is {state['state']}"]
    for group in world.mended(round_id).groups:
        wanted = sorted(world.people[m].mail for m in group.member_ids)
        found = state["events"].pop(group.number, [])
        start = f"{group.slot.start:%Y-%m-%dT%H:%M}"
        # Who was forwarded an invitation is on it as well.
        if [(set(wanted) <= set(i), s, n) for i, s, n in found] != [(True, start, 1)]:
            wrong.append(f"group {group.number}: {len(found)} events")
    return wrong + [f"group {n} is not planned" for n in state["events"]]


FAULTS = {
    "seed": 3,
    "rules": [
        {
            "share": 0.3,
            "match": "users",
            "retry_after": 0,
            "delay_seconds": 0.05,
            "kinds": {
                "429": 2, "429-bare": 1, "429-done": 2, "500": 1, "502": 1, "503": 1,
                "503-saved": 2, "504": 1, "504-done": 2, "cut-before": 2, "cut-after": 2,
                "cut-middle": 2, "slow": 1, "malformed": 2, "expired": 1,
            },
        }
    ],
}  # fmt: skip


def fault(world, folder):
    """Book the same plan on a calm day and on a very bad one."""
    database = str(folder / "scheduler.db")
    calm = asyncio.run(live(world, database, "lunch/2027-01-01", undo=False))
    asyncio.run(live(world, database, "lunch/2027-01-01", undo=True))
    world.control("faults", FAULTS)
    bad = asyncio.run(live(world, database, "lunch/2027-01-02", undo=False))
    hit = sum(world.control("faults")["counts"].values())
    world.control("faults", {})
    state = final_state(world, database, "lunch/2027-01-02")
    wrong = check(world, state, "lunch/2027-01-02", undo=False)
    if bad > 3 * calm:
        wrong.append(f"{bad} calls instead of {calm}")
    return {"calls_calm": calm, "calls_bad": bad, "faults": hit, "wrong": wrong}


def race(world, database):
    """Two processes book one round at the same moment."""
    round_id = "lunch/2027-01-01"
    with open_store(database) as store:
        rounds.save_plan(store, replace(world.plan, round_id=round_id), at=NOW, by="hr")
        rounds.move_round(store, round_id, "approved", at=NOW, by="hr")
    begin = time.time() + 0.5
    processes = []
    for _ in range(2):
        process = os.fork()
        if process == 0:
            time.sleep(max(0.0, begin - time.time()))
            code = 1
            try:
                asyncio.run(live(world, database, round_id, undo=False))
                code = 0
            except RoundHeldError as error:
                code = error.exit_code
            finally:
                os._exit(code)
        processes.append(process)
    codes = sorted(os.waitstatus_to_exitcode(os.waitpid(p, 0)[1]) for p in processes)
    state = final_state(world, database, round_id)
    wrong = check(world, state, round_id, undo=False)
    if codes not in ([0, 0], [0, 3]):
        wrong.append(f"the processes ended with {codes}")
    created = world.control("report")["events_created"]
    if created != len(world.plan.groups):
        wrong.append(f"{created} events were created")
    return {"codes": codes, "wrong": wrong}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("fault", "race"))
    parser.add_argument("--groups", type=int, default=12)
    parser.add_argument("--database")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Whether a repeated transaction id gives the event that exists or an error is open in
        # Microsoft's documentation; the error is the harder case.
        sandbox = SandboxSettings(
            state=folder, people=6 * options.groups + 60, today=TODAY, replay="refuse"
        )
        with start_sandbox(sandbox) as addresses:
            settings = replace(read_graph_settings(addresses.environment()), backoff_seconds=0.01)
            world = asyncio.run(make_world(addresses, options.groups, settings))
            # Nobody forwards: a colleague who is told of a meeting is no longer free, and then
            # two lives would differ for a good reason.
            world.control("answers", {"shares": {"accepted": 0.8, "declined": 0.1, "never": 0.1}})
            started = time.perf_counter()
            match options.what:
                case "fault":
                    found = fault(world, folder)
                case "race":
                    found = race(world, options.database or str(folder / "scheduler.db"))
            found["seconds"] = round(time.perf_counter() - started, 1)
    sys.stdout.write(json.dumps(found) + "\n")
    return 1 if found["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
