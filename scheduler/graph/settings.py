"""What is read from the environment to reach Microsoft Graph, in one place.

The sandbox and a real tenant are reached on the same path: only the values differ.

=============================  =================================================================
variable                       meaning
=============================  =================================================================
AZURE_TENANT_ID                the tenant
AZURE_CLIENT_ID                the app registration, or the managed identity
AZURE_CLIENT_SECRET            one of three proofs: a client secret
AZURE_CLIENT_CERTIFICATE_PATH  or a certificate with its key (PEM or PFX);
                               AZURE_CLIENT_CERTIFICATE_PASSWORD where it has one
AZURE_FEDERATED_TOKEN_FILE     or a workload identity's token file
IDENTITY_ENDPOINT              set by Azure itself where there is a managed identity
AZURE_AUTHORITY_HOST           sign-in service, https://login.microsoftonline.com by default
SCHEDULER_GRAPH_URL            https://graph.microsoft.com/v1.0 by default
SCHEDULER_CA_FILE              certificates (PEM) to trust instead of the public ones
SCHEDULER_GRAPH_IN_FLIGHT      requests at the same time, 4 by default
SCHEDULER_GRAPH_CALL_SECONDS   how long one answer may take, 60 by default
SCHEDULER_GRAPH_TOTAL_SECONDS  how long one call may take with its repeats, 600 by default
=============================  =================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from scheduler.graph.errors import ConnectionSettingsError

GRAPH_URL = "https://graph.microsoft.com/v1.0"
GRAPH_HOSTS = frozenset(
    {
        "graph.microsoft.com",
        "graph.microsoft.us",
        "dod-graph.microsoft.us",
        "microsoftgraph.chinacloudapi.cn",
    }
)
"""The addresses of Graph in Microsoft's clouds; each is also the resource a token is made for."""

IN_FLIGHT = 4
"""Outlook serves 4 requests of an app at the same time (Graph's throttling limits page)."""

Proof = Literal["secret", "certificate", "workload-identity", "managed-identity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphSettings:
    """How to reach Graph. ``repr`` shows no secret."""

    url: str = GRAPH_URL
    authority: str = "https://login.microsoftonline.com"
    proof: Proof = "secret"
    tenant_id: str = ""
    client_id: str = ""
    secret: _Hidden | None = None
    certificate: Path | None = None
    certificate_password: _Hidden | None = None
    token_file: Path | None = None
    ca_file: Path | None = None
    in_flight: int = IN_FLIGHT
    call_seconds: float = 60.0
    total_seconds: float = 600.0
    backoff_seconds: float = 0.5

    @property
    def scope(self) -> str:
        """The right to ask a token for: whatever address Graph has, the resource is Microsoft's."""
        host = urlsplit(self.url).hostname or ""
        return f"https://{host if host in GRAPH_HOSTS else 'graph.microsoft.com'}/.default"


class _Hidden(str):
    """A text that does not show itself in ``repr``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'...'"


def read_graph_settings(environ: Mapping[str, str]) -> GraphSettings:
    """Read and check the variables of the module's table.

    Raises:
        ConnectionSettingsError: A variable is missing or makes no sense.
    """
    proof = _find_proof(environ)
    tenant_id = environ.get("AZURE_TENANT_ID", "")
    client_id = environ.get("AZURE_CLIENT_ID", "")
    if proof != "managed-identity":
        if not tenant_id:
            raise _missing("AZURE_TENANT_ID", "the id of your tenant")
        if not client_id:
            raise _missing("AZURE_CLIENT_ID", "the id of the app registration")
    return GraphSettings(
        url=_read_url(environ, "SCHEDULER_GRAPH_URL", GRAPH_URL, {"https", "http"}),
        authority=_read_url(environ, "AZURE_AUTHORITY_HOST", GraphSettings().authority, {"https"}),
        proof=proof,
        tenant_id=tenant_id,
        client_id=client_id,
        secret=_hide(environ.get("AZURE_CLIENT_SECRET")),
        certificate=_read_file(environ, "AZURE_CLIENT_CERTIFICATE_PATH"),
        certificate_password=_hide(environ.get("AZURE_CLIENT_CERTIFICATE_PASSWORD")),
        token_file=_read_file(environ, "AZURE_FEDERATED_TOKEN_FILE"),
        ca_file=_read_file(environ, "SCHEDULER_CA_FILE"),
        in_flight=int(_read_number(environ, "SCHEDULER_GRAPH_IN_FLIGHT", IN_FLIGHT, 1, 20)),
        call_seconds=_read_number(environ, "SCHEDULER_GRAPH_CALL_SECONDS", 60, 1, 600),
        total_seconds=_read_number(environ, "SCHEDULER_GRAPH_TOTAL_SECONDS", 600, 1, 86_400),
    )


def _find_proof(environ: Mapping[str, str]) -> Proof:
    if environ.get("AZURE_CLIENT_SECRET"):
        return "secret"
    if environ.get("AZURE_CLIENT_CERTIFICATE_PATH"):
        return "certificate"
    if environ.get("AZURE_FEDERATED_TOKEN_FILE"):
        return "workload-identity"
    if environ.get("IDENTITY_ENDPOINT") or environ.get("MSI_ENDPOINT"):
        return "managed-identity"
    raise ConnectionSettingsError(
        "There is no credential for Microsoft Graph",
        "environment",
        "Set AZURE_TENANT_ID, AZURE_CLIENT_ID and one of AZURE_CLIENT_SECRET and "
        "AZURE_CLIENT_CERTIFICATE_PATH, or run where there is a managed identity; "
        "to try the product without a tenant, start `scheduler sandbox` and load its sandbox.env.",
    )


def _missing(variable: str, meaning: str) -> ConnectionSettingsError:
    return ConnectionSettingsError(f"{variable} is not set", "environment", f"Set it to {meaning}.")


def _hide(value: str | None) -> _Hidden | None:
    return _Hidden(value) if value else None


def _read_url(environ: Mapping[str, str], variable: str, default: str, schemes: set[str]) -> str:
    value = environ.get(variable, "").strip().rstrip("/") or default
    if "://" not in value:
        value = f"https://{value}"  # azure-identity takes a bare host name too
    try:
        parts = urlsplit(value)
        sound = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound:
        raise ConnectionSettingsError(
            f"{variable} is not an address", f"{variable}={value}", f"An example: {default}."
        )
    # The SDK sends no token over http to any other host; the answer would be a bare 401.
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ConnectionSettingsError(
            f"{variable} must begin with https://", f"{variable}={value}", f"An example: {default}."
        )
    return value


def _read_file(environ: Mapping[str, str], variable: str) -> Path | None:
    value = environ.get(variable)
    if not value:
        return None
    path = Path(value)
    if not path.is_file():
        raise ConnectionSettingsError(
            f"The file that {variable} names does not exist",
            str(path),
            "Correct the path, or remove the variable.",
        )
    return path


def _read_number(
    environ: Mapping[str, str], variable: str, default: float, least: float, most: float
) -> float:
    text = environ.get(variable)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise ConnectionSettingsError(
            f"{variable} is not a number from {least:g} to {most:g}",
            f"{variable}={text}",
            f"Without it, {default:g} is used.",
        )
    return value
