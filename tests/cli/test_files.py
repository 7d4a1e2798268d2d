from __future__ import annotations

import json

import typer
from typer.testing import CliRunner

from scheduler.cli import files, people
from scheduler.settings.loader import load_settings
from scheduler.settings.schema import make_schema

app = typer.Typer()
files.register(app)
people.register(app)
ANSWERS = "Lindenhof\nlunch@lindenhof.example\npeople@lindenhof.example\nLondon, Berlin\ncoffee\n"


def run(*words, answers=None):
    return CliRunner().invoke(app, [str(word) for word in words], input=answers)


def test_init_asks_five_questions_and_writes_a_config_that_loads(tmp_path):
    result = run("init", tmp_path / "config", answers=ANSWERS)
    assert result.exit_code == 0
    assert result.output.count("?") == 5
    assert list(load_settings(tmp_path / "config").programmes) == ["coffee"]


def test_init_takes_answers_as_options(tmp_path):
    result = run(
        "init", tmp_path / "config", "--company", "Lindenhof", "--organisers", "a@x.example",
        "--contact", "b@x.example", "--offices", "Sydney", "--programmes", "welcome, coffee",
    )  # fmt: skip
    assert (result.exit_code, "?" in result.output) == (0, False)
    assert list(load_settings(tmp_path / "config").programmes) == ["coffee", "welcome"]


def test_schema_prints_the_schema_of_a_kind():
    assert json.loads(run("schema", "organisation").output) == make_schema("organisation")


def test_schema_of_an_unknown_kind_names_the_kinds():
    assert "there are organisation, programme, people" in str(run("schema", "x").exception)


def test_export_file_says_what_was_understood(tmp_path):
    file = tmp_path / "hr.csv"
    file.write_text("Work Email,Department,Status\na@x.example,Sales,Active\nTotal,1,\n")
    result = run("people", "export-file", file, "--json")
    assert json.loads(result.output) == {
        "people": 1,
        "gone": 0,
        "skipped_rows": 1,
        "problems": [],
        "columns": {"mail": "Work Email", "department": "Department", "status": "Status"},
    }


def test_export_file_of_an_unknown_source_names_the_sources(tmp_path):
    result = run("people", "export-file", tmp_path / "hr.csv", "--source", "workdy")
    assert "one of entra, workday" in str(result.exception)
