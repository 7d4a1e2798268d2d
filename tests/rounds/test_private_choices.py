"""Whom somebody never wants to meet appears nowhere but in the table of choices."""

from __future__ import annotations

import asyncio
import json
import re

import httpx
import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from scheduler.cli import app
from scheduler.rounds.choosing import keep_choice
from scheduler.rounds.company import read_company
from scheduler.rounds.planning import plan_round
from scheduler.store.engine import open_store
from scheduler.store.schema import metadata
from scheduler.store.sealing import key_file

ROUND = "cross-team-lunch/2026-12-07"
OF_THE_CHOICE = ("choices", "choice_changes")
TELLING = re.compile(r"never.?with|kept apart|shun|private|confidential", re.IGNORECASE)


@pytest.fixture
def told(open_context, tenant, monkeypatch, tmp_path):
    """Everything that anybody gets to see or that is written, by where; and who chose whom."""
    monkeypatch.setenv("SCHEDULER_DATABASE_URL", str(tmp_path / "scheduler.db"))
    monkeypatch.setenv("SCHEDULER_TODAY", "2026-11-25")
    monkeypatch.setenv("SCHEDULER_EFFORT", "0.1")

    async def choose():
        async with open_context() as context:
            plan = (await plan_round(context, "cross-team-lunch")).plan
            people = {p.id: p for p in (await read_company(context)).people}
            one, other = (people[m] for m in plan.groups[0].member_ids[:2])
            seen = {m for g in plan.groups for m in g.member_ids}
            seen |= {left.person_id for left in plan.left_out}
            stranger = next(p for p in people.values() if p.id not in seen)
            await keep_choice(context, one.id, "never-with", [other.mail, stranger.mail])
            return one, other, stranger

    one, other, stranger = asyncio.run(choose())
    found: dict[str, str] = {}

    def command(name: str, *arguments: str) -> None:
        result = CliRunner().invoke(app, [name, *arguments], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        found[" ".join((name, *arguments))] = result.output

    log, page = tmp_path / "log.jsonl", tmp_path / "plan.html"
    command("plan", "cross-team-lunch", "--log", str(log))
    command("show", ROUND, "--json")
    command("show", ROUND, "--prices")
    command("show", ROUND, "--page", str(page))
    command("approve", ROUND)
    command("book", ROUND, "--json", "--log", str(log))
    found["log"], found["page"] = log.read_text("utf-8"), page.read_text("utf-8")
    plan = json.loads(found[f"show {ROUND} --json"])["plan"]
    url = tenant["SCHEDULER_SANDBOX_HTTP_URL"]
    for member in {m for g in plan if {one.id, other.id} & set(g["members"]) for m in g["members"]}:
        for what in ("mailboxes", "teams"):
            answer = httpx.get(f"{url}/sandbox/{what}/{member}", timeout=60)
            found[f"{what} of {member}"] = answer.text
    with open_store(tmp_path / "scheduler.db") as store, store.read() as connection:
        for name, table in metadata.tables.items():
            if name not in OF_THE_CHOICE:
                rows = connection.execute(select(table)).all()
                found[f"table {name}"] = "\n".join(map(str, rows))
    return found, plan, (one, other, stranger), tmp_path / "scheduler.db"


def test_what_is_told_to_nobody_is_kept_and_stands_nowhere_else(told):
    found, plan, (one, other, stranger), database = told

    # It does what it is for, or the rest would prove nothing.
    assert not any({one.id, other.id} <= set(group["members"]) for group in plan)
    assert len(found) > 20
    for where, text in found.items():
        assert stranger.id not in text, where
        assert stranger.mail not in text.casefold(), where
        assert stranger.name not in text, where
        if not where.startswith(("mailboxes", "table")):
            assert not TELLING.search(text), (where, TELLING.search(text))
    raw = database.read_bytes() + b"".join(
        path.read_bytes() for path in database.parent.glob("scheduler.db-*")
    )
    assert stranger.id.encode() not in raw  # sealed within its own table too
    assert key_file(database).exists()
