"""What each hard rule of a programme costs a round, in places, office by office."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.errors import ScheduleError
from scheduler.grouping.engine import solve
from scheduler.grouping.framing import PRIVATE_RULE, Frame, frame_problem
from scheduler.grouping.plan import Plan
from scheduler.grouping.prices import RulePrice, price_of_rules
from scheduler.grouping.problem import Seating
from scheduler.rounds.context import Context
from scheduler.rounds.planning import find_programme, look_ahead
from scheduler.store.plans import read_plan
from scheduler.store.rounds import split_round_id

EFFORT = 0.1
"""Of the usual work for each rule, from the plan that stands."""


class NoPricesError(ScheduleError):
    """The programme's groups are not chosen, so that no rule has a price."""


@dataclass(frozen=True, slots=True)
class Price:
    """Without ``rule``, so many more people would have a seat: in all, and by office."""

    rule: str
    places: int
    offices: tuple[tuple[str, int], ...] = ()

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
    """The price of each hard rule, the dearest first, on the calendars of today.

    Private choices are rules too, and have no price here: that there is one is told to nobody.

    Raises:
        NoPricesError: groups are whole teams, offices, or everybody.
        UnknownRoundError: there is no such round.
        GraphError: the directory or all calendars cannot be read.
    """
    name, start = split_round_id(round_id)
    plan = read_plan(context.store, round_id)
    programme = find_programme(context, name)
    if programme.whole is not None:
        raise NoPricesError(
            f"{name} brings together everybody of one {programme.whole}; no rule keeps "
            "anybody out whose price could be told."
        )
    frame = (await look_ahead(context, programme, start)).frame
    problem = frame_problem(frame)
    with context.progress.step("Pricing rules"):
        solution = solve(
            problem, seed=plan.seed, effort=EFFORT * context.effort, start=_seatings(plan, frame)
        )
        prices = price_of_rules(
            problem,
            solution,
            seed=plan.seed,
            effort=EFFORT * context.effort,
            without=frozenset({PRIVATE_RULE}),
        )
    offices = sorted({person.office or "" for person in frame.people})
    named = [_name_price(price, offices) for price in prices]
    return tuple(sorted(named, key=lambda price: (-price.places, price.rule)))


def _name_price(price: RulePrice, offices: list[str]) -> Price:
    by_office = [
        (offices[place], count)
        for place, count in price.placed_at.items()
        if place >= 0 and count > 0
    ]
    by_office.sort(key=lambda one: (-one[1], one[0]))
    return Price(price.name, price.placed, tuple(by_office))


def _seatings(plan: Plan, frame: Frame) -> list[Seating]:
    """The plan's groups in indices, as far as people, slots and places are still there."""
    row = {person.id: n for n, person in enumerate(frame.people)}
    column = {slot: n for n, slot in enumerate(frame.availability.slots)}
    venue = {place: n for n, place in enumerate(frame.places)}
    return [
        Seating(
            tuple(sorted(row[member] for member in group.member_ids)),
            column[group.slot],
            venue[group.place],
        )
        for group in plan.groups
        if group.slot in column
        and group.place in venue
        and all(member in row for member in group.member_ids)
    ]
