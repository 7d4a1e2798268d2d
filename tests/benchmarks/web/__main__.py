"""How long HR's pages take for a plan of ten thousand people, and how large they are.

    python -m tests.benchmarks.web

The service runs as it is shipped, with the store on disk, beside a small tenant in which HR signs
in; the plan and its people are put in the places of a real round's.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from scheduler.sandbox import SandboxSettings, start_sandbox
from scheduler.store.engine import now
from scheduler.store.rounds import save_plan
from tests.benchmarks.web.large_plan import make_people, make_plan
from tests.web.serving.conftest import TODAY, Serving, serve

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
    """Print a table in Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        settings = SandboxSettings(
            state=Path(folder) / "tenant", people=150, seed=3, today=TODAY, concurrency=0
        )
        with start_sandbox(settings) as tenant, serve(tenant, Path(folder)) as serving:
            measure(serving)


def measure(serving: Serving) -> None:
    """One page after the other: the first time, and the best of some further ones."""
    round_id = put_large_plan(serving)
    hr = serving.sign_in(serving.of("Human Resources")["mail"])
    base = f"/rounds/{round_id}"
    sys.stdout.write("| page | first, s | again, s | size, KB |\n|---|---:|---:|---:|\n")
    for path in (
        base, f"{base}?q=hohenstein+77", f"{base}?page=90", f"{base}/left-out",
        f"{base}/groups/1234", f"{base}/departments", f"{base}/versions", f"{base}/answers",
        f"{base}/rules", "/programmes",
    ):  # fmt: skip
        seconds = []
        for _ in range(TIMES):
            began = time.perf_counter()
            answer = hr.get(path)
            seconds.append(time.perf_counter() - began)
            assert answer.status_code == 200, path
        size = len(answer.content) / 1000
        shown = path.replace(round_id, "ROUND")
        sys.stdout.write(f"| {shown} | {seconds[0]:.2f} | {min(seconds[1:]):.2f} | {size:.0f} |\n")


if __name__ == "__main__":
    main()
