"""Cards in Teams after a repair, and after a round was called off."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

import httpx

from scheduler.rounds.approval import approve_round
from scheduler.rounds.booking import read_settled_people
from scheduler.rounds.cancelling import cancel_round
from scheduler.rounds.notices import send_due_notices
from scheduler.rounds.outcome import carry_out_round
from scheduler.rounds.planning import plan_round
from scheduler.rounds.refreshing import refresh_cards
from scheduler.rounds.repairing import repair_round
from scheduler.store.deliveries import read_deliveries
from scheduler.store.engine import now
from scheduler.store.plans import read_plan
from scheduler.store.seats import save_seat

LUNCH = "cross-team-lunch"
REASON = "The canteen is closed."


def test_cards_change_where_they_stand_with_their_group_and_no_others_do(
    open_context, tenant, ask
) -> None:
    shares = {"shares": {"accepted": 1}}
    httpx.post(f"{tenant['SCHEDULER_SANDBOX_HTTP_URL']}/sandbox/answers", json=shares)

    async def work():
        async with open_context() as context:
            planned = await plan_round(context, LUNCH)
            round_id = planned.plan.round_id
            approve_round(context.store, round_id, by="hr")
            told = await carry_out_round(context, round_id)
            assert told.announcement.cards > 20
            people = await read_settled_people(context)
            before = read_chats(context, round_id, ask)
            assert await refresh_cards(context, round_id, people, at=now()) == 0

            first = read_plan(context.store, round_id)
            group = max(first.groups, key=lambda group: len(group.member_ids))
            leaver = group.member_ids[0]
            save_seat(context.store, round_id, group.number, leaver, coming=False, at=now())
            repair = await repair_round(context, round_id)
            mended = read_plan(context.store, round_id)
            after = read_chats(context, round_id, ask)

            message_of_hr = await cancel_round(context, round_id, REASON)
            undone = read_chats(context, round_id, ask)
            again = await send_due_notices(context, now())
            assert again.complete
            return people, (first, repair, mended), leaver, (before, after, undone), (
                message_of_hr, read_chats(context, round_id, ask)
            )  # fmt: skip

    people, (first, repair, mended), leaver, (before, after, undone), (report, later) = asyncio.run(
        work()
    )

    # Who is in a changed group reads of it on the card that they had; nobody else's card changed.
    changed = set(repair.changed)
    groups = {group.number: group for group in mended.groups}
    for (number, person_id), card in after.items():
        had = before.get((number, person_id))
        if had is not None:
            assert card["updates"] == had["updates"] + (number in changed), (number, person_id)
        group = groups.get(number)
        if group is not None and person_id in group.member_ids:
            others = {people[m].name for m in group.member_ids if m != person_id}
            assert {name for name in others if name not in card["text"]} == set()
            assert people[leaver].name not in card["text"]
    (gave_up,) = [card for (_, person_id), card in after.items() if person_id == leaver]
    number = next(g.number for g in first.groups if leaver in g.member_ids)
    words = "ohne dich." if gave_up["german"] else "without you."
    off = "abgesagt" if gave_up["german"] else "was called off"
    assert (words if number in groups else off) in gave_up["text"]
    assert '"verb"' not in gave_up["text"]

    # Called off: every card that stands says so, with HR's words, and changes no more.
    assert report.complete
    assert Counter(REASON in card["text"] for card in undone.values()) == {True: len(undone)}
    assert not any('"verb"' in card["text"] for card in undone.values())
    assert later == undone


def read_chats(context, round_id, ask):
    """The card of each member as it stands in the tenant's Teams, and how often it was changed."""
    found = {}
    for delivery in read_deliveries(context.store, round_id, kinds=["group card"]):
        if delivery.by_mail or delivery.state != "sent":
            continue
        activity = delivery.reference.split(" ")[1]
        (message,) = [
            one for one in ask(f"teams/{delivery.person_id}")["activities"] if one["id"] == activity
        ]
        card = message["content"]["attachments"][0]["content"]
        found[delivery.group_number, delivery.person_id] = {
            "text": json.dumps(card, ensure_ascii=False),
            "german": card["lang"] == "de",
            "updates": message["updates"],
        }
    return found
