"""Sending what is recorded to a collector or to Azure Monitor, with OpenTelemetry's SDK.

The providers are ours alone and not the process's: the libraries beneath us would record through
those, and Graph's SDK with whole addresses, which hold people's mailboxes.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import structlog
from opentelemetry.metrics import Counter, Histogram, Meter
from opentelemetry.metrics import _Gauge as Gauge
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span as OtelSpan
from opentelemetry.trace import Status, StatusCode

from scheduler.telemetry.recording import ATTRIBUTES, METRICS, Attributes, Metric
from scheduler.telemetry.settings import TelemetrySettings, TelemetrySettingsError

log = structlog.get_logger(__name__)

SERVICE = "networking-scheduler"
TELLERS = ("opentelemetry", "azure.monitor.opentelemetry")
"""The loggers of what sends for us."""
QUIET = (
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED",
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED",
)
"""What Azure Monitor's exporter would say about itself to Microsoft, and ask there, unasked."""
SEND_SECONDS = 5.0
"""For one attempt to send, where OTEL_EXPORTER_OTLP_TIMEOUT says nothing else: a collector that is
gone must not hold up the end of a job for long."""


class _Span:
    def __init__(self, inner: OtelSpan) -> None:
        self._inner = inner

    def note(self, attributes: Attributes) -> None:
        self._inner.set_attributes(check(attributes))


class OtelRecorder:
    """Records into providers of its own; see :class:`scheduler.telemetry.recording.Recorder`."""

    def __init__(self, processors: list[SpanProcessor], readers: list[MetricReader]) -> None:
        self._complaints = _TellOnce()
        for name in TELLERS:
            logging.getLogger(name).addHandler(self._complaints)
        resource = Resource.create(
            {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": SERVICE}
        )
        self._traces = TracerProvider(resource=resource, shutdown_on_exit=False)
        for processor in processors:
            self._traces.add_span_processor(processor)
        self._metrics = MeterProvider(readers, resource=resource, shutdown_on_exit=False)
        self._tracer = self._traces.get_tracer("scheduler")
        meter = self._metrics.get_meter("scheduler")
        self._instruments = {name: _make(meter, name, metric) for name, metric in METRICS.items()}

    @contextmanager
    def span(self, name: str, attributes: Attributes) -> Iterator[_Span]:
        """Record from the block's beginning to its end."""
        with self._tracer.start_as_current_span(
            name,
            attributes=check(attributes),
            record_exception=False,  # a text may hold anything
            set_status_on_exception=False,
        ) as inner:
            try:
                yield _Span(inner)
            except BaseException as error:
                inner.set_attribute("error.type", type(error).__name__)
                inner.set_status(Status(StatusCode.ERROR))
                raise

    def record(self, metric: str, value: float, attributes: Attributes) -> None:
        """Record a figure."""
        instrument = self._instruments[metric]
        if isinstance(instrument, Counter):
            instrument.add(value, check(attributes))
        elif isinstance(instrument, Histogram):
            instrument.record(value, check(attributes))
        else:
            instrument.set(value, check(attributes))

    def close(self) -> None:
        """Send what has not been sent."""
        self._traces.shutdown()
        self._metrics.shutdown()
        for name in TELLERS:
            logging.getLogger(name).removeHandler(self._complaints)


def check(attributes: Attributes) -> Attributes:
    """The attributes themselves.

    Raises:
        ValueError: One is not on the list; it might hold something about a person.
    """
    if unknown := attributes.keys() - ATTRIBUTES.keys():
        raise ValueError(f"{sorted(unknown)}: no such attribute of spans and figures")
    return attributes


def open_recorder(settings: TelemetrySettings, environ: Mapping[str, str]) -> OtelRecorder:
    """A recorder that sends to whom the settings name.

    Raises:
        TelemetrySettingsError: Azure Monitor is asked for and its package is not installed, or its
            connection string is none.
    """
    processors: list[SpanProcessor] = []
    readers: list[MetricReader] = []
    patience = None if "OTEL_EXPORTER_OTLP_TIMEOUT" in environ else SEND_SECONDS
    if settings.traces:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 -- slow
            OTLPSpanExporter,
        )

        processors.append(BatchSpanProcessor(OTLPSpanExporter(timeout=patience)))
    if settings.metrics:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import (  # noqa: PLC0415 -- slow
            OTLPMetricExporter,
        )

        readers.append(PeriodicExportingMetricReader(OTLPMetricExporter(timeout=patience)))
    if settings.azure:
        _add_azure(processors, readers)
    return OtelRecorder(processors, readers)


def _add_azure(processors: list[SpanProcessor], readers: list[MetricReader]) -> None:
    for name in QUIET:
        os.environ.setdefault(name, "true")
    try:
        from azure.monitor.opentelemetry.exporter import (  # noqa: PLC0415 -- may be missing
            AzureMonitorMetricExporter,
            AzureMonitorTraceExporter,
        )
    except ImportError as error:
        raise TelemetrySettingsError(
            "APPLICATIONINSIGHTS_CONNECTION_STRING is set (environment), and Azure Monitor needs "
            "one more package: install networking-scheduler[azure-monitor]."
        ) from error
    try:
        traces = AzureMonitorTraceExporter(disable_offline_storage=True)
        metrics = AzureMonitorMetricExporter(disable_offline_storage=True)
    except ValueError as error:
        raise TelemetrySettingsError(
            "APPLICATIONINSIGHTS_CONNECTION_STRING is no connection string (environment). Copy it "
            "from the overview of the Application Insights resource."
        ) from error
    processors.append(BatchSpanProcessor(traces))
    readers.append(PeriodicExportingMetricReader(metrics))


def _make(meter: Meter, name: str, metric: Metric) -> Counter | Histogram | Gauge:
    match metric.kind:
        case "gauge":
            return meter.create_gauge(name, metric.unit, metric.meaning)
        case "counter":
            return meter.create_counter(name, metric.unit, metric.meaning)
        case "histogram":
            return meter.create_histogram(name, metric.unit, metric.meaning)


class _TellOnce(logging.Handler):
    """One line in our own log when a collector cannot be reached, and no more."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._told = False

    def emit(self, record: logging.LogRecord) -> None:
        """Tell it."""
        if not self._told:
            self._told = True
            log.warning("telemetry-not-sent", by=record.name)
