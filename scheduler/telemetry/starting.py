"""Switching traces and metrics on for the length of a command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from scheduler.telemetry.recording import listening
from scheduler.telemetry.settings import read_telemetry_settings


@contextmanager
def telemetry(environ: Mapping[str, str]) -> Iterator[None]:
    """Send traces and metrics of the block, if the environment asks for them.

    Raises:
        TelemetrySettingsError: It asks in a way that does not work.
    """
    settings = read_telemetry_settings(environ)
    if settings is None:
        yield
        return
    from scheduler.telemetry.exporting import open_recorder  # noqa: PLC0415 -- slow import

    recorder = open_recorder(settings, environ)
    try:
        with listening(recorder):
            yield
    finally:
        recorder.close()
