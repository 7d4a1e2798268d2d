"""Every preset has an example that loads, and keeps the promise of its fields."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.programmes.cadence import days_planned_ahead
from scheduler.programmes.programme import SignUp
from scheduler.programmes.rules import AskedFor, AtLeast, Bridge, ContactMix
from scheduler.settings.loader import load_programme
from scheduler.settings.presets import override, preset_names, read_preset
from scheduler.settings.starting import offered_presets

EXAMPLES = Path(__file__).parents[2] / "scheduler" / "programmes" / "examples"
PRESETS = [
    "career", "chapter", "coffee", "cross-team-lunch", "networking-hour", "outing", "partners",
    "returners", "silo-bridge", "team-lunch", "welcome",
]  # fmt: skip


def example(name: str):
    programme, problems = load_programme(EXAMPLES / f"{name}.yaml")
    assert problems == []
    return programme


def test_eleven_presets_are_shipped_with_an_example_each():
    assert list(preset_names()) == PRESETS
    assert sorted(path.stem for path in EXAMPLES.glob("*.yaml")) == PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_example_uses_its_preset_and_loads(name):
    assert f"\npreset: {name}\n" in (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")
    assert example(name).name == name


@pytest.mark.parametrize("name", PRESETS)
def test_agenda_of_a_preset_fills_its_meeting(name):
    programme = example(name)
    assert sum(item.minutes for item in programme.agenda.items) == programme.window.minutes


@pytest.mark.parametrize("name", PRESETS)
def test_preset_alone_loads_or_says_what_it_leaves_to_hr(name, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(f"preset: {name}\n", encoding="utf-8")
    programme, problems = load_programme(path)
    asks = read_preset(name).get("asks", {})
    assert [
        problem.message.split(" is missing")[0]
        for problem in problems
        if "leaves to you" in problem.message
    ] == list(asks)
    assert (programme is not None) == (name in offered_presets())


def test_networking_hour_has_turns_that_fit():
    programme = example("networking-hour")
    assert programme.rotation.minutes * programme.rotation.turns <= programme.window.minutes
    assert 8 <= programme.size.at_least <= programme.size.at_most <= 60


def test_welcome_takes_newcomers_by_themselves_and_hands_them_over():
    programme = example("welcome")
    assert programme.audience.automatic == "tenure < 90 days"
    assert (programme.hand_over.to, programme.hand_over.after_days) == ("cross-team-lunch", 90)
    assert AtLeast(count=1, where="tenure < 90 days") in programme.rules
    assert AtLeast(count=1, where="tenure >= 2 years") in programme.rules


def test_returners_meet_somebody_known_and_somebody_new():
    assert ContactMix(of="since_return < 90 days", known=1, new=1) in example("returners").rules


def test_career_brings_people_of_the_area_and_an_adviser():
    assert AskedFor(count=1, advisers="title contains recruiter") in example("career").rules


def test_silo_bridge_has_sizes_that_can_be_halved():
    programme = example("silo-bridge")
    assert [rule for rule in programme.rules if isinstance(rule, Bridge)] == [
        Bridge(pairs=(("Sales", "Engineering"),))
    ]
    assert programme.size.at_most % 2 == 0


def test_whole_groups_are_teams_offices_and_everybody():
    assert [example(name).whole for name in ("team-lunch", "chapter", "outing")] == [
        "team", "office", "everybody",
    ]  # fmt: skip


def test_partners_bring_their_guests():
    assert len(example("partners").guests) == 3


def test_outing_has_a_waiting_list_and_is_planned_once_its_list_has_closed():
    programme = example("outing")
    assert programme.sign_up == SignUp(capacity=24, closes_days_before=7, waiting_list=True)
    assert days_planned_ahead(programme) == 6


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("sign_up: {capacity: 501}", "write a whole number from 2 to 500"),
        ("sign_up: {capacity: 9, closes_days_before: 1}", "write a whole number from 2 to 90"),
        ("sign_up: {capacity: 9, closes_days_before: 91}", "write a whole number from 2 to 90"),
        ("sign_up: {capacity: 9, waiting_list: maybe}", "write yes or no"),
        (
            "sign_up: {capacity: 4}\nsize: {at_least: 5}",
            (
                "sign_up.capacity is 4, and a group has 5 to 500 people (size.at_least, "
                "size.at_most); change one of them"
            ),
        ),
        (
            "sign_up: {capacity: 40}\nsize: {at_most: 30}",
            (
                "sign_up.capacity is 40, and a group has 2 to 30 people (size.at_least, "
                "size.at_most); change one of them"
            ),
        ),
        (
            "sign_up: {capacity: 40}\nwhole:",
            (
                "sign_up counts the seats of one meeting, so it needs whole, for example "
                "whole: everybody (all who put their names down meet)"
            ),
        ),
    ],
)
def test_list_that_cannot_be_says_what_would_be_right(tmp_path, lines, message):
    path = tmp_path / "outing.yaml"
    path.write_text(
        "preset: outing\ntitle: A day out\ncadence: {on: [2027-05-21]}\n"
        f"venue: {{place: Victoria Park}}\n{lines}\n",
        encoding="utf-8",
    )
    _, [problem] = load_programme(path)
    assert problem.message.endswith(message)


def test_override_goes_block_by_block():
    preset = {"size": {"at_least": 3, "at_most": 6}, "rules": [1], "title": "a"}
    written = {"size": {"at_most": 4}, "rules": [2], "whole": "team"}
    assert override(preset, written) == {
        "size": {"at_least": 3, "at_most": 4}, "rules": [2], "title": "a", "whole": "team",
    }  # fmt: skip


def test_more_rules_stand_beside_those_of_the_preset(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("preset: coffee\nmore_rules:\n  - common_language: needed\n", encoding="utf-8")
    programme, _ = load_programme(path)
    assert len(programme.rules) == len(read_preset("coffee")["rules"]) + 1


def test_mistake_in_more_rules_is_placed_there(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("preset: coffee\nmore_rules:\n  - same: ofice\n", encoding="utf-8")
    _, [problem] = load_programme(path)
    assert (problem.line, problem.column, problem.key, problem.suggestion) == (
        3, 11, "more_rules[1].same", "office",
    )  # fmt: skip


def test_unknown_preset_is_guessed(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("preset: cofee\n", encoding="utf-8")
    problem = load_programme(path)[1][0]
    assert (problem.line, problem.key, problem.suggestion) == (1, "preset", "coffee")
