"""config/people.yaml: where people come from beside the directory."""

from __future__ import annotations

from pydantic import Field

from scheduler.people.imports.export import ExportSpec
from scheduler.programmes.values import Frozen


class PeopleSources(Frozen):
    """``hr_export``: a file from the HR system that is joined with the directory."""

    hr_export: ExportSpec | None = Field(
        default=None, description="a file from the HR system that knows more than the directory"
    )
