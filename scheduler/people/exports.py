"""Tables that we write: CSV and Excel files that no spreadsheet takes for a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

Value = str | int | float | None

_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Signs with which a cell becomes a formula (OWASP's page on CSV injection)."""


def neutralise(value: Value) -> Value:
    """Text that a spreadsheet shows as it is; an apostrophe keeps ``=1+3`` from being computed.

    Numbers stay numbers. Signs that look alike in full width are Excel's too in some languages.
    """
    if not isinstance(value, str):
        return value
    bare = value.lstrip(" \u00a0")
    risky = bare.startswith((*_BEGINNINGS, "\uff1d", "\uff0b", "\uff0d", "\uff20"))
    return f"'{value}" if risky else value


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A CSV file in UTF-8 with a byte order mark, which Excel needs to see more than ASCII."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([neutralise(cell) for cell in header])
    writer.writerows([neutralise(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[Value]], sheet: str) -> bytes:
    """An Excel file with one sheet; text is written as text, never as a formula."""
    from openpyxl import Workbook  # noqa: PLC0415 - 0.3 s, and most commands write no workbook
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    page = book.create_sheet(sheet[:31])
    page.freeze_panes = "A2"

    def cells(values: Sequence[Value]) -> list[object]:
        made: list[object] = []
        for value in values:
            cell = WriteOnlyCell(page, value=neutralise(_printable(value)))
            if isinstance(value, str):
                cell.data_type = "s"
            made.append(cell)
        return made

    page.append(cells(header))
    for row in rows:
        page.append(cells(row))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _printable(value: Value) -> Value:
    """Without the control characters that XML cannot hold."""
    if not isinstance(value, str):
        return value
    return "".join(sign for sign in value if sign in "\t\n\r" or ord(sign) >= 32)
