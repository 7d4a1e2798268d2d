from __future__ import annotations

import datetime as dt

from scheduler.people.imports.export import HrRecord
from scheduler.people.imports.joining import has_left, join_directory, people_of_records
from scheduler.people.imports.refusal import RowProblem
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut

TODAY = dt.date(2026, 11, 25)


def person(number: int, **other) -> Person:
    return Person(id=f"o-{number}", name=f"P{number}", mail=f"p{number}@x.example", **other)


def test_people_and_records_are_joined_by_address_then_by_number():
    people = [person(1), person(2, employee_id="0002"), person(3)]
    records = [
        HrRecord(row=2, mail="P1@x.example", department="Sales"),
        HrRecord(row=3, mail="other@x.example", employee_id="0002", department="Legal"),
        HrRecord(row=4, mail="ghost@x.example"),
    ]
    joined = join_directory(people, records, today=TODAY)
    assert [one.department for one in joined.people] == ["Sales", "Legal", None]
    assert [one.row for one in joined.without_person] == [4]
    assert joined.without_record == (people[2],)


def test_joining_by_address_alone_leaves_the_number_aside():
    joined = join_directory(
        [person(1, employee_id="7")], [HrRecord(row=2, employee_id="7")], today=TODAY, by="mail"
    )
    assert [one.row for one in joined.without_person] == [2]


def test_hr_says_nothing_so_the_directory_stays():
    people = [person(1, department="Sales", title="Buyer")]
    records = [HrRecord(row=2, mail="p1@x.example", title="Head of Buying")]
    [one] = join_directory(people, records, today=TODAY).people
    assert (one.department, one.title, one.name) == ("Sales", "Head of Buying", "P1")


def test_managers_are_found_by_number_address_and_name():
    people = [person(1), person(2), person(3), person(4)]
    records = [
        HrRecord(row=2, mail="p1@x.example", employee_id="10", name="Ana Ruiz"),
        HrRecord(row=3, mail="p2@x.example", manager="10", buddy="P1@X.EXAMPLE"),
        HrRecord(row=4, mail="p3@x.example", manager="Ruiz, Ana"),
        HrRecord(row=5, mail="p4@x.example", manager="Ruiz, Ana (10)"),
    ]
    joined = join_directory(people, records, today=TODAY)
    assert [one.manager for one in joined.people] == [None, "o-1", "o-1", "o-1"]
    assert joined.people[1].buddy == "o-1"
    assert joined.problems == ()


def test_manager_whose_name_two_people_have_is_a_problem():
    people = [person(1), person(2), person(3)]
    records = [
        HrRecord(row=2, mail="p1@x.example", name="Ana Ruiz"),
        HrRecord(row=3, mail="p2@x.example", name="Ana Ruiz"),
        HrRecord(row=4, mail="p3@x.example", manager="Ana Ruiz"),
        HrRecord(row=5, manager="Nobody", employee_id="9"),
    ]
    joined = join_directory(people, records, today=TODAY)
    assert joined.problems == (RowProblem(4, "the manager Ana Ruiz is the name of 2 people"),)


def test_leavers_vanish_with_a_reason():
    people = [person(1), person(2)]
    records = [
        HrRecord(row=2, mail="p1@x.example", gone=True),
        HrRecord(row=3, mail="p2@x.example", left=dt.date(2027, 1, 1)),
    ]
    joined = join_directory(people, records, today=TODAY)
    assert [one.id for one in joined.people] == ["o-2"]
    assert joined.left_out == (
        LeftOut("o-1", "left the company", "Has left the company, as the HR export says."),
    )


def test_somebody_who_came_back_has_not_left():
    record = HrRecord(row=2, left=dt.date(2025, 1, 1), returned=dt.date(2026, 10, 1))
    assert not has_left(record, TODAY)


def test_people_come_out_of_an_export_alone():
    records = [
        HrRecord(row=2, mail="p1@x.example", employee_id="10", name="Ana Ruiz"),
        HrRecord(row=3, mail="p2@x.example", manager="10", hired=dt.date(2020, 1, 1)),
        HrRecord(row=4, employee_id="12"),
        HrRecord(row=5, mail="p4@x.example", gone=True),
    ]
    assert people_of_records(records, today=TODAY) == (
        Person(id="10", name="Ana Ruiz", mail="p1@x.example", employee_id="10"),
        Person(
            id="p2@x.example", name="p2@x.example", mail="p2@x.example", manager="10",
            hired=dt.date(2020, 1, 1),
        ),
    )  # fmt: skip
