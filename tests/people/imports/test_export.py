"""Exports as each HR system writes them, and what no export may do."""

from __future__ import annotations

import datetime as dt
import io
import random
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.people.imports.columns import COLUMNS, SOURCES, normalise
from scheduler.people.imports.export import ExportSpec, HrRecord, parse_export, read_export
from scheduler.people.imports.refusal import ExportRefusedError, RowProblem


def parse(text: str | bytes, encoding: str = "utf-8", **spec):
    raw = text if isinstance(text, bytes) else text.encode(encoding)
    return parse_export(raw, ExportSpec(file=Path("hr.csv"), **spec), "hr.csv")


def workbook(*rows, merged: str | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


ENTRA_DOCUMENTED = """\
userPrincipalName,displayName,surname,mail,givenName,objectId,userType,jobTitle,department,\
accountEnabled,usageLocation,streetAddress,state,country,physicalDeliveryOfficeName,city
ana@x.example,Ana Ruiz,Ruiz,ana@x.example,Ana,o-1,Member,Buyer,Purchasing,True,ES,,,Spain,Madrid,
g_o.com#EXT#@x.onmicrosoft.com,Guest,,g@o.com,,o-2,Guest,,,True,,,,,,
old@x.example,Old One,One,,Old,o-3,Member,Clerk,Purchasing,False,ES,,,Spain,Madrid,
"""
ENTRA_LATER = """\
userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,\
accountEnabled,usageLocation,officeLocation,city,mobilePhone,companyName,createdDateTime
ana@x.example,=1+3 MSOBB,Ruiz,,Ana,o-1,Member,Buyer,Purchasing,True,ES,Madrid,,,Lindenhof,
"""
WORKDAY = """\
Worker Report - as of 09/01/2026\t\t\t\t\t\t

Employee ID\tWorker\tBusiness Title\tCost Center\tHire Date\tActive Status\tEmail - Work
1001\tRuiz, Ana\tBuyer\t100 - Purchasing\t03/25/2021\tYes\tana@x.example
1002\tOkoye, Tom\tClerk\t100 - Purchasing\t04/03/2019\tNo\ttom@x.example

Total\t\t\t2\t\t\t
"""
BAMBOO = """\
Employee #,First Name,Last Name,Preferred Name,Job Title,Department,Division,Location,Status,\
Hire Date,Work Email,Reports To,Reports To Email
7,Anabel,Ruiz,Ana,Buyer,Purchasing,Retail,Madrid,Active,25-03-2021,ana@x.example,Tom,tom@x.example
"""
PERSONIO = """\
Personalnummer;Vorname;Nachname;E-Mail;Abteilung;Team;Standort;Eintrittsdatum;Vorgesetzter;Status
7;Zoë;Müller;zoe@x.example;Einkauf;Süd;München;2021-03-25;Tom Okoye;aktiv
8;Jörg;Weiß;joerg@x.example;Einkauf;Süd;München;2020-01-01;Tom Okoye;ausgeschieden
"""
HIBOB = """\
employee_id_in_company,display_name,email,department,site,start_date,reports_to_id_in_company
7,Ana Ruiz,ana@x.example,Purchasing,Madrid,2021-03-25,3
"""
SUCCESSFACTORS = """\
Person ID External,User ID,First Name,Last Name,Business Email,Job Title,Department,\
Employment Status,Hire Date,Manager User ID
P7,7,Ana,Ruiz,ana@x.example,Buyer,Purchasing,Active,25/03/2021,3
"""
HIRED = dt.date(2021, 3, 25)


def test_entra_export_leaves_out_guests_and_marks_disabled_accounts():
    export = parse(ENTRA_DOCUMENTED, source="entra")
    assert [(one.mail, one.id, one.gone, one.office) for one in export.records] == [
        ("ana@x.example", "o-1", False, "Madrid"),
        ("old@x.example", "o-3", True, "Madrid"),
    ]
    assert export.skipped == 1


def test_entra_export_of_the_later_generation_is_read_by_the_same_mapping():
    [record] = parse(ENTRA_LATER, source="entra").records
    assert (record.id, record.mail, record.name, record.office, record.company) == (
        "o-1", "ana@x.example", "=1+3 MSOBB", "Madrid", "Lindenhof",
    )  # fmt: skip


def test_workday_report_with_title_total_and_last_name_first():
    export = parse(WORKDAY, source="workday")
    assert export.records[0] == HrRecord(
        row=4, employee_id="1001", name="Ana Ruiz", title="Buyer", department="Purchasing",
        hired=HIRED, mail="ana@x.example",
    )  # fmt: skip
    assert [one.gone for one in export.records] == [False, True]
    assert (export.problems, export.skipped) == ((), 2)


def test_bamboohr_report_prefers_the_preferred_name_and_the_managers_address():
    [record] = parse(BAMBOO, source="bamboohr").records
    assert record == HrRecord(
        row=2, employee_id="7", name="Ana Ruiz", title="Buyer", department="Purchasing",
        team="Retail", office="Madrid", hired=HIRED, mail="ana@x.example", manager="tom@x.example",
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_personio_export_in_german_and_in_every_encoding(encoding):
    first, second = parse(PERSONIO, encoding, source="personio").records
    assert first == HrRecord(
        row=2, employee_id="7", name="Zoë Müller", mail="zoe@x.example", department="Einkauf",
        team="Süd", office="München", hired=HIRED, manager="Tom Okoye",
    )  # fmt: skip
    assert (second.name, second.gone) == ("Jörg Weiß", True)


def test_hibob_export():
    [record] = parse(HIBOB, source="hibob").records
    assert record == HrRecord(
        row=2, employee_id="7", name="Ana Ruiz", mail="ana@x.example", department="Purchasing",
        office="Madrid", hired=HIRED, manager="3",
    )  # fmt: skip


def test_successfactors_export_takes_the_user_id():
    [record] = parse(SUCCESSFACTORS, source="successfactors").records
    assert record == HrRecord(
        row=2, employee_id="7", name="Ana Ruiz", mail="ana@x.example", title="Buyer",
        department="Purchasing", hired=HIRED, manager="3",
    )  # fmt: skip


def test_workbook_with_a_header_merged_over_two_rows():
    raw = workbook(
        ["Person", None, "Employment", None],
        ["Employee ID", "Name", "Hire Date", "Department"],
        [7, "Ana Ruiz", HIRED, "Purchasing"],
        [None, None, None, None],
        ["Total", 1, None, None],
        merged="A1:B1",
    )
    export = parse(raw)
    assert export.records == (
        HrRecord(row=3, employee_id="7", name="Ana Ruiz", hired=HIRED, department="Purchasing"),
    )
    assert export.skipped == 2


def test_workbook_with_a_header_that_only_both_rows_together_name():
    raw = workbook(
        ["Work", "Hire", "Job"],
        ["Email", "Date", "Title"],
        ["ana@x.example", "2021-03-25", "Buyer"],
    )
    [record] = parse(raw).records
    assert (record.mail, record.hired, record.title) == ("ana@x.example", HIRED, "Buyer")


def test_workbook_is_searched_for_the_sheet_with_people():
    book = openpyxl.Workbook()
    book.active.append(["Notes"])
    page = book.create_sheet("Staff")
    page.append(["Work Email", "Department"])
    page.append(["ana@x.example", "Purchasing"])
    held = io.BytesIO()
    book.save(held)
    assert parse(held.getvalue()).records[0].mail == "ana@x.example"


def test_name_beside_first_name_is_the_family_name():
    [record] = parse("Vorname;Name;E-Mail\nZoë;Müller;zoe@x.example\n").records
    assert record.name == "Zoë Müller"


def test_own_columns_go_before_the_built_in_ones():
    text = "Mail,Department,Kostenstelle\nana@x.example,Retail,Purchasing\n"
    [record] = parse(text, columns={"department": "Kostenstelle"}).records
    assert record.department == "Purchasing"


def test_own_column_that_is_missing_is_named():
    with pytest.raises(ExportRefusedError, match="there is no column Kostenstelle"):
        parse("Mail,Team\na@x.example,B\n", columns={"department": "Kostenstelle"})


@pytest.mark.parametrize(
    ("dates", "order", "expected"),
    [
        (["13/12/2021", "03/04/2021"], None, [dt.date(2021, 12, 13), dt.date(2021, 4, 3)]),
        (["12/13/2021", "03/04/2021"], None, [dt.date(2021, 12, 13), dt.date(2021, 3, 4)]),
        (["03/04/2021", "25/03/2021"], None, [dt.date(2021, 4, 3), HIRED]),
        (["03/04/2021", "03/25/2021"], None, [dt.date(2021, 3, 4), HIRED]),
        (["03/04/2021", "04/04/2021"], "day-first", [dt.date(2021, 4, 3), dt.date(2021, 4, 4)]),
        (["04/04/2021", "05/05/2021"], None, [dt.date(2021, 4, 4), dt.date(2021, 5, 5)]),
        (["25.3.2021", "2021-03-25"], None, [HIRED, HIRED]),
        (["25-Mar-2021", "01-JAN-19"], None, [HIRED, dt.date(2019, 1, 1)]),
        (["25. März 2021", "March 25, 2021"], None, [HIRED, HIRED]),
        (["20210325", "2021-03-25T00:00:00Z"], None, [HIRED, HIRED]),
    ],
)
def test_dates_are_read_by_the_column_as_a_whole(dates, order, expected):
    rows = "".join(f'p{n}@x.example;"{date}"\n' for n, date in enumerate(dates))
    export = parse(f"Mail;Hire Date\n{rows}", dates=order)
    assert [record.hired for record in export.records] == expected


@pytest.mark.parametrize(
    ("dates", "order", "words"),
    [
        (["03/04/2021", "05/06/2021"], None, "write dates: day-first or dates: month-first"),
        (["25/04/2021", "04/25/2021"], None, "mend the column"),
        (["25/04/2021"], "month-first", "people.yaml says month-first"),
    ],
)
def test_dates_that_cannot_be_told_apart_are_refused(dates, order, words):
    rows = "".join(f"p{n}@x.example,{date}\n" for n, date in enumerate(dates))
    with pytest.raises(ExportRefusedError, match=words):
        parse(f"Mail,Hire Date\n{rows}", dates=order)


def test_one_bad_date_is_a_problem_of_its_row_alone():
    export = parse("Mail,Hire Date\na@x.example,2021-03-25\nb@x.example,soon\n")
    assert [record.hired for record in export.records] == [HIRED, None]
    assert export.problems == (RowProblem(3, "soon is not a date"),)


def test_address_twice_is_used_once():
    export = parse("Mail,Department\na@x.example,A\nA@X.example,B\n")
    assert [record.department for record in export.records] == ["A"]
    assert export.problems == (
        RowProblem(3, "the address is in row 2 already; this row was not used"),
    )


def test_row_without_address_and_number_is_a_problem():
    export = parse("Mail,Name,Department,Team\na@x.example,A,B,C\n,Ghost,B,C\n")
    assert export.problems == (
        RowProblem(3, "the row has neither an address nor an employee number"),
    )


def test_repeated_header_rows_and_footers_are_nobody():
    text = "Mail,Department\na@x.example,A\nMail,Department\nb@x.example,B\nGenerated by HR,\n"
    export = parse(text)
    assert (len(export.records), export.skipped, export.problems) == (2, 2, ())


def test_excels_separator_line_is_obeyed():
    [record] = parse("sep=|\r\nMail|Department\r\na@x.example|A, B; C\r\n").records
    assert (record.row, record.department) == (3, "A, B; C")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "the file is empty"),
        (b"   \n", "the file is empty"),
        (b"hello,world\n1,2\n", "no row among the first fifteen"),
        (b"Mail,Department\n", "a header and no people below it"),
        (b"PK\x03\x04rubbish", "damaged"),
        (b"\xd0\xcf\x11\xe0rubbish", "damaged"),
        (b"\xff\xfeM\xd8", "begins like UTF-16"),
        (b"Mail,Department\n\x81\x8d,x\n", "the encoding is not known"),
        (b"Mail,Department\na@x.example,\0\n", "zero bytes"),
        (b'Mail,Department\n"a@x.example,' + b"x" * 200_000, "is a quote left open"),
    ],
)
def test_file_that_is_no_export_is_refused_in_one_sentence(raw, words):
    with pytest.raises(ExportRefusedError, match=words) as caught:
        parse(raw)
    assert str(caught.value).startswith("hr.csv: ")


def test_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ExportRefusedError, match="no such file"):
        read_export(tmp_path / "x.csv", ExportSpec(file=Path("x.csv")))


def test_headers_of_the_table_are_in_the_form_in_which_they_are_looked_up():
    headers = [
        header for table in (COLUMNS, *SOURCES.values()) for one in table.values() for header in one
    ]
    assert headers == [normalise(header) for header in headers]


@settings(max_examples=200)
@given(raw=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw):
    assert read_or_refused(raw)


def read_or_refused(raw: bytes) -> str:
    """What came of it; any other exception fails the test."""
    try:
        return f"{len(parse(raw).records)} records"
    except ExportRefusedError as error:
        return error.message


SAMPLES = [ENTRA_DOCUMENTED, WORKDAY, BAMBOO, PERSONIO, HIBOB, SUCCESSFACTORS]


@given(data=st.data())
def test_any_edit_of_a_text_export_is_read_or_refused(data):
    raw = bytearray(data.draw(st.sampled_from(SAMPLES)).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
        raw = raw or bytearray(b"x")
    assert read_or_refused(bytes(raw))


def test_damaged_workbooks_are_read_or_refused():
    whole = workbook(["Work Email", "Department"], *([f"p{n}@x.example", "A"] for n in range(20)))
    for seed in range(150):
        dice = random.Random(seed)
        raw = bytearray(whole)
        for _ in range(dice.randrange(1, 20)):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        cut = dice.choice([len(raw), dice.randrange(4, len(raw))])
        assert read_or_refused(bytes(raw[:cut]))
