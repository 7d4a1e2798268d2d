"""What is older than the settings allow goes once a day, and the trail says so."""

import asyncio
import dataclasses
import datetime as dt
import json

import pytest

from scheduler.rounds import retention
from scheduler.rounds.company import read_company
from scheduler.rounds.log_file import forget_old_lines, forget_text
from scheduler.rounds.retention import FORGOTTEN, forget_what_is_due
from scheduler.settings.organisation import Retention
from scheduler.store.audit import read_audit, write_audit
from scheduler.store.choices import read_choice_changes, read_choices, save_choice
from scheduler.store.posts import Post, read_posts, save_post
from tests.rounds.conftest import TODAY

OLD = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
YOUNG = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


def with_times(context, **times):
    organisation = context.settings.organisation.model_copy(
        update={"retention": Retention(**times)}
    )
    settings = dataclasses.replace(context.settings, organisation=organisation)
    return dataclasses.replace(context, settings=settings)


def test_what_is_too_old_goes_by_category_once_a_day(open_context, tmp_path, monkeypatch) -> None:
    noon = dt.datetime.combine(TODAY, dt.time(12), dt.UTC)
    monkeypatch.setattr(retention, "now", lambda: noon)  # whatever day this runs on
    log = tmp_path / "log.jsonl"
    lines = [{"event": "e", "timestamp": moment.isoformat()} for moment in (OLD, YOUNG)]
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))

    async def work():
        async with open_context() as plain:
            context = with_times(
                dataclasses.replace(plain, log=log),
                history_months=3, feedback_months=24, log_days=40,
            )  # fmt: skip
            stays = (await read_company(context)).people[0].id
            for at in (OLD, YOUNG):
                write_audit(context.store, "something", at=at, by="hr")
                save_post(context.store, Post(id=str(at), programme="p", kind="ask", parent=None,
                                              person_id=stays, text="?", said_at=at))  # fmt: skip
            for person in (stays, "somebody who left"):
                save_choice(context.store, person, "frequency", 4, at=OLD, by=person)
            first = await forget_what_is_due(context, TODAY)
            again = await forget_what_is_due(context, TODAY)
            tomorrow = await forget_what_is_due(context, TODAY + dt.timedelta(days=1))
            return (
                context.store,
                stays,
                first,
                again,
                tomorrow,
                (
                    [e.at for e in read_audit(context.store) if e.what == "something"],
                    len(read_posts(context.store, "p")),
                    [c.person_id for c in read_choices(context.store)],
                    read_choice_changes(context.store, stays),
                    [e.details for e in read_audit(context.store) if e.what == FORGOTTEN],
                ),
            )

    _, stays, first, again, tomorrow, left = asyncio.run(work())

    assert again is None
    assert first.rows == {"audit": 1, "choices": 1, "choice_changes": 2}
    assert tomorrow.rows == {}
    audited, posts, choosers, changes, trail = left
    assert (audited, posts, choosers, changes) == ([YOUNG], 2, [stays], ())
    assert trail[0] == {"rows": dict(first.rows), "log_lines": 1}
    assert [json.loads(line)["timestamp"] for line in log.read_text().splitlines()] == [
        YOUNG.isoformat()
    ]


def test_old_lines_go_and_another_process_writes_on(tmp_path) -> None:
    log = tmp_path / "log.jsonl"
    old = json.dumps({"timestamp": "2026-10-01T10:00:00Z"}) + "\nTraceback of it\n"
    young = json.dumps({"timestamp": "2026-11-20T10:00:00Z"}) + "\n"
    log.write_text(old + young)

    with log.open("a") as other:
        count = forget_old_lines(log, dt.date(2026, 11, 1))
        other.write("later\n")

    assert count == 2
    assert log.read_text() == young + "later\n"


@pytest.mark.parametrize("content", ["", "not JSON\n"])
def test_log_without_days_is_emptied_or_left(tmp_path, content) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(content)

    assert forget_old_lines(log, dt.date(2026, 11, 1)) == content.count("\n")
    assert forget_old_lines(tmp_path / "none", dt.date(2026, 11, 1)) == 0


def test_id_is_taken_out_of_a_log(tmp_path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text('{"person": "1a2b"}\n{"person": "3c4d"}\n')

    forget_text(log, "1a2b")

    assert log.read_text() == '{"person": "erased"}\n{"person": "3c4d"}\n'
