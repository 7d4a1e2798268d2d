"""One HR export to records of people, with each row that is none and why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from scheduler.people.imports.columns import COLUMNS, Header, find_header
from scheduler.people.imports.dates import DateColumn, Order, UndecidedDatesError, decide_order
from scheduler.people.imports.refusal import ExportRefusedError, RowProblem
from scheduler.people.imports.table import Cell, Row, read_tables
from scheduler.programmes.values import Frozen

DATE_FIELDS = ("hired", "returned", "left")

Source = Literal["entra", "workday", "bamboohr", "personio", "hibob", "successfactors", "any"]
FieldName = Literal[
    "id", "employee_id", "mail", "user_principal_name", "user_type", "name", "first_name",
    "preferred_name", "last_name", "department", "team", "office", "country", "title", "level",
    "manager", "company", "hired", "returned", "left", "status", "employee_type", "languages",
    "interests", "influence", "buddy", "zone",
]  # fmt: skip


class ExportSpec(Frozen):
    """How an HR export is read: the ``hr_export`` block of config/people.yaml."""

    file: Path = Field(description="a CSV or Excel file, from the folder of people.yaml")
    source: Source = Field(
        default="any",
        description="the system that wrote it; any: headers are recognised by what they say",
    )
    columns: dict[FieldName, str] = Field(
        default={}, description="your own headers, for example department: Cost Center"
    )
    dates: Order | None = Field(
        default=None, description="only where the file does not tell: day-first or month-first"
    )
    join_by: Literal["automatic", "mail", "employee_id"] = Field(
        default="automatic",
        description="how its rows are found in the directory; automatic: by address, else number",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HrRecord:
    """One row about one person. ``manager`` and ``buddy`` are as written: a number, an address or
    a name. ``row`` counts from 1, as the spreadsheet shows it.
    """

    row: int
    id: str | None = None
    employee_id: str | None = None
    mail: str | None = None
    name: str | None = None
    department: str | None = None
    team: str | None = None
    office: str | None = None
    country: str | None = None
    title: str | None = None
    level: int | None = None
    manager: str | None = None
    company: str | None = None
    hired: dt.date | None = None
    returned: dt.date | None = None
    left: dt.date | None = None
    gone: bool = False
    employee_type: str | None = None
    languages: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    influence: int | None = None
    buddy: str | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class HrExport:
    """The records of a file; ``problems`` are rows and values set aside; ``skipped`` counts rows
    that are nobody here: blank, totals, repeated headers, Entra's guests.
    """

    records: tuple[HrRecord, ...]
    problems: tuple[RowProblem, ...] = ()
    skipped: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)


def read_export(path: Path, spec: ExportSpec) -> HrExport:
    """Read a file from HR.

    Raises:
        ExportRefusedError: the file is not there, no table, or cannot be read without guessing.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise ExportRefusedError(str(path), f"the file cannot be read ({why})") from None
    return parse_export(raw, spec, str(path))


def parse_export(raw: bytes, spec: ExportSpec, file: str) -> HrExport:
    """The records in the bytes of a file.

    Raises:
        ExportRefusedError: see :func:`read_export`.
    """
    rows, header = _find_table(raw, spec, file)
    for name, words in spec.columns.items():
        if name not in header.columns:
            raise ExportRefusedError(file, f"there is no column {words} (meant for {name})")
    body = rows[header.last_row + 1 :]
    dates = _find_dates(body, header, spec, file)
    reader = _Reader(header, rows[header.last_row], dates, header.last_row + 2)
    records = tuple(reader.read(body))
    if not records:
        raise ExportRefusedError(file, "the file has a header and no people below it")
    shown = {name: str(rows[header.last_row][at]) for name, at in header.columns.items()}
    return HrExport(records, tuple(reader.problems), reader.skipped, shown)


def _find_table(raw: bytes, spec: ExportSpec, file: str) -> tuple[list[Row], Header]:
    best: tuple[list[Row], Header] | None = None
    own: Mapping[str, str] = {str(name): words for name, words in spec.columns.items()}
    for rows in read_tables(raw, file):
        header = find_header(rows, spec.source, own)
        if header and (best is None or len(header.columns) > len(best[1].columns)):
            best = rows, header
    if best is None:
        raise ExportRefusedError(
            file,
            "no row among the first fifteen names an address or an employee number and one more "
            "column that is known; name your columns in people.yaml, for example "
            "columns: {mail: Work Email, department: Cost Center}",
        )
    return best


def _find_dates(
    body: Sequence[Row], header: Header, spec: ExportSpec, file: str
) -> dict[str, DateColumn]:
    found: dict[str, DateColumn] = {}
    for name in DATE_FIELDS:
        if name not in header.columns:
            continue
        at = header.columns[name]
        try:
            found[name] = decide_order((row[at] for row in body if at < len(row)), spec.dates)
        except UndecidedDatesError as error:
            raise ExportRefusedError(file, f"the dates in {name} are not clear: {error}") from None
    return found


_FOOTER = re.compile(
    r"(grand )?total|totals|summe|gesamt|insgesamt|totale?|count|anzahl|page \d+|seite \d+"
    r"|generated|report|exported|end of|\d+ (rows|records|employees)",
    re.IGNORECASE,
)
_GONE = frozenset(
    {
        "terminated", "t", "inactive", "inaktiv", "left", "leaver", "ausgeschieden", "former", "no",
        "nein", "false", "0", "n", "inactif", "sorti", "departed", "resigned", "retired",
    }
)  # fmt: skip
"""Status words of people who are gone. Leave (``L``, ``on leave``) is not among them."""
_LISTS = ("languages", "interests")
_NUMBERS = ("level", "influence")
_PLAIN = tuple(
    item.name
    for item in fields(HrRecord)
    if item.name in COLUMNS
    and item.name not in (*DATE_FIELDS, *_LISTS, *_NUMBERS, "name", "mail", "department")
)


class _Reader:
    """Rows to records. ``problems`` and ``skipped`` grow while :meth:`read` runs."""

    def __init__(
        self, header: Header, header_row: Row, dates: Mapping[str, DateColumn], first_row: int
    ) -> None:
        self.columns = header.columns
        self.dates = dates
        self.first_row = first_row
        self.problems: list[RowProblem] = []
        self.skipped = 0
        self._seen: dict[str, int] = {}
        self._plain = [(name, at) for name, at in header.columns.items() if name in _PLAIN]
        self._key = header.columns.get("mail", min(header.columns.values()))
        self._key_header = header_row[self._key] if self._key < len(header_row) else None

    def read(self, body: Sequence[Row]) -> Iterator[HrRecord]:
        width = max(self.columns.values()) + 1
        for number, cells in enumerate(body, self.first_row):
            row = cells + [""] * (width - len(cells))
            repeated = row[self._key] == self._key_header
            if repeated or not any(str(cell).strip() for cell in cells):
                self.skipped += 1
                continue
            record = self._record(number, row, cells)
            if record is not None and self._is_new(record):
                yield record

    def _text(self, row: Row, name: str) -> str | None:
        at = self.columns.get(name)
        return str(row[at]).strip() or None if at is not None else None

    def _record(self, number: int, row: Row, cells: Row) -> HrRecord | None:
        mail = self._text(row, "mail") or self._text(row, "user_principal_name")
        guest = (self._text(row, "user_type") or "").casefold() == "guest"
        if guest or "#EXT#" in (self._text(row, "user_principal_name") or ""):
            self.skipped += 1
            return None
        values: dict[str, Any] = {name: str(row[at]).strip() or None for name, at in self._plain}
        number_of = values.get("employee_id")
        if mail is not None and "@" not in mail:
            if not (_FOOTER.match(mail) or number_of):
                self.problems.append(RowProblem(number, f"{mail[:60]} is not an address"))
            mail = None
        if mail is None and not number_of and not values.get("id"):
            self._set_aside(number, cells)
            return None
        if mail is None and _FOOTER.fullmatch(number_of or ""):
            self.skipped += 1
            return None
        values["mail"] = mail.casefold() if mail else None
        values["name"] = self._name(row)
        values["department"] = _without_code(self._text(row, "department"))
        for name in _LISTS:
            values[name] = _split(self._text(row, name))
        for name in _NUMBERS:
            values[name] = self._number(number, name, self._text(row, name))
        for name, column in self.dates.items():
            values[name] = self._date(number, column, row[self.columns[name]])
        status = (self._text(row, "status") or "").casefold()
        values["gone"] = status in _GONE or status.startswith(("inactive", "terminated"))
        return HrRecord(row=number, **values)

    def _set_aside(self, number: int, cells: Row) -> None:
        filled = [str(cell).strip() for cell in cells if str(cell).strip()]
        if len(filled) <= 2 or _FOOTER.match(filled[0]):
            self.skipped += 1
        else:
            self.problems.append(
                RowProblem(number, "the row has neither an address nor an employee number")
            )

    def _is_new(self, record: HrRecord) -> bool:
        for kind, value in (("address", record.mail), ("employee number", record.employee_id)):
            if value is None:
                continue
            first = self._seen.setdefault(f"{kind} {value.casefold()}", record.row)
            if first != record.row:
                message = f"the {kind} is in row {first} already; this row was not used"
                self.problems.append(RowProblem(record.row, message))
                return False
        return True

    def _name(self, row: Row) -> str | None:
        given = self._text(row, "preferred_name") or self._text(row, "first_name")
        family, whole = self._text(row, "last_name"), self._text(row, "name")
        if given and whole and "last_name" not in self.columns:
            family, whole = whole, None  # "Vorname;Name": the second is the family's
        if whole or not (given and family):
            return turn_name(whole or given or family)
        return f"{given} {family}"

    def _number(self, row: int, name: str, text: str | None) -> int | None:
        if text is None:
            return None
        digits = re.search(r"\d{1,3}", text)
        if digits is None:
            self.problems.append(RowProblem(row, f"{name}: {text[:40]} is not a number"))
        return int(digits[0]) if digits else None

    def _date(self, row: int, column: DateColumn, cell: Cell) -> dt.date | None:
        try:
            return column.read(cell)
        except ValueError as error:
            self.problems.append(RowProblem(row, str(error)))
            return None


def turn_name(name: str | None) -> str | None:
    """``Ruiz, Ana`` as ``Ana Ruiz``; other names as they are."""
    if name is None or name.count(",") != 1:
        return name
    family, given = (part.strip() for part in name.split(","))
    return f"{given} {family}" if given and family else name


def _without_code(department: str | None) -> str | None:
    """``100 - Admin`` as ``Admin``: exports put the cost centre before the name."""
    return None if department is None else re.sub(r"^\d{2,8} ?[-–] ?(?=\S)", "", department)


def _split(text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    return tuple(part.strip() for part in re.split(r"[,;/|]", text) if part.strip())
