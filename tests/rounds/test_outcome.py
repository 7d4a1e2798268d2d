import asyncio

import httpx
import pytest
from structlog.testing import capture_logs

from scheduler.rounds.approval import approve_round, send_back_round
from scheduler.rounds.outcome import carry_out_round
from scheduler.rounds.planning import plan_round
from scheduler.sandbox.signin import ROLES
from scheduler.store.errors import RoundStateError
from scheduler.store.rounds import read_round


def test_carry_out_round_books_and_tells_everybody_once(open_context, ask) -> None:
    async def work():
        async with open_context() as context:
            planned = await plan_round(context, "cross-team-lunch")
            round_id = planned.plan.round_id
            approve_round(context.store, round_id, by="hr")
            first = await carry_out_round(context, round_id)
            second = await carry_out_round(context, round_id)
            return planned.plan, first, second, read_round(context.store, round_id)

    plan, first, second, stored = asyncio.run(work())

    report = ask("report")
    groups = len(plan.groups)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert (first.booking.booked, first.announcement.announced) == (groups, groups)
    assert second.booking.nothing_to_do
    assert (report["events"], report["duplicates"], report["copies_wrong"]) == (groups, 0, 0)
    assert report["attachments"] == {"application/pdf": groups}
    assert report["cards_delivered"] == report["people_with_cards"] == plan.placed
    assert stored.state == "booked"


def test_carry_out_round_of_a_plan_that_nobody_approved_is_refused(open_context, ask) -> None:
    async def work():
        async with open_context() as context:
            planned = await plan_round(context, "cross-team-lunch")
            approve_round(context.store, planned.plan.round_id, by="hr")
            send_back_round(context.store, planned.plan.round_id, by="hr")
            await carry_out_round(context, planned.plan.round_id)

    with pytest.raises(RoundStateError):
        asyncio.run(work())
    assert ask("report")["events"] == 0


def test_carry_out_round_without_teams_tells_by_mail(open_context, ask, monkeypatch) -> None:
    monkeypatch.delenv("SCHEDULER_TEAMS_URL")

    async def work():
        async with open_context() as context:
            planned = await plan_round(context, "cross-team-lunch")
            approve_round(context.store, planned.plan.round_id, by="hr")
            return planned.plan, await carry_out_round(context, planned.plan.round_id)

    plan, outcome = asyncio.run(work())

    report = ask("report")
    assert outcome.exit_code == 0
    assert (outcome.announcement.cards, outcome.announcement.mails) == (0, plan.placed)
    assert (report["cards_delivered"], report["mails_delivered"]) == (0, plan.placed)


def test_carry_out_round_that_tells_nobody_is_an_error_that_says_which_groups(
    open_context, tenant, monkeypatch
) -> None:
    monkeypatch.delenv("SCHEDULER_TEAMS_URL")
    roles = [role for role in ROLES if role != "Mail.Send"]
    httpx.post(
        f"{tenant['SCHEDULER_SANDBOX_HTTP_URL']}/sandbox/permissions", json={"roles": roles}
    ).raise_for_status()

    async def work():
        async with open_context() as context:
            planned = await plan_round(context, "cross-team-lunch")
            approve_round(context.store, planned.plan.round_id, by="hr")
            with capture_logs() as logs:
                outcome = await carry_out_round(context, planned.plan.round_id)
            return planned.plan, outcome, logs

    plan, outcome, logs = asyncio.run(work())

    groups = len(plan.groups)
    (said,) = [line for line in logs if line["log_level"] == "error"]
    assert (outcome.exit_code, outcome.booking.complete) == (1, True)
    assert outcome.announcement.untold == tuple(group.number for group in plan.groups)
    assert (said["event"], said["planned"], said["booked"], said["announced"]) == (
        "round-incomplete", groups, groups, 0,
    )  # fmt: skip
    assert said["differs"] == outcome.describe_difference()
    assert "somebody was not told in groups 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and" in said["differs"]
