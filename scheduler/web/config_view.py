"""The configuration's files as HR reads them on a page: their lines, and what is wrong where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scheduler.settings.loader import load_settings
from scheduler.settings.problems import Problem, SettingsError
from scheduler.settings.settings import Settings

LONGEST_FILE_BYTES = 200_000
"""Of a file that is shown; a programme's has some hundred lines."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The files as they are now. ``settings`` is None where they cannot be used."""

    settings: Settings | None
    problems: tuple[Problem, ...]

    def of_file(self, path: Path) -> tuple[Problem, ...]:
        """What is wrong or doubtful in one file."""
        return tuple(one for one in self.problems if Path(one.file).name == path.name)

    def of_others(self, names: set[str]) -> tuple[Problem, ...]:
        """What is wrong elsewhere than in the files of these names."""
        return tuple(one for one in self.problems if Path(one.file).name not in names)


def check_files(folder: Path, today: dt.date) -> Checked:
    """Check all files as ``scheduler check --offline`` does."""
    try:
        settings = load_settings(folder, today=today)
    except SettingsError as error:
        return Checked(None, error.problems)
    return Checked(settings, settings.warnings)


def list_files(folder: Path) -> Mapping[str, Path]:
    """The programmes' files by name, whether or not they can be used."""
    programmes = folder / "programmes"
    if not programmes.is_dir():
        return {}
    return {path.stem: path for path in sorted(programmes.glob("*.yaml")) if path.is_file()}


def read_lines(path: Path) -> tuple[str, ...]:
    """The lines of a file, as text; bytes that are none are shown as such."""
    with path.open("rb") as file:
        return tuple(file.read(LONGEST_FILE_BYTES).decode("utf-8", "replace").splitlines())


def has_changed(name: str, running: Settings, checked: Checked) -> bool:
    """Whether a programme's file says something else than what runs."""
    if checked.settings is None:
        return False
    return checked.settings.programmes.get(name) != running.programmes.get(name)
