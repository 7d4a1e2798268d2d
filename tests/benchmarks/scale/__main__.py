"""Measure several workers at one big round: ``python -m tests.benchmarks.scale [--only NAME]``.

Runs :mod:`tests.rounds.crewing` with one worker, with four, with four of which one is killed
every twenty seconds, and with one worker at a tenth of the size until all is booked. Each run is
kept in ``docs/benchmarks/scale.json`` when it ends, and ``docs/scale.md`` is written from them all:
nothing on that page is written by hand. Ends with 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.scale.page import write_page

ROOT = Path(__file__).parents[3]
RESULTS = ROOT / "docs" / "benchmarks" / "scale.json"
PAGE = ROOT / "docs" / "scale.md"
RUNS = {
    "one": (1.0, "--workers", "1", "--until", "planned"),
    "four": (1.0, "--workers", "4", "--until", "planned"),
    "killed": (1.0, "--workers", "4", "--until", "booked", "--kill-every", "20"),
    "booked": (0.1, "--workers", "1", "--until", "booked"),
}
"""Each with its share of the people."""


def main():
    """Measure, keep, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--only", choices=[*RUNS, "page"], action="append")
    options = parser.parse_args()
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    wrong = []
    for name in options.only or RUNS:
        if name == "page":
            continue
        share, *words = RUNS[name]
        people = str(round(options.people * share))
        done = subprocess.run(
            [sys.executable, "-m", "tests.rounds.crewing", "--people", people, *words],
            cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        found = json.loads(done.stdout.splitlines()[-1])
        wrong += found["wrong"]
        machine = {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "cores": os.cpu_count(),
        }
        results[name] = machine | found
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    if results.keys() >= RUNS.keys():
        PAGE.write_text(write_page(results), "utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
