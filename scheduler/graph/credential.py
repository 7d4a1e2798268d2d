"""Signing in: the credential that the settings name, and a new token when Graph refuses one."""

from __future__ import annotations

import inspect
from typing import Any

from azure.core.credentials import AccessToken
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.identity import CredentialUnavailableError
from azure.identity.aio import (
    CertificateCredential,
    ClientSecretCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)

from scheduler.graph.errors import (
    ConnectionSettingsError,
    GraphSignInError,
    GraphUnreachableError,
)
from scheduler.graph.settings import GraphSettings


def make_credential(settings: GraphSettings) -> AsyncTokenCredential:
    """Make azure-identity's credential for the proof that ``settings`` holds.

    Raises:
        ConnectionSettingsError: azure-identity cannot use a value, an unreadable
            certificate for example.
    """
    # Repeats are ours: azure-core's own ten would keep a person waiting for a minute
    # when the sign-in service cannot be reached at all.
    transport: dict[str, Any] = {"retry_total": 0, "connection_timeout": 10}
    if settings.ca_file is not None:
        transport["connection_verify"] = str(settings.ca_file)
    try:
        match settings.proof:
            case "secret":
                return ClientSecretCredential(
                    settings.tenant_id,
                    settings.client_id,
                    str(settings.secret or ""),
                    authority=settings.authority,
                    **transport,
                )
            case "certificate":
                password = settings.certificate_password
                return CertificateCredential(
                    settings.tenant_id,
                    settings.client_id,
                    str(settings.certificate),
                    password=None if password is None else str(password),
                    authority=settings.authority,
                    **transport,
                )
            case "workload-identity":
                return WorkloadIdentityCredential(
                    tenant_id=settings.tenant_id,
                    client_id=settings.client_id,
                    token_file_path=str(settings.token_file),
                    authority=settings.authority,
                    **transport,
                )
            case "managed-identity":
                return ManagedIdentityCredential(client_id=settings.client_id or None)
    except (ValueError, TypeError) as error:
        raise ConnectionSettingsError(
            "The credential for Microsoft Graph cannot be used",
            f"AZURE_* ({settings.proof})",
            f"azure-identity says: {str(error).splitlines()[0]}",
        ) from error


class RenewableCredential:
    """A credential that can be told to forget its token.

    azure-identity keeps a token until shortly before it expires. When Graph refuses it earlier
    (revoked, clocks apart), only a fresh credential asks for another one.
    """

    def __init__(self, settings: GraphSettings, inner: AsyncTokenCredential | None = None) -> None:
        self._settings = settings
        self._inner = make_credential(settings) if inner is None else inner
        self._renewable = inner is None
        self._old: list[AsyncTokenCredential] = []
        self.generation = 0

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """Return a token, from the cache where there is one.

        Raises:
            GraphSignInError: Microsoft Entra ID says no.
            GraphUnreachableError: It cannot be reached.
        """
        try:
            token = self._inner.get_token(*scopes, **options)
            return await token if inspect.isawaitable(token) else token
        except (ClientAuthenticationError, CredentialUnavailableError) as error:
            status = getattr(error, "status_code", None)
            if status is not None and (status == 429 or status >= 500):
                raise GraphUnreachableError("The sign-in service failed", status=status) from error
            raise GraphSignInError(
                f"Microsoft Entra ID refused the sign-in: {_first_sentence(error)}", status=status
            ) from error
        except AzureError as error:
            raise GraphUnreachableError(
                f"The sign-in service at {self._settings.authority} does not answer"
            ) from error

    def renew(self, generation: int) -> None:
        """Forget the token of ``generation``, so that the next call asks for a new one.

        Calls that were in flight together are refused together; the first one renews for all.
        """
        if self._renewable and generation == self.generation:
            self._old.append(self._inner)  # another call may be waiting for its answer still
            self._inner = make_credential(self._settings)
            self.generation += 1

    async def close(self) -> None:
        """Close the connections to the sign-in service."""
        for credential in (*self._old, self._inner):
            await credential.close()


def _first_sentence(error: BaseException) -> str:
    """The first line of Entra's answer: an AADSTS code and its meaning, no trace id."""
    text = str(error).strip()
    return text.splitlines()[0][:300] if text else type(error).__name__
