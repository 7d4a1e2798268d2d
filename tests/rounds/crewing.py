"""Several ``scheduler work`` processes at one round, some of them killed.

Run as a program, for the workers are processes of their own:

    python -m tests.rounds.crewing --people 100000 --workers 4 --kill-every 20

A tenant and a PostgreSQL are started, then the workers, which plan, book and announce one round
among them. Every so often one of them, whichever, is killed with SIGKILL and another is started.
In the end no group may have two events and none may be without, as the tenant sees it. ``--until
planned`` stops with the plan, to measure how long that takes.

It prints one JSON object, and ends with 1 when a promise was broken. CPU seconds are those of all
workers together, the killed ones too.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from scheduler.sandbox import SandboxSettings, start_sandbox
from scheduler.store.bookings import read_bookings
from scheduler.store.engine import open_store
from scheduler.store.plans import read_plan
from scheduler.store.rounds import list_rounds
from scheduler.store.sealing import new_key
from tests.booking.killing import PROGRAMME, ROOT, Tenant
from tests.cluster import start_postgres

TICKS = os.sysconf("SC_CLK_TCK")


def write_config(folder):
    """The shipped programme, booked without anybody's approval, in weeks without holidays."""
    (folder / "programmes").mkdir(parents=True)
    text = (ROOT / "config/organisation.yaml").read_text("utf-8")
    text = text.split("# Days on which nobody works")[0] + "\nholidays: {public: false}\n"
    (folder / "organisation.yaml").write_text(text, "utf-8")
    text = (ROOT / f"config/programmes/{PROGRAMME}.yaml").read_text("utf-8")
    text = text.replace("approval: required", "approval: automatic")
    (folder / f"programmes/{PROGRAMME}.yaml").write_text(text, "utf-8")


class Worker:
    """One process, its log and the CPU seconds it took."""

    def __init__(self, number, folder, options):
        self.log = folder / f"worker-{number}.jsonl"
        self.cpu = 0.0
        self.megabytes = 0
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "tests.rounds.crewing", "--worker",
                "--shared-from", str(options.shared_from), "--at-once", str(options.at_once),
                "--config", str(folder / "config"), "--log", str(self.log),
            ],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=self.log.with_suffix(".err").open("wb"),
        )  # fmt: skip

    def look(self):
        """Note the CPU seconds and the most memory so far; whether it still runs."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
            peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
            self.megabytes = max(self.megabytes, int(peak.split()[1]) // 1024)
            fields = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8").rsplit(")", 1)[1]
            self.cpu = max(self.cpu, sum(map(int, fields.split()[11:13])) / TICKS)
        except (OSError, StopIteration):  # it has ended
            pass
        return self.process.poll() is None

    def kill(self):
        """End it like a machine that lost its power."""
        self.look()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def said(self):
        """Lines of its log."""
        lines = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
        return [json.loads(line) for line in lines if line.endswith("}")]


class Crew:
    """The workers, each killed one replaced."""

    def __init__(self, folder, options):
        self.folder, self.options = folder, options
        self.random = random.Random(options.seed)
        self.all = []
        self.living = []
        for _ in range(options.workers):
            self.add()

    def add(self):
        """Start one more."""
        self.all.append(Worker(len(self.all) + 1, self.folder, self.options))
        self.living.append(self.all[-1])

    def kill_one(self):
        """Kill any of them and start another."""
        victim = self.random.choice(self.living)
        victim.kill()
        self.living.remove(victim)
        self.add()

    def look(self):
        """What ended by itself, in words."""
        return [
            f"worker {self.all.index(worker) + 1} ended: {tail(worker.log.with_suffix('.err'))}"
            for worker in self.living
            if not worker.look()
        ]

    def end(self):
        """Kill all."""
        for worker in self.living:
            worker.kill()


def tail(path):
    """The end of a file."""
    return path.read_text("utf-8", "replace")[-2000:]


def see_state(url):
    """The state of the one round, or None while it has no plan."""
    with open_store(url) as store:
        rounds = list_rounds(store)
        return rounds[0].state if rounds else None


def check(url, tenant):
    """What is wrong in the end, and the figures of the plan."""
    with open_store(url) as store:
        (found,) = list_rounds(store)
        plan = read_plan(store, found.id)
        rows = read_bookings(store, found.id)
    events = tenant.events()
    wrong = [f"group {n} has {len(ones)} events" for n, ones in events.items() if len(ones) != 1]
    planned = {group.number for group in plan.groups}
    wrong += [f"group {n} has no event" for n in planned - events.keys()]
    wrong += [f"nobody planned the event of group {n}" for n in events.keys() - planned]
    wrong += [f"group {n} is {rows[n].state}" for n in planned if rows[n].state != "booked"]
    seen = tenant.ask("report")
    twice = {key: seen[key] for key in ("duplicates", "copies_wrong") if seen[key]}
    wrong += [f"the tenant saw {twice}"] if twice else []
    return wrong, {"events_created": seen["events_created"], "cards": seen["people_with_cards"]}


def run(options, folder):
    """One round's life among several workers."""
    write_config(folder / "config")
    today = dt.datetime.now(dt.UTC).date()
    with ExitStack() as stack:
        url = options.database or stack.enter_context(start_postgres())
        sandbox = SandboxSettings(state=folder / "tenant", people=options.people, today=today)
        addresses = stack.enter_context(start_sandbox(sandbox))
        os.environ.update(addresses.environment())
        os.environ |= {
            "SCHEDULER_DATABASE_URL": url,
            "SCHEDULER_NOTES_KEYS": new_key(),
            "SCHEDULER_SECRETS": new_key(),
            "SCHEDULER_EFFORT": str(options.effort),
        }
        tenant = Tenant(addresses, folder / "config")
        tenant.ask("answers", {"shares": {"accepted": 1}})
        started = time.monotonic()
        crew = Crew(folder, options)
        stack.callback(crew.end)
        wanted = {"booked"} if options.until == "booked" else {"planned", "approved", "booking"}
        found = {"people": options.people, "kills": 0, "wrong": []}
        next_kill = started + (options.kill_every or float("inf"))
        while time.monotonic() < started + options.minutes * 60:
            time.sleep(0.25)
            found["wrong"] += crew.look()
            if found["wrong"]:
                break
            try:
                state = see_state(url)
            except SQLAlchemyError:  # the workers are just making the tables
                continue
            if state is not None and "planned_seconds" not in found:
                found["planned_seconds"] = round(time.monotonic() - started, 1)
                found["requests_to_plan"] = tenant.ask("faults")["requests"]
                crew.look()
                found["cpu_seconds_to_plan"] = round(sum(w.cpu for w in crew.all), 1)
            if state in wanted | {"booked"}:
                break
            if time.monotonic() > next_kill:
                crew.kill_one()
                found["kills"] += 1
                next_kill += options.kill_every
        else:
            found["wrong"].append(f"not {options.until} after {options.minutes} minutes: {state}")
            found["wrong"] += [tail(worker.log) for worker in crew.living]
        crew.look()
        found["seconds"] = round(time.monotonic() - started, 1)
        found["requests"] = tenant.ask("faults")
        found["megabytes"] = [worker.megabytes for worker in crew.all]
        found["cpu_seconds"] = [round(worker.cpu, 1) for worker in crew.all]
        said = [line for worker in crew.all for line in worker.said()]
        found["parts"] = [
            {key: line[key] for key in ("kind", "parts", "by_helpers")}
            for line in said
            if line.get("event") == "parts-done"
        ]
        found["cohorts"] = sorted(
            (line["people"], line["cpu_seconds"])
            for line in said
            if line.get("event") == "part-done" and line["kind"] == "cohorts"
        )
        found["calendar_cpu_seconds"] = sum(
            line["cpu_seconds"]
            for line in said
            if line.get("event") == "step-done" and "calendars" in line["step"]
        )
        if "planned_seconds" in found:
            with open_store(url) as store, store.read() as connection:
                size = connection.scalar(text("SELECT pg_database_size(current_database())"))
                found["database_megabytes"] = round(size / 1e6)
                plan = read_plan(store, list_rounds(store)[0].id)
            figures = {"placed": plan.placed, "bound": plan.placed_bound}
            found |= figures | {"groups": len(plan.groups)}
        if options.until == "booked" and not found["wrong"]:
            found["wrong"], figures = check(url, tenant)
            found |= figures
    return found


def work(options):
    """What ``scheduler work`` does, with rounds shared out from a size that a test can have."""
    from scheduler.cli.session import run as run_command  # noqa: PLC0415
    from scheduler.cli.session import today  # noqa: PLC0415
    from scheduler.rounds import crew, life, parts  # noqa: PLC0415

    crew.SHARED_FROM = options.shared_from
    parts.CALENDARS_MOST = max(20, min(parts.CALENDARS_MOST, options.shared_from // 5))
    parts.PEOPLE_LEAST = min(parts.PEOPLE_LEAST, options.shared_from // 5)
    run_command(
        options.config,
        lambda context: life.work(
            replace(context, at_once=options.at_once), today, every_seconds=5
        ),
        log=options.log,
    )


def read_options():
    """Of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--at-once", type=int, default=1)
    parser.add_argument("--kill-every", type=float, default=0.0, help="seconds; 0: never")
    parser.add_argument("--until", choices=["planned", "booked"], default="booked")
    parser.add_argument("--effort", type=float, default=1.0)
    parser.add_argument("--shared-from", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", help="an empty PostgreSQL database; else one is started")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--config", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--log", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    """Run it."""
    options = read_options()
    if options.worker:
        work(options)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = run(options, Path(folder))
    sys.stdout.write(json.dumps(found) + "\n")
    return 1 if found["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
