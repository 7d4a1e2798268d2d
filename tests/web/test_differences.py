import dataclasses
import datetime as dt

from scheduler.web.differences import compare_plans


def seat(moved):
    return (
        moved.person_id,
        moved.before and moved.before.number,
        moved.after and moved.after.number,
    )


def test_same_plan_has_no_differences(plan):
    found = compare_plans(plan, plan)

    assert (found.same, found.moved, found.shifted) == (len(plan.groups), (), ())


def test_everybody_whose_seat_is_another_one_is_listed_once(plan):
    one, two, three = plan.groups
    after = dataclasses.replace(
        plan,
        groups=(
            dataclasses.replace(one, member_ids=("0", "1", "4")),
            dataclasses.replace(two, member_ids=("2", "5", "11")),
        ),
    )

    found = compare_plans(plan, after)

    assert sorted(map(seat, found.moved)) == [
        ("10", 3, None), ("11", None, 2), ("2", 1, 2), ("3", 1, None), ("4", 2, 1), ("6", 2, None),
        ("8", 3, None), ("9", 3, None),
    ]  # fmt: skip
    assert (found.same, found.gained, found.lost) == (0, 1, 5)
    assert three.number == 3


def test_group_at_another_time_is_no_move_of_its_members(plan):
    one = plan.groups[0]
    later = dataclasses.replace(one.slot, start=one.slot.start + dt.timedelta(hours=1))
    after = dataclasses.replace(
        plan, groups=(dataclasses.replace(one, slot=later), *plan.groups[1:])
    )

    found = compare_plans(plan, after)

    assert (found.same, found.moved) == (2, ())
    assert [(a.number, b.slot) for a, b in found.shifted] == [(1, later)]
