"""What each hard rule of a programme costs a round, in places, office by office.

Found by grouping the same people again without the rule, and kept beside the plan.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter

from scheduler.errors import ScheduleError
from scheduler.grouping.board import seat_groups
from scheduler.grouping.framing import PRIVATE_RULE, Frame, frame_problem
from scheduler.grouping.plan import Plan
from scheduler.grouping.prices import RulePrice, price_of_rules
from scheduler.rounds.context import Context
from scheduler.rounds.planning import find_programme, look_ahead
from scheduler.store.engine import Store
from scheduler.store.plans import read_plan, write_prices
from scheduler.store.plans import read_prices as read_kept
from scheduler.store.rounds import read_round, split_round_id

EFFORT = 0.1
"""Of the usual work for each rule, from the plan that stands."""
PRICED_AT_ONCE = 2000
"""People on a roster up to which every new plan is priced; for more, somebody has to ask. Measured
for 865 people and four hard rules: 13 s of work, where the plan itself takes 9 s."""


class NoPricesError(ScheduleError):
    """The programme's groups are not chosen, so that no rule has a price."""


@dataclass(frozen=True, slots=True)
class Price:
    """Without ``rule``, so many more people would have a seat: in all, and by office.

    ``points`` are what the plan would be worth more by, in points of the programme's own rules.
    """

    rule: str
    places: int
    offices: tuple[tuple[str, int], ...] = ()
    points: int = 0

    def in_words(self) -> str:
        """``different department: costs 14 places in Lyon``."""
        if not self.places:
            return f"{self.rule}: costs no place"
        if not self.offices:
            return f"{self.rule}: costs {_count(self.places)}"
        parts = [f"{_count(count)} in {office}" for office, count in self.offices]
        return f"{self.rule}: costs {', '.join(parts)}"


def _count(places: int) -> str:
    return f"{places} place" if places == 1 else f"{places} places"


async def price_rules(context: Context, round_id: str) -> tuple[Price, ...]:
    """The price of each hard rule, the dearest first, on the calendars of today; and keep them.

    Private choices are rules too, and have no price here: that there is one is told to nobody.

    Raises:
        NoPricesError: groups are whole teams, offices, or everybody.
        UnknownRoundError: there is no such round.
        GraphError: the directory or all calendars cannot be read.
    """
    name, start = split_round_id(round_id)
    revision = read_round(context.store, round_id).revision
    plan = read_plan(context.store, round_id, revision)
    programme = find_programme(context, name)
    if programme.whole is not None:
        raise NoPricesError(
            f"{name} brings together everybody of one {programme.whole}; no rule keeps "
            "anybody out whose price could be told."
        )
    frame = (await look_ahead(context, programme, start)).frame
    return await asyncio.to_thread(_price, context, plan, frame, revision)


def price_new_plan(context: Context, plan: Plan, frame: Frame) -> tuple[Price, ...]:
    """Price a plan that was just made, where its rules have prices and the work is affordable."""
    if frame.programme.whole is not None or len(frame.people) > PRICED_AT_ONCE:
        return ()
    return _price(context, plan, frame, read_round(context.store, plan.round_id).revision)


def read_prices(store: Store, round_id: str) -> tuple[Price, ...] | None:
    """The prices that were last found for a round, the dearest first; None where there are none."""
    text = read_kept(store, round_id)
    return None if text is None else _adapter().validate_json(text)


@cache
def _adapter() -> TypeAdapter[tuple[Price, ...]]:
    return TypeAdapter(tuple[Price, ...])


def _price(context: Context, plan: Plan, frame: Frame, revision: int) -> tuple[Price, ...]:
    from scheduler.grouping.engine import solve  # noqa: PLC0415 -- slow import

    problem = frame_problem(frame)
    with context.progress.step("Pricing rules"):
        solution = solve(
            problem,
            seed=plan.seed,
            effort=EFFORT * context.effort,
            start=list(seat_groups(plan, frame).values()),
        )
        found = price_of_rules(
            problem,
            solution,
            seed=plan.seed,
            effort=EFFORT * context.effort,
            without=frozenset({PRIVATE_RULE}),
        )
    offices = sorted({person.office or "" for person in frame.people})
    named = [_name_price(price, offices) for price in found]
    prices = tuple(sorted(named, key=lambda price: (-price.places, price.rule)))
    write_prices(context.store, plan.round_id, revision, _adapter().dump_json(prices).decode())
    return prices


def _name_price(price: RulePrice, offices: list[str]) -> Price:
    by_office = [
        (offices[place], count)
        for place, count in price.placed_at.items()
        if place >= 0 and count > 0
    ]
    by_office.sort(key=lambda one: (-one[1], one[0]))
    return Price(price.name, price.placed, tuple(by_office), price.value)
