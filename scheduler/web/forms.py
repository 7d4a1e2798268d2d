"""What a form sent, as plain text."""

from __future__ import annotations

from starlette.requests import Request

LONGEST_TEXT = 2000
"""Characters of one field; more is cut."""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, each once; files and what is too long are left out."""
    sent = await request.form()
    return {
        name: value.strip()[:LONGEST_TEXT] for name, value in sent.items() if isinstance(value, str)
    }


def read_number(text: str, default: int = 0) -> int:
    """A whole number that is not negative, or the default."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default
