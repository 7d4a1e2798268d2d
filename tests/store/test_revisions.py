"""Which plan counts, and that nobody overwrites what they have not seen."""

import dataclasses
import datetime as dt

import pytest

from scheduler.store.errors import PlanChangedError, RoundStateError, UnknownRoundError
from scheduler.store.plans import read_plan
from scheduler.store.revisions import list_revisions, revise_plan
from scheduler.store.rounds import move_round, save_plan

AT = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)
PLANNED = frozenset({"planned"})


def revise(store, plan, revision, *, reason="moved"):
    return revise_plan(
        store, plan, revision=revision, states=PLANNED, reason=reason, at=AT, by="hr"
    )


def test_revised_plan_counts_and_its_reason_is_kept(store, plan):
    save_plan(store, plan, at=AT, by="job")
    other = dataclasses.replace(plan, groups=plan.groups[:1])

    assert revise(store, other, 1) == 2

    assert read_plan(store, plan.round_id) == other
    assert [(r.number, r.reason) for r in list_revisions(store, plan.round_id)] == [
        (1, "planned"),
        (2, "moved"),
    ]


def test_second_change_to_the_same_plan_is_refused(store, plan):
    save_plan(store, plan, at=AT, by="job")
    revise(store, dataclasses.replace(plan, groups=plan.groups[:1]), 1)

    with pytest.raises(PlanChangedError, match="has changed since"):
        revise(store, dataclasses.replace(plan, groups=()), 1)

    assert len(read_plan(store, plan.round_id).groups) == 1


def test_plan_of_a_round_that_went_on_is_refused(store, plan):
    save_plan(store, plan, at=AT, by="job")
    move_round(store, plan.round_id, "approved", at=AT, by="hr")

    with pytest.raises(RoundStateError, match="approved"):
        revise(store, plan, 1)


def test_plan_of_no_round_is_refused(store, plan):
    with pytest.raises(UnknownRoundError):
        revise(store, plan, 1)
