import asyncio
import base64
import json

import pytest

from scheduler.graph.permissions import read_roles
from scheduler.rounds.connection import compare_rights, try_connection


def test_compare_rights_names_what_is_too_much_and_why(open_context) -> None:
    """The tenant's app has calendars in Entra ID, which our list forbids."""

    async def work():
        async with open_context() as context:
            return await compare_rights(context)

    report = asyncio.run(work())

    assert report.exit_code == 1
    assert report.missing == ()
    assert any(line.startswith("too much: Calendars.ReadWrite.") for line in report.unwanted)


def test_try_connection_counts_what_answers(open_context, ask) -> None:
    async def work():
        async with open_context() as context:
            return await try_connection(context)

    figures = asyncio.run(work())

    assert (figures["organisers"], figures["rooms"] > 0, figures["people"] > 100) == (4, True, True)


def test_read_roles_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="not an access token"):
        read_roles("opaque")


def test_read_roles_are_sorted() -> None:
    claims = base64.urlsafe_b64encode(json.dumps({"roles": ["b", "a"]}).encode()).decode()

    assert read_roles(f"x.{claims.rstrip('=')}.y") == ("a", "b")
