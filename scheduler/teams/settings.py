"""What is read from the environment to reach Teams, in one place.

=============================  =================================================================
variable                       meaning
=============================  =================================================================
SCHEDULER_TEAMS_APP_ID         the bot's app id; AZURE_CLIENT_ID where it is the same
AZURE_TENANT_ID                the tenant
SCHEDULER_TEAMS_URL            the bot connector, https://smba.trafficmanager.net/teams by default
SCHEDULER_CA_FILE              certificates (PEM) to trust instead of the public ones
SCHEDULER_TEAMS_IN_FLIGHT      cards sent at the same time, 8 by default
SCHEDULER_TEAMS_CALL_SECONDS   how long one answer may take, 30 by default
SCHEDULER_TEAMS_TOTAL_SECONDS  how long one card may take with its repeats, 300 by default
=============================  =================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from scheduler.errors import ScheduleError

CONNECTOR_URL = "https://smba.trafficmanager.net/teams"
"""Where a bot sends proactive messages when it has no conversation yet (Bot Framework, global)."""

SCOPE = "https://api.botframework.com/.default"
"""The right that the connector asks of a token."""


class TeamsSettingsError(ScheduleError):
    """The environment does not say how to reach Teams."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsSettings:
    """How to reach the bot connector."""

    app_id: str
    tenant_id: str
    url: str = CONNECTOR_URL
    ca_file: Path | None = None
    in_flight: int = 8
    call_seconds: float = 30.0
    total_seconds: float = 300.0


def read_teams_settings(environ: Mapping[str, str]) -> TeamsSettings | None:
    """Read and check the variables of the module's table; None where Teams is not set up.

    Raises:
        TeamsSettingsError: A variable is missing or makes no sense.
    """
    url = environ.get("SCHEDULER_TEAMS_URL", "").strip().rstrip("/")
    app_id = environ.get("SCHEDULER_TEAMS_APP_ID", "").strip()
    if not url and not app_id:
        return None
    app_id = app_id or environ.get("AZURE_CLIENT_ID", "").strip()
    if not app_id:
        raise TeamsSettingsError(
            "SCHEDULER_TEAMS_APP_ID is not set (environment). Set it to the bot's app id."
        )
    tenant_id = environ.get("AZURE_TENANT_ID", "").strip()
    if not tenant_id:
        raise TeamsSettingsError(
            "AZURE_TENANT_ID is not set (environment). Set it to the id of your tenant."
        )
    url = url or CONNECTOR_URL
    if urlsplit(url).scheme not in {"https", "http"} or not urlsplit(url).hostname:
        raise TeamsSettingsError(
            f"SCHEDULER_TEAMS_URL is {url!r} (environment). Set it to an address that begins "
            "with https://, or leave it out."
        )
    ca_file = environ.get("SCHEDULER_CA_FILE")
    if ca_file and not Path(ca_file).is_file():
        raise TeamsSettingsError(
            f"SCHEDULER_CA_FILE is {ca_file}, which is no file (environment). Set it to a "
            "PEM file of certificates, or leave it out."
        )
    return TeamsSettings(
        app_id=app_id,
        tenant_id=tenant_id,
        url=url,
        ca_file=Path(ca_file) if ca_file else None,
        in_flight=int(_number(environ, "SCHEDULER_TEAMS_IN_FLIGHT", 8, 1, 50)),
        call_seconds=_number(environ, "SCHEDULER_TEAMS_CALL_SECONDS", 30, 1, 300),
        total_seconds=_number(environ, "SCHEDULER_TEAMS_TOTAL_SECONDS", 300, 1, 86_400),
    )


def _number(
    environ: Mapping[str, str], variable: str, default: float, least: float, most: float
) -> float:
    text = environ.get(variable, "").strip()
    try:
        value = float(text) if text else default
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise TeamsSettingsError(
            f"{variable} is {text!r} (environment). Set it to a number from {least:g} to {most:g}."
        )
    return value
