import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.store.engine import open_store
from scheduler.store.notices import note_unreachable

ROOT = Path(__file__).parents[2]


def run(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AZURE_", "SCHEDULER_"))}
    return subprocess.run(
        [sys.executable, "-c", "from scheduler.cli import main; main()", *arguments],
        env={**clean, "PYTHONPATH": str(ROOT), **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_imports_nothing_heavy() -> None:
    heavy = (
        "msgraph", "azure", "ortools", "numba", "numpy", "fastapi", "starlette", "uvicorn", "typst",
        "faker", "sqlalchemy", "pydantic", "rich", "structlog", "httpx", "dbos", "opentelemetry",
    )  # fmt: skip
    code = f"import sys, scheduler.cli; print([name for name in {heavy!r} if name in sys.modules])"

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "command",
    ["check", "plan", "show", "approve", "book", "sandbox", "demo"],
)
def test_each_command_explains_itself(command: str) -> None:
    told = run(command, "--help")

    assert told.returncode == 0
    assert "Usage:" in told.stdout


def test_missing_credential_is_one_line(tmp_path) -> None:
    told = run("check", "--config", str(ROOT / "config"), cwd=tmp_path)

    assert told.returncode == 2
    assert told.stderr.count("\n") == 1
    assert "AZURE_TENANT_ID" in told.stderr


def test_missing_config_is_one_line(tmp_path) -> None:
    told = run("plan", "cross-team-lunch", cwd=tmp_path)

    assert told.returncode == 2
    assert (
        told.stderr
        == "error: config: there is no such folder; scheduler init makes a working one\n"
    )


def test_wrong_config_names_file_line_and_key(tmp_path) -> None:
    folder = tmp_path / "config" / "programmes"
    folder.mkdir(parents=True)
    organisation = (ROOT / "config" / "organisation.yaml").read_text("utf-8")
    (tmp_path / "config" / "organisation.yaml").write_text(organisation, "utf-8")
    lunch = (ROOT / "config" / "programmes" / "cross-team-lunch.yaml").read_text("utf-8")
    (folder / "cross-team-lunch.yaml").write_text(
        lunch.replace("at_least:", "at_lest:").replace("minutes:", "minuets:", 1), "utf-8"
    )
    line = next(n for n, text in enumerate(lunch.splitlines(), 1) if "at_least:" in text)

    told = run("check", cwd=tmp_path)

    assert told.returncode == 2
    assert f"config/programmes/cross-team-lunch.yaml:{line}:" in told.stderr
    assert "at_least" in told.stderr
    assert all(line.startswith("error: ") for line in told.stderr.splitlines())


def test_tenant_that_does_not_answer_is_one_line(tmp_path) -> None:
    told = run(
        "plan", "cross-team-lunch", "--config", str(ROOT / "config"), cwd=tmp_path,
        AZURE_TENANT_ID="t", AZURE_CLIENT_ID="c", AZURE_CLIENT_SECRET="s",
        AZURE_AUTHORITY_HOST="https://localhost:9", SCHEDULER_GRAPH_URL="https://localhost:9/v1.0",
    )  # fmt: skip

    assert told.returncode == 2
    errors = [line for line in told.stderr.splitlines() if line.startswith("error:")]
    assert errors == ["error: The sign-in service at https://localhost:9 does not answer"]
    assert "Traceback" not in told.stderr


def test_unknown_round_says_how_rounds_are_named(tmp_path) -> None:
    told = run("approve", "lunch", cwd=tmp_path)

    assert told.returncode == 2
    assert "cross-team-lunch/2026-12-07" in told.stderr


@pytest.mark.parametrize(
    ("variable", "value"), [("SCHEDULER_TODAY", "tomorrow"), ("SCHEDULER_EFFORT", "much")]
)
def test_senseless_variable_is_named(tmp_path, variable: str, value: str) -> None:
    told = run(
        "plan", "cross-team-lunch", "--config", str(ROOT / "config"), cwd=tmp_path,
        AZURE_TENANT_ID="t", AZURE_CLIENT_ID="c", AZURE_CLIENT_SECRET="s", **{variable: value},
    )  # fmt: skip

    assert told.returncode == 2
    assert variable in told.stderr
    assert "Traceback" not in told.stderr


def test_senseless_wish_for_traces_is_one_line(tmp_path) -> None:
    told = run(
        "plan", "cross-team-lunch", "--config", str(ROOT / "config"), cwd=tmp_path,
        OTEL_EXPORTER_OTLP_ENDPOINT="http://localhost:4317", OTEL_EXPORTER_OTLP_PROTOCOL="grpc",
    )  # fmt: skip

    assert told.returncode == 2
    assert told.stderr.startswith("error: OTEL_EXPORTER_OTLP_PROTOCOL is 'grpc' (environment)")
    assert told.stderr.count("\n") == 1


def test_status_lists_whom_the_bot_cannot_reach(tmp_path) -> None:
    database = tmp_path / "s.db"
    with open_store(database) as store:
        note_unreachable(store, "ada", "403 MessageWritesBlocked", at=dt.datetime.now(dt.UTC))

    told = run("status", cwd=tmp_path, SCHEDULER_DATABASE_URL=str(database))
    asked = run("status", "--json", cwd=tmp_path, SCHEDULER_DATABASE_URL=str(database))

    assert "told by mail (1):" in told.stdout
    assert "ada" in told.stdout
    assert json.loads(asked.stdout)["unreachable_in_teams"][0]["person"] == "ada"
