"""What reaches a collector, over real HTTP on loopback."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import structlog

from scheduler.telemetry.recording import METRICS, is_on, record, span
from scheduler.telemetry.settings import TelemetrySettingsError
from scheduler.telemetry.starting import telemetry

ABOUT = {"scheduler.round": "lunch/2026-12-07"}


def test_spans_reach_the_collector_within_each_other(collector):
    with (
        telemetry(environ(collector)),
        span("book", ABOUT),
        span("POST /users/{id}/events", {}) as call,
    ):
        call.note({"http.response.status_code": 201})

    inner, outer = collector.spans
    assert (outer["name"], outer["scheduler.round"]) == ("book", "lunch/2026-12-07")
    assert (inner["name"], inner["parent"]) == ("POST /users/{id}/events", outer["id"])
    assert inner["http.response.status_code"] == 201
    assert collector.resources[0]["service.name"] == "networking-scheduler"


def environ(collector):
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address,
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": collector.address + "/v1/traces",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": collector.address + "/v1/metrics",
    }


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, collector):
    """The exporters of OpenTelemetry read the process's own environment."""
    for name, value in environ(collector).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("OTEL_SERVICE_NAME", raising=False)


def test_every_metric_reaches_the_collector_with_its_unit(collector):
    with telemetry(environ(collector)):
        for name in METRICS:
            record(name, 2, ABOUT)
            record(name, 3, ABOUT)

    sent = {point["metric"]: (point["unit"], point["value"]) for point in collector.points}
    last = {"gauge": 3, "counter": 5, "histogram": 2}  # of a histogram, how often
    assert sent == {name: (metric.unit, last[metric.kind]) for name, metric in METRICS.items()}


def test_error_is_told_by_its_kind_without_its_text(collector):
    def fail():
        with telemetry(environ(collector)), span("plan", {}):
            raise LookupError("ada@lindenhof.example")

    with pytest.raises(LookupError):
        fail()

    (only,) = collector.spans
    assert (only["error"], only["error.type"], only["status_text"], only["events"]) == (
        True, "LookupError", "", 0,
    )  # fmt: skip
    assert b"ada" not in b"".join(collector.bodies)


def test_attribute_that_is_not_on_the_list_is_refused(collector):
    with telemetry(environ(collector)):
        with (
            pytest.raises(ValueError, match=r"'person'.*no such attribute"),
            span("x", {"person": 1}),
        ):
            pass
        with pytest.raises(ValueError, match="no such attribute"), span("x", {}) as inner:
            inner.note({"mailbox": "ada@lindenhof.example"})
        with pytest.raises(ValueError, match="no such attribute"):
            record("scheduler.graph.calls", 1, {"user": "ada"})


def test_collector_that_refuses_is_told_of_once_in_the_log(collector):
    collector.status = 400
    with structlog.testing.capture_logs() as lines, telemetry(environ(collector)):
        for _ in range(3):
            with span("plan", {}):
                record("scheduler.graph.calls", 1, {})

    assert [line["event"] for line in lines] == ["telemetry-not-sent"]


def test_nothing_is_on_once_the_block_has_ended(collector):
    with telemetry(environ(collector)):
        assert is_on()

    assert not is_on()
    with span("later", {"anything": 1}) as nobody:
        nobody.note({"anything": 1})
    record("nothing", 1, {})
    assert collector.spans == []


def test_what_is_off_imports_nothing():
    code = (
        "import sys\n"
        "from scheduler.telemetry.starting import telemetry\n"
        "from scheduler.telemetry.recording import record, span\n"
        "with telemetry({}), span('x', {}): record('y', 1, {})\n"
        "print([name for name in sys.modules if name.startswith(('opentelemetry', 'azure'))])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={}
    )

    assert done.stdout.strip() == "[]"


def test_azure_monitor_is_sent_the_same(collector, monkeypatch):
    pytest.importorskip("azure.monitor.opentelemetry.exporter", reason="an extra")
    text = (
        "InstrumentationKey=00000000-0000-4000-8000-000000000000;"
        f"IngestionEndpoint={collector.address}/"
    )
    monkeypatch.setenv("APPLICATIONINSIGHTS_CONNECTION_STRING", text)

    with telemetry({"APPLICATIONINSIGHTS_CONNECTION_STRING": text}), span("book", ABOUT):
        record("scheduler.groups.booked", 7, ABOUT)

    rows = [row for body in collector.bodies for row in _read_rows(body)]
    names = {row["data"]["baseData"].get("name") for row in rows}
    figures = {
        (metric["name"], metric["value"])
        for row in rows
        for metric in row["data"]["baseData"].get("metrics", ())
    }
    assert "book" in names
    assert ("scheduler.groups.booked", 7) in figures


def _read_rows(body):
    text = body.decode()
    try:
        found = json.loads(text)
    except ValueError:
        found = [json.loads(line) for line in text.splitlines()]
    return found if isinstance(found, list) else [found]


def test_azure_monitor_without_a_connection_string_that_is_one_is_a_sentence(monkeypatch):
    pytest.importorskip("azure.monitor.opentelemetry.exporter", reason="an extra")
    monkeypatch.setenv("APPLICATIONINSIGHTS_CONNECTION_STRING", "nonsense")

    with (
        pytest.raises(TelemetrySettingsError, match="is no connection string"),
        telemetry({"APPLICATIONINSIGHTS_CONNECTION_STRING": "nonsense"}),
    ):
        pass
