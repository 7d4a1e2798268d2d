"""What the tenant sends by itself, to this computer and nowhere else."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import httpx

SECONDS = 10.0
"""How long a receiver may take; Graph gives a subscription's validation as long."""


def is_loopback(url: str) -> bool:
    """Say whether an address leads back to this computer."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def post(
    url: str, *, json: object = None, text: str | None = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Post to an address on this computer; its certificate may be its own.

    Raises:
        httpx.HTTPError: when nobody answers.
        ValueError: when the address leads elsewhere.
    """
    if not is_loopback(url):
        raise ValueError(f"{url} is not on this computer.")
    async with httpx.AsyncClient(verify=False, timeout=SECONDS, trust_env=False) as client:  # noqa: S501 -- loopback
        if text is not None:
            return await client.post(
                url, content=text, headers={"Content-Type": "text/plain", **(headers or {})}
            )
        return await client.post(url, json=json, headers=headers)
