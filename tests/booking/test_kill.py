"""A short form of ``make torture``; what is done and checked is in the programs it runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def run(program, *arguments):
    path = Path(__file__).with_name(f"{program}.py")
    done = subprocess.run(
        [sys.executable, str(path), *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stdout, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_round_that_is_killed_at_any_line_ends_as_if_it_had_not_been():
    found = run("killing", "--groups", 5, "--points", 10)

    assert found["wrong"] == []
    assert found["killed"] >= 10


def test_round_on_a_very_bad_day_is_booked_once_in_few_calls():
    found = run("harness", "fault", "--groups", 100)

    assert found["wrong"] == []
    assert found["faults"] >= 30


def test_two_processes_book_a_round_once_on_sqlite():
    assert run("harness", "race", "--groups", 20)["wrong"] == []


def test_two_processes_book_a_round_once_on_postgresql(postgres_url):
    assert run("harness", "race", "--groups", 20, "--database", postgres_url)["wrong"] == []
