"""Getting out again, with the tenant as the witness of what is left."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from scheduler.graph.errors import GraphError
from scheduler.graph.requests import get
from scheduler.graph.subscriptions import keep_subscription
from scheduler.rounds.approval import approve_round
from scheduler.rounds.life import run_due
from scheduler.rounds.outcome import carry_out_round
from scheduler.rounds.planning import plan_round
from scheduler.rounds.running import RUNNER, JobRunsError, TakenDownError
from scheduler.rounds.uninstalling import look_what_is_left, uninstall
from scheduler.store.engine import open_store
from scheduler.store.exporting import count_exported, count_rows
from scheduler.store.hold import hold_name
from scheduler.store.rounds import list_rounds

WORDS = "The pilot has ended."
REFUSALS = {"rules": [{"kinds": {"503": 1}, "match": "^POST .*/cancel$", "after": 1}]}


@pytest.fixture
def how_many():
    """A company that is quickly planned for."""
    return 60


@pytest.fixture
def door():
    """An address that answers Graph's question."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            token = parse_qs(urlsplit(self.path).query).get("validationToken", [""])[0].encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(token)))
            self.end_headers()
            self.wfile.write(token)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/graph"
    server.shutdown()
    server.server_close()


async def fill(context, door):
    """A booked round, half of it over; a round that HR has not seen; a subscription.

    Returns:
        The moment at which that is so.
    """
    planned = await plan_round(context, "cross-team-lunch")
    approve_round(context.store, planned.plan.round_id, by="hr")
    await carry_out_round(context, planned.plan.round_id)
    await plan_round(context, "virtual-coffee")
    ends = sorted(group.slot.end for group in planned.plan.groups)
    organiser = context.settings.organisation.organisers[0]
    await keep_subscription(context.graph, organiser, door, "hush", at=dt.datetime.now(dt.UTC))
    return ends[len(ends) // 2], planned.plan


async def list_raw_subscriptions(context):
    return (await context.graph.send(get(context.graph.sdk.subscriptions))).data["value"]


def marked(ask, organisers):
    """Events in the organisers' calendars that still stand: all, and those with our marks."""
    events = [
        event
        for organiser in organisers
        for event in ask(f"mailboxes/{organiser}")["events"]
        if not event["removed"]
    ]
    return events, [event for event in events if event["properties"]]


def test_everything_is_taken_down_once_and_meetings_of_the_past_stay(
    open_context, ask, tenant, door, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("SCHEDULER_GRAPH_TOTAL_SECONDS", "1")
    tenant["SCHEDULER_GRAPH_TOTAL_SECONDS"] = "1"
    folder = tmp_path / "export"

    async def tell(rules):
        async with httpx.AsyncClient() as client:
            address = tenant["SCHEDULER_SANDBOX_HTTP_URL"]
            await client.post(f"{address}/sandbox/faults", json=rules)

    async def work():
        async with open_context() as context:
            at, plan = await fill(context, door)
            more = {"message": WORDS, "folder": folder, "strays": False, "at": at}
            before = await look_what_is_left(context, at=at)
            rows = count_rows(context.store)
            untouched = ask("report")
            with hold_name(context.store, RUNNER), pytest.raises(JobRunsError):
                await uninstall(context, **more)
            assert ask("report") == untouched
            await tell(REFUSALS)
            with pytest.raises(GraphError):
                await uninstall(context, **more)
            between = await look_what_is_left(context, at=at)
            await tell({})
            after = await uninstall(context, **more)
            counts = ask("report")
            again = await uninstall(context, **more)
            assert ask("report")["counts"] == {**counts["counts"]}
            with pytest.raises(TakenDownError, match="was taken down by `scheduler uninstall` on"):
                await run_due(context)
            return (
                at, plan, rows, before, between, after, again,
                await list_raw_subscriptions(context),
                context.settings.organisation.organisers,
            )  # fmt: skip

    at, plan, rows, before, between, after, again, subscriptions, organisers = asyncio.run(work())

    over = sum(group.slot.end <= at for group in plan.groups)
    ahead = len(plan.groups) - over
    assert (over > 1, ahead > 2) == (True, True)
    assert (before.ahead, before.held, before.subscriptions) == ({plan.round_id: ahead}, over, 1)
    assert len(before.rounds) == 2
    assert 0 < sum(between.ahead.values()) < ahead
    assert after.nothing
    assert again.nothing
    standing, still_marked = marked(ask, organisers)
    assert (len(standing), still_marked, subscriptions) == (over, [], [])
    told = ask("report")
    assert (told["events"], told["events_cancelled"], told["copies_wrong"]) == (over, ahead, 0)
    assert before.records == after.records == again.records == count_exported(folder) == rows
    assert "meetings" in rows
    assert not (tmp_path / "scheduler.db.dbos").exists()  # it never ran
    check_export(folder, tmp_path / "scheduler.db")


def check_export(folder, database) -> None:
    """Every round of the store is there, and nobody else may read it."""
    with open_store(database) as store:
        rounds = {round_.id for round_ in list_rounds(store)}
    lines = (folder / "rounds.jsonl").read_text("utf-8").splitlines()

    assert {json.loads(line)["id"] for line in lines} == rounds
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
