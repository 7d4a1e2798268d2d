import dataclasses
import datetime as dt

import numpy as np
import pytest

from scheduler.calendars.slots import Slot
from scheduler.grouping.again import solve_rest
from scheduler.grouping.board import EditError
from scheduler.grouping.editing import (
    TAKEN_OUT,
    Drop,
    Move,
    Swap,
    fix_group,
    list_seats,
    try_edit,
)
from scheduler.grouping.framing import PRIVATE_RULE, Wishes
from scheduler.grouping.mending import Upset, mend_plan
from scheduler.grouping.naming import name_plan
from scheduler.grouping.plan import Place
from scheduler.grouping.problem import Seating
from scheduler.grouping.solution import Solution
from scheduler.people.contacts import gather_contacts, pair_of
from scheduler.programmes import rules as words
from tests.grouping.test_framing import MONDAY, TODAY, frame, person

CANTEEN = Place("Canteen", "table", seats=3, tables=9, office="Berlin")
PEOPLE = [
    person("ada", department="Sales"),
    person("bob", department="Legal"),
    person("cy", department="Sales"),
    person("dan", department="Art"),
    person("eve", department="Law"),
    person("fay", department="Lab"),
]
BEFORE = dt.datetime.combine(MONDAY, dt.time(), dt.UTC) - dt.timedelta(days=3)


def framed(*rules, **more):
    return frame(PEOPLE, *rules, places=[CANTEEN], **more)


def planned(made, *groups, plan_value=100):
    solution = Solution(
        tuple(groups), sum(len(g.members) for g in groups), 6, plan_value, 400, (), "counting"
    )
    return name_plan(made, solution, round_id="lunch/2026-12-07", seed=7)


DIFFERENT = words.Different(field="department")
TWO = (Seating((0, 1), 0, 0), Seating((2, 3), 1, 0))


def seats(plan):
    return {group.number: set(group.member_ids) for group in plan.groups}


def test_move_shows_what_it_is_worth_before_anything_counts():
    made = framed(contacts=gather_contacts([(TODAY, ["ada", "bob"])], []))
    plan = planned(made, *TWO)

    trial = try_edit(plan, made, Move("eve", 1))

    assert seats(trial.plan) == {1: {"ada", "bob", "eve"}, 2: {"cy", "dan"}}
    assert seats(plan)[1] == {"ada", "bob"}
    assert trial.changed == (1,)
    assert (trial.after.placed - trial.before.placed, trial.breaches) == (1, ())
    # Eve is of another department than both, and has met neither.
    assert trial.after.new_ties - trial.before.new_ties == 2
    assert trial.after.cross_department_ties - trial.before.cross_department_ties == 2
    assert (trial.after.repeats, trial.plan.value) == (trial.before.repeats, trial.after.value)
    assert [one.person_id for one in trial.plan.left_out] == []


def test_value_after_a_change_is_the_value_of_the_plan_that_comes_out():
    """An independent witness: the solver's own sum over the plan that the change leads to."""
    made = framed(DIFFERENT)
    problem_plan = solve_rest(planned(made, *TWO), made, seed=1, effort=0.05)
    one, other = (group for group in problem_plan.groups[:2])
    trial = try_edit(problem_plan, made, Swap(one.member_ids[0], other.member_ids[0]))
    fixed = trial.plan
    for group in trial.plan.groups:
        fixed = fix_group(fixed, group.number, fixed=True)

    assert solve_rest(fixed, made, seed=1, effort=0.05).value == trial.after.value


def test_move_that_breaks_a_rule_says_which_and_fixes_the_group():
    made = framed(DIFFERENT)

    plan = planned(made, TWO[0], Seating((2, 3, 4), 1, 0))
    trial = try_edit(plan, made, Move("cy", 1))

    assert [(b.kind, b.number, b.rule) for b in trial.breaches] == [
        ("rule", 1, "different department")
    ]
    assert trial.possible
    assert [g.number for g in trial.plan.groups if g.fixed] == [1]


def test_group_that_becomes_too_small_or_too_large_is_said_with_its_size():
    made = framed()
    plan = planned(made, Seating((0, 1, 4), 0, 0), TWO[1])

    breaches = try_edit(plan, made, Move("cy", 1)).breaches
    assert sorted((b.kind, b.number, b.size) for b in breaches) == [
        ("alone", 2, 1),
        ("large", 1, 4),
        ("seats", 1, 4),
    ]
    assert not try_edit(plan, made, Move("cy", 1)).possible


def test_person_who_is_not_free_and_a_private_choice_are_told_apart_by_nobody():
    busy = framed()
    free = busy.availability.free.copy()
    free[4, 0] = False
    busy = dataclasses.replace(busy, availability=dataclasses.replace(busy.availability, free=free))
    private = framed(wishes=Wishes(apart=frozenset({pair_of("ada", "eve")})))

    said = [
        try_edit(planned(made, *TWO), made, Move("eve", 1)).breaches for made in (busy, private)
    ]

    assert said[0] == said[1]
    assert [(b.kind, b.person_id, b.stops, b.rule) for b in said[0]] == [("unfit", "eve", True, "")]
    assert PRIVATE_RULE not in repr(said)


def test_private_choice_that_stood_before_is_not_told_by_another_change():
    made = framed(wishes=Wishes(apart=frozenset({pair_of("ada", "bob")})))

    trial = try_edit(planned(made, *TWO), made, Move("eve", 1))

    assert trial.breaches == ()


def test_people_who_are_bound_together_move_together_and_are_not_swapped():
    rule = words.Together(pairs=(("cy@x.example", "dan@x.example"),))
    made = framed(rule)
    plan = planned(made, Seating((0,), 0, 0), Seating((2, 3, 4), 1, 0))

    assert seats(try_edit(plan, made, Move("cy", 1)).plan)[1] == {"ada", "cy", "dan"}
    with pytest.raises(EditError, match="cy is to be together"):
        try_edit(plan, made, Swap("cy", "ada"))


def test_swap_and_drop_leave_nobody_without_a_reason():
    made = framed()
    plan = planned(made, *TWO)

    assert seats(try_edit(plan, made, Swap("ada", "dan")).plan) == {
        1: {"bob", "dan"}, 2: {"ada", "cy"}
    }  # fmt: skip
    assert seats(try_edit(plan, made, Swap("ada", "eve")).plan)[1] == {"bob", "eve"}
    dropped = try_edit(plan, made, Drop(2))
    assert (seats(dropped.plan), dropped.after.placed) == ({1: {"ada", "bob"}}, 2)
    assert {(one.person_id, one.kind) for one in dropped.plan.left_out} >= {
        ("cy", "group dropped"),
        ("dan", "group dropped"),
    }


@pytest.mark.parametrize(
    ("edit", "text"),
    [
        (Move("nobody", 1), "nobody does not take part"),
        (Move("ada", 1), "ada has that seat"),
        (Move("ada", 9), "There is no group 9"),
        (Swap("ada", "bob"), "not in two groups"),
        (Drop(9), "There is no group 9"),
    ],
)
def test_change_that_makes_no_sense_is_refused(edit, text):
    made = framed()
    with pytest.raises(EditError, match=text):
        try_edit(planned(made, *TWO), made, edit)


def test_seats_for_somebody_are_those_that_break_nothing_first():
    made = framed(DIFFERENT, wishes=Wishes(apart=frozenset({pair_of("cy", "eve")})))
    plan = planned(made, Seating((1, 3), 0, 0), Seating((4, 5), 1, 0), Seating((0,), 2, 0))

    seats_ = list_seats(plan, made, "cy")

    # Group 2 holds somebody whom one of the two does not want to meet: it is not offered at all.
    assert [(seat.number, len(seat.breaches)) for seat in seats_] == [(1, 0), (3, 1)]
    trial = try_edit(plan, made, Move("cy", 1))
    assert seats_[0].value == trial.after.value - trial.before.value


def test_seat_of_somebody_who_has_one_is_worth_what_the_whole_move_is():
    made = framed()
    plan = planned(made, Seating((0, 1, 4), 0, 0), TWO[1])

    (seat,) = list_seats(plan, made, "eve")

    trial = try_edit(plan, made, Move("eve", seat.number))
    assert seat.value == trial.after.value - trial.before.value


def test_group_whose_time_is_gone_cannot_be_changed():
    made = framed()
    plan = planned(made, *TWO)
    late = Slot(plan.groups[0].slot.start + dt.timedelta(days=30), 60)
    moved = dataclasses.replace(plan.groups[0], slot=late)
    plan = dataclasses.replace(plan, groups=(moved, *plan.groups[1:]))

    with pytest.raises(EditError, match="Group 1 cannot be changed here"):
        try_edit(plan, made, Move("eve", 1))


def test_booked_meeting_is_no_hindrance_to_itself():
    made = framed()
    free = np.ones_like(made.availability.free)
    free[[0, 1], 0] = False  # their own meeting stands in their calendars
    made = dataclasses.replace(made, availability=dataclasses.replace(made.availability, free=free))
    plan = planned(made, *TWO)

    assert try_edit(plan, made, Move("eve", 1), booked=True).breaches == ()
    swapped = try_edit(plan, made, Swap("ada", "eve"), booked=True)
    assert swapped.breaches == ()


def test_solving_the_rest_keeps_what_was_fixed_and_whom_hr_took_out():
    made = framed(DIFFERENT)
    plan = planned(made, *TWO)
    plan = try_edit(plan, made, Move("cy", 1)).plan  # two of Sales: against the rule, and meant
    plan = try_edit(plan, made, Move("fay", 2)).plan
    plan = try_edit(plan, made, Move("fay", None)).plan

    solved = solve_rest(fix_group(plan, 2, fixed=False), made, seed=7, effort=0.05)

    kept = next(group for group in solved.groups if group.number == 1)
    assert (set(kept.member_ids), kept.fixed) == ({"ada", "bob", "cy"}, True)
    seated = {member for group in solved.groups for member in group.member_ids}
    assert seated == {"ada", "bob", "cy", "dan", "eve"}
    assert [(one.person_id, one.kind) for one in solved.left_out] == [("fay", TAKEN_OUT)]


def test_mending_leaves_a_fixed_group_as_hr_made_it():
    """It breaks a rule, so the repair would close it if it were like any other."""
    made = framed(DIFFERENT)
    plan = try_edit(planned(made, *TWO), made, Move("cy", 1)).plan

    mended = mend_plan(plan, made, Upset(dropped=frozenset({"bob"})), now=BEFORE)

    group = next(group for group in mended.groups if group.number == 1)
    assert (set(group.member_ids), group.fixed) == ({"ada", "cy"}, True)
