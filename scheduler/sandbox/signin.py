"""Sign-in as Microsoft Entra ID does it: discovery, tokens, keys."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from scheduler.sandbox.api.request import GraphError, Json

GRAPH = "https://graph.microsoft.com"
BOT = "https://api.botframework.com"
BOT_ISSUER = "https://api.botframework.com"

# Application permissions granted to the one registered app.
ROLES = (
    "Calendars.ReadWrite", "GroupMember.Read.All", "Mail.Send", "MailboxSettings.Read",
    "Organization.Read.All", "Place.Read.All", "User.Read.All",
)  # fmt: skip

APP_ROLES = {"human resources": ("HR",), "it": ("Administrator",)}
"""Who was assigned which role of the registered app, by department, until somebody says else."""


class SignInError(Exception):
    """A refusal in the shape of OAuth 2: ``error`` and ``error_description``."""

    def __init__(self, status: int, error: str, text: str) -> None:
        super().__init__(text)
        self.status, self.error, self.text = status, error, text


@dataclass(slots=True)
class Authority:
    """Issues and checks the tokens of one tenant with one registered app.

    ``base`` is the HTTPS address; ``pages`` is the plain one, to which browsers are sent that do
    not know the sandbox's certificate. ``client_secret`` is drawn anew at each start.
    """

    tenant: str
    client: str
    token_seconds: int
    base: str = ""
    pages: str = ""
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    roles: tuple[str, ...] = ROLES
    app_roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    _known: dict[str, tuple[float, Json]] = field(default_factory=dict)
    _codes: dict[str, Json] = field(default_factory=dict)

    @property
    def key_id(self) -> str:
        """The ``kid`` of the one signing key."""
        return hashlib.sha256(str(self._key.public_key().public_numbers().n).encode()).hexdigest()[
            :27
        ]

    def issuer(self) -> str:
        """Return the ``iss`` of access tokens."""
        return f"{self.base}/{self.tenant}/v2.0"

    def describe(self, tenant: str) -> Json:
        """Return the OpenID configuration of a tenant."""
        root = f"{self.base}/{tenant}"
        return {
            "issuer": self.issuer(),
            "authorization_endpoint": f"{self.pages or self.base}/{tenant}/oauth2/v2.0/authorize",
            "token_endpoint": f"{root}/oauth2/v2.0/token",
            "jwks_uri": f"{root}/discovery/v2.0/keys",
            "end_session_endpoint": f"{root}/oauth2/v2.0/logout",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "response_types_supported": ["code", "id_token", "code id_token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "claims_supported": ["sub", "iss", "aud", "exp", "iat", "name", "oid", "tid", "nonce"],
        }

    def describe_instance(self) -> Json:
        """Return the answer of instance discovery: this host is an authority."""
        host = self.base.removeprefix("https://")
        return {
            "tenant_discovery_endpoint": self.issuer() + "/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
        }

    def keys(self) -> Json:
        """Return the public key as a JSON Web Key Set."""
        key = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**key, "use": "sig", "kid": self.key_id, "alg": "RS256"}]}

    def sign(self, claims: Json, seconds: int | None = None) -> str:
        """Sign claims; ``iat``, ``nbf`` and ``exp`` are added."""
        now = int(time.time())
        life = self.token_seconds if seconds is None else seconds
        times = {"iat": now, "nbf": now - 300, "exp": now + life}
        return jwt.encode(
            {**times, **claims}, self._key, algorithm="RS256", headers={"kid": self.key_id}
        )

    def issue(self, form: dict[str, str]) -> Json:
        """Answer a token request: client credentials, an authorisation code, or a refresh token.

        Raises:
            SignInError: with Entra's error codes for a wrong client, secret, scope or code.
        """
        grant = form.get("grant_type", "")
        if form.get("client_id") != self.client:
            raise SignInError(
                400, "unauthorized_client",
                f"AADSTS700016: Application with identifier '{form.get('client_id')}' was not "
                f"found in the directory 'Lindenhof'.",
            )  # fmt: skip
        if not secrets.compare_digest(form.get("client_secret", ""), self.client_secret):
            raise SignInError(
                401, "invalid_client",
                "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in "
                "the request is the client secret value, not the client secret ID.",
            )  # fmt: skip
        if grant == "client_credentials":
            return self._issue_for_app(form.get("scope", ""))
        if grant == "authorization_code":
            return self._issue_for_person(self._take_code(form), form)
        raise SignInError(
            400, "unsupported_grant_type",
            f"AADSTS70003: The app requested an unsupported grant type '{grant}'.",
        )  # fmt: skip

    def _issue_for_app(self, scope: str) -> Json:
        scopes = scope.split()
        if len(scopes) != 1 or not scopes[0].endswith("/.default"):
            raise SignInError(
                400, "invalid_scope",
                f"AADSTS1002012: The provided value for scope {scope} is not valid. Client "
                f"credential flows must have a scope value with /.default suffixed to the resource "
                f"identifier.",
            )  # fmt: skip
        token = self.sign(
            {
                "aud": scopes[0].removesuffix("/.default"), "iss": self.issuer(),
                "appid": self.client, "azp": self.client, "tid": self.tenant,
                "oid": str(uuid.uuid5(uuid.UUID(self.client), "service principal")),
                "sub": str(uuid.uuid5(uuid.UUID(self.client), "service principal")),
                "idtyp": "app", "roles": list(self.roles), "ver": "2.0",
                "uti": secrets.token_urlsafe(16),
            }
        )  # fmt: skip
        return {
            "token_type": "Bearer", "expires_in": self.token_seconds,
            "ext_expires_in": self.token_seconds, "access_token": token,
        }  # fmt: skip

    def grant_code(self, person: Json, query: dict[str, str]) -> str:
        """Make an authorisation code for a person; return the address to send the browser to."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = {
            **person,
            "nonce": query.get("nonce"),
            "challenge": query.get("code_challenge"),
            "redirect_uri": query.get("redirect_uri"),
        }
        back = {
            "code": code,
            "state": query.get("state", ""),
            "session_state": secrets.token_hex(8),
        }
        return f"{query.get('redirect_uri', '')}?{urlencode(back)}"

    def roles_of(self, person: Json) -> tuple[str, ...]:
        """Return the roles of the app that a person was assigned."""
        department = str(person.get("department") or "").lower()
        return self.app_roles.get(person["id"], APP_ROLES.get(department, ()))

    def _take_code(self, form: dict[str, str]) -> Json:
        grant = self._codes.pop(form.get("code", ""), None)
        if grant is None or grant["redirect_uri"] != form.get("redirect_uri"):
            raise SignInError(
                400, "invalid_grant", "AADSTS70008: The authorization code is invalid."
            )
        if grant["challenge"]:
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != grant["challenge"]:
                raise SignInError(
                    400, "invalid_grant", "AADSTS501481: The Code_Verifier does not match the "
                    "code_challenge supplied in the authorization request.",
                )  # fmt: skip
        return grant

    def _issue_for_person(self, grant: Json, form: dict[str, str]) -> Json:
        person: dict[str, Any] = {
            "iss": self.issuer(), "tid": self.tenant, "oid": grant["id"], "sub": grant["id"],
            "name": grant["displayName"], "preferred_username": grant["userPrincipalName"],
            "email": grant["mail"], "ver": "2.0",
        }  # fmt: skip
        nonce = {"nonce": grant["nonce"]} if grant["nonce"] else {}
        roles = self.roles_of(grant)
        assigned = {"roles": list(roles)} if roles else {}  # Entra leaves an empty claim out
        info = {"uid": grant["id"], "utid": self.tenant}
        return {
            "token_type": "Bearer", "scope": form.get("scope", "openid profile"),
            "expires_in": self.token_seconds,
            "access_token": self.sign({**person, "aud": GRAPH, "scp": "openid profile User.Read"}),
            "id_token": self.sign({**person, **nonce, **assigned, "aud": self.client}),
            "client_info": base64.urlsafe_b64encode(jwt.utils.force_bytes(_compact(info))).decode(),
        }  # fmt: skip

    def check(self, header: str, audience: str) -> Json:
        """Return the claims of the bearer token of an ``Authorization`` header.

        Raises:
            GraphError: 401 ``InvalidAuthenticationToken`` with the reason.
        """
        kind, _, token = header.partition(" ")
        if kind.lower() != "bearer" or not token:
            raise _refuse("Access token is empty.")
        known = self._known.get(token)
        if known is None:
            try:
                claims = jwt.decode(
                    token, self._key.public_key(), algorithms=["RS256"], issuer=self.issuer(),
                    options={"verify_aud": False, "verify_exp": False},
                )  # fmt: skip
            except jwt.PyJWTError as error:
                raise _refuse(f"Access token validation failure. {error}") from error
            known = self._known[token] = (float(claims["exp"]), claims)
        if known[0] <= time.time():
            raise _refuse("Lifetime validation failed, the token is expired.")
        if str(known[1].get("aud", "")).rstrip("/") != audience:
            raise _refuse("Access token validation failure. Invalid audience.")
        return known[1]

    def forget_tokens(self) -> None:
        """Let all tokens that were issued so far expire now."""
        self._known = {token: (0.0, claims) for token, (_, claims) in self._known.items()}


def _compact(value: Json) -> str:
    return "{" + ",".join(f'"{k}":"{v}"' for k, v in value.items()) + "}"


def _refuse(text: str) -> GraphError:
    return GraphError(
        401, "InvalidAuthenticationToken", text,
        {"WWW-Authenticate": 'Bearer realm="", authorization_uri="https://login.microsoftonline.com"'},
    )  # fmt: skip
