"""What the alerts of the Azure deployment take from the log."""

from __future__ import annotations

import io
import json
import re

import pytest
import structlog

from scheduler import cli
from scheduler.cli.log import set_up_log
from tests.infra.alerts import read_fields, read_query, read_test

BOOKED = {"event": "booking.finished", "planned": 9, "booked": 9, "removed_by_hand": 0}
TOLD = {"event": "round-announced", "booked": 9, "announced": 9}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (BOOKED, False),
        (TOLD, False),
        ({"event": "run-finished"}, False),
        ({"event": "round-planned", "placed": 30, "groups": 9}, False),
        (BOOKED | {"booked": 8, "removed_by_hand": 1}, False),
        (BOOKED | {"booked": 8}, True),
        (BOOKED | {"booked": 10}, True),
        (TOLD | {"announced": 8}, True),
        (BOOKED | {"event": "round-incomplete", "announced": 8}, True),
    ],
)
def test_alert_is_raised_where_planned_booked_and_announced_differ(line, wanted):
    assert read_test("differs")(line) is wanted


def test_errors_raise_an_alert_by_the_level_that_is_really_written(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    set_up_log("-")
    log = structlog.get_logger("test")
    log.info("a")
    log.warning("b")
    log.error("c")
    log.critical("d")
    set_up_log(None)

    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert read_fields("errors") == {"level"}
    assert [line["event"] for line in lines if read_test("errors")(line)] == ["c", "d"]


def test_worker_that_cannot_start_raises_an_alert_by_the_line_that_is_really_written(
    monkeypatch, capsys, tmp_path
):
    monkeypatch.setenv("SCHEDULER_DATABASE_URL", str(tmp_path / "scheduler.db"))
    monkeypatch.setattr("sys.argv", ["scheduler", "work", "--config", str(tmp_path / "none")])
    with pytest.raises(SystemExit):
        cli.main()
    lines = capsys.readouterr().err.splitlines()

    begins = re.search(r'Log_s startswith "(.*?)"', read_query("lame"))[1]
    assert lines
    assert all(line.startswith(begins) for line in lines)
    assert 'ContainerAppName_s endswith "-worker"' in read_query("lame")
