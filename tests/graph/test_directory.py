from __future__ import annotations

import asyncio
import datetime as dt

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.graph.directory import FIELDS, read_people, sort_out
from scheduler.people.person import Person


def record(number=1, **changes):
    return {
        "id": f"id-{number}",
        "displayName": f"Person {number}",
        "mail": f"Person{number}@contoso.example",
        "userType": "Member",
        "accountEnabled": True,
        **changes,
    }


def test_record_becomes_a_person():
    reading = sort_out(
        [
            record(
                department=" Finance ",
                officeLocation="London",
                country="United Kingdom",
                jobTitle="Analyst",
                companyName="Contoso",
                employeeId="0042",
                employeeType="Employee",
                employeeHireDate="2024-03-01T00:00:00Z",
                preferredLanguage="de-DE",
                manager={"id": "id-2"},
            ),
            record(2),
        ]
    )

    assert reading.set_aside == ()
    assert reading.people[0] == Person(
        id="id-1",
        name="Person 1",
        mail="person1@contoso.example",
        department="Finance",
        office="London",
        country="United Kingdom",
        title="Analyst",
        level=1,
        manager="id-2",
        company="Contoso",
        hired=dt.date(2024, 3, 1),
        languages=("de-DE",),
        employee_type="Employee",
        employee_id="0042",
    )
    assert reading.people[1].level == 0


@pytest.mark.parametrize(
    "changes",
    [{"userType": "Guest"}, {"accountEnabled": False}, {"accountEnabled": None}],
    ids=repr,
)
def test_who_is_no_enabled_member_is_no_person_and_no_problem(changes):
    reading = sort_out([record(**changes)])

    assert (reading.people, reading.set_aside) == ((), ())


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"mail": None}, "The directory gives no mail address."),
        ({"mail": "nobody"}, "The directory gives no mail address."),
        ({"displayName": "  "}, "The directory gives no name."),
        ({"displayName": 7}, "The directory gives no name."),
        ({"id": None}, "The directory gives no id."),
    ],
)
def test_broken_record_is_set_aside_with_its_reason(changes, text):
    reading = sort_out([record(2), record(1, **changes)])

    assert [person.id for person in reading.people] == ["id-2"]
    assert [left.text for left in reading.set_aside] == [text]


def test_second_account_with_an_address_is_set_aside():
    reading = sort_out([record(1), record(2, mail="PERSON1@contoso.example")])

    assert [left.kind for left in reading.set_aside] == ["address twice"]


def test_record_that_two_pages_share_is_one_person():
    assert len(sort_out([record(), record()]).people) == 1


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00Z", "soon", None, 7])
def test_hire_date_that_is_none_is_none(value):
    assert sort_out([record(employeeHireDate=value)]).people[0].hired is None


def test_managers_in_a_circle_have_no_level():
    people = sort_out(
        [
            record(1, manager={"id": "id-2"}),
            record(2, manager={"id": "id-1"}),
            record(3, manager={"id": "id-1"}),
            record(4, manager={"id": "elsewhere"}),
            record(5, manager={"id": "id-4"}),
        ]
    ).people

    assert [person.level for person in people] == [None, None, None, 0, 1]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"accountEnabled": st.just(True)},
            optional={
                name: json_values for name in (*FIELDS, "manager") if name != "accountEnabled"
            },
        )
        | json_values,
        max_size=5,
    )
)
def test_no_record_stops_the_run(records):
    reading = sort_out([*records, record("whole")])

    assert "id-whole" in {person.id for person in reading.people}


def test_exactly_the_fields_that_are_used_are_asked_for(connect, script):
    handler = script(httpx.Response(200, json={"value": [record()]}))
    counts = []

    async def run():
        async with connect(handler) as graph:
            return await read_people(graph, counts.append)

    reading = asyncio.run(run())

    query = dict(handler.requests[0].url.params)
    assert query == {
        "$select": ",".join(FIELDS),
        "$expand": "manager($select=id)",
        "$filter": "accountEnabled eq true",
        "$top": "999",
    }
    assert [person.id for person in reading.people] == ["id-1"]
    assert counts == [1]
