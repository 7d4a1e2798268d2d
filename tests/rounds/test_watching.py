"""What a whole round leaves in traces, figures and the log: nothing about anybody."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
from collections import Counter

import httpx
import pytest

from scheduler.cli.log import set_up_log
from scheduler.rounds.approval import approve_round
from scheduler.rounds.planning import plan_round
from scheduler.rounds.progress import Unwatched
from scheduler.rounds.steps import take_step
from scheduler.rounds.watching import WatchedProgress
from scheduler.telemetry.starting import telemetry
from tests.infra.alerts import read_fields, read_test
from tests.telemetry.collector import collecting

FAULTS = {"rules": [{"kinds": {"503": 1}, "match": "^POST .*/events$", "limit": 1}]}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PARTS = {
    "Reading the directory", "Reading free/busy calendars", "Grouping people",
    "Booking meetings in Outlook", "Telling people in Teams",
}  # fmt: skip


@pytest.fixture
def how_many():
    """A company that is quickly planned for."""
    return 60


@dataclasses.dataclass
class Told:
    """What a collector and a log were told of a round, and everybody's names and addresses."""

    collector: object
    lines: list[dict]
    text: str
    round_id: str
    groups: int
    placed: int
    people: list[dict]


@pytest.fixture
def told(open_context, tenant, ask, tmp_path, monkeypatch):
    """A round in which one call fails and is repeated."""
    log = tmp_path / "log.jsonl"
    set_up_log(log)

    async def work():
        async with open_context() as opened:
            context = dataclasses.replace(opened, progress=WatchedProgress(Unwatched()))
            planned = await plan_round(context, "cross-team-lunch")
            approve_round(context.store, planned.plan.round_id, by="hr")
            async with httpx.AsyncClient() as client:
                await client.post(
                    f"{tenant['SCHEDULER_SANDBOX_HTTP_URL']}/sandbox/faults", json=FAULTS
                )
            assert await take_step(context, "book", planned.plan.round_id) == "done"
            return planned.plan

    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
        with telemetry({"OTEL_EXPORTER_OTLP_ENDPOINT": collector.address}):
            plan = asyncio.run(work())
        text = log.read_text("utf-8")
        lines = [json.loads(line) for line in text.splitlines()]
        yield Told(
            collector, lines, text, plan.round_id, len(plan.groups), plan.placed, ask("people")
        )
    set_up_log(None)


# One test, because a round takes ten seconds and tests may run in several processes.
def test_round_is_told_of_and_nobody_in_it(told) -> None:
    check_traces(told)
    check_figures(told)
    check_log(told)
    check_alert(told)
    check_that_nobody_is_in(told)


def check_traces(told: Told) -> None:
    spans = told.collector.spans
    by_id = {span["id"]: span for span in spans}
    steps = {span["name"]: span for span in spans if "scheduler.step" in span}
    parts = {span["name"]: by_id[span["parent"]]["name"] for span in spans if span["name"] in PARTS}
    calls = [span for span in spans if "url.template" in span]
    created = [call for call in calls if call["name"] == "POST /users/{id}/events"]

    assert set(steps) == {"plan", "book", "announce"}
    assert {span["scheduler.round"] for span in steps.values()} == {told.round_id}
    assert set(parts) == PARTS
    assert parts["Grouping people"] == "plan"
    assert Counter(call["http.response.status_code"] for call in created) == {
        201: told.groups, 503: 1,
    }  # fmt: skip
    assert [call["error.type"] for call in calls if call["error"]] == ["GraphUnavailableError"]
    assert all(UUID.fullmatch(call["graph.request_id"]) for call in calls)
    assert len({call["graph.request_id"] for call in calls}) == len(calls)
    assert all(UUID.fullmatch(call["graph.client_request_id"]) for call in calls)
    assert all(call["parent"] in by_id for call in calls)
    assert {span["scope"] for span in spans} == {"scheduler"}


def check_figures(told: Told) -> None:
    values = told.collector.values
    calls = sum("url.template" in span for span in told.collector.spans)

    assert values("scheduler.people.placed") == [told.placed]
    for what in ("planned", "booked", "announced"):
        assert values(f"scheduler.groups.{what}") == [told.groups]
    assert sum(values("scheduler.graph.calls")) == calls
    assert sum(values("scheduler.graph.seconds")) == calls
    assert sum(values("scheduler.step.seconds")) == 3


def check_log(told: Told) -> None:
    (failed,) = [line for line in told.lines if line["event"] == "graph-call-failed"]

    assert (failed["status"], failed["path"]) == (503, "/users/{id}/events")
    assert UUID.fullmatch(failed["request_id"])
    assert len(told.lines) >= 4
    assert {(line["round"], line["programme"]) for line in told.lines} == {
        (told.round_id, "cross-team-lunch")
    }


def check_alert(told: Told) -> None:
    """The alert's query reads fields that are really written, and this round raises none."""
    written = set().union(*told.lines)

    assert read_fields("differs") <= written
    assert not any(map(read_test("differs"), told.lines))
    late = [line | {"booked": line["booked"] - 1} for line in told.lines if "booked" in line]
    assert [read_test("differs")(line) for line in late] == [True] * 2


def check_that_nobody_is_in(told: Told) -> None:
    said = [str(value) for span in told.collector.spans for value in span.values()]
    said += [str(value) for point in told.collector.points for value in point.values()]
    sent = "\n".join(said).casefold() + told.text.casefold()
    about = [person[key] for person in told.people for key in ("id", "mail", "name")]

    assert len(about) > 150
    assert [word for word in about if word.casefold() in sent] == []
    assert "@" not in sent
