"""What is wrong with a file, for the person who wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scheduler.errors import ScheduleError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake or doubt. ``line`` and ``column`` count from 1; 0 means the whole file.

    ``key`` is the path to the value (``size.at_least``), empty for the file itself;
    ``suggestion`` is what was probably meant.
    """

    file: str
    line: int
    column: int
    key: str
    message: str
    suggestion: str | None = None
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        key = f"{self.key}: " if self.key else ""
        hint = f"; did you mean {self.suggestion}?" if self.suggestion else ""
        return f"{place}: {key}{self.message}{hint}"


class SettingsError(ScheduleError):
    """The configuration cannot be used; ``problems`` holds every mistake found in one run."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
