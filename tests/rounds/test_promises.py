"""The witness of the examples is no good if it cannot see: each kind of fault is made once."""

from __future__ import annotations

import datetime as dt

from scheduler.calendars.slots import Slot
from scheduler.grouping.plan import Group, Place, Plan
from tests.witness.calendars import Calendar
from tests.witness.promises import (
    all_differ,
    all_share,
    each,
    find_common_faults,
    find_seating_faults,
    is_half_and_half,
    is_one_team,
    no_manager_with_report,
)

NOON = dt.datetime(2026, 12, 8, 12, tzinfo=dt.UTC)
TABLE = Place("Oak", "table", seats=3, tables=1, office="London")


def person(department: str, manager: str | None = "boss", office: str = "London") -> dict:
    return {"name": "P", "mail": "p@x.example", "department": department, "office": office,
            "title": "", "hired": None, "manager": manager}  # fmt: skip


PEOPLE = {
    "a": person("Sales"), "b": person("Sales"), "c": person("Legal", office="Berlin"),
    "d": person("Engineering"), "e": person("Engineering", manager="a"),
}  # fmt: skip


def plan(*groups: Group) -> Plan:
    return Plan(round_id="x/2026-12-07", groups=groups, left_out=(), roster_size=5, placed=5,
                placed_bound=5, value=0, value_bound=0, bound_by="-", new_ties=0,
                cross_department_ties=0, repeats=0, seed=1, complete=True)  # fmt: skip


def group(number: int, *members: str, turns=()) -> Group:
    return Group(number, members, Slot(NOON, 60), TABLE, 0, turns=turns)


def test_common_faults_are_all_seen():
    busy = Calendar([(NOON, NOON + dt.timedelta(minutes=5), "busy")], None, error=False)
    found = find_common_faults(
        plan(group(1, "a", "b", "c", "d"), group(2, "a", "e")), PEOPLE, {"p@x.example": busy},
        sizes=range(3, 5), free=True,
    )  # fmt: skip

    for part in ("a sits 2 times", "group 2 has 2 members", "group 1 has too few seats",
                 "comes from Berlin", "is taken", "Oak holds 2 groups at once"):  # fmt: skip
        assert any(part in fault for fault in found), part


def test_broken_promises_are_all_seen():
    one = plan(group(1, "a", "b", "c"))

    assert each(one, PEOPLE, all_differ("department"), "x") == ["group 1 is not x"]
    assert each(one, PEOPLE, all_share("office"), "x")
    assert each(plan(group(1, "a", "e")), PEOPLE, no_manager_with_report, "x")
    assert each(plan(group(1, "b", "e")), PEOPLE, is_one_team, "x")
    bridge = is_half_and_half(("Sales", "Engineering"))
    assert each(one, PEOPLE, bridge, "x")
    assert each(plan(group(1, "a", "b", "d", "e")), PEOPLE, bridge, "x") == []
    assert each(plan(group(1, "a", "e")), PEOPLE, is_one_team, "x") == []


def test_faults_in_seating_are_all_seen():
    twice = group(1, "a", "b", "d", "e", turns=((("a", "b"), ("d", "e")),) * 2)
    alone = group(2, "a", "b", "d", turns=((("a", "b"), ("d",)), (("a", "d"),)))

    found = find_seating_faults(plan(twice, alone), turns=3, table=4)

    for part in ("group 1 has 2 turns", "('a', 'b') meets 2 times", "a table of 1",
                 "does not seat everybody once"):  # fmt: skip
        assert any(part in fault for fault in found), part
