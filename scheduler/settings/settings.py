"""Everything that HR configured, checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scheduler.programmes.programme import Programme
from scheduler.settings.organisation import Organisation
from scheduler.settings.problems import Problem


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of one ``config/`` folder; ``programmes`` by name, in the order of names.

    ``warnings`` are doubts that do not stop anything.
    """

    config_dir: Path
    organisation: Organisation
    programmes: dict[str, Programme]
    warnings: tuple[Problem, ...] = ()
