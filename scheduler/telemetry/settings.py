"""What is read from the environment to send traces and metrics, in one place.

=====================================  =========================================================
variable                               meaning
=====================================  =========================================================
OTEL_EXPORTER_OTLP_ENDPOINT            where a collector takes them by OTLP over HTTP, like
                                       http://collector:4318; without it nothing is recorded.
                                       The other standard variables of OpenTelemetry hold too
OTEL_SDK_DISABLED                      true: nothing is recorded, whatever else is set
APPLICATIONINSIGHTS_CONNECTION_STRING  send them to Azure Monitor; the image has what it needs,
                                       elsewhere install networking-scheduler[azure-monitor]
=====================================  =========================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from scheduler.errors import ScheduleError

ENDPOINTS = (
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
)
AZURE = "APPLICATIONINSIGHTS_CONNECTION_STRING"
PROTOCOLS = (
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
)
HTTP = "http/protobuf"


class TelemetrySettingsError(ScheduleError):
    """The environment asks for traces and metrics in a way that does not work."""


@dataclass(frozen=True, slots=True)
class TelemetrySettings:
    """To whom traces and metrics go; addresses and keys are read by the exporters themselves."""

    traces: bool
    metrics: bool
    azure: bool


def read_telemetry_settings(environ: Mapping[str, str]) -> TelemetrySettings | None:
    """Read and check the variables of the module's table; None where nobody wants to listen.

    Raises:
        TelemetrySettingsError: A variable makes no sense.
    """
    given = {name: value for name in environ if (value := environ[name].strip())}
    if given.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    both, traces, metrics = (name in given for name in ENDPOINTS)
    found = TelemetrySettings(both or traces, both or metrics, AZURE in given)
    if not (found.traces or found.metrics or found.azure):
        return None
    for name in ENDPOINTS:
        if name in given and not _is_address(given[name]):
            raise TelemetrySettingsError(
                f"{name} is {given[name]!r} (environment). Set it to an address like "
                "http://collector:4318."
            )
    for name in PROTOCOLS:
        if given.get(name, HTTP) != HTTP:
            raise TelemetrySettingsError(
                f"{name} is {given[name]!r} (environment), and {HTTP} alone is spoken here. Leave "
                "it out, and name the collector's port for HTTP: 4318 by default."
            )
    return found


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
