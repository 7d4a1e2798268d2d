from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendars.slots import Slot
from scheduler.grouping.plan import Group, Place, Plan
from scheduler.people.roster import LeftOut
from scheduler.store.plans import parse_plan, write_plan

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
counts = st.integers(0, 10**6)
slots = st.builds(
    Slot,
    st.datetimes(timezones=st.just(dt.UTC)),
    st.integers(5, 600),
)
places = st.builds(
    Place, texts, st.sampled_from(["room", "table", "online"]), counts, counts,
    st.none() | texts, st.none() | texts,
)  # fmt: skip
groups = st.builds(
    Group, counts, st.lists(texts, max_size=5).map(tuple), slots, places, counts,
    st.lists(texts, max_size=3).map(tuple),
)  # fmt: skip
plans = st.builds(
    Plan, texts, st.lists(groups, max_size=3).map(tuple),
    st.lists(st.builds(LeftOut, texts, texts, texts), max_size=3).map(tuple),
    counts, counts, counts, st.integers(), st.integers(), texts, counts, counts, counts,
    st.integers(0, 2**63), st.booleans(),
)  # fmt: skip


@given(plans)
def test_plan_comes_back_as_it_was(plan):
    assert parse_plan(write_plan(plan)) == plan
    assert write_plan(parse_plan(write_plan(plan))) == write_plan(plan)
