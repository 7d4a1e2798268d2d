"""Measure the Graph client: ``python -m tests.benchmarks.graph [--out docs/benchmarks]``.

Prints a table; with ``--out`` also writes it there, as ``graph.md``. Ends with 1 when a goal is
missed.
"""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path

from tests.benchmarks.graph.limits import GOAL, STEPS, measure_limits
from tests.benchmarks.graph.reading import measure_reading

NAMES = {"free_busy": "read free/busy of {people:,} people", "booking": "book {groups:,} groups"}


PAGE = """\
# The client of Microsoft Graph, measured

Python {python}, {machine}, the sandbox and the client on the same machine, over HTTPS. Written by
`make bench`; every number on this page was measured in that run.

## How much of Graph's limits is used

Microsoft documents two limits for Outlook: four requests of an app at the same time, and 10,000
requests of an app to one mailbox in ten minutes. The sandbox enforces both, and takes {latency} s
for each answer. Then four at a time are at most {allowed} requests a second, which is less than
what the mailboxes of two organisers allow: the first limit binds. The goal is nine tenths of it.
The clock is the real one, and no limit is scaled.

| step | requests | time | allowed a second | used a second | places in use | by answers alone | throttled |
|---|---|---|---|---|---|---|---|
{rows}

*Places in use*: how many of the four were taken on average, from the first request to the last.
*By answers alone* counts of each request only the time that the sandbox waits on purpose; the rest
is the sandbox's own work on this machine, during which the place is taken just the same. The
sandbox counted {requests:,} requests, at most {most} at a time, and refused {refused}.

## What reading calendars costs

A fortnight of {people:,} people, {entries:,} entries in {megabytes} MB of answers:
**{cpu_seconds} s** of the client's CPU on one core. The goal is {goal_seconds:.0f} s.
"""  # noqa: E501 -- a row of a table


def tell(reading, limits, options):
    """The measurements as a page."""
    rows = [
        f"| {NAMES[step].format(**vars(options))} | {one['requests']:,} | {one['seconds']} s "
        f"| {one['allowed']} | {one['used']} | **{one['share']:.1%}** "
        f"| {one['share_by_answers']:.1%} | {one['throttled']} |"
        for step in STEPS
        for one in [limits[step]]
    ]
    seen = limits["sandbox"]
    return PAGE.format(
        python=platform.python_version(),
        machine=platform.machine(),
        latency=options.latency,
        allowed=limits["booking"]["allowed"],
        rows="\n".join(rows),
        requests=seen["requests"],
        most=seen["most_under_way"],
        refused=seen["throttled"],
        **reading,
    )


def main():
    """Measure and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--groups", type=int, default=2_500)
    parser.add_argument("--latency", type=float, default=0.25)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    reading = measure_reading(options.people)
    limits = measure_limits(options.people, options.groups, options.latency)
    page = tell(reading, limits, options)
    sys.stdout.write(page)
    if options.out is not None:
        (options.out / "graph.md").write_text(page, "utf-8")
    met = [limits[step]["share"] >= GOAL for step in STEPS]
    met.append(reading["cpu_seconds"] <= reading["goal_seconds"])
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
