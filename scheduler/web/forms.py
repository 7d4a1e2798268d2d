"""What a form sent, as plain text."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request

from scheduler.store.errors import PlanChangedError
from scheduler.store.rounds import Round

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


def check_revision(form: Mapping[str, str], found: Round) -> None:
    """What was decided is about the plan that counts.

    Raises:
        PlanChangedError: Somebody changed it since the form was shown.
    """
    if read_number(form.get("revision", "")) != found.revision:
        raise PlanChangedError(found.id)
