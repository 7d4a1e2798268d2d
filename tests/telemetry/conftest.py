"""A collector that takes OTLP over HTTP, and reads it with OpenTelemetry's own messages."""

from __future__ import annotations

import pytest

from tests.telemetry.collector import collecting


@pytest.fixture
def collector():
    with collecting() as found:
        yield found
