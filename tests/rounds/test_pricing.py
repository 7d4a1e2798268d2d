import asyncio

from scheduler.rounds.planning import plan_round
from scheduler.rounds.pricing import Price, price_rules
from scheduler.store.choices import save_choice
from scheduler.store.engine import now


def test_price_rules_names_each_hard_rule_and_no_private_one(open_context) -> None:
    async def work():
        async with open_context() as context:
            first = await plan_round(context, "cross-team-lunch")
            one, other = first.plan.groups[0].member_ids[:2]
            save_choice(context.store, one, "never-with", [other], at=now(), by=one)
            planned = await plan_round(context, "cross-team-lunch")
            return planned.plan, await price_rules(context, planned.plan.round_id)

    plan, prices = asyncio.run(work())

    assert sorted(price.rule for price in prices) == [
        "apart",
        "different department",
        "not met lately",
        "same office",
    ]
    assert [p.places for p in prices] == sorted((p.places for p in prices), reverse=True)
    assert all(0 <= p.places <= plan.roster_size - plan.placed for p in prices)


def test_price_in_words() -> None:
    lunch = Price("different department", 15, (("Lyon", 14), ("Paris", 1)))

    assert lunch.in_words() == "different department: costs 14 places in Lyon, 1 place in Paris"
    assert Price("common hours", 3).in_words() == "common hours: costs 3 places"
    assert Price("apart", 0).in_words() == "apart: costs no place"
