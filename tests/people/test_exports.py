from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.people.exports import neutralise, write_csv, write_xlsx

NAMES = ["=1+3 MSOBB", "+49 30", "-2", "@SUM(A1)", "\t=1", " =1", "\uff1d1", "Zoë", "", "O'Neil"]


@pytest.mark.parametrize("name", NAMES[:7])
def test_text_that_would_be_a_formula_gets_an_apostrophe(name):
    assert neutralise(name) == f"'{name}"


@pytest.mark.parametrize("value", ["Zoë", "", "1+1", -2, 3.5, None])
def test_other_values_stay_as_they_are(value):
    assert neutralise(value) == value


@given(rows=st.lists(st.lists(st.text() | st.integers(), min_size=2, max_size=2), max_size=5))
def test_no_cell_of_a_csv_begins_as_a_formula(rows):
    raw = write_csv(["Name", "=Department"], rows)
    assert raw.startswith(b"\xef\xbb\xbf")
    read = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    texts = [[isinstance(cell, str) for cell in row] for row in [["", ""], *rows]]
    for cells, is_text in zip(read, texts, strict=True):
        for cell, text in zip(cells, is_text, strict=True):
            assert not (text and cell.lstrip(" \u00a0").startswith(tuple("=+-@\t\r\n")))


def test_workbook_holds_text_and_no_formula():
    raw = write_xlsx(["Name", "Count"], [[name, 3] for name in NAMES] + [["\x07bell", 1]], "People")
    page = openpyxl.load_workbook(io.BytesIO(raw)).active
    cells = [cell for row in page.iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells if cell.column == 1} <= {
        "inlineStr",
        "s",
        "n",
    }  # n: empty
    assert page["A2"].value == "'=1+3 MSOBB"
    assert page["B2"].value == 3
    assert page["A12"].value == "bell"
