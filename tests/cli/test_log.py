"""What goes into the log, and what must not."""

from __future__ import annotations

import json

import structlog

from scheduler.cli.log import set_up_log


def test_traceback_in_the_log_names_places_and_no_values(tmp_path):
    file = tmp_path / "log.jsonl"
    set_up_log(file)

    def fail(mail):
        raise ZeroDivisionError("a defect")

    try:
        fail("ada@lindenhof.example")
    except ZeroDivisionError:
        structlog.get_logger().exception("step-failed")

    (line,) = file.read_text("utf-8").splitlines()
    (found,) = json.loads(line)["exception"]
    assert found["exc_type"] == "ZeroDivisionError"
    assert found["frames"][-1]["name"] == "fail"
    assert "ada@" not in line
