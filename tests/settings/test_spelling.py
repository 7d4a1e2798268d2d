"""Rules as HR writes them."""

from __future__ import annotations

import pytest

from scheduler.settings.spelling import SPELLINGS, SpellingError, spell_rule
from scheduler.settings.yaml_file import parse_yaml


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ({"different": "department"}, {"kind": "different", "field": "department"}),
        (
            {"different": "level", "weight": 20},
            {"kind": "different", "field": "level", "weight": 20},
        ),
        ({"same": {"field": "office"}}, {"kind": "same", "field": "office"}),
        ({"managers_and_reports": "apart"}, {"kind": "apart", "managers_and_reports": True}),
        ({"not_met_within": "12 rounds"}, {"kind": "not_met_within", "rounds": 12}),
        ({"common_hours": 120}, {"kind": "common_hours", "minutes": 120}),
        ({"common_language": "needed"}, {"kind": "common_language"}),
    ],
)
def test_rule_is_spelled_for_the_models(written, spelled):
    assert spell_rule(written) == spelled


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("different", "a rule is a name and a value, for example: different: department"),
        ({}, "the rule's name is missing, for example: different: department"),
        ({"weight": 3}, "the rule's name is missing, for example: different: department"),
        (
            {"different": "team", "same": "office"},
            "same stands in the same entry as different; begin it with a dash of its own",
        ),
        (
            {"different": {"field": "team", "weight": 3}, "weight": 4},
            "the weight stands here twice; keep one",
        ),
        ({"at_least": 1}, "write it as at_least: {count: 1, where: tenure >= 2 years}"),
        ({"different": None}, "write it as different: department"),
        ({"not_met_within": "12 moons"}, "write it as not_met_within: {rounds: 12}"),
    ],
)
def test_rule_of_no_known_form_says_how_to_write_it(written, message):
    with pytest.raises(SpellingError) as caught:
        spell_rule(written)
    assert caught.value.message == message


@pytest.mark.parametrize("name", SPELLINGS)
def test_example_of_every_rule_is_a_rule(name):
    spelling = SPELLINGS[name]
    document, problems = parse_yaml(spelling.example.encode(), "example")
    assert problems == []
    spelling.model.model_validate(spell_rule(document.data))
