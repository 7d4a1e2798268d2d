"""The share of Graph's documented limits that reading free/busy and booking use.

    python -m tests.benchmarks.graph.limits [--people 10000] [--groups 2500] [--latency 0.25]

Two limits are documented: four requests of an app at the same time, and 10,000 requests of an app
to one mailbox in ten minutes. At a quarter of a second for an answer the first allows 16 requests
a second, the second 33 for two organisers: so the first binds. ``share`` is how many of the four
places were in use on average, from the first request to the last; the sandbox enforces both limits
and its clock is the real one, so nothing is scaled. ``share_by_answers`` counts of each request
only the quarter of a second that the sandbox waits on purpose: what lies between the two is the
sandbox's own work on this machine, during which a place is taken just the same.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import importlib.util
import json
import logging
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import structlog

from scheduler.booking.book import book_round
from scheduler.graph.client import open_graph
from scheduler.graph.directory import read_people
from scheduler.graph.pace import MAILBOX_WINDOW_SECONDS, REQUESTS_PER_MAILBOX
from scheduler.graph.schedules import read_free_busy
from scheduler.graph.settings import IN_FLIGHT, read_graph_settings
from scheduler.sandbox import SandboxSettings, start_sandbox
from scheduler.store.engine import open_store
from scheduler.store.rounds import move_round, save_plan

_path = Path(__file__).parents[2] / "booking" / "harness.py"
_spec = importlib.util.spec_from_file_location("booking_harness", _path)
harness = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = harness
_spec.loader.exec_module(harness)

GOAL = 0.9
STEPS = ("free_busy", "booking")
PER_MAILBOX = REQUESTS_PER_MAILBOX / MAILBOX_WINDOW_SECONDS


async def measure(addresses, folder, people, groups, latency):
    """Seconds, requests and share for both steps."""
    settings = read_graph_settings(addresses.environment())
    world = await harness.make_world(addresses, groups, settings)
    start = dt.datetime(2026, 12, 7, tzinfo=dt.UTC)
    figures = {}

    def note(name, begun, graph, before, busy):
        seconds = time.perf_counter() - begun
        requests = graph.figures.calls - before
        figures[name] = {
            "requests": requests,
            "throttled": graph.figures.throttled,
            "seconds": round(seconds, 1),
            "allowed": round(min(IN_FLIGHT / latency, PER_MAILBOX * len(harness.ORGANISERS)), 1),
            "used": round(requests / seconds, 1),
            "share": round((graph.pace.busy_seconds - busy) / (IN_FLIGHT * seconds), 3),
            "share_by_answers": round(requests * latency / (IN_FLIGHT * seconds), 3),
        }

    async with open_graph(settings) as graph:
        mails = [person.mail for person in (await read_people(graph)).people][:people]
        before, busy = graph.figures.calls, graph.pace.busy_seconds
        begun = time.perf_counter()
        await read_free_busy(graph, mails, start, start + dt.timedelta(days=14))
        note("free_busy", begun, graph, before, busy)
        with open_store(folder / "scheduler.db") as store:
            plan = replace(
                world.plan,
                groups=tuple(g for g in world.plan.groups if g.number not in world.spare),
            )
            save_plan(store, plan, at=harness.NOW, by="bench")
            move_round(store, plan.round_id, "approved", at=harness.NOW, by="bench")
            before, busy = graph.figures.calls, graph.pace.busy_seconds
            begun = time.perf_counter()
            report = await book_round(
                graph, store, plan.round_id, people=world.people, occasion=harness.OCCASION,
                agenda=harness.agenda, clock=lambda: harness.NOW,
            )  # fmt: skip
            assert report.complete, report.describe_difference()
            note("booking", begun, graph, before, busy)
    figures["sandbox"] = {
        name: world.control("faults")[name] for name in ("requests", "throttled", "most_under_way")
    }
    return figures


def measure_limits(people, groups, latency):
    """Seconds, requests and share for both steps, and what the sandbox counted."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sandbox = SandboxSettings(
            # Not everybody has a free hour in common with three others.
            state=folder,
            people=people * 11 // 10,
            today=harness.TODAY,
            latency_seconds=latency,
        )
        with start_sandbox(sandbox) as addresses:
            return asyncio.run(measure(addresses, folder, people, groups, latency))


def main():
    """Print one line of JSON; 1 when less than nine tenths of the limit were used."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--groups", type=int, default=2_500)
    parser.add_argument("--latency", type=float, default=0.25)
    options = parser.parse_args()
    figures = measure_limits(options.people, options.groups, options.latency)
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0 if all(figures[step]["share"] >= GOAL for step in STEPS) else 1


if __name__ == "__main__":
    sys.exit(main())
