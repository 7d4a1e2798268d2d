"""What a browser may do with the sandbox's pages, and who may ask for them."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request as WebRequest

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})

FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)
"""Of an invitation's text: mail brings its styles along, so it is shown in a frame of its own that
may do nothing else."""


def page_headers(nonce: str = "") -> dict[str, str]:
    """The headers of a page: no script, nothing foreign, inline only what bears the nonce."""
    policy = [
        "default-src 'none'",
        f"style-src 'self' 'nonce-{nonce}'" if nonce else "style-src 'self'",
        "img-src data:",
        "frame-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


def is_from_here(web: WebRequest) -> bool:
    """Whether a request is for this computer under its own name, and not from another site's page.

    A foreign page could let a name of its own point to 127.0.0.1, or send a form here.
    """
    host = web.headers.get("host", "")
    origin = web.headers.get("origin")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return name in LOOPBACK and (origin is None or urlsplit(origin).netloc == host)
