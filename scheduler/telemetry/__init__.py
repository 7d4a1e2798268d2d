"""Traces and metrics for whoever runs the product (OpenTelemetry); off unless they ask for it.

Other packages call :mod:`scheduler.telemetry.recording`, which costs nothing while it is off and
imports nothing of OpenTelemetry. :mod:`scheduler.telemetry.settings` says when it is on.
"""
