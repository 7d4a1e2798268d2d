"""Broken files, each with a message that names file and line, and none with a traceback."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.programmes.rules import AtLeast, Different
from scheduler.settings.loader import (
    SettingsError,
    load_organisation,
    load_programme,
    load_settings,
)
from scheduler.settings.yaml_file import parse_yaml

CONFIG = Path(__file__).parents[2] / "config"


def shipped(name: str) -> str:
    """A shipped file, without the first line, which is for editors."""
    return (CONFIG / name).read_text(encoding="utf-8").split("\n", 1)[1]


ORGANISATION = shipped("organisation.yaml")
LUNCH = shipped("programmes/cross-team-lunch.yaml")
COFFEE = shipped("programmes/virtual-coffee.yaml")


def problems_of(tmp_path: Path, text: str, name: str = "lunch.yaml") -> list[str]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    _, problems = load_programme(path)
    return [str(problem).removeprefix(f"{tmp_path}/") for problem in problems]


def test_shipped_config_loads():
    settings = load_settings(CONFIG)
    assert list(settings.programmes) == ["cross-team-lunch", "virtual-coffee"]
    assert settings.organisation.company == "Lindenhof"
    assert settings.warnings == ()


def test_every_mistake_of_every_file_comes_in_one_run(tmp_path):
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    broken = ORGANISATION.replace("company:", "compony:").replace("Europe/Berlin", "Europe/Berlino")
    (config / "organisation.yaml").write_text(broken, encoding="utf-8")
    lunch = config / "programmes" / "cross-team-lunch.yaml"
    lunch.write_text(LUNCH.replace("at_least: 3", "at_lest: 3"), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(config)
    lines = [line.removeprefix(f"{config}/") for line in str(caught.value).splitlines()]
    assert lines == [
        "organisation.yaml:6:1: compony: there is no such key; did you mean company?",
        (
            "organisation.yaml:28:11: offices[2].zone: Europe/Berlino is not a time zone; "
            "write an IANA name like Europe/Berlin"
        ),
        (
            "programmes/cross-team-lunch.yaml:13:3: size.at_lest: there is no such key; "
            "did you mean at_least?"
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "ideal: 4",
            "ideal: four",
            (
                "lunch.yaml:14:10: size.ideal: four does not fit here; "
                "write a whole number from 2 to 500"
            ),
        ),
        (
            "ideal: 4",
            "ideal: 9",
            (
                "lunch.yaml:13:3: size: the sizes must grow from at_least over ideal to at_most, "
                "and they are 3, 9, 5"
            ),
        ),
        (
            "earliest: 11:30",
            "earliest: 11.30",
            "lunch.yaml:20:13: window.earliest: 11.3 is not a time of day; write it like 11:30",
        ),
        (
            "latest: 14:00",
            "latest: 2pm",
            (
                "lunch.yaml:21:11: window.latest: 2pm is not a time of day; write it like 11:30; "
                "did you mean 14:00?"
            ),
        ),
        (
            "minutes: 60",
            "minutes: 1h",
            (
                "lunch.yaml:22:12: window.minutes: 1h does not fit here; "
                "write a whole number from 15 to 480"
            ),
        ),
        (
            "[mon, tue, wed, thu, fri]",
            "[mon, teu]",
            (
                "lunch.yaml:19:15: window.days[2]: teu does not fit here; "
                "write one of mon, tue, wed, thu, fri, sat, sun; did you mean tue?"
            ),
        ),
        (
            "kind: in-person",
            "kind: in person",
            (
                "lunch.yaml:32:9: venue.kind: in person does not fit here; "
                "write one of in-person, online, elsewhere; did you mean in-person?"
            ),
        ),
        (
            "different: department",
            "diferent: department",
            "lunch.yaml:36:5: rules[1].diferent: there is no such rule; did you mean different?",
        ),
        (
            "different: department",
            "different: departments",
            (
                "lunch.yaml:36:16: rules[1].different: departments does not fit here; write one of "
                "department, team, office, country, title, level, manager, company, zone; "
                "did you mean department?"
            ),
        ),
        (
            "reports: apart",
            "reports: yes",
            (
                "lunch.yaml:38:5: rules[3].managers_and_reports: "
                "write it as managers_and_reports: apart"
            ),
        ),
        (
            "{rounds: 26}",
            "{round: 26}",
            (
                "lunch.yaml:39:22: rules[4].not_met_within.round: there is no such key; "
                "did you mean rounds?"
            ),
        ),
        (
            "{rounds: 26}",
            "{rounds: 26, days: 3}",
            "lunch.yaml:39:21: rules[4].not_met_within: give either rounds or days, and not both",
        ),
        (
            "weight: 3",
            "weight: soft",
            (
                "lunch.yaml:41:13: rules[5].weight: soft does not fit here; "
                "write hard or a whole number from 1 to 1000"
            ),
        ),
        (
            "where: not contractor",
            "where: not contracter",
            (
                "lunch.yaml:9:14: audience.where: a person has no field contracter; "
                "did you mean contractor?"
            ),
        ),
        (
            "every_weeks: 2",
            "first: 2026-02-30",
            "lunch.yaml:27:10: cadence.first: 2026-02-30 is not a day of the calendar",
        ),
        (
            "minutes: 20",
            "minutes: 40",
            "lunch.yaml:4:1: the agenda's items take 80 minutes, and the meeting has 60",
        ),
        (
            "title: Lunch across teams",
            "title:",
            (
                "lunch.yaml:4:1: title: the value is missing; write text "
                "(as people read it in invitations and cards)"
            ),
        ),
        (
            "title: Lunch across teams",
            "name: lunch\ntitle: Lunch",
            (
                "lunch.yaml:4:1: name: a programme is named by its file; remove this key, "
                "or write title"
            ),
        ),
    ],
)
def test_mistake_says_where_it_is_and_what_would_be_right(tmp_path, old, new, expected):
    assert old in LUNCH
    assert problems_of(tmp_path, LUNCH.replace(old, new, 1))[0] == expected


def test_key_that_is_missing_is_named_with_what_it_takes(tmp_path):
    assert problems_of(tmp_path, LUNCH.replace("  at_least: 3\n", "")) == [
        "lunch.yaml:12:1: size.at_least: this key is missing; it takes a whole number from 2 to 500"
    ]


def test_rule_mistakes_are_placed_in_their_own_line_after_a_faulty_rule(tmp_path):
    text = LUNCH.replace("different: department", "difrent: department").replace(
        "weight: 3", "weight: -3"
    )
    assert [line.split(": ")[0:2] for line in problems_of(tmp_path, text)] == [
        ["lunch.yaml:36:5", "rules[1].difrent"],
        ["lunch.yaml:41:13", "rules[5].weight"],
    ]


def test_programme_file_must_be_named_in_small_letters(tmp_path):
    assert problems_of(tmp_path, LUNCH, "A b.yaml") == [
        "A b.yaml: a programme's file name has small letters, digits and single dashes only",
    ]


def test_folder_that_is_not_there_says_how_to_make_one(tmp_path):
    with pytest.raises(SettingsError, match="scheduler init makes a working one"):
        load_settings(tmp_path / "config")


def test_file_that_is_no_yaml_in_programmes_is_named(tmp_path):
    shutil.copytree(CONFIG, tmp_path / "config")
    (tmp_path / "config" / "programmes" / "lunch.yml").write_text(LUNCH, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"lunch\.yml: only files that end in \.yaml are read"):
        load_settings(tmp_path / "config")


def test_unknown_office_of_a_table_is_placed_and_guessed(tmp_path):
    path = tmp_path / "organisation.yaml"
    path.write_text(ORGANISATION.replace("office: Berlin", "office: Berlyn"), encoding="utf-8")
    _, [problem] = load_organisation(path)
    line = ORGANISATION[: ORGANISATION.index("office: Berlin")].count("\n") + 1
    assert (problem.line, problem.key, problem.suggestion) == (line, "tables[2].office", "Berlin")


def test_rules_become_models(tmp_path):
    path = tmp_path / "lunch.yaml"
    text = LUNCH.replace(
        "- same: office", '- at_least: {count: 1, where: "tenure >= 2 years", when: guest}'
    )
    path.write_text(text, encoding="utf-8")
    programme, problems = load_programme(path)
    assert problems == []
    assert programme.rules[:2] == (
        Different(field="department"),
        AtLeast(count=1, where="tenure >= 2 years", when="guest"),
    )


# ---- 200 broken files ---------------------------------------------------------------------


def every_key(text: str) -> list[tuple[tuple, int, int]]:
    document, _ = parse_yaml(text.encode(), "")
    return [(path, mark.line, mark.column) for path, mark in document.keys.items()]


def break_text(text: str, seed: int) -> tuple[str, str, int | None]:
    """A broken copy, what was done, and the line that must be named (None: any)."""
    dice = random.Random(seed)
    lines = text.split("\n")
    path, number, column = dice.choice(every_key(text))
    line = lines[number - 1]
    key = path[-1]
    before, after = line[: column - 1], line[column - 1 + len(key) :]
    kind = KINDS[seed % len(KINDS)]
    match kind:
        case "typo in key":
            lines[number - 1] = f"{before}{key[:1]}x{key[1:]}{after}"
        case "tab":
            number += 1
            lines.insert(number - 1, "\tbroken: 1")
        case "key twice":
            top = [one for one in every_key(text) if len(one[0]) == 1]
            key = dice.choice(top)[0][0]
            lines.append(f"{key}: 1")
            number = len(lines)
        case "anchor":
            lines[number - 1] = f"{before}{key}: &x{after[1:] or ' 1'}"
        case "one megabyte line":
            lines[number - 1] = line + " " + "x" * 1_000_000
            return "\n".join(lines), kind, 1
        case "long line":
            lines[number - 1] = line + " # " + "x" * 6_000
        case "wrong type":
            lines[number - 1] = f"{before}{key}: {{surely: [wrong]}}"
            if after.strip() == ":" or "{" in line or ">-" in after:
                return "\n".join([*lines[:number], "]"]), kind, None
        case "wrong unit":
            lines, number = swap(lines, ("minutes: ", "weeks: ", "at_most: "), "3 fortnights", dice)
        case "bad date":
            wrong = dice.choice(
                ["2026-13-45", "2026-02-30", "24.12.2026", "12/24/2026", "20261224"]
            )
            good = "date: 2026-12-24" if "date: 2026-12-24" in text else "every_weeks: "
            number = text[: text.index(good)].count("\n") + 1
            word = "date" if good.startswith("date") else "first"
            lines[number - 1] = lines[number - 1].replace(good, f"{word}: {wrong} #")
        case "unclosed quote":
            lines[number - 1] = f"{before}{key}: 'x"
            return "\n".join(lines), kind, None
        case "unclosed bracket":
            lines[number - 1] = f"{before}{key}: [x"
            return "\n".join(lines), kind, None
        case "cut off":
            required = text.index("\nagenda:") if "\nagenda:" in text else text.index("\noffices:")
            return text[: dice.randrange(10, required)], kind, None
    return "\n".join(lines), kind, number


def swap(lines: list[str], starts: tuple[str, ...], value: str, dice: random.Random):
    places = [n for n, line in enumerate(lines) if line.strip(" -").startswith(starts)]
    chosen = dice.choice(places)
    key = lines[chosen].split(":")[0]
    return [*lines[:chosen], f"{key}: {value}", *lines[chosen + 1 :]], chosen + 1


KINDS = [
    "typo in key", "tab", "key twice", "anchor", "one megabyte line", "long line", "wrong type",
    "wrong unit", "bad date", "unclosed quote", "unclosed bracket", "cut off",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(204))
def test_broken_file_gets_a_message_with_file_and_line(tmp_path, seed):
    name, text = [("organisation", ORGANISATION), ("lunch", LUNCH), ("coffee", COFFEE)][seed % 3]
    broken, kind, line = break_text(text, seed)
    path = tmp_path / f"{name}.yaml"
    path.write_text(broken, encoding="utf-8")
    load = load_organisation if name == "organisation" else load_programme
    value, problems = load(path)
    assert value is None, kind
    assert problems
    assert {problem.file for problem in problems} == {str(path)}
    assert all(problem.line >= 1 and problem.message for problem in problems)
    assert line is None or line in {problem.line for problem in problems}, (kind, problems)
    printed = "\n".join(map(str, problems))
    assert "Input should" not in printed
    assert "pydantic" not in printed


@given(data=st.data())
def test_any_edit_of_a_file_loads_or_names_problems(data, tmp_path_factory):
    text = data.draw(st.sampled_from([LUNCH, COFFEE]))
    start = data.draw(st.integers(0, len(text) - 1))
    length = data.draw(st.integers(0, 30))
    put = data.draw(st.text(max_size=20))
    path = tmp_path_factory.getbasetemp() / "edited.yaml"
    path.write_bytes((text[:start] + put + text[start + length :]).encode(errors="replace"))
    programme, problems = load_programme(path)
    assert (programme is None) == bool(problems)
