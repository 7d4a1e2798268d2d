"""Ctrl-C belongs to the process, not to the solver."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from scheduler.grouping import solving
from scheduler.grouping.engine import solve
from tests.grouping.problems import make_problem

STATUS = Path("/proc/self/status")


def is_caught(number):
    """Whether this process still has a handler of its own, as the kernel sees it."""
    lines = dict(line.split(":", 1) for line in STATUS.read_text("ascii").splitlines())
    return bool(int(lines["SigCgt"], 16) >> (number - 1) & 1)


@pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells which signals are caught")
@pytest.mark.parametrize("proven", [True, False])
def test_interrupt_is_still_ours_after_a_plan_was_made(monkeypatch, proven):
    if not proven:
        monkeypatch.setattr(solving, "solve_exactly", lambda *_: None)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert is_caught(signal.SIGINT)
        assert solve(make_problem(6), workers=1, effort=0.05).placed == 6
        assert is_caught(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
