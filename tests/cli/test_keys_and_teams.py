"""``scheduler keys`` and ``scheduler teams``, as they are typed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scheduler.cli import app
from scheduler.errors import ScheduleError
from scheduler.store.choices import read_choices, save_choice
from scheduler.store.engine import now, open_store
from scheduler.store.sealing import VARIABLE, read_keys

CONFIG = Path(__file__).parents[2] / "config"
APP = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def run(monkeypatch, tmp_path):
    for name in (VARIABLE, "SCHEDULER_ADDRESS", "SCHEDULER_TEAMS_APP_ID", "AZURE_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SCHEDULER_DATABASE_URL", str(tmp_path / "scheduler.db"))
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_new_key_can_be_used(run):
    key = run("keys", "new").output.strip()

    assert read_keys({VARIABLE: key}, None) == (key,)


def test_rotation_says_what_it_did(run, tmp_path):
    with open_store(tmp_path / "scheduler.db") as store:
        save_choice(store, "ann", "never-with", ["bob"], at=now(), by="ann")

    said = run("keys", "rotate")

    assert said.output.startswith("2 texts are sealed with a new key")  # the choice and its trail
    with open_store(tmp_path / "scheduler.db") as store:
        assert read_choices(store)[0].value == ["bob"]


def test_package_is_written_with_the_service_and_its_bot(run, tmp_path):
    out = tmp_path / "networking.zip"
    words = ("--out", out, "--address", "https://meet.example.com/", "--app-id", APP)

    said = run("teams", "package", *words, "--version", "1.2.0", "--config", CONFIG)

    assert said.exit_code == 0, said.output
    manifest = json.loads(zipfile.ZipFile(out).read("manifest.json"))
    assert manifest["bots"][0]["botId"] == APP
    assert manifest["version"] == "1.2.0"
    assert manifest["developer"]["name"] == "Lindenhof"
    assert manifest["developer"]["privacyUrl"] == "https://meet.example.com/privacy"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "address of the pages is missing"),
        (("--address", "https://meet.example.com"), "bot's app id is missing"),
        (("--address", "http://meet.example.com", "--app-id", APP), "has to begin with https://"),
    ],
)
def test_package_says_what_is_missing(run, tmp_path, words, said):
    result = run("teams", "package", "--out", tmp_path / "x.zip", "--config", CONFIG, *words)

    assert isinstance(result.exception, ScheduleError)
    assert said in str(result.exception)
    assert not (tmp_path / "x.zip").exists()
