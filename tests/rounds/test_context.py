import datetime as dt

import pytest

from scheduler.rounds.context import Context

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("today", [dt.date(2026, 11, 25), dt.date(2031, 3, 1)])
def test_moment_is_the_present_on_the_day_of_the_run(today) -> None:
    context = Context(settings=None, store=None, graph=None, today=today, by="test")

    before = dt.datetime.now(dt.UTC)
    moment = context.moment()
    after = dt.datetime.now(dt.UTC)

    assert moment.date() == today
    shift = dt.timedelta(days=(today - before.date()).days)
    assert before + shift <= moment <= after + shift + DAY
