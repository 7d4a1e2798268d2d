"""Bandit's findings, less those that are explained beside the line.

``bandit ... --format json | python explained.py``. Ruff has most of bandit's checks under the same
numbers (B501 is S501) and already wants a note on the line: ``# noqa: S501 -- loopback``; the
reason may also be the comment above it. What only bandit finds carries ``# nosec B105 -- reason``,
which bandit itself reads. Ends with 1 where a finding has no note, or the note no reason.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

NOTE = re.compile(r"#\s*noqa:\s*(?P<codes>[A-Z0-9, ]+?)\s*(?P<reason>-{1,2}\s+\S.*)?$")


def is_explained(finding: dict[str, Any]) -> bool:
    """Whether one of the finding's lines names its number for ruff, with a reason."""
    lines = Path(finding["filename"]).read_text(encoding="utf-8").splitlines()
    number = finding["test_id"].removeprefix("B")
    for at in finding["line_range"]:
        note = NOTE.search(lines[at - 1])
        above = lines[at - 2].strip() if at > 1 else ""
        if note and f"S{number}" in re.split(r"[, ]+", note["codes"]):
            return bool(note["reason"]) or above.startswith("#")
    return False


def main() -> int:
    """Read bandit's JSON, print what is not explained."""
    report = json.load(sys.stdin)
    if report["errors"]:
        sys.stdout.write(f"bandit could not read: {report['errors']}\n")
        return 1
    findings = report["results"]
    open_findings = [finding for finding in findings if not is_explained(finding)]
    for finding in open_findings:
        sys.stdout.write(
            f"{finding['filename']}:{finding['line_number']}: {finding['test_id']} "
            f"{finding['issue_text']}\n"
        )
    sys.stdout.write(f"bandit: {len(findings)} findings, {len(open_findings)} not explained\n")
    return int(bool(open_findings))


if __name__ == "__main__":
    sys.exit(main())
