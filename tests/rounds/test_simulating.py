import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, select

from scheduler.rounds.planning import plan_round
from scheduler.rounds.simulating import simulate
from scheduler.settings.changing import ChangeError, change_programme
from scheduler.settings.loader import load_settings
from scheduler.store.schema import metadata

ROOT = Path(__file__).parents[2]


def count_rows(store) -> dict[str, int]:
    with store.read() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def test_simulate_compares_and_leaves_nothing_behind(open_context, ask) -> None:
    async def work():
        async with open_context() as context:
            before = count_rows(context.store)
            result = await simulate(
                context, "cross-team-lunch", rounds=3, changes=["size.at_most=3", "size.ideal=3"]
            )
            return (
                result,
                before,
                count_rows(context.store),
                await plan_round(context, "cross-team-lunch"),
            )

    (as_it_is, changed), rows_before, rows_after, planned = asyncio.run(work())

    assert rows_after == rows_before
    report = ask("report")
    assert (report["events"], report["mails_delivered"], report["cards_delivered"]) == (0, 0, 0)
    first = as_it_is.rounds[0]
    assert str(first.date) == planned.plan.round_id.split("/")[1]
    assert (first.roster, first.placed_bound) == (
        planned.plan.roster_size, planned.plan.placed_bound,
    )  # fmt: skip
    for one in (as_it_is, changed):
        assert len(one.rounds) == 3
        assert one.seats == sum(r.placed for r in one.rounds) <= one.seats_bound
        assert one.seats >= 0.9 * one.seats_bound
        pairs = [r.department_pairs for r in one.rounds]
        assert pairs == sorted(pairs)
        assert pairs[-1] == one.department_pairs <= one.possible_department_pairs
        assert one.repeats == 0  # not met within 26 rounds is a hard rule
    # Threes make fewer ties for each seat than fours and fives: 1 against 1.5 to 2.
    assert all(r.new_ties <= r.placed for r in changed.rounds)
    assert as_it_is.new_ties > changed.new_ties


def test_simulate_again_is_the_same(open_context) -> None:
    async def work():
        async with open_context() as context:
            first = await simulate(context, "virtual-coffee", rounds=2)
            return first, await simulate(context, "virtual-coffee", rounds=2)

    first, second = asyncio.run(work())

    assert first == second
    assert first[1] is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("size.idel=5", "size has no idel; did you mean ideal?"),
        ("size.ideal", "write a key and its value"),
        ("size.ideal=many", "size.ideal"),
        ("name=x", "a programme has no name"),
        ("audience.where=ofice = London", "ofice"),
    ],
)
def test_change_that_cannot_be_made_is_one_clear_error(change, said) -> None:
    programme = load_settings(ROOT / "config").programmes["cross-team-lunch"]

    with pytest.raises(ChangeError) as caught:
        change_programme(programme, [change])

    assert said in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_change_is_read_as_a_file_would_be() -> None:
    programme = load_settings(ROOT / "config").programmes["cross-team-lunch"]

    changed = change_programme(programme, ["size.at_most=6", "window.days=[mon, tue]"])

    assert (changed.size.at_most, changed.window.days) == (6, ("mon", "tue"))
    assert changed.rules == programme.rules
