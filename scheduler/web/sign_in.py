"""Signing people in with Entra ID: OpenID Connect, authorisation code with PKCE, by MSAL.

The app proves itself to Entra with what the product has anyway: a secret, a certificate, or a
managed identity that vouches for it. What comes back is read from Entra's own token endpoint over
TLS, so MSAL checks the id token's audience, time and nonce; tenant and person are checked here.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msal
import requests
import structlog

from scheduler.graph.settings import GraphSettings
from scheduler.web.access import ROLES
from scheduler.web.settings import WebSettings

log = structlog.get_logger(__name__)

# MSAL would rather have Entra ID answer with a form; see SignIn.begin for why we would not.
warnings.filterwarnings("ignore", message="response_mode='form_post'", category=UserWarning)

EXCHANGE_SCOPE = "api://AzureADTokenExchange/.default"
"""For this audience a managed identity's token vouches for an app registration (Entra ID,
"Configure an application to trust a managed identity")."""
CALL_SECONDS = 20


class SignInError(Exception):
    """Entra ID did not sign the person in; the text has its code and no name."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who signed in."""

    person_id: str
    name: str
    roles: frozenset[str]


class SignIn:
    """The sign-in of one app registration."""

    def __init__(
        self,
        web: WebSettings,
        graph: GraphSettings,
        get_token: Callable[[str], Awaitable[str]],
    ) -> None:
        """Take the settings, and what gives a token of the product's own identity for a scope."""
        self._web = web
        self._graph = graph
        self._get_token = get_token
        self._app: msal.ConfidentialClientApplication | None = None

    @property
    def sign_out_url(self) -> str:
        """Where Entra ID ends its own session with the browser."""
        return f"{self._graph.authority}/{self._web.tenant_id}/oauth2/v2.0/logout"

    async def begin(self, *, login_hint: str | None = None) -> dict[str, Any]:
        """A flow: ``auth_uri`` is where the browser goes; the rest is kept in its session.

        Raises:
            SignInError: Entra ID cannot be reached.
        """

        def start(app: msal.ConfidentialClientApplication) -> dict[str, Any]:
            # Our cookie is sent along with a link of another site, not with its forms; and a code
            # in an address is worth nothing without the verifier, which stays in that cookie.
            flow: dict[str, Any] = app.initiate_auth_code_flow(
                [],
                redirect_uri=self._web.redirect_uri,
                login_hint=login_hint,
                response_mode="query",
            )
            return flow

        return await self._run(start)

    async def finish(self, flow: Mapping[str, Any], answer: Mapping[str, str]) -> Person:
        """Who signed in, by what Entra sent back to the redirect address.

        Raises:
            SignInError: The answer does not belong to the flow, or Entra said no.
        """

        def take(app: msal.ConfidentialClientApplication) -> dict[str, Any]:
            result: dict[str, Any] = app.acquire_token_by_auth_code_flow(dict(flow), dict(answer))
            return result

        result = await self._run(take)
        if "error" in result:
            code = str(result.get("error_description", "")).split(":")[0]
            raise SignInError(f"{result['error']} {code}".strip()[:120])
        claims: Mapping[str, Any] = result.get("id_token_claims") or {}
        if claims.get("tid") != self._web.tenant_id:
            raise SignInError("the account is of another tenant")
        if not claims.get("oid"):
            raise SignInError("the id token names no person")
        roles = frozenset(claims.get("roles") or ()) & frozenset(ROLES)
        return Person(str(claims["oid"]), str(claims.get("name") or ""), roles)

    async def _run(
        self, task: Callable[[msal.ConfidentialClientApplication], dict[str, Any]]
    ) -> dict[str, Any]:
        try:
            if self._app is not None and self._graph.proof in {"secret", "certificate"}:
                return await asyncio.to_thread(task, self._app)
            credential = await self._make_credential()

            def make_and_run() -> dict[str, Any]:
                self._app = msal.ConfidentialClientApplication(
                    self._web.sign_in_app_id,
                    client_credential=credential,
                    authority=f"{self._graph.authority}/{self._web.tenant_id}",
                    instance_discovery=False,  # one tenant, whose address we were given
                    http_client=_Http(self._graph.ca_file),
                )
                return task(self._app)

            return await asyncio.to_thread(make_and_run)
        except (
            ValueError,
            RuntimeError,
        ) as error:  # MSAL's own word for an answer that is not ours
            raise SignInError(type(error).__name__) from error
        except OSError as error:  # requests' errors are of this kind
            raise SignInError(f"Entra ID does not answer ({type(error).__name__})") from error

    async def _make_credential(self) -> str | dict[str, Any]:
        graph = self._graph
        match graph.proof:
            case "secret":
                return str(graph.secret or "")
            case "certificate":
                return _certificate(graph)
            case "workload-identity" if graph.token_file is not None:
                assertion = await asyncio.to_thread(graph.token_file.read_text, "utf-8")
                return {"client_assertion": assertion.strip()}
            case _:
                return {"client_assertion": await self._get_token(EXCHANGE_SCOPE)}


class _Http(requests.Session):
    """MSAL's connection. Without a word at each request, an environment variable of the library's
    own (REQUESTS_CA_BUNDLE) would win over the certificates that we were told to trust.
    """

    def __init__(self, ca_file: Path | None) -> None:
        super().__init__()
        self._trusted = True if ca_file is None else str(ca_file)

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # type: ignore[override]
        """Send a request, with our certificates and within our time."""
        options.setdefault("verify", self._trusted)
        options.setdefault("timeout", CALL_SECONDS)
        return super().request(method, url, **options)


def _certificate(graph: GraphSettings) -> dict[str, Any]:
    if graph.certificate is None:
        raise SignInError("no certificate")
    content = graph.certificate.read_bytes()
    password = (
        {}
        if graph.certificate_password is None
        else {"passphrase": str(graph.certificate_password)}
    )
    if b"-----BEGIN" not in content:
        return {
            "private_key_pfx_path": str(graph.certificate),
            "public_certificate": True,
            **password,
        }
    text = content.decode("ascii")
    return {"private_key": text, "public_certificate": text, **password}
