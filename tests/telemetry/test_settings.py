from __future__ import annotations

import pytest

from scheduler.telemetry.settings import (
    TelemetrySettings,
    TelemetrySettingsError,
    read_telemetry_settings,
)

OTLP = "OTEL_EXPORTER_OTLP_ENDPOINT"
TRACES = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
METRICS = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"
AZURE = "APPLICATIONINSIGHTS_CONNECTION_STRING"
HERE = "http://collector:4318"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, None),
        ({OTLP: " "}, None),
        ({OTLP: HERE}, (True, True, False)),
        ({TRACES: HERE}, (True, False, False)),
        ({METRICS: HERE}, (False, True, False)),
        ({AZURE: "InstrumentationKey=x"}, (False, False, True)),
        ({OTLP: HERE, AZURE: "InstrumentationKey=x"}, (True, True, True)),
        ({OTLP: HERE, "OTEL_SDK_DISABLED": "True"}, None),
        ({OTLP: HERE, "OTEL_SDK_DISABLED": "false"}, (True, True, False)),
        ({OTLP: HERE, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, (True, True, False)),
    ],
)
def test_telemetry_is_on_where_somebody_says_to_whom(given, wanted):
    expected = None if wanted is None else TelemetrySettings(*wanted)

    assert read_telemetry_settings(given) == expected


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({OTLP: "collector:4318"}, f"{OTLP} is 'collector:4318' (environment). Set it to an"),
        ({METRICS: "ftp://x"}, f"{METRICS} is 'ftp://x'"),
        ({OTLP: HERE, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "http/protobuf alone is spoken"),
    ],
)
def test_telemetry_that_cannot_work_is_one_sentence(given, said):
    with pytest.raises(TelemetrySettingsError) as raised:
        read_telemetry_settings(given)

    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
