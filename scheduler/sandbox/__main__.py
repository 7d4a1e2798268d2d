"""``python -m scheduler.sandbox``: keep a tenant running."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from scheduler.sandbox.faults import FaultScriptError
from scheduler.sandbox.organisation.files import OrganisationFileError
from scheduler.sandbox.process import SandboxError, serve
from scheduler.sandbox.settings import SandboxSettings


def _parse(arguments: list[str] | None) -> tuple[SandboxSettings, bool]:
    default = SandboxSettings(state=Path())
    parser = argparse.ArgumentParser(
        prog="python -m scheduler.sandbox",
        description="Run an invented Microsoft 365 tenant on this computer.",
    )
    parser.add_argument(
        "--state", type=Path, required=True, help="folder for sandbox.env and its CA"
    )
    parser.add_argument("--people", type=int, default=default.people, help="how many to invent")
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument(
        "--organisation", type=Path, help="a folder with people.csv (and ties.csv), or an HR export"
    )
    parser.add_argument("--today", type=dt.date.fromisoformat, help="YYYY-MM-DD; else the real one")
    parser.add_argument(
        "--port", type=int, default=default.port, help="of HTTPS; 0 takes a free one"
    )
    parser.add_argument(
        "--page-port", type=int, default=default.page_port, help="of plain HTTP; 0 takes a free one"
    )
    parser.add_argument(
        "--keep", action="store_true", help="go on where the last tenant of --state ended"
    )
    parser.add_argument("--faults", type=Path, help="a fault script (JSON)")
    parser.add_argument(
        "--concurrency", type=int, default=default.concurrency,
        help="mailbox requests at once before 429; 0 for no limits",
    )  # fmt: skip
    parser.add_argument("--latency-seconds", type=float, default=default.latency_seconds)
    parser.add_argument("--answer-seconds", type=float, default=default.answer_seconds)
    parser.add_argument("--blocked-share", type=float, default=default.blocked_share)
    parser.add_argument("--replay", choices=("return", "refuse"), default=default.replay)
    parser.add_argument("--token-seconds", type=int, default=default.token_seconds)
    parser.add_argument("--until-stdin-closes", action="store_true", help=argparse.SUPPRESS)
    parsed = vars(parser.parse_args(arguments))
    until_stdin_closes = bool(parsed.pop("until_stdin_closes"))
    if parsed["people"] < 1:
        parser.error("--people must be at least 1")
    return SandboxSettings(**parsed), until_stdin_closes


def main(arguments: list[str] | None = None) -> int:
    """Run until stopped; 2 when it cannot start."""
    settings, until_stdin_closes = _parse(arguments)
    try:
        serve(settings, until_stdin_closes=until_stdin_closes)
    except (SandboxError, OrganisationFileError, FaultScriptError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
