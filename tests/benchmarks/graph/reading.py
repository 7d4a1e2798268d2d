"""The client's own CPU for reading a fortnight of free/busy.

    python -m tests.benchmarks.graph.reading [PEOPLE]

The answers are made beforehand: 20 schedules of 60 entries each, 380 KB, as Graph sends them.
Beneath the SDK's layers is a transport that hands them over, so everything but the network
itself is counted.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import random
import sys
import time

import httpx
from azure.core.credentials import AccessToken

from scheduler.graph.client import open_graph
from scheduler.graph.schedules import SCHEDULES_MOST, read_free_busy
from scheduler.graph.settings import GraphSettings

START = dt.datetime(2026, 12, 7, tzinfo=dt.UTC)
ENTRIES = 60
GOAL_SECONDS = 15.0  # for 10,000 people


class Credential:
    """Hands out a token without asking anybody."""

    async def get_token(self, *_scopes, **_options):
        """A token."""
        return AccessToken("a-token", int(time.time()) + 3600)

    async def close(self):
        """Nothing to close."""


def make_schedule(mail, rng):
    """One calendar as Graph describes it."""
    items = []
    for _ in range(ENTRIES):
        begin = START + dt.timedelta(minutes=30 * rng.randrange(14 * 48))
        end = begin + dt.timedelta(minutes=30 * rng.randrange(1, 5))
        items.append(
            {
                "isPrivate": False,
                "status": rng.choice(["busy", "tentative", "oof", "workingElsewhere"]),
                "subject": "A subject that is dropped",
                "location": "A place that is dropped",
                "isMeeting": True,
                "start": {"dateTime": f"{begin:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"},
                "end": {"dateTime": f"{end:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"},
            }
        )
    return {
        "scheduleId": mail,
        "availabilityView": "0" * (14 * 48),
        "scheduleItems": items,
        "workingHours": {
            "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
            "startTime": "08:00:00.0000000",
            "endTime": "17:00:00.0000000",
            "timeZone": {"name": "W. Europe Standard Time"},
        },
    }


async def measure(people):
    """Seconds of CPU, bytes read, entries kept."""
    rng = random.Random(1)
    mails = [f"person-{number}@contoso.example" for number in range(people)]
    answers = {}
    for first in range(0, people, SCHEDULES_MOST):
        some = mails[first : first + SCHEDULES_MOST]
        value = [make_schedule(mail, rng) for mail in some]
        answers[some[0]] = json.dumps({"value": value}).encode()

    def handle(request):
        first = json.loads(request.content)["schedules"][0]
        return httpx.Response(200, content=answers[first])

    settings = GraphSettings(url="https://localhost:9/v1.0")
    transport = httpx.MockTransport(handle)
    async with open_graph(settings, credential=Credential(), transport=transport) as graph:
        await read_free_busy(graph, mails[:20], START, START + dt.timedelta(days=14))
        begun = time.process_time()
        found = await read_free_busy(graph, mails, START, START + dt.timedelta(days=14))
        seconds = time.process_time() - begun
    return seconds, sum(map(len, answers.values())), sum(len(c.start) for c in found.values())


def main():
    """Print one line of JSON; 1 when the goal is missed."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    figures = measure_reading(people)
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0 if figures["cpu_seconds"] <= figures["goal_seconds"] else 1


def measure_reading(people):
    """What was read, and how long the client's CPU took."""
    seconds, size, entries = asyncio.run(measure(people))
    return {
        "people": people,
        "entries": entries,
        "megabytes": round(size / 1e6, 1),
        "cpu_seconds": round(seconds, 2),
        "goal_seconds": GOAL_SECONDS * people / 10_000,
    }


if __name__ == "__main__":
    sys.exit(main())
