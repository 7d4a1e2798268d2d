"""Commands that need no Microsoft Graph import nothing of it: so they start at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from scheduler.cli import app
from scheduler.store.engine import open_store
from scheduler.store.rounds import save_plan
from tests.store.conftest import AT
from tests.store.released import PLAN

ROOT = Path(__file__).parents[2]
HEAVY = ("msgraph", "msgraph_core", "kiota_abstractions", "kiota_http", "azure", "opentelemetry")
"""What Microsoft's SDK is made of, and what traces are sent with."""

CONFIG = str(ROOT / "config")
WITHOUT = {
    "approve": [PLAN.round_id],
    "status": [],
    "check": ["--offline", "--config", CONFIG],
    "privacy": ["--config", CONFIG],
    "init": ["new", "--company", "L", "--organisers", "a@x.example", "--contact", "b@x.example",
             "--offices", "London", "--programmes", "coffee"],
    "schema": ["programme"],
    "keys new": [],
    "keys rotate": [],
    "teams package": ["--address", "https://meet.example.com", "--config", CONFIG,
                      "--app-id", "11111111-2222-4333-8444-555555555555"],
    "people export-file": ["hr.csv"],
    "backup": ["b.tar.gz"],
    "restore": ["b.tar.gz", "--replace"],
}  # fmt: skip
"""In this order, so that there is a backup to restore."""

WITH = {
    "plan": "reads the directory and calendars",
    "show": "names people, whom the store does not know",
    "book": "makes meetings",
    "run": "does all of it",
    "work": "does all of it, or reads calendars for the process that does",
    "repair": "reads answers",
    "reconcile": "reads the organisers' calendars",
    "cancel": "cancels meetings",
    "report": "reads departments from the directory",
    "simulate": "reads the directory and calendars",
    "serve": "signs people in, and does what is due",
    "demo": "does all of it in the sandbox",
    "uninstall": "cancels meetings",
    "people choice": "looks the person up in the directory",
    "people export": "looks the person up in the directory",
    "people erase": "takes the person out of meetings",
}
"""Commands that need Graph, and what for."""

SANDBOX = "sandbox"
"""It is the other side of Graph, and goes on running."""

RUN = """
import json, sys
from typer.testing import CliRunner
from scheduler.cli import app

commands, heavy = json.loads(sys.argv[1])
found = {}
for command, words in commands.items():
    done = CliRunner().invoke(app, [*command.split(), *words])
    loaded = sorted(name for name in heavy if name in sys.modules)
    found[command] = [done.exit_code, loaded, done.output, str(done.exception)]
print(json.dumps(found))
"""


def list_commands(command, before=()):
    for name, inner in getattr(command, "commands", {}).items():
        if hasattr(inner, "commands"):
            yield from list_commands(inner, (*before, name))
        else:
            yield " ".join((*before, name))


def test_every_command_is_known_to_need_graph_or_not():
    commands = set(list_commands(typer.main.get_command(app)))

    assert commands == {*WITHOUT, *WITH, SANDBOX}


@pytest.fixture
def folder(tmp_path):
    """A planned round in a store, and an HR export."""
    with open_store(tmp_path / "scheduler.db") as store:
        save_plan(store, PLAN, at=AT, by="hr")
    (tmp_path / "hr.csv").write_text("Work Email,Department\na@x.example,Sales\n", "utf-8")
    return tmp_path


def test_commands_that_need_no_graph_import_nothing_of_it(folder):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AZURE_", "SCHEDULER_"))}

    run = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps([WITHOUT, HEAVY])],
        env={**clean, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )

    found = json.loads(run.stdout)
    assert {command: result[:2] for command, result in found.items()} == {
        command: [0, []] for command in WITHOUT
    }, found


def test_sandbox_imports_nothing_of_the_client_that_it_is_tried_with():
    code = (
        "import sys, scheduler.sandbox.process, scheduler.sandbox.app\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
