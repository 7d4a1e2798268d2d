"""What the environment says about Teams."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.teams.settings import (
    CONNECTOR_URL,
    TeamsSettings,
    TeamsSettingsError,
    read_teams_settings,
)


def test_teams_is_not_set_up_without_its_variables():
    assert read_teams_settings({"AZURE_CLIENT_ID": "app", "AZURE_TENANT_ID": "t"}) is None


def test_app_alone_reaches_the_real_connector():
    found = read_teams_settings({"SCHEDULER_TEAMS_APP_ID": "bot", "AZURE_TENANT_ID": "t"})

    assert found == TeamsSettings(app_id="bot", tenant_id="t", url=CONNECTOR_URL)


def test_all_variables_are_read(tmp_path: Path):
    ca_file = tmp_path / "ca.pem"
    ca_file.touch()

    found = read_teams_settings(
        {
            "SCHEDULER_TEAMS_URL": "https://localhost:8443/teams/",
            "AZURE_CLIENT_ID": "app",
            "AZURE_TENANT_ID": "t",
            "SCHEDULER_CA_FILE": str(ca_file),
            "SCHEDULER_TEAMS_IN_FLIGHT": "3",
            "SCHEDULER_TEAMS_CALL_SECONDS": "4.5",
            "SCHEDULER_TEAMS_TOTAL_SECONDS": "60",
        }
    )

    assert found == TeamsSettings(
        app_id="app",
        tenant_id="t",
        url="https://localhost:8443/teams",
        ca_file=ca_file,
        in_flight=3,
        call_seconds=4.5,
        total_seconds=60,
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SCHEDULER_TEAMS_URL", "localhost"),
        ("SCHEDULER_TEAMS_URL", "ftp://localhost"),
        ("AZURE_TENANT_ID", ""),
        ("SCHEDULER_CA_FILE", "/nowhere/ca.pem"),
        ("SCHEDULER_TEAMS_IN_FLIGHT", "0"),
        ("SCHEDULER_TEAMS_IN_FLIGHT", "many"),
        ("SCHEDULER_TEAMS_CALL_SECONDS", "nan"),
        ("SCHEDULER_TEAMS_TOTAL_SECONDS", "1e9"),
    ],
)
def test_wrong_value_is_named(variable, value):
    sound = {"SCHEDULER_TEAMS_APP_ID": "bot", "AZURE_TENANT_ID": "t"}

    with pytest.raises(TeamsSettingsError, match=f"^{variable} is"):
        read_teams_settings(sound | {variable: value})


def test_bot_without_an_app_is_named():
    with pytest.raises(TeamsSettingsError, match=r"^SCHEDULER_TEAMS_APP_ID is not set"):
        read_teams_settings({"SCHEDULER_TEAMS_URL": "https://x", "AZURE_TENANT_ID": "t"})
