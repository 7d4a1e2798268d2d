"""Everything that HR configured, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.programmes.programme import Programme
from scheduler.settings.organisation import Organisation
from scheduler.settings.people_sources import PeopleSources
from scheduler.settings.problems import Problem
from scheduler.settings.yaml_file import Document


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of one ``config/`` folder; ``programmes`` by name, in the order of names.

    ``warnings`` are doubts that do not stop anything. ``documents`` say where each value stands:
    by the programme's name, and under ``organisation``.
    """

    config_dir: Path
    organisation: Organisation
    programmes: dict[str, Programme]
    people: PeopleSources = field(default_factory=PeopleSources)
    warnings: tuple[Problem, ...] = ()
    documents: Mapping[str, Document] = field(default_factory=dict, repr=False, compare=False)
