"""That the checks are run, and that whatever is passed over says why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
CHECK = (ROOT / "infra" / "security" / "check").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
WORKFLOW = YAML(typ="safe").load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
NOTES = {
    "checkov": r"checkov:skip=CKV\w+(?P<reason>.*)",
    "hadolint": r"hadolint ignore=\S+(?P<reason>.*)",
    "shellcheck": r"shellcheck disable=\S+(?P<reason>.*)",
    "zizmor": r"zizmor: ignore\[\S+\](?P<reason>.*)",
    "bandit": r"#\s*nosec\b(?:\s+B\d+)*(?P<reason>.*)",
}


@pytest.mark.parametrize(
    "tool", ["bandit", "shellcheck", "hadolint", "zizmor", "actionlint", "checkov"]
)
def test_tool_is_run_by_make_security(tool):
    assert re.search(rf"^\s*{tool} ", CHECK, re.MULTILINE)
    assert "infra/security/check" in MAKEFILE


def test_every_lock_is_audited():
    assert "for lock in requirements*.lock; do $(VENV)/security/bin/pip-audit --strict" in MAKEFILE


def test_workflow_runs_both_on_every_change_and_every_week():
    commands = [step.get("run") for step in WORKFLOW["jobs"]["security"]["steps"]]

    assert {"make security", "make audit"} <= set(commands)
    assert {"push", "pull_request", "schedule"} <= set(WORKFLOW["on"])


def test_every_finding_that_is_passed_over_says_why():
    files = [
        path
        for folder in ("scheduler", "infra", ".github", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.parent.name != "security"  # which speak of such notes
    ]
    texts = {path: path.read_bytes().decode("utf-8", "replace") for path in files}
    silent = [
        f"{path}:{number}"
        for path, text in texts.items()
        if path.suffix not in {".pyc", ".nbi", ".nbc"}
        for number, line in enumerate(text.splitlines(), 1)
        for note in NOTES.values()
        if (found := re.search(note, line)) and len(found["reason"].strip(" :#-*/")) < 10
    ]

    assert silent == []
