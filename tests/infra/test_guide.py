"""What the pages for IT name exists: commands, variables, files, sizes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer

from scheduler.cli import app
from scheduler.telemetry.recording import METRICS

ROOT = Path(__file__).parents[2]
PAGES = {
    name: (ROOT / name).read_text("utf-8")
    for name in ("docs/it-guide.md", "docs/permissions.md", "docs/index.md", "SECURITY.md")
}
CODE = re.compile(r"`([^`\n]+)`")


def test_every_command_and_option_that_is_named_exists():
    commands = typer.main.get_command(app).commands
    for text in PAGES.values():
        for words in (code.split() for code in CODE.findall(text) if code.startswith("scheduler ")):
            assert words[1] in commands, words
            options = {option for param in commands[words[1]].params for option in param.opts}
            assert {word for word in words if word.startswith("--")} <= options


def test_every_variable_that_is_named_is_read():
    source = "".join(path.read_text("utf-8") for path in (ROOT / "scheduler").rglob("*.py"))
    named = {
        name
        for text in PAGES.values()
        for name in re.findall(r"\b(?:AZURE|SCHEDULER)_[A-Z_]+\b", text)
    }
    assert named
    assert named <= set(re.findall(r"\b(?:AZURE|SCHEDULER)_[A-Z_]+\b", source))


def test_every_file_that_is_named_exists():
    named = {
        code
        for text in PAGES.values()
        for code in CODE.findall(text)
        if re.fullmatch(r"(infra|config|scheduler|\.github|docs)/[\w./*-]*", code)
    }
    assert len(named) > 8
    missing = {name for name in named if not list(ROOT.glob(name.rstrip("/")))}
    assert missing - {"config/people.yaml"} == set()  # only where people come from an export


@pytest.mark.parametrize(("size", "column"), [("small", 1), ("medium", 2), ("large", 3)])
def test_table_of_machines_says_what_the_parameters_say(size, column):
    file = json.loads((ROOT / "infra" / "azure" / f"{size}.parameters.json").read_text("utf-8"))
    given = {name: str(entry["value"]) for name, entry in file["parameters"].items()}
    rows = {
        cells[0]: cells
        for line in PAGES["docs/it-guide.md"].splitlines()
        if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 4
    }
    job = rows["job"][column]
    assert job.startswith(f"{given['jobCores']} core")
    assert job.endswith(f" {given['jobMemory'].removesuffix('Gi')} GiB")
    size_of_one = f"{given['workerCores']} cores, {given['workerMemory'].removesuffix('Gi')} GiB"
    workers = f"{given['workers']}, each {size_of_one}" if given["workers"] != "0" else "none"
    assert rows["workers"][column] == workers
    pages = rows["pages"][column].replace("½", "0.5")
    assert pages.startswith(f"{given['webCores']} core")
    assert f"{given['webMemory'].removesuffix('Gi')} GiB" in pages
    assert pages.endswith(f"1 to {given['webReplicasMost']} of them") == (size != "small")
    database = rows["PostgreSQL"][column]
    sku = given["databaseSku"].removeprefix("Standard_").replace("_", " ")
    assert database.startswith(f"{sku}, {given['databaseGigabytes']} GiB")
    assert database.endswith("standby") == (given["databaseStandby"] == "ZoneRedundant")


def test_table_of_metrics_is_that_of_the_code():
    rows = re.findall(
        r"^\| `(scheduler\.[a-z.]+)` \| (.*) \| (.*) \|$", PAGES["docs/it-guide.md"], re.MULTILINE
    )
    units = {"{person}": "people", "{group}": "groups", "{call}": "calls", "s": "s"}

    assert rows == [(name, units[m.unit], m.meaning) for name, m in METRICS.items()]
