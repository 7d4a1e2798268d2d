import asyncio
import shutil
from pathlib import Path

import pytest

from scheduler.rounds import pricing
from scheduler.rounds.planning import plan_round
from scheduler.rounds.pricing import (
    NoPricesError,
    Price,
    price_new_plan,
    price_rules,
    read_prices,
)
from scheduler.store.choices import save_choice
from scheduler.store.engine import now

ROOT = Path(__file__).parents[2]


def test_price_rules_names_each_hard_rule_and_no_private_one(open_context) -> None:
    async def work():
        async with open_context() as context:
            first = await plan_round(context, "cross-team-lunch")
            one, other = first.plan.groups[0].member_ids[:2]
            save_choice(context.store, one, "never-with", [other], at=now(), by=one)
            planned = await plan_round(context, "cross-team-lunch")
            round_id = planned.plan.round_id
            before = read_prices(context.store, round_id)
            prices = await price_rules(context, round_id)
            return planned.plan, before, prices, read_prices(context.store, round_id)

    plan, before, prices, kept = asyncio.run(work())

    assert before is None
    assert kept == prices
    assert sorted(price.rule for price in prices) == [
        "apart",
        "different department",
        "not met lately",
        "same office",
    ]
    assert [p.places for p in prices] == sorted((p.places for p in prices), reverse=True)
    assert all(0 <= p.places <= plan.roster_size - plan.placed for p in prices)


@pytest.fixture
def two_programmes(tmp_path):
    """The lunch across teams, and one of whole teams."""
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    shutil.copy(ROOT / "scheduler/programmes/examples/team-lunch.yaml", config / "programmes")
    return config


def test_new_plan_is_priced_where_its_rules_have_prices_and_it_is_not_too_large(
    open_context, two_programmes, monkeypatch
) -> None:
    async def work():
        async with open_context(two_programmes) as context:
            lunch = await plan_round(context, "cross-team-lunch")
            whole = await plan_round(context, "team-lunch")
            with pytest.raises(NoPricesError, match="everybody of one team"):
                await price_rules(context, whole.plan.round_id)
            found = price_new_plan(context, lunch.plan, lunch.frame)
            none = price_new_plan(context, whole.plan, whole.frame)
            kept = [read_prices(context.store, p.plan.round_id) for p in (lunch, whole)]
            await plan_round(context, "cross-team-lunch")
            earlier = read_prices(context.store, lunch.plan.round_id)
            monkeypatch.setattr(pricing, "PRICED_AT_ONCE", len(lunch.frame.people) - 1)
            return found, none, kept, earlier, price_new_plan(context, lunch.plan, lunch.frame)

    found, none, kept, earlier, too_large = asyncio.run(work())

    assert found
    assert (none, too_large) == ((), ())
    assert kept == [found, None]
    assert earlier == found  # of the plan before, until the new one is priced


def test_price_in_words() -> None:
    lunch = Price("different department", 15, (("Lyon", 14), ("Paris", 1)))

    assert lunch.in_words() == "different department: costs 14 places in Lyon, 1 place in Paris"
    assert Price("common hours", 3).in_words() == "common hours: costs 3 places"
    assert Price("apart", 0).in_words() == "apart: costs no place"
