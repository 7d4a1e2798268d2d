from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from scheduler.people.person import Person
from scheduler.settings.doubts import find_doubts
from scheduler.settings.loader import load_settings

CONFIG = Path(__file__).parents[2] / "config"
TODAY = dt.date(2026, 11, 25)


def changed(tmp_path: Path, old: str, new: str, name: str = "programmes/cross-team-lunch.yaml"):
    shutil.copytree(CONFIG, tmp_path / "config")
    path = tmp_path / "config" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    return load_settings(tmp_path / "config", today=TODAY), line


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        (
            "  earliest: 11:30\n  latest: 14:00",
            "  earliest: 20:00\n  latest: 22:00",
            "window",
            "nobody works in this window: usual working hours are 09:00 to 17:30 on mon, tue",
        ),
        ("days: [mon, tue, wed, thu, fri]", "days: [sat]", "window", "nobody works in this window"),
        ("every_weeks: 2", "last: 2026-11-01", "cadence.last", "2026-11-01 has passed"),
        ("every_weeks: 2", "on: [2026-11-01]", "cadence.on[1]", "2026-11-01 has passed"),
        (
            "office != Remote",
            "office = Lundon",
            "audience.where",
            "organisation.yaml has no office Lundon",
        ),
    ],
)  # fmt: skip
def test_doubt_is_placed_in_its_file(tmp_path, old, new, key, message):
    settings, _ = changed(tmp_path, old, new)
    [doubt] = settings.warnings
    assert (doubt.key, doubt.severity) == (key, "warning")
    assert doubt.message.startswith(message)
    assert doubt.file.endswith("cross-team-lunch.yaml")
    assert doubt.line > 1


def test_evening_outside_hours_is_no_doubt(tmp_path):
    new = "  outside_hours: true\n  earliest: 20:00\n  latest: 22:00"
    settings, _ = changed(tmp_path, "  earliest: 11:30\n  latest: 14:00", new)
    assert settings.warnings == ()


def test_unknown_office_is_guessed(tmp_path):
    settings, line = changed(tmp_path, "office != Remote", "office = Lundon")
    assert (settings.warnings[0].line, settings.warnings[0].suggestion) == (line, "London")


def test_day_off_that_has_passed(tmp_path):
    old = "{date: 2026-12-24, until: 2027-01-01,"
    settings, line = changed(tmp_path, old, "{date: 2025-12-24,", "organisation.yaml")
    [doubt] = settings.warnings
    assert (doubt.line, doubt.key) == (line, "days_off[1]")


def test_size_that_no_table_holds(tmp_path):
    old = "  at_least: 3\n  ideal: 4\n  at_most: 5"
    settings, _ = changed(tmp_path, old, "  at_least: 30\n  ideal: 30\n  at_most: 30")
    assert settings.warnings == ()  # rooms are not known yet
    [doubt] = find_doubts(settings, seats={"London": 20})
    assert (doubt.key, doubt.message) == (
        "size.at_least",
        "no room or table holds 30 people; the largest has 20 seats",
    )
    assert find_doubts(settings, seats={"London": 30}) == ()


def test_audience_of_nobody_needs_people_to_be_seen():
    settings = load_settings(CONFIG)
    person = Person(id="1", name="A", mail="a@x.example", employee_type="Contractor")
    doubts = find_doubts(settings, people=[person], today=TODAY)
    assert [doubt.message for doubt in doubts] == ["this audience is nobody of the directory"] * 2


@pytest.mark.parametrize(("people", "needed"), [(20_000, None), (20_001, 5)])
def test_organisers_may_be_too_few_for_what_exchange_lets_a_mailbox_send(people, needed):
    settings = load_settings(CONFIG)  # four organisers
    person = Person(id="1", name="A", mail="a@x.example", office="Berlin")
    doubts = find_doubts(settings, people=[person] * people, today=TODAY)
    found = [doubt.message for doubt in doubts if doubt.key == "organisers"]
    message = (
        "a round can ask {:,} people, and a mailbox may write to 10,000 a day; name at least {}"
    )
    assert found == ([] if needed is None else [message.format(people, needed)])


def test_hand_over_to_a_programme_that_is_not_there(tmp_path):
    old = "approval: required"
    new = "hand_over: {to: virtual-cofee}"
    settings, line = changed(tmp_path, old, new)
    [doubt] = settings.warnings
    assert (doubt.line, doubt.key, doubt.suggestion) == (line, "hand_over.to", "virtual-coffee")


@pytest.mark.parametrize(
    ("cadence", "sign_up", "possible"),
    [
        ("  plan_days_ahead: 30", "{capacity: 24}", 6),
        ("  plan_days_ahead: 7", "{capacity: 24}", 6),
        ("  plan_days_ahead: 3", "{capacity: 24, closes_days_before: 2}", 1),
    ],
)
def test_plan_that_would_be_made_while_the_list_is_open(tmp_path, cadence, sign_up, possible):
    settings, line = outing(tmp_path, f"  on: [2027-05-21]\n{cadence}", sign_up)
    [doubt] = settings.warnings
    assert (doubt.key, doubt.line) == ("cadence.plan_days_ahead", line)
    ahead = settings.programmes["outing"].cadence.plan_days_ahead
    closes = settings.programmes["outing"].sign_up.closes_days_before
    assert doubt.message == (
        f"{ahead} days before, people can still put their names down: the list closes {closes} "
        f"days before, so the plan is made {possible} days before; write at most that, or "
        f"sign_up.closes_days_before: {ahead + 1}"
    )


@pytest.mark.parametrize(
    ("cadence", "sign_up"),
    [
        ("  plan_days_ahead: 6", "{capacity: 24}"),
        ("  plan_days_ahead: 30", "{capacity: 24, closes_days_before: 31}"),
        ("", "{capacity: 24}"),  # the usual week was not written by HR
        ("", "{capacity: 24, closes_days_before: 2}"),
    ],
)
def test_plan_that_is_made_once_the_list_has_closed_is_no_doubt(tmp_path, cadence, sign_up):
    settings, _ = outing(tmp_path, f"  on: [2027-05-21]\n{cadence}", sign_up)
    assert settings.warnings == ()


def outing(tmp_path: Path, cadence: str, sign_up: str):
    """The settings with a day out, and the line after the one that names its day."""
    text = (
        "preset: outing\ntitle: A day out\nvenue: {place: Victoria Park}\n"
        f"sign_up: {sign_up}\ncadence:\n{cadence}\n"
    )
    shutil.copytree(CONFIG, tmp_path / "config")
    (tmp_path / "config" / "programmes" / "outing.yaml").write_text(text, encoding="utf-8")
    before, _, _ = text.partition("  plan_days")
    return load_settings(tmp_path / "config", today=TODAY), before.count("\n") + 1
