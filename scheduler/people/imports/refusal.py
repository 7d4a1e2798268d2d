"""Why a file from HR cannot be used."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.errors import ScheduleError


class ExportRefusedError(ScheduleError):
    """A file cannot be read without guessing; the text says what to do about it."""

    def __init__(self, file: str, message: str, row: int | None = None) -> None:
        self.file, self.row, self.message = file, row, message
        super().__init__(f"{file}: row {row}: {message}" if row else f"{file}: {message}")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One row (counted from 1, as the spreadsheet shows it) that was set aside, or one value."""

    row: int
    message: str
