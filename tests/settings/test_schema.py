"""The schema and the product agree about what is right."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from scheduler.settings.loader import load_programme
from scheduler.settings.schema import FILE_KINDS, make_schema
from scheduler.settings.starting import schema_texts

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
EXAMPLES = sorted((ROOT / "scheduler" / "programmes" / "examples").glob("*.yaml"))
LUNCH = (CONFIG / "programmes" / "cross-team-lunch.yaml").read_text(encoding="utf-8")


def errors(kind, text: str) -> list[str]:
    value = YAML(typ="safe", pure=True).load(text)
    return [
        error.json_path
        for error in Draft202012Validator(make_schema(kind)).iter_errors(plain(value))
    ]


def plain(value):
    """Dates as text: JSON has none, and editors see none."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_schema_is_a_schema(kind):
    Draft202012Validator.check_schema(make_schema(kind))


def test_schema_files_in_config_are_the_ones_we_make():
    assert {
        path: (CONFIG / path).read_text(encoding="utf-8") for path in schema_texts()
    } == schema_texts()


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("organisation", CONFIG / "organisation.yaml"),
        ("people", CONFIG / "people.yaml"),
        *(("programme", path) for path in sorted((CONFIG / "programmes").glob("*.yaml"))),
        *(("programme", path) for path in EXAMPLES),
    ],
    ids=str,
)
def test_shipped_file_is_right_and_names_its_schema(kind, path):
    text = path.read_text(encoding="utf-8")
    assert errors(kind, text) == []
    assert text.startswith("# yaml-language-server: $schema=")
    assert text.split("\n")[0].endswith(f"schema/{kind}.json")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title:", "titel:"),
        ("at_least: 3", "at_least: three"),
        ("at_least: 3", "at_least: 1"),
        ("kind: in-person", "kind: in person"),
        ("earliest: 11:30", "earliest: 11.30"),
        ("different: department", "diferent: department"),
        ("different: department", "different: departments"),
        ("{rounds: 26}", "{round: 26}"),
        ("weight: 3", "weight: soft"),
        ("reports: apart", "reports: yes"),
        ("approval: required", "approval: needed"),
    ],
)
def test_schema_and_product_refuse_the_same(tmp_path, old, new):
    assert old in LUNCH
    broken = LUNCH.replace(old, new, 1)
    path = tmp_path / "lunch.yaml"
    path.write_text(broken, encoding="utf-8")
    assert load_programme(path)[0] is None
    assert errors("programme", broken) != []


def test_rule_with_every_form_of_value_is_right():
    text = LUNCH.replace(
        "  - different: department",
        "  - different: {field: department, weight: 7}\n"
        "  - not_met_within: 12 rounds\n"
        "  - common_hours: 60\n"
        "  - apart: [[a@x.example, b@x.example]]\n"
        "  - newcomer_and_buddy: together\n"
        "  - common_language: needed\n    weight: 9",
        1,
    )
    assert errors("programme", text) == []
