"""A report in plain words and tables, as text, JSON and CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table as TextTable
from rich.text import Text

from scheduler.insights.figures import Figures
from scheduler.insights.sentences import tell_figures
from scheduler.insights.tables import (
    Cell,
    Column,
    Table,
    make_answer_table,
    make_arrival_table,
    make_company_table,
    make_cost_table,
    make_department_table,
    make_sharing_table,
    make_tie_table,
    write_day,
    write_row,
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What a report says. ``figures`` is what charts are drawn from."""

    title: str
    period: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...]
    figures: Figures


def make_report(figures: Figures, title: str = "What our rounds changed") -> Report:
    """Sentences and tables for these figures."""
    tables = (
        make_company_table(figures),
        make_tie_table("rounds", "Round by round", figures.rounds),
        make_tie_table("programmes", "Programme by programme", figures.programmes),
        make_department_table(figures),
        make_arrival_table(figures),
        make_answer_table(figures.answers),
        make_sharing_table(figures),
        make_cost_table(figures),
    )
    return Report(
        title=title,
        period=_name_period(figures),
        sentences=tuple(tell_figures(figures)),
        tables=tuple(table for table in tables if table.rows),
        figures=figures,
    )


def as_table(report: Report) -> RenderableType:
    """For a terminal: the sentences and every table."""
    parts: list[RenderableType] = [Text(report.title, style="bold"), Text(report.period), Text("")]
    parts += [Text(f"• {sentence}") for sentence in report.sentences]
    for table in report.tables:
        shown = TextTable(title=f"\n{table.title}", title_justify="left", title_style="bold")
        for column in table.columns:
            shown.add_column(column.title, justify="left" if _is_words(column) else "right")
        for row in table.rows:
            shown.add_row(*(Text(text) for text in write_row(table, row)))
        parts += [shown, Text(table.note, style="dim")]
    return Group(*parts)


def as_json(report: Report) -> str:
    """For machines: numbers as numbers, None for what cannot be told."""
    figures = report.figures
    value = {
        "title": report.title,
        "since": figures.since.isoformat(),
        "until": figures.until.isoformat(),
        "programme": figures.programme,
        "least_people": figures.floor,
        "sentences": report.sentences,
        "tables": {
            table.key: [
                {column.key: _plain(cell) for column, cell in zip(table.columns, row, strict=True)}
                for row in table.rows
            ]
            for table in report.tables
        },
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def as_csv(report: Report) -> str:
    """For a spreadsheet: one figure a line, over all tables. Write it as ``utf-8-sig`` for Excel.

    Texts that a spreadsheet would take for a formula get an apostrophe in front.
    """
    lines = [
        (table.key, " ".join(str(_plain(c)) for c in row[: table.named_by]), column.key, cell)
        for table in report.tables
        for row in table.rows
        for column, cell in list(zip(table.columns, row, strict=True))[table.named_by :]
    ]
    return _write_csv(("table", "row", "figure", "value"), lines)


def table_as_csv(table: Table) -> str:
    """One table as a spreadsheet shows it, guarded like :func:`as_csv`."""
    return _write_csv([column.title for column in table.columns], table.rows)


def _is_words(column: Column) -> bool:
    return column.kind in {"text", "day"}


def _plain(cell: Cell) -> str | int | float | None:
    return cell.isoformat() if isinstance(cell, dt.date) else cell


def _write_csv(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(_guard(cell) for cell in head)
    writer.writerows([_guard(_plain(cell)) for cell in row] for row in rows)
    return file.getvalue()


def _guard(cell: str | int | float | None) -> str | int | float:
    """OWASP, "CSV Injection": no cell of text may begin like a formula."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell


def _name_period(figures: Figures) -> str:
    last = figures.until - dt.timedelta(days=1)
    days = f"{write_day(figures.since)} to {write_day(last)}"
    return f"{days}, {figures.programme} alone" if figures.programme else f"{days}, all programmes"
