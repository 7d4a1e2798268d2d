import csv
import datetime as dt
import io
import json
import re
from itertools import combinations

import pytest
from rich.console import Console

from scheduler.insights.report import as_csv, as_json, as_table, table_as_csv
from scheduler.insights.tables import Column, write_cell
from tests.insights.company import EVIL, make_company_report


@pytest.fixture(scope="module")
def report():
    return make_company_report()


def test_json_holds_every_cell(report):
    told = json.loads(as_json(report))

    assert (told["since"], told["until"]) == ("2025-01-01", "2026-01-01")
    assert told["sentences"] == list(report.sentences)
    for table in report.tables:
        rows = [
            [cell.isoformat() if isinstance(cell, dt.date) else cell for cell in row]
            for row in table.rows
        ]
        assert [list(row.values()) for row in told["tables"][table.key]] == rows


def test_csv_holds_every_figure_once(report):
    rows = list(csv.DictReader(io.StringIO(as_csv(report), newline="")))

    keys = [(row["table"], row["row"], row["figure"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert len(rows) == sum(
        len(table.rows) * (len(table.columns) - table.named_by) for table in report.tables
    )
    new = next(row for row in rows if row["row"] == "New ties across departments")
    assert new["table"] == "company"


def test_csv_lets_no_text_begin_like_a_formula(report):
    texts = [as_csv(report), *(table_as_csv(table) for table in report.tables)]

    cells = [c for text in texts for row in csv.reader(io.StringIO(text, newline="")) for c in row]
    assert f"'{EVIL}" in cells
    for cell in cells:
        assert not cell.startswith(("=", "+", "@", "\t", "\r"))
        # A minus may only begin a number.
        assert not cell.startswith("-") or re.fullmatch(r"-[\d.]+", cell)


def test_table_prints_every_sentence_and_title(report):
    console = Console(width=200, file=io.StringIO())

    console.print(as_table(report))

    printed = console.file.getvalue()
    for text in [*report.sentences, *(table.title for table in report.tables)]:
        assert text in printed


def test_sentences_tell_what_the_tables_hold(report):
    total = report.figures.total

    assert report.sentences[0] == (
        f"60 people sat down together in 24 rounds and made {total.new:,} new ties, "
        f"{total.new_across:,} of them across departments."
    )
    assert report.period == "1 January 2025 to 31 December 2025, all programmes"


def test_no_report_counts_one_to_four_people():
    ends = [dt.date(2025, 4, 1), dt.date(2025, 7, 1), dt.date(2025, 10, 1), dt.date(2026, 1, 1)]
    counts = []
    for since, today in combinations([dt.date(2025, 1, 1), *ends], 2):
        for programme in (None, "lunch"):
            report = make_company_report(since, programme, today)
            tables = json.loads(as_json(report))["tables"] if report else {}
            counts += [row["people"] for rows in tables.values() for row in rows if "people" in row]

    assert len(counts) > 50
    assert not {1, 2, 3, 4} & set(counts)


def test_a_report_of_one_programme_tells_nothing_by_department():
    told = json.loads(as_json(make_company_report(programme="lunch")))

    assert "departments" not in told["tables"]
    assert told["programme"] == "lunch"


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        (None, "count", "–"),
        (12345, "count", "12,345"),
        (0.5, "count", "0.50"),
        (-0.25, "index", "−0.25"),
        (0.25, "index", "+0.25"),
        (2.04, "mean", "2.0"),
        (0.974, "share", "97.4\u202f%"),
        (dt.date(2026, 12, 7), "day", "7 December 2026"),
        ("fewer than 5", "count", "fewer than 5"),
    ],
)
def test_cells_are_written_for_people(cell, kind, text):
    assert write_cell(cell, Column("", "", kind)) == text
