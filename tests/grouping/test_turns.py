import datetime as dt
from collections import Counter
from itertools import combinations

import pytest

from scheduler.calendars.slots import Slot
from scheduler.grouping.plan import Group, Place
from scheduler.grouping.turns import seat_turns
from scheduler.people.contacts import Contacts, Met
from scheduler.people.person import Person
from scheduler.programmes.programme import Rotation

SLOT = Slot(dt.datetime(2026, 12, 8, 10, tzinfo=dt.UTC), 60)


def seat(count: int, contacts: Contacts = Contacts(), *, turns: int = 4, table: int = 4):  # noqa: B008
    people = {f"p{n:02}": Person(id=f"p{n:02}", name="P", mail="p@x.example",
                                 department="ABCD"[n % 4]) for n in range(count)}  # fmt: skip
    group = Group(1, tuple(people), SLOT, Place("Oak", "room", 60), 0)
    rotation = Rotation(minutes=12, turns=turns, table=table)
    return seat_turns(group, rotation, people, contacts, seed=1, effort=0.05).turns


def meetings(turns) -> Counter:
    return Counter(
        pair for tables in turns for table in tables for pair in combinations(sorted(table), 2)
    )


@pytest.mark.parametrize("count", [8, 9, 11, 14, 17, 24, 31, 60])
def test_seat_turns_lets_nobody_sit_with_the_same_person_twice(count) -> None:
    turns = seat(count)

    assert len(turns) == 4
    for tables in turns:
        assert sorted(member for table in tables for member in table) == [
            f"p{n:02}" for n in range(count)
        ]
        assert all(2 <= len(table) <= 4 for table in tables)
    assert set(meetings(turns).values()) == {1}


def test_seat_turns_of_too_few_people_repeats_as_little_as_can_be() -> None:
    # Four people make six pairs, and four turns of two tables have eight.
    assert sum(meetings(seat(4)).values()) - len(meetings(seat(4))) == 2


def test_seat_turns_prefers_people_who_have_not_met() -> None:
    met = {("p00", f"p{n:02}"): Met(3, dt.date(2026, 12, 1)) for n in (1, 2, 3)}
    turns = seat(24, Contacts(met=met))

    assert not {pair for pair in meetings(turns) if pair in met}


def test_seat_turns_is_the_same_each_time() -> None:
    assert seat(20) == seat(20)
