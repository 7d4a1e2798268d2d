"""Microsoft's Teams SDK, as far as the door needs it: tokens, activities, answers.

Its ``App`` is not used: it brings a server, a sign-in and a store of its own beside ours. The check
of tokens is the SDK's; ours adds certificates to trust, and keeps the event loop free while keys
are fetched.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jwt
from microsoft_teams.api.auth.cloud_environment import (
    CHINA,
    PUBLIC,
    US_GOV,
    US_GOV_DOD,
    with_overrides,
)
from microsoft_teams.api.models.adaptive_card import (
    AdaptiveCardActionMessageResponse,
    AdaptiveCardInvokeValue,
)

CLOUDS = (PUBLIC, US_GOV, US_GOV_DOD, CHINA)


@contextmanager
def _no_env_file() -> Iterator[None]:
    """The SDK reads a ``.env`` of the working folder as it is imported; nobody asked it to."""
    variable = "PYTHON_DOTENV_DISABLED"
    before = os.environ.get(variable)
    os.environ[variable] = "1"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts of it in preview that are not used
            yield
    finally:
        if before is None:
            del os.environ[variable]
        else:
            os.environ[variable] = before


with _no_env_file():
    from microsoft_teams.apps.auth.token_validator import TokenValidator

__all__ = [
    "AdaptiveCardActionMessageResponse",
    "AdaptiveCardInvokeValue",
    "ConnectorTokens",
    "TokenError",
]

TokenError = jwt.PyJWTError
"""A token that is not Teams': what the SDK raises."""


class ConnectorTokens(TokenValidator):
    """Checks that a request comes from the bot connector and is meant for our bot."""

    def __init__(self, app_id: str, keys_url: str, ca_file: Path | None = None) -> None:
        """Take the bot's app id, and where the connector says how it signs.

        Args:
            app_id: The audience of the tokens.
            keys_url: The connector's OpenID configuration; that of a cloud of Microsoft's decides
                on the issuer too.
            ca_file: Certificates (PEM) to trust instead of the public ones.
        """
        cloud = next((one for one in CLOUDS if one.openid_metadata_url == keys_url), None)
        cloud = cloud or with_overrides(PUBLIC, openid_metadata_url=keys_url)
        super().__init__(TokenValidator.for_service(app_id, cloud=cloud).options)
        self._jwks_client = jwt.PyJWKClient(
            self.options.jwks_uri,
            ssl_context=ssl.create_default_context(cafile=ca_file),
            timeout=10,
        )

    async def check(self, authorization: str, service_url: str) -> Mapping[str, Any]:
        """The claims of the token in an ``Authorization`` header.

        Raises:
            TokenError: There is none, or issuer, audience, time, signature or service address are
                not right.
        """
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not token:
            raise jwt.InvalidTokenError("no bearer token")
        if not service_url:  # the SDK takes silence for consent
            raise jwt.InvalidTokenError("the activity names no service address")
        # Fetches the keys where they are not known yet; afterwards the SDK finds them in memory.
        await asyncio.to_thread(self._jwks_client.get_signing_key_from_jwt, token)
        claims: Mapping[str, Any] = await self.validate_token(token, service_url)
        return claims
