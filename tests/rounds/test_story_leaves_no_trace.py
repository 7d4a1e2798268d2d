"""A whole story, then a search through everything that it left: log, database, files.

Planned, booked and announced by the daily job, repaired, looked back at, somebody exported and
erased, the rest cancelled. What may not be found: names and addresses in the log, anybody's own
appointments anywhere, the erased person in any byte.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import structlog
from typer.main import get_command

from scheduler.cli import app
from scheduler.rounds.choosing import keep_choice
from scheduler.rounds.looking_back import give_feedback
from scheduler.store.audit import AuditEntry, read_audit
from scheduler.store.engine import open_store
from scheduler.store.plans import read_plan
from tests.witness.calendars import read_calendars

ROOT = Path(__file__).parents[2]
ROUND = "cross-team-lunch/2026-11-30"
SAID_AT = dt.datetime(2026, 12, 8, 9, 7, 31, tzinfo=dt.UTC)
SUBJECTS = (  # of the appointments that the tenant invents for people
    "Focus time", "Project sync", "Customer call", "Vendor call", "Board paper", "Hiring panel",
    "Incident review", "Design review", "Supplier meeting", "Quarterly targets", ": all hands",
)  # fmt: skip


@dataclass
class Story:
    """What was said, and what it left: files by name, the log, the tenant's own account."""

    people: list[dict[str, Any]]
    erased: dict[str, Any] = field(default_factory=dict)
    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    events: tuple[int, int] = (0, 0)
    left_over: list[Any] = field(default_factory=list)
    meetings: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    audit: tuple[AuditEntry, ...] = ()
    plans: list[Any] = field(default_factory=list)


@pytest.fixture
def log_of_tests():
    """Commands set up the log of their process; afterwards it is that of the tests again."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture
def story(open_context, tenant, ask, monkeypatch, log_of_tests, tmp_path) -> Story:
    database, log = tmp_path / "scheduler.db", tmp_path / "log.jsonl"
    config = tmp_path / "config"
    (config / "programmes").mkdir(parents=True)
    for name in ("organisation.yaml", "programmes/cross-team-lunch.yaml"):
        (config / name).write_text((ROOT / "config" / name).read_text("utf-8"), "utf-8")
    for name, value in {
        "DATABASE_URL": str(database), "TODAY": "2026-11-25", "EFFORT": "0.1", "LOG": str(log),
        "CONFIG": str(config),
    }.items():  # fmt: skip
        monkeypatch.setenv(f"SCHEDULER_{name}", value)
    told = Story(ask("people"))

    def command(*arguments: str) -> None:
        """As in a terminal, in this process: loading everything six times would take longest."""
        assert get_command(app).main(list(arguments), standalone_mode=False) in (None, 0)

    def read_files() -> dict[str, bytes]:
        return {
            f.relative_to(tmp_path).as_posix(): f.read_bytes()
            for f in tmp_path.rglob("*")
            if f.is_file() and config not in f.parents
        }

    command("run")
    command("approve", ROUND)
    command("run")
    with open_store(database) as store:
        plan = read_plan(store, ROUND)
        told.plans.append(plan)
    group = plan.groups[0]
    one, other, *_ = group.member_ids
    told.erased = next(p for p in told.people if p["id"] == one)

    async def look_back():
        async with open_context(config) as context:
            await keep_choice(context, one, "never-with", [other])
            await keep_choice(context, other, "never-with", [one])
            for person, thanked in ((one, other), (other, one)):
                give_feedback(
                    context, ROUND, group.number, person, met="yes", again="yes",
                    note=f"a note of {person}", thank=[thanked], thanks="for the talk", at=SAID_AT,
                )  # fmt: skip

    asyncio.run(look_back())
    command("people", "export", told.erased["mail"], "--json", str(tmp_path.parent / "one.json"),
            "--html", str(tmp_path.parent / "one.html"))  # fmt: skip
    told.before = read_files()
    command("people", "erase", told.erased["mail"], "--yes")
    told.after = read_files()
    report = ask("report")
    with open_store(database) as store:
        told.plans.append(read_plan(store, ROUND))
        told.audit = read_audit(store)
    told.events = (report["events"], report["duplicates"])
    told.left_over = [e for e in ask(f"mailboxes/{one}")["events"] if not e.get("isCancelled")]
    command("cancel", ROUND, "--message", "The office is closed.")
    told.meetings = {
        moment.strftime("%Y-%m-%dT%H:%M")
        for plan in told.plans
        for g in plan.groups
        for moment in (g.slot.start, g.slot.end)
    }
    begins = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
    calendars = read_calendars(
        tenant, [p["mail"] for p in told.people], begins, begins + dt.timedelta(days=12)
    )
    told.busy = {
        moment.strftime("%Y-%m-%dT%H:%M")
        for calendar in calendars.values()
        for start, end, _ in calendar.taken
        for moment in (start, end)
    }
    told.before["log, later"] = log.read_bytes()
    return told


def test_story_leaves_no_trace_of_what_must_leave_none(story, tmp_path) -> None:
    """One story, since it takes a while; each part of the search is named."""
    check_log_names_nobody(story)
    check_free_busy_is_written_nowhere(story)
    check_export_says_everything(story, tmp_path.parent)
    check_nothing_of_the_erased_person_is_left(story)
    check_others_meet_all_the_same(story)
    check_trail_says_what_was_done_and_not_to_whom(story)


def check_log_names_nobody(story: Story) -> None:
    log = story.before["log, later"].decode()
    events = {json.loads(line)["event"] for line in log.splitlines()}
    assert events >= {
        "round-planned", "booking.finished", "round-announced", "round-repaired", "run-finished",
        "old-records-forgotten", "person-erased",
    }  # fmt: skip
    named = [w for p in story.people for w in (p["mail"], p["name"]) if w and w in log]
    assert named == []
    assert "@" not in log


def check_free_busy_is_written_nowhere(story: Story) -> None:
    own = story.busy - story.meetings
    assert len(own) > 100
    for name, content in story.before.items():
        text = content.decode("utf-8", "ignore")
        found = set(re.findall(r"2026-(?:11|12)-\d\d[T ]\d\d:\d\d", text))
        moments = {moment.replace(" ", "T") for moment in found}
        assert moments & own == set(), name
        assert [subject for subject in SUBJECTS if subject in text] == [], name
    database = "".join(
        content.decode("utf-8", "ignore")
        for name, content in story.before.items()
        if name.startswith("scheduler.db")
    )
    assert any(meeting in database for meeting in story.meetings)  # times are found where they are


def check_export_says_everything(story: Story, folder: Path) -> None:
    records = json.loads((folder / "one.json").read_text("utf-8"))["records"]
    assert records["The directory"]["rows"][0]["mail"] == story.erased["mail"]
    assert set(records) >= {
        "The directory", "Plans", "Meetings", "Choices that hold now", "What they said afterwards",
        "Private notes", "Thanks given and received", "Cards and mails about meetings",
    }  # fmt: skip
    (note,) = records["Private notes"]["rows"]
    assert note["text"] == f"a note of {story.erased['id']}"
    others = {p["id"] for p in story.people} - {story.erased["id"]}
    text = json.dumps([records["Meetings"], records["Plans"]])
    assert not any(other in text for other in others)
    page = (folder / "one.html").read_text("utf-8")
    assert f"a note of {story.erased['id']}" in page


def check_nothing_of_the_erased_person_is_left(story: Story) -> None:
    words = [story.erased[key].encode() for key in ("id", "mail", "name")]
    had = {name for name, content in story.before.items() if words[0] in content}
    assert had & {"scheduler.db", "scheduler.db-wal"}  # the search finds what is there
    left = {(n, w) for n, content in story.after.items() for w in words if w in content}
    assert left == set()
    assert {"scheduler.db", "scheduler.db.dbos", "scheduler.db.keys", "log.jsonl"} <= set(
        story.after
    )


def check_others_meet_all_the_same(story: Story) -> None:
    before, after = story.plans
    assert story.left_over == []
    assert story.events == (len(after.groups), 0)
    moved = {g.number for g in after.groups} ^ {g.number for g in before.groups}
    moved |= {
        a.number
        for b in before.groups
        for a in after.groups
        if a.number == b.number and a.member_ids != b.member_ids
    }
    assert 1 <= len(moved) <= 4
    assert not any(
        story.erased["id"] in g.member_ids or any("erased" in p for p in g.member_ids)
        for g in after.groups
    )


def check_trail_says_what_was_done_and_not_to_whom(story: Story) -> None:
    done = [entry.what for entry in story.audit]
    assert (done.count("person exported"), done.count("person erased")) == (1, 1)
    assert done.count("old records forgotten") == 1  # once a day, though the job ran twice
    (entry,) = (entry for entry in story.audit if entry.what == "person erased")
    assert set(entry.details) == {"rounds_changed", "rows", "seats_kept"}
    assert entry.details["rounds_changed"] == 1
