"""What is read from the environment to serve pages and the bot's door, in one place.

===========================  ===================================================================
variable                     meaning
===========================  ===================================================================
SCHEDULER_ADDRESS            the address under which people reach the pages, with https://;
                             by default this computer's own, for trying things out
SCHEDULER_SIGN_IN_APP_ID     the app registration with which people sign in; AZURE_CLIENT_ID
                             where it is the same
SCHEDULER_TEAMS_KEYS_URL     where Teams publishes the keys that its requests are signed with,
                             the public cloud's by default
FORWARDED_ALLOW_IPS          proxies whose word about the caller's address is taken (uvicorn)
===========================  ===================================================================

The rest (tenant, credential, bot, secrets, database) is read where it belongs: see
:mod:`scheduler.graph.settings`, :mod:`scheduler.teams.settings`, :mod:`scheduler.rounds.secrets`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from scheduler.errors import ScheduleError

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
TEAMS_KEYS_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"


class WebSettingsError(ScheduleError):
    """The environment does not say how the pages are reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """How people and Teams reach us; ``address`` has no slash at its end."""

    address: str
    sign_in_app_id: str
    tenant_id: str
    teams_keys_url: str = TEAMS_KEYS_URL

    @property
    def secure(self) -> bool:
        """Whether browsers come over TLS, here or at a proxy before us."""
        return self.address.startswith("https://")

    @property
    def redirect_uri(self) -> str:
        """Where sign-in comes back to; the app registration names the same."""
        return f"{self.address}/sign-in/answer"


def read_web_settings(environ: Mapping[str, str], *, port: int) -> WebSettings:
    """Read and check the variables of the module's table.

    Args:
        environ: The environment.
        port: On which we listen, for the address of this computer.

    Raises:
        WebSettingsError: A variable is missing or makes no sense.
    """
    address = _read_url(environ, "SCHEDULER_ADDRESS", f"http://localhost:{port}")
    app_id = environ.get("SCHEDULER_SIGN_IN_APP_ID", "").strip()
    app_id = app_id or environ.get("AZURE_CLIENT_ID", "").strip()
    tenant_id = environ.get("AZURE_TENANT_ID", "").strip()
    if not app_id:
        raise WebSettingsError(
            "SCHEDULER_SIGN_IN_APP_ID is not set (environment). Set it to the id of the app "
            "registration with which people sign in."
        )
    if not tenant_id:
        raise WebSettingsError(
            "AZURE_TENANT_ID is not set (environment). Set it to the id of your tenant."
        )
    return WebSettings(
        address=address,
        sign_in_app_id=app_id,
        tenant_id=tenant_id,
        teams_keys_url=_read_url(environ, "SCHEDULER_TEAMS_KEYS_URL", TEAMS_KEYS_URL),
    )


def _read_url(environ: Mapping[str, str], variable: str, default: str) -> str:
    value = environ.get(variable, "").strip().rstrip("/") or default
    parts = urlsplit(value)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or local):
        raise WebSettingsError(
            f"{variable} is {value!r} (environment). Set it to an address that begins with "
            "https://, like https://networking.example.com."
        )
    return value
