"""How long HR's pages take for a plan of ten thousand people, and how large they are.

    python -m tests.benchmarks.web --out docs/benchmarks

The service runs as it is shipped, with the store on disk, beside a small tenant in which HR signs
in; the plan and its people are put in the places of a real round's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scheduler.sandbox import SandboxSettings, start_sandbox
from scheduler.store.engine import now
from scheduler.store.rounds import save_plan
from tests.benchmarks.web.large_plan import make_people, make_plan
from tests.web.serving.conftest import TODAY, Serving, serve

INTRODUCTION = """# HR's pages of a plan of ten thousand people

2,250 groups in 24 offices, and a thousand people left out. `make bench` measures it anew. *First*:
nobody has opened the page since the service began, and the directory is at hand; *again*: the best
of four further times. The bar is one second and one megabyte.

| page | first, s | again, s | size, KB |
|---|---:|---:|---:|
"""
TIMES = 5


def put_large_plan(serving: Serving, people: int = 10_000) -> str:
    """Let the service know so many people, and a round of them; the round's id."""
    everybody = make_people(people)
    directory = serving.service.directory
    known = serving.run(directory.people())
    directory._people = {**known, **everybody}
    plan = make_plan(everybody)
    save_plan(serving.context.store, plan, at=now(), by="benchmark")
    return plan.round_id


def main() -> None:
    """Print the table, or write it as ``pages.md`` into a folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path)
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory() as folder:
        settings = SandboxSettings(
            state=Path(folder) / "tenant", people=150, seed=3, today=TODAY, concurrency=0
        )
        with start_sandbox(settings) as tenant, serve(tenant, Path(folder)) as serving:
            text = INTRODUCTION + "".join(f"{line}\n" for line in measure(serving))
    if out is None:
        sys.stdout.write(text)
    else:
        (out / "pages.md").write_text(text, "utf-8")


def measure(serving: Serving) -> Iterator[str]:
    """A row for each page: the first time, and the best of some further ones."""
    round_id = put_large_plan(serving)
    hr = serving.sign_in(serving.of("Human Resources")["mail"])
    base = f"/rounds/{round_id}"
    for name, path in (
        ("plan", base), ("plan, searched", f"{base}?q=hohenstein+77"),
        ("plan, page 90", f"{base}?page=90"), ("left out", f"{base}/left-out"),
        ("a group", f"{base}/groups/1234"), ("departments", f"{base}/departments"),
        ("changes", f"{base}/versions"), ("answers", f"{base}/answers"),
        ("bound and rules", f"{base}/rules"), ("programmes", "/programmes"),
    ):  # fmt: skip
        seconds = []
        for _ in range(TIMES):
            began = time.perf_counter()
            answer = hr.get(path)
            seconds.append(time.perf_counter() - began)
            assert answer.status_code == 200, path
        size = len(answer.content) / 1000
        yield f"| {name} | {seconds[0]:.2f} | {min(seconds[1:]):.2f} | {size:.0f} |"


if __name__ == "__main__":
    main()
