from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.people.choices import Choice, gather_choices
from scheduler.people.offices import Office
from scheduler.people.person import Person
from scheduler.people.sign_up import (
    Move,
    NameList,
    closing_day,
    first_open_day,
    has_closed,
    is_late,
    order_names,
    trace_names,
    zone_of_office,
)
from scheduler.programmes.programme import SignUp

EVENT = dt.date(2027, 5, 21)
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
OFFICES = (
    Office(name="London", zone="Europe/London"),
    Office(name="Bengaluru", also=("Bangalore",), zone="Asia/Kolkata"),
    Office(name="New York", zone="America/New_York"),
    Office(name="Santiago", zone="America/Santiago"),
)


def person(name: str, office: str | None = "London", **other) -> Person:
    return Person(id=name, name=name, mail=f"{name}@x.example", office=office, **other)


def at(text: str, zone: str) -> dt.datetime:
    """A wall-clock time in a zone, as an instant in UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def moves(*decisions: tuple[int, str, str], person_id: str = "ana") -> list[Move]:
    """Decisions at so many hours after the start; ``-join`` takes a "join" back."""
    return [
        Move(person_id, kind.removeprefix("-"), about, START + dt.timedelta(hours=hour),
             taken_back=kind.startswith("-"))
        for hour, kind, about in decisions
    ]  # fmt: skip


def hours_on_the_list(*decisions: tuple[int, str, str]) -> int | None:
    since = trace_names(moves(*decisions), "outing").get("ana")
    return None if since is None else (since - START) // dt.timedelta(hours=1)


def test_list_closes_at_the_end_of_a_day_before_the_round():
    assert closing_day(SignUp(capacity=4, closes_days_before=7), EVENT) == dt.date(2027, 5, 14)


@pytest.mark.parametrize("office", [office.name for office in OFFICES])
def test_name_counts_until_the_last_moment_of_the_day_at_the_persons_office(office):
    zone = zone_of_office(office, OFFICES)
    for text, late in (
        ("2027-05-14T00:00:00", False),
        ("2027-05-14T23:59:59.999999", False),
        ("2027-05-15T00:00:00", True),
    ):
        names = NameList(EVENT, dt.date(2027, 5, 14), {"ana": at(text, zone)})
        assert is_late(person("ana", office), names, OFFICES) is late


def test_same_moment_is_late_in_one_office_and_in_time_in_another():
    moment = dt.datetime(2027, 5, 14, 20, tzinfo=dt.UTC)  # 01:30 of the next day in Bengaluru
    names = NameList(EVENT, dt.date(2027, 5, 14), {"ana": moment})
    late = {one.name: is_late(person("ana", one.name), names, OFFICES) for one in OFFICES}
    assert late == {"London": False, "Bengaluru": True, "New York": False, "Santiago": False}


def test_person_without_a_known_office_goes_by_the_first_offices_clock():
    assert [zone_of_office(name, OFFICES) for name in (None, "Lagos", "bangalore ")] == [
        "Europe/London", "Europe/London", "Asia/Kolkata",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "closes", "last", "first_too_late"),
    [
        # The clock goes forward at one, so the day has 23 hours, and back at two: it has 25.
        ("Europe/London", "2027-03-28", "2027-03-28T22:59:59", "2027-03-28T23:00:00"),
        ("Europe/London", "2027-10-31", "2027-10-31T23:59:59", "2027-11-01T00:00:00"),
        # In Chile clocks change at midnight: the 5th of September 2027 begins at one o'clock, and
        # the last hour of the 3rd of April comes twice.
        ("America/Santiago", "2027-09-04", "2027-09-05T03:59:59", "2027-09-05T04:00:00"),
        ("America/Santiago", "2027-04-03", "2027-04-04T03:59:59", "2027-04-04T04:00:00"),
    ],
)
def test_list_closes_on_the_wall_clock_when_clocks_change(zone, closes, last, first_too_late):
    day = dt.date.fromisoformat(closes)
    moments = [dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
               for text in (last, first_too_late)]  # fmt: skip
    assert [has_closed(day, moment, zone) for moment in moments] == [False, True]


@given(
    closes=st.dates(dt.date(2026, 1, 1), dt.date(2030, 12, 31)),
    zone=st.sampled_from([office.zone for office in OFFICES] + ["Pacific/Kiritimati", "UTC"]),
    seconds=st.integers(-200_000, 200_000),
)
def test_list_has_closed_once_midnight_has_passed(closes, zone, seconds):
    midnight = dt.datetime.combine(closes + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))
    moment = midnight.astimezone(dt.UTC) + dt.timedelta(seconds=seconds)
    assert has_closed(closes, moment, zone) == (seconds >= 0)


def test_next_list_that_is_open_is_found():
    sign_up = SignUp(capacity=4, closes_days_before=7)
    days = [EVENT, EVENT + dt.timedelta(days=90)]
    before, after = at("2027-05-14T23:59", "Asia/Kolkata"), at("2027-05-15T00:00", "Asia/Kolkata")
    assert first_open_day(days, sign_up, before, "Asia/Kolkata") == days[0]
    assert first_open_day(days, sign_up, after, "Asia/Kolkata") == days[1]
    assert first_open_day(days[:1], sign_up, after, "Asia/Kolkata") is None


@pytest.mark.parametrize(
    ("decisions", "hour"),
    [
        ([(1, "join", "outing")], 1),
        ([(1, "join", "outing"), (5, "join", "outing")], 1),
        ([(1, "join", "outing"), (5, "join", "*")], 1),
        ([(1, "join", "*"), (5, "join", "outing")], 1),
        ([(1, "join", "*"), (5, "join", "*"), (6, "leave", "lunch")], 1),
        ([(1, "join", "outing"), (5, "leave", "outing")], None),
        ([(1, "join", "outing"), (5, "leave", "*")], None),
        ([(1, "join", "outing"), (5, "leave", "outing"), (6, "join", "outing")], 6),
        ([(1, "leave", "*"), (5, "join", "outing")], 5),
        ([(1, "join", "outing"), (3, "leave", "*"), (5, "-leave", "*")], 5),
        ([(1, "join", "outing"), (5, "-join", "outing")], None),
        ([(1, "leave", "outing")], None),
        ([(1, "join", "lunch")], None),
        ([], None),
    ],
)
def test_name_stands_on_the_list_from_when_it_was_last_put_there(decisions, hour):
    assert hours_on_the_list(*decisions) == hour


@given(
    st.lists(
        st.tuples(st.sampled_from(["join", "leave"]), st.sampled_from(["outing", "*"])),
        max_size=8,
    ),
    st.randoms(),
)
def test_who_is_on_the_list_is_who_takes_part(decisions, random):
    trail = moves(*((hour, *one) for hour, one in enumerate(decisions)))
    choices = [Choice(one.person_id, one.kind, one.about, one.at) for one in trail]
    gathered = gather_choices(choices).get("ana")
    inside = gathered is not None and gathered.takes_part("outing", silence=False)
    shuffled = trail * 2  # what is held stands in the trail and in the table
    random.shuffle(shuffled)
    assert ("ana" in trace_names(shuffled, "outing")) == inside


def test_first_come_is_first_served():
    trail = [
        *moves((3, "join", "outing"), person_id="ana"),
        *moves((1, "join", "outing"), (5, "leave", "outing"), (6, "join", "outing"),
               person_id="ben"),
        *moves((2, "join", "outing"), person_id="cem"),
        *moves((0, "join", "*"), (9, "join", "outing"), person_id="dan"),
    ]  # fmt: skip
    names = NameList(EVENT, EVENT, trace_names(trail, "outing"))
    people = [person(name) for name in ("eva", "ana", "ben", "cem", "dan")]
    people.append(person("guest", guest=True))
    for some in itertools.islice(itertools.permutations(people), 50):
        turn = order_names(some, names)
        assert sorted(turn, key=turn.__getitem__) == ["guest", "dan", "cem", "ana", "ben", "eva"]


def test_who_had_a_seat_goes_to_the_end_of_the_list():
    hour = dt.timedelta(hours=1)
    names = NameList(
        EVENT, EVENT,
        since={"ana": START, "ben": START + hour, "cem": START + 9 * hour},
        last_seat={"ana": START + 5 * hour},
    )  # fmt: skip
    turn = order_names([person(name) for name in ("ana", "ben", "cem")], names)
    assert sorted(turn, key=turn.__getitem__) == ["ben", "ana", "cem"]
