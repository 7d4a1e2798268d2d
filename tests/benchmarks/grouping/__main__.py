"""Measure the grouping engine beside what others do: ``python -m tests.benchmarks.grouping``."""

from __future__ import annotations

import argparse
import json
import math
import platform
import re
import time
from pathlib import Path
from statistics import mean, median

from tests.benchmarks.grouping import diversity, golfers, real, waits
from tests.benchmarks.grouping.measure import ENTRANTS, LARGEST, ROOT, measure_apart
from tests.benchmarks.grouping.report import draw_placed, show_rounds, tabulate

PLANS = {
    # people: (slacks, seeds, seconds for entrants that run by the clock)
    "short": {200: ([1.6, 0.7], [10, 11], 10), 1000: ([1.6], [10], 10)},
    "full": {
        200: ([1.6, 1.0, 0.8, 0.7], [10, 11, 12], 10),
        1000: ([1.6, 1.0, 0.8, 0.7], [10, 11, 12], 10),
        10_000: ([1.6, 1.0, 0.8, 0.7], [10, 11, 12], 60),
        100_000: ([1.6, 1.0, 0.8, 0.7], [10], 120),
    },
}
DESIGNS = [
    (6, 5, 4), (5, 3, 7), (40, 6, 8), (20, 5, 6), (6, 5, 6), (8, 4, 9), (8, 4, 10), (7, 4, 9),
    (8, 3, 11),
]  # fmt: skip


def measure_plans(plan, folder: Path, minutes: float = math.inf) -> str:
    """One round, all methods; what is measured is kept, so that a run can be continued.

    After so many ``minutes`` no further case is begun.
    """
    end = time.monotonic() + 60 * minutes
    store = folder / "grouping.jsonl"
    done = [json.loads(line) for line in store.read_text().splitlines()] if store.exists() else []
    known = {(r["people"], r["slack"], r["seed"], r["entrant"]) for r in done}
    for people, (slacks, seeds, seconds) in plan.items():
        for slack in slacks:
            for seed in seeds:
                for entrant in ENTRANTS:
                    if people > LARGEST.get(entrant, 10**9):
                        continue
                    if (people, slack, seed, entrant) in known or time.monotonic() > end:
                        continue
                    row = measure_apart(people, slack, seed, entrant, seconds)
                    done.append(row)
                    with store.open("a") as file:
                        file.write(json.dumps(row) + "\n")
                    print(people, slack, seed, entrant, row["placed"], row["fault"], flush=True)  # noqa: T201
    wanted = {
        (p, s, seed) for p, (slacks, seeds, _) in plan.items() for s in slacks for seed in seeds
    }
    wanted &= {
        (r["people"], r["slack"], r["seed"]) for r in done if "placed_bound" in r
    }  # the bound that the others are held against is ours
    rows = [r for r in done if (r["people"], r["slack"], r["seed"]) in wanted]
    faults = sorted({f"{r['entrant']}: {r['fault']}" for r in rows if r["fault"]})
    largest = max(r["people"] for r in rows)
    slack = min(r["slack"] for r in rows if r["people"] == largest)
    (folder / "placed.svg").write_text(draw_placed(rows, largest, slack))
    text = show_rounds(rows) + "\n![People placed of the most possible](placed.svg)\n"
    return text + ("\nFaults found by the verifier: " + "; ".join(faults) + "\n" if faults else "")


def measure_waits(people: int, slack: float, seeds) -> str:
    """How long anybody waits, and how evenly seats are shared, over twelve rounds."""
    rows = []
    for entrant in ENTRANTS:
        if entrant in waits.SLOW or people > LARGEST.get(entrant, 10**9):
            continue
        some = [waits.run_rounds(entrant, people, slack, seed) for seed in seeds]
        rows.append(
            [entrant, max(w.worst for w in some),
             f"{mean(mean(w.shares) for w in some):.1%}",
             "; ".join(f"{w.spread[0]} and {w.spread[1]}" for w in some),
             f"{median(w.repeats for w in some):,.0f}"]
        )  # fmt: skip
    head = [
        "method", "longest wait in rounds", "seated of those with a free hour",
        "most and fewest seats of anybody free in every round", "repeats",
    ]  # fmt: skip
    return tabulate(head, rows)


def measure_real(seeds, effort: float) -> str:
    """26 rounds in the real organisation."""
    if not real.FOLDER.exists():
        return "The data of the real organisation is not here; this part was left out.\n"
    rows = []
    organisation = real.read_organisation()
    for calendars in (False, True):
        for who in ("random", "ours"):
            some = [
                real.summarise(real.run_rounds(who, seed, calendars=calendars, effort=effort))
                for seed in (seeds if who == "random" else seeds[:1])
            ]
            average = {key: mean(s[key] for s in some) for key in some[0]}
            rows.append(
                [
                    (f"{'ours' if who == 'ours' else 'random groups'}, calendars "
                    f"{'respected' if calendars else 'ignored'}"),
                    f"{average['placed']:.0f}", f"{average['new_first']:.1%}",
                    f"{average['new_all']:.1%}", f"{average['repeats']:.1%}",
                    *[f"{average[f'bridged_{k}']:.1f}" for k in (1, 6, 12, 26)],
                    f"{average['all_bridged']:.0f}" if all(s["all_bridged"] for s in some) else "–",
                ]
            )  # fmt: skip
    head = [
        "method", "seated a round", "new across departments, round 1", "all rounds", "repeats",
        "bridged after 1", "6", "12", "26 rounds", "all bridged in round",
    ]  # fmt: skip
    return (
        f"{len(organisation.silos)} pairs of departments have no tie at all; counting allows to "
        f"bridge them in {real.count_fewest_rounds(organisation)} rounds at the soonest, because "
        "a department of one person meets three others in a round.\n\n" + tabulate(head, rows)
    )


def measure_rotations(*, beyond: bool) -> str:
    """Tables that change: pairs who meet, and turns without repeats beside what is known."""
    rows = []
    for tables, size, turns in DESIGNS:
        seated = golfers.seat(tables, size, turns)
        rows.append(
            [f"{tables}-{size}-{turns}", f"{seated.distinct:,}", f"{seated.possible:,}",
             seated.repeats, f"{seated.seconds:.2f}"]
        )  # fmt: skip
    text = tabulate(
        ["tables-size-turns", "pairs who meet", "most possible", "repeats", "CPU s"], rows
    )
    reached = golfers.reach_known(beyond=beyond)
    sizes = range(2, 11)
    rows = [
        [tables, *(golfers.describe(reached.get((tables, size))) for size in sizes)]
        for tables in golfers.KNOWN_TURNS
    ]
    slowest = max(r.seconds for r in reached.values() if r.turns >= r.known)
    short = sum(r.turns < r.known for r in reached.values())
    return (
        f"{text}\nThe most turns in which nobody meets twice, with so many tables and seats. "
        f"{len(reached) - short} of {len(reached)} figures that are known were reached, each in "
        f"{slowest:.1f} CPU seconds at most. An asterisk: no schedule has more turns, by proof or "
        "by counting. In brackets: what was known to the sources, which "
        "`tests/benchmarks/grouping/golfers.py` names, where that differs.\n\n"
        + tabulate(["tables", *(f"{size} seats" for size in sizes)], rows)
    )


def measure_diversity(sizes, seeds, effort: float) -> str:
    """Maximally diverse grouping beside iterated local search with as much CPU time."""
    rows = []
    for family in ("RanInt", "RanReal", "Geo"):
        for n in sizes:
            some = [diversity.compare(family, n, seed, effort) for seed in seeds]
            rows.append(
                [family, n, len(some),
                 f"{median(100 * (s['ours'] / s['other'] - 1) for s in some):+.2f} %",
                 f"{sum(s['ours'] > s['other'] for s in some)}",
                 f"{median(s['cpu'] for s in some):.1f}"]
            )  # fmt: skip
    head = ["family", "n", "instances", "ours above the other, median", "better on", "CPU s each"]
    return tabulate(head, rows)


def main() -> None:
    """Measure and write ``grouping.md`` and ``placed.svg``."""
    parts = {
        "One round": lambda: (
            "Every method gets the same people, calendars and rooms, and the same verifier. "
            "Those who match first are given the first common slot with a room for each group. "
            "A bad pair is of one team or met before, and costs as much as thirty new ties: where "
            "the value gap is small, no plan has notably fewer. The gap is to a proven bound, in "
            "shares of it, and large where many bad pairs leave little value.\n\n"
            + measure_plans(PLANS[options.size], options.out, options.minutes)
        ),
        "Twelve rounds": lambda: (
            "200 people at room slack 0.7: not everybody can have a seat in every round.\n\n"
            + measure_waits(200, 0.7, [10, 11, 12] if full else [10])
        ),
        "A real organisation over 26 rounds": lambda: measure_real(
            range(10, 30 if full else 13), 1.0 if full else 0.3
        ),
        "Tables that change": lambda: measure_rotations(beyond=full),
        "Grouping alone": lambda: measure_diversity(
            diversity.SIZES if full else [120], range(10, 13 if full else 12), 1
        ),
    }
    parser = argparse.ArgumentParser(description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--short", action="store_const", dest="size", const="short")
    size.add_argument("--full", action="store_const", dest="size", const="full")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks")
    parser.add_argument(
        "--minutes", type=float, default=math.inf, help="for plans; the next run goes on"
    )
    parser.add_argument(
        "--only", choices=list(parts), help="measure one part anew in the grouping.md that is there"
    )
    parser.set_defaults(size="short")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    full = options.size == "full"
    file = options.out / "grouping.md"
    if options.only:
        file.write_text(replace_part(file.read_text(), options.only, parts[options.only]()))
        return
    head = (
        f"# The grouping engine, measured\n\nPython {platform.python_version()}, "
        f"{platform.machine()}, two cores, seeds from 10 on that nothing was tuned on; the "
        f"{options.size} form. Each case runs in a process of its own; CPU seconds count all "
        "cores and include loading the search.\n"
    )
    written = [f"## {heading}\n\n{measure()}" for heading, measure in parts.items()]
    file.write_text("\n".join([head, *written]))


def replace_part(text: str, heading: str, part: str) -> str:
    """A report with one part in the place of the one under the same heading."""
    before, after = re.split(rf"(?m)^## {re.escape(heading)}\n", text)
    rest = re.search(r"(?m)^## ", after)
    return f"{before}## {heading}\n\n{part}" + ("\n" + after[rest.start() :] if rest else "")


if __name__ == "__main__":
    main()
