"""The bytes of a CSV or Excel file to rows of cells."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator

from scheduler.people.imports.refusal import ExportRefusedError

Cell = str | dt.date
Row = list[Cell]

LARGEST_FILE = 200 * 1024 * 1024
"""Bytes. 100,000 rows of 30 columns are some 30 MB."""
LARGEST_UNPACKED = 1024 * 1024 * 1024
"""Bytes of all parts of an Excel file: a small file can unpack into a huge one."""
MOST_ROWS = 1_000_000

DELIMITERS = (",", ";", "\t", "|")


def read_tables(raw: bytes, file: str) -> Iterator[list[Row]]:
    """Each way to see the bytes as a table: the sheets of a workbook, the delimiters of a text.

    The caller takes the one in which it knows the columns.

    Raises:
        ExportRefusedError: the bytes are neither text nor a workbook, or too large.
    """
    if len(raw) > LARGEST_FILE:
        raise ExportRefusedError(file, f"the file is larger than {LARGEST_FILE // 1024**2} MB")
    if not raw.strip():
        raise ExportRefusedError(file, "the file is empty")
    if raw[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        yield from _read_sheets(raw, file)
    else:
        yield from _read_text(_decode(raw, file), file)


def _decode(raw: bytes, file: str) -> str:
    """The text, by byte order mark, by zero bytes (UTF-16), as UTF-8, else as Windows-1252."""
    if raw.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    elif raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif raw[1:200:2].count(0) > len(raw[1:200:2]) // 2:
        encoding = "utf-16-le"
    elif raw[0:200:2].count(0) > len(raw[0:200:2]) // 2:
        encoding = "utf-16-be"
    else:
        encoding = "utf-8"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            message = f"the file begins like {encoding.upper()} and is none; save it as CSV UTF-8"
            raise ExportRefusedError(file, message) from None
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError:
            message = "the encoding is not known; save the file as CSV UTF-8"
            raise ExportRefusedError(file, message) from None
    if "\0" in text:
        raise ExportRefusedError(file, "the file holds zero bytes; save it as CSV UTF-8")
    return text


def _read_text(text: str, file: str) -> Iterator[list[Row]]:
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == 5:
        yield _parse(rest, first.strip()[4], file, blank_first=True)  # Excel's own hint
        return
    head = text[:20_000]
    for delimiter in DELIMITERS:
        if delimiter in head:
            yield _parse(text, delimiter, file)


def _parse(text: str, delimiter: str, file: str, *, blank_first: bool = False) -> list[Row]:
    rows: list[Row] = [[]] if blank_first else []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            rows.append(row)  # type: ignore[arg-type]
            if len(rows) > MOST_ROWS:
                raise ExportRefusedError(file, f"the file has more than {MOST_ROWS:,} rows")
    except csv.Error as error:
        message = f"this is not a table ({error}); is a quote left open?"
        raise ExportRefusedError(file, message, row=reader.line_num) from None
    return rows


def _read_sheets(raw: bytes, file: str) -> Iterator[list[Row]]:
    from python_calamine import (  # noqa: PLC0415 - only workbooks need it
        CalamineError,
        CalamineWorkbook,
    )

    _refuse_bombs(raw, file)
    broken = ExportRefusedError(
        file, "the Excel file is damaged; open it, and save it again as .xlsx or as CSV UTF-8"
    )
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        names = workbook.sheet_names
    except (CalamineError, OSError, ValueError) as error:
        if "password" in str(error).casefold():
            message = "the Excel file is protected by a password; save it without one"
            raise ExportRefusedError(file, message) from None
        raise broken from None
    for name in names:
        try:
            cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (CalamineError, OSError, ValueError):
            raise broken from None
        if len(cells) > MOST_ROWS:
            raise ExportRefusedError(file, f"the sheet {name} has more than {MOST_ROWS:,} rows")
        yield [[_cell(value) for value in row] for row in cells]


def _refuse_bombs(raw: bytes, file: str) -> None:
    if raw[:2] != b"PK":
        return
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise ExportRefusedError(file, "the Excel file is damaged; save it again") from None
    if unpacked > LARGEST_UNPACKED:
        raise ExportRefusedError(file, "the Excel file unpacks into more than 1 GB")


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
