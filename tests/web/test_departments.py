"""The numbers of the heat map."""

from __future__ import annotations

from scheduler.texts.catalogue import texts_in
from scheduler.web.departments import count_departments


def test_pairs_are_counted_both_ways_round(plan, people):
    heat = count_departments(plan.groups, people, texts_in("en"))

    table = {row.name: {cell.other: cell.pairs for cell in row.cells} for row in heat.rows}
    # Groups by department: Sales Legal Research 14 / Sales Legal Research / Sales Legal Research.
    assert table == {
        "Legal": {"Legal": 0, "Research": 3, "Sales": 3, "Department 14": 1},
        "Research": {"Legal": 3, "Research": 0, "Sales": 3, "Department 14": 1},
        "Sales": {"Legal": 3, "Research": 3, "Sales": 0, "Department 14": 1},
        "Department 14": {"Legal": 1, "Research": 1, "Sales": 1, "Department 14": 0},
    }
    assert (heat.met, heat.possible) == (6, 6)
    assert heat.most[0] == ("Legal", "Research", 3)


def test_largest_department_comes_first_and_numbers_count(plan, people):
    heat = count_departments(plan.groups, people, texts_in("en"))

    assert [(row.name, row.seated) for row in heat.rows] == [
        ("Legal", 3),
        ("Research", 3),
        ("Sales", 3),
        ("Department 14", 1),
    ]


def test_shades_reach_from_none_to_most(plan, people):
    heat = count_departments(plan.groups, people, texts_in("en"))

    assert {cell.pairs: cell.shade for row in heat.rows for cell in row.cells} == {0: 0, 1: 4, 3: 6}


def test_plan_without_groups_has_an_empty_map():
    assert count_departments((), {}, texts_in("en")).rows == ()
