"""Which of bandit's findings count as explained."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "infra" / "security" / "explained.py"


def run(tmp_path, line, errors=(), at=2):
    file = tmp_path / "code.py"
    file.write_text(f"import subprocess\n{line}\n")
    finding = {
        "filename": str(file),
        "line_number": at,
        "line_range": [at],
        "test_id": "B603",
        "issue_text": "subprocess call",
    }
    report = json.dumps({"errors": list(errors), "results": [finding]})
    return subprocess.run(
        [sys.executable, SCRIPT], input=report, capture_output=True, text=True, check=False
    )


def test_finding_with_its_number_and_a_reason_passes(tmp_path):
    run_of = run(tmp_path, "subprocess.run(words)  # noqa: S603 -- our own words")
    assert (run_of.returncode, run_of.stdout) == (0, "bandit: 1 findings, 0 not explained\n")


def test_reason_may_stand_above_the_line(tmp_path):
    run_of = run(tmp_path, "# Our own words.\nsubprocess.run(words)  # noqa: S603", at=3)
    assert run_of.returncode == 0


@pytest.mark.parametrize(
    "line",
    [
        "subprocess.run(words)",
        "subprocess.run(words)  # noqa: S603",
        "subprocess.run(words)  # noqa: S607 -- another number",
        "subprocess.run(words)  # noqa -- everything",
    ],
)
def test_finding_without_its_number_or_a_reason_fails(tmp_path, line):
    run_of = run(tmp_path, line)
    assert run_of.returncode == 1
    assert "code.py:2: B603 subprocess call" in run_of.stdout


def test_file_that_bandit_cannot_read_fails(tmp_path):
    run_of = run(tmp_path, "subprocess.run(words)  # noqa: S603 -- ours", errors=["syntax error"])
    assert run_of.returncode == 1
