"""Killing a round's whole life at seeded points, and starting it again each time.

Run as a program, because a process that forks and is killed must not be the test runner:

    python tests/booking/killing.py --groups 250 --points 200 --notes build/torture.jsonl

A life is what the product itself does: ``scheduler run`` plans, HR approves, ``run`` books and
announces, people decline, ``run`` repairs, ``scheduler cancel`` takes everything back. It is lived
once without a kill. Then the same life is lived again in a fresh tenant with the same people, and
its processes are killed with SIGKILL as often as the points allow; each kill is followed by a start
that goes on. After every kill no group has two events, and none has one that the store knows
nothing of; after every stage everything is as in the life without kills, and over a whole life no
event was created that the calm one does not have.

Points are of six kinds: at a line of ours (by count), before, in the middle of and after a call
that changes something at Microsoft, and where a transaction is about to be kept, of ours or of the
engine that keeps workflows.

``--notes`` keeps each life as a line of JSON, and the next start goes on behind the last one;
``--minutes`` ends after the life that is under way then. It prints one JSON object, and ends with 1
when a promise was broken.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import logging
import os
import random
import signal
import ssl
import sys
import tempfile
import threading
import time
import traceback
import urllib.request
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
import structlog
from sqlalchemy import Engine, event

import scheduler
from scheduler.graph.client import open_graph
from scheduler.graph.directory import read_people
from scheduler.graph.settings import read_graph_settings
from scheduler.rounds.approval import approve_round
from scheduler.rounds.cancelling import cancel_round
from scheduler.rounds.context import Context
from scheduler.rounds.life import run_due
from scheduler.sandbox import SandboxSettings, start_sandbox
from scheduler.settings.loader import load_settings
from scheduler.store.bookings import read_bookings
from scheduler.store.engine import open_store
from scheduler.store.meetings import read_meetings
from scheduler.store.plans import read_plan
from scheduler.store.rounds import list_rounds

ROOT = Path(__file__).parents[2]
PACKAGE = Path(scheduler.__file__).parent
TRACED = tuple(f"{PACKAGE / name}{os.sep}" for name in ("booking", "graph", "rounds", "store"))
"""Where lines are counted: what only computes has nothing to lose."""
PROGRAMME = "cross-team-lunch"
PEOPLE_PER_GROUP = 4.45
"""How many people the invented company needs for each group: contractors, people without an
office and people without a free lunch are in none."""
STAGES = {"plan": 0.15, "approve": 0.05, "book": 0.4, "repair": 0.2, "cancel": 0.2}
"""The stages of a life, each with its share of the kills."""
GOING_ON = frozenset({"book", "repair", "cancel"})
"""Stages in which a start goes on where the last one ended; a plan is made anew."""
DECLINES_ONE_IN = 12
"""One group in so many is left by two of its members, and falls below its least size."""
KINDS = {
    "line": "line", "before": "call", "middle": "call", "after": "call",
    "commit": "commit", "engine": "engine",
}  # fmt: skip
"""Kinds of points, each with what is counted for it."""
KILLS_PER_LIFE = 50
START_SHARE = 0.2
"""The share of kills that hit what every start does before it gets to something new."""
EFFORT = 0.01
"""The least that planning may be told to take: what is killed is the same, only sooner over."""
CHANGING = frozenset({"POST", "PATCH", "PUT", "DELETE"})


@dataclass(frozen=True)
class Point:
    """Where a process is killed: at the ``at``-th event of its kind."""

    kind: str
    at: int
    delay: float = 0.0


class Watch:
    """Counts lines, calls and transactions of this process, and kills it at a point."""

    def __init__(self, point, *, lines):
        self.point = point
        self.counts = Counter()
        if lines or (point and point.kind == "line"):
            threading.settrace(self._enter)
            sys.settrace(self._enter)
        event.listen(Engine, "commit", self._commit)
        self._send = httpx.AsyncHTTPTransport.handle_async_request
        watch = self

        async def send(transport, request):
            return await watch._call(transport, request)

        httpx.AsyncHTTPTransport.handle_async_request = send

    def _reached(self, kind):
        wanted = self.point
        return wanted and wanted.kind == kind and self.counts[KINDS[kind]] == wanted.at

    def _enter(self, frame, _event, _argument):
        return self._line if frame.f_code.co_filename.startswith(TRACED) else None

    def _line(self, _frame, kind, _argument):
        if kind == "line":
            self.counts["line"] += 1
            if self._reached("line"):
                die()
        return self._line

    def _commit(self, connection):
        kind = "engine" if str(connection.engine.url).endswith(".dbos") else "commit"
        self.counts[kind] += 1
        if self._reached(kind):
            die()

    async def _call(self, transport, request):
        if not changes_something(request):
            return await self._send(transport, request)
        self.counts["call"] += 1
        if self._reached("before"):
            die()
        if self._reached("middle"):
            threading.Timer(self.point.delay, die).start()
        last = self._reached("after")
        answer = await self._send(transport, request)
        if last:
            die()
        return answer


def changes_something(request):
    """Whether a call of Graph leaves something behind."""
    path = request.url.path
    if request.method not in CHANGING or not path.startswith("/v1.0/"):
        return False
    if path.endswith("$batch"):
        return b'"GET"' not in request.content and b"getSchedule" not in request.content
    return not path.lower().endswith("getschedule")


def die():
    """End like a machine that lost its power."""
    os.kill(os.getpid(), signal.SIGKILL)


class Tenant:
    """The tenant of one life, seen from outside."""

    def __init__(self, addresses, config):
        self.addresses = addresses
        self.organisers = load_settings(config).organisation.organisers
        self._context = ssl.create_default_context(cafile=addresses.ca_file)

    def ask(self, path, body=None):
        """What the tenant shows or sets under ``/sandbox``."""
        return self._send(f"/sandbox/{path}", body, {})

    def _send(self, path, body, headers):
        request = urllib.request.Request(
            f"{self.addresses.https}{path}",
            method="GET" if body is None else "POST",
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
        )
        with urllib.request.urlopen(request, context=self._context) as answer:
            return json.loads(answer.read() or b"null")

    def events(self):
        """What stands in the organisers' calendars: group number -> events, each as text."""
        found = {}
        for organiser in self.organisers:
            for one in self.ask(f"mailboxes/{organiser}")["events"]:
                key = next((v for k, v in one["properties"].items() if k.endswith("group")), None)
                if one["removed"] or key is None:
                    continue
                said = sorted(
                    f"{a['emailAddress']['address']} {a['status']['response']}"
                    for a in one["attendees"]
                )
                text = f"{one['start']['dateTime'][:16]} {said} {len(one['attachments'])}"
                found.setdefault(int(key.split("/")[-2]), []).append(text)
        return found

    def decline(self, mails, headers):
        """Let people decline their invitations, as Outlook does."""
        for mail in mails:
            (copy,) = (
                e for e in self.ask(f"mailboxes/{mail}")["events"]
                if not e["removed"] and not e["isOrganizer"]
            )  # fmt: skip
            self._send(
                f"/v1.0/users/{mail}/events/{copy['id']}/decline", {"sendResponse": True}, headers
            )


@dataclass
class Life:
    """One life in one tenant, with one store."""

    tenant: Tenant
    config: Path
    database: Path
    today: dt.date

    @asynccontextmanager
    async def opened(self):
        """What the product's commands open."""
        with open_store(self.database) as store:
            async with open_graph(read_graph_settings(os.environ)) as graph:
                yield Context(
                    settings=load_settings(self.config), store=store, graph=graph,
                    today=self.today, by="torture", effort=EFFORT,
                )  # fmt: skip

    @property
    def round_id(self):
        """The one round."""
        with open_store(self.database) as store:
            (found,) = list_rounds(store)
        return found.id

    async def go_on(self, stage):
        """What an administrator starts again after a kill."""
        async with self.opened() as context:
            if stage in {"plan", "book", "repair"}:
                assert await run_due(context), "something was in the way"
            elif stage == "approve":
                approve_round(context.store, self.round_id, by="hr")
            else:
                report = await cancel_round(context, self.round_id, "We are sorry.")
                assert report.complete, report

    def start(self, stage, point, *, lines=False):
        """Run a stage in a process of its own; its counts, or None when it was killed."""
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(reading)
            code = 1
            try:
                watch = Watch(point, lines=lines)
                asyncio.run(self.go_on(stage))
                sys.settrace(None)
                os.write(writing, json.dumps(watch.counts).encode())
                code = 0
            except BaseException:  # noqa: BLE001 -- the parent asserts, and this says why
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            said = pipe.read()
        _, status = os.waitpid(process, 0)
        if os.WIFSIGNALED(status):
            return None
        assert os.waitstatus_to_exitcode(status) == 0, f"{stage} failed without being killed"
        return json.loads(said)

    def after_kill(self):
        """What must hold at any moment: nobody has two events, and we know of each."""
        events = self.tenant.events()
        wrong = [f"group {n} has {len(found)} events" for n, found in events.items() if found[1:]]
        with open_store(self.database) as store:
            known = {
                number
                for found in list_rounds(store)
                for number, row in read_bookings(store, found.id).items()
                if row.state in {"intended", "booked"}
            }
        return wrong + [f"nobody knows of group {n}'s event" for n in events if n not in known]

    def state(self, stage):
        """Everything that must be as in a life without kills."""
        with open_store(self.database) as store:
            (found,) = list_rounds(store)
            plan = read_plan(store, found.id)
            rows = read_bookings(store, found.id)
            met = read_meetings(store)
        seen = self.tenant.ask("report")
        return {
            "state": found.state,
            "plan": [
                f"{g.number} {g.slot.start:%d %H:%M} {g.place.name} {' '.join(g.member_ids)}"
                for g in plan.groups
            ],
            "rows": sorted(
                f"{n} {r.state} {r.attempt if stage != 'cancel' else ''} {r.fingerprint} "
                f"{r.agenda_attached}"
                for n, r in rows.items()
            ),
            "met": sorted(f"{m.group_number} {' '.join(sorted(m.person_ids))}" for m in met),
            "events": {str(n): found for n, found in sorted(self.tenant.events().items())},
            "created": seen["events_created"],
            "cancelled": seen["events_cancelled"],
            "twice": seen["duplicates"] + seen["copies_wrong"],
            "told": seen["people_with_cards"],
        }


def choose_declining(life):
    """Two members of some groups: the same in every life, as the plan is."""
    with open_store(life.database) as store:
        groups = read_plan(store, life.round_id).groups
    return [p for group in groups[::DECLINES_ONE_IN] for p in group.member_ids[:2]]


async def read_addresses_and_token():
    """Everybody's mail address by id, and what a call of Graph needs."""
    async with open_graph(read_graph_settings(os.environ)) as graph:
        people = (await read_people(graph)).people
        token = await graph.get_token(graph.settings.scope)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return {person.id: person.mail for person in people}, headers


class World:
    """The company, and where its lives are kept."""

    def __init__(self, folder, options):
        self.folder, self.options = folder, options
        self.today = dt.datetime.now(dt.UTC).date()
        self.config = folder / "config"
        (self.config / "programmes").mkdir(parents=True)
        for name in ("organisation.yaml", f"programmes/{PROGRAMME}.yaml"):
            text = (ROOT / "config" / name).read_text("utf-8")
            # On whatever day this runs: no holiday makes its round smaller.
            text = text.split("# Days on which nobody works")[0] if "days_off" in text else text
            text += "\nholidays: {public: false}\n" if name.startswith("organisation") else ""
            (self.config / name).write_text(text, "utf-8")

    def live(self, number, choose):
        """Live once. ``choose(stage, done)`` gives the next point of a stage, or None.

        Returns what each stage ended with, its counts, the kills, and what was wrong.
        """
        folder = self.folder / f"life-{number}"
        people = int(self.options.groups * PEOPLE_PER_GROUP) + 20
        sandbox = SandboxSettings(
            state=folder, people=people, seed=self.options.seed, today=self.today, replay="refuse"
        )
        ended, counts, idle, killed, missed, wrong = {}, {}, {}, Counter(), [], []
        with start_sandbox(sandbox) as addresses:
            os.environ.update(addresses.environment())
            tenant = Tenant(addresses, self.config)
            tenant.ask("answers", {"shares": {"accepted": 1}})
            mails, headers = asyncio.run(read_addresses_and_token())
            life = Life(tenant, self.config, folder / "scheduler.db", self.today)
            for stage in STAGES:
                if stage == "repair":
                    tenant.ask("settle", {})
                    tenant.decline([mails[p] for p in choose_declining(life)], headers)
                while (point := choose(stage, killed)) is not None:
                    if (reached := life.start(stage, point)) is not None:
                        missed.append(f"{stage}, {asdict(point)}: all was done at {reached}")
                        break
                    killed[f"{stage} {point.kind}"] += 1
                    wrong += [f"{stage}, {asdict(point)}: {text}" for text in life.after_kill()]
                counts[stage] = life.start(stage, None, lines=number == 0)
                if number == 0:  # what a start costs that has nothing to do
                    idle[stage] = life.start(stage, None, lines=True)
                tenant.ask("settle", {})
                ended[stage] = life.state(stage)
        return {
            "ended": ended, "counts": counts, "idle": idle, "killed": dict(killed),
            "missed": missed, "wrong": wrong,
        }  # fmt: skip


def compare(calm, ended):
    """What differs from the life without kills, in words."""
    wrong = []
    for stage, expected in calm.items():
        for part, value in expected.items():
            found = ended[stage][part]
            if found != value:
                wrong.append(f"after {stage}, {part}: {describe_difference(value, found)}")
    return wrong


def describe_difference(expected, found):
    """The first entries that differ, for whoever has to find out why."""
    if isinstance(expected, dict):
        expected, found = map(list, (expected.items(), found.items()))
    if not isinstance(expected, list):
        return f"{found} instead of {expected}"
    less = [x for x in expected if x not in found]
    more = [x for x in found if x not in expected]
    return f"{len(more)} not expected, {len(less)} missing: {more[:2]} instead of {less[:2]}"


def make_chooser(rng, calm, left):
    """Points for one life: each stage its share, and no more than ``left`` in all.

    Returned is None too where a stage was done before its last points: a later life has them.
    """

    def choose(stage, killed):
        mine = sum(n for name, n in killed.items() if name.startswith(f"{stage} "))
        here = max(1, round(min(KILLS_PER_LIFE, left) * STAGES[stage]))
        if mine >= here or killed.total() >= left:
            return None
        counts, idle = calm["counts"][stage], calm["idle"][stage]
        kind = rng.choice([k for k, counted in KINDS.items() if counts.get(counted, 0) > 0])
        every, start = counts[KINDS[kind]], idle.get(KINDS[kind], 0)
        if start and (kind == "engine" or (kind == "commit" and stage not in GOING_ON)):
            span = start  # how often it looks whether there is work depends on the time
        elif stage not in GOING_ON:
            span = every
        elif start and rng.random() < START_SHARE:
            span = start
        else:
            # So close together, behind what each start does anyway, that the last are reached too.
            span = start + max(1, -(-2 * max(0, every - start) // here))
            return Point(kind, rng.randint(start + 1, span), rng.uniform(0.0005, 0.01))
        return Point(kind, rng.randint(1, span), rng.uniform(0.0005, 0.01))

    return choose


def count_kills(lives, part):
    """Kills by stage (part 0 of their names) or by kind (part 1)."""
    found = Counter()
    for life in lives:
        for name, number in life["killed"].items():
            found[name.split()[part]] += number
    return found


def read_notes(file, options):
    """Earlier lives of the same torture, the calm one first."""
    if file is None or not file.exists():
        return []
    head, *lives = (json.loads(line) for line in file.read_text("utf-8").splitlines())
    return lives if head == describe(options) else []


def describe(options):
    """What must be the same for one torture to go on with another's notes."""
    today = dt.datetime.now(dt.UTC).date()
    return {"groups": options.groups, "seed": options.seed, "day": today.isoformat()}


def torture(world, options):
    """Live until all points are used up or time is over."""
    file = options.notes
    lives = read_notes(file, options)
    if file is not None and not lives:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(describe(options)) + "\n")

    def live(number, choose):
        begun = time.monotonic()
        life = world.live(number, choose)
        return {**life, "seconds": round(time.monotonic() - begun, 1)}

    def keep(life):
        lives.append(life)
        if file is not None:
            with file.open("a", encoding="utf-8") as notes:
                notes.write(json.dumps(life) + "\n")

    began = time.monotonic()
    if not lives:
        keep(live(0, lambda *_: None))
    calm = lives[0]
    while True:
        done = count_kills(lives, 0)
        if done.total() >= options.points:
            break
        if options.minutes and time.monotonic() - began > 60 * options.minutes:
            break
        number = len(lives)
        rng = random.Random(options.seed * 1000 + number)
        life = live(number, make_chooser(rng, calm, options.points - done.total()))
        life["wrong"] += compare(calm["ended"], life.pop("ended"))
        keep(life)
    return {
        "groups": len(calm["ended"]["book"]["plan"]),
        "repaired": len(set(calm["ended"]["repair"]["plan"]) - set(calm["ended"]["book"]["plan"])),
        "lives": len(lives) - 1,
        "killed": done.total(),
        "killed_in": done,
        "killed_at": count_kills(lives, 1),
        "wrong": [text for life in lives for text in life["wrong"]],
        "finished": done.total() >= options.points,
    }


def main():
    """Torture, and say what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--groups", type=int, default=250)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=0, help="0: until all is done")
    parser.add_argument("--notes", type=Path, help="goes on where an earlier start ended")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        found = torture(World(Path(name), options), options)
        found["seconds"] = round(time.perf_counter() - began, 1)
    sys.stdout.write(json.dumps(found) + "\n")
    return 1 if found["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
