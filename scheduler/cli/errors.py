"""Errors of parts that stand apart, in the form in which commands print them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from scheduler.errors import ScheduleError


@contextmanager
def explain_sandbox_errors() -> Iterator[None]:
    """The sandbox shares nothing with the product, its errors included."""
    from scheduler.sandbox.faults import FaultScriptError  # noqa: PLC0415 -- slow import
    from scheduler.sandbox.organisation.files import OrganisationFileError  # noqa: PLC0415 -- slow import
    from scheduler.sandbox.process import SandboxError  # noqa: PLC0415 -- slow import

    try:
        yield
    except (SandboxError, OrganisationFileError, FaultScriptError) as error:
        raise ScheduleError(str(error)) from error
