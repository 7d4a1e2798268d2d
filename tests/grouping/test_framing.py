import datetime as dt
from collections.abc import Sequence

import numpy as np
import pytest

from scheduler.calendars.availability import Habits, find_availability
from scheduler.calendars.freebusy import BUSY, FreeBusy, WorkingHours
from scheduler.calendars.slots import make_slots
from scheduler.grouping import rules as engine
from scheduler.grouping.framing import (
    Frame,
    Wishes,
    frame_problem,
    frame_rules,
    meeting_again_price,
    working_day_minutes,
)
from scheduler.grouping.plan import Place
from scheduler.people.contacts import Contacts, gather_contacts
from scheduler.people.person import Person
from scheduler.programmes import rules as words
from scheduler.programmes.programme import (
    AgendaItem,
    AgendaPlan,
    Audience,
    Programme,
    Size,
    VenueWish,
    Window,
)

TODAY = dt.date(2026, 11, 25)
MONDAY = dt.date(2026, 12, 7)
WINDOW = Window(earliest=dt.time(12), latest=dt.time(14), minutes=60)
ZONES = {"Berlin": "Europe/Berlin", "London": "Europe/London"}
HABITS: dict[str | None, Habits] = {
    office: Habits(WorkingHours(frozenset(range(5)), dt.time(9), dt.time(17), zone))
    for office, zone in [*ZONES.items(), (None, "Europe/Berlin")]
}


def person(name: str, **more: object) -> Person:
    fields: dict[str, object] = {"department": "Sales", "office": "Berlin"} | more
    return Person(id=name, name=name.title(), mail=f"{name}@x.example", **fields)  # type: ignore[arg-type]


def programme(*rules: words.Rule, kind: str = "in-person") -> Programme:
    return Programme(
        name="lunch",
        title="Lunch",
        audience=Audience(),
        size=Size(at_least=2, ideal=2, at_most=3),
        window=WINDOW,
        venue=VenueWish(kind=kind),  # type: ignore[arg-type]
        rules=rules,
        agenda=AgendaPlan(purpose="Meet", items=(AgendaItem(minutes=10, title="Hello"),)),
    )


def frame(
    people: Sequence[Person],
    *rules: words.Rule,
    kind: str = "in-person",
    places: Sequence[Place] = (),
    calendars: dict[str, FreeBusy] | None = None,
    contacts: Contacts | None = None,
    wishes: Wishes | None = None,
) -> Frame:
    slots = make_slots(WINDOW, [MONDAY], sorted(ZONES.values()))
    return Frame(
        programme=programme(*rules, kind=kind),
        people=people,
        availability=find_availability(
            people, {p.id: FreeBusy() for p in people}, slots, WINDOW, HABITS,
            in_person=kind == "in-person",
        ),
        places=places,
        place_calendars=calendars or {},
        zones=ZONES,
        contacts=contacts or Contacts(),
        select=lambda where: np.array([p.department == where for p in people]),
        today=TODAY,
        wishes=wishes or Wishes(),
    )  # fmt: skip


ADA, BOB, CY = person("ada"), person("bob", department="Legal"), person("cy", office="London")


def test_frame_problem_lets_people_use_the_places_of_their_own_office_only() -> None:
    places = [
        Place("Canteen", "table", seats=4, tables=3, office="Berlin"),
        Place("Pub", "table", seats=6, office="London"),
        Place("Attic", "table", seats=6, office="Nowhere"),
    ]

    problem = frame_problem(frame([ADA, BOB, CY], places=places[:2]))

    assert problem.place.tolist() == [0, 0, 1]
    assert problem.venues.place.tolist() == [0, 1]
    assert problem.venues.seats.tolist() == [4, 6]
    assert problem.venues.tables.tolist() == [3, 1]


def test_frame_problem_online_lets_everybody_meet_everywhere() -> None:
    problem = frame_problem(
        frame([ADA, CY], kind="online", places=[Place("Teams", "online", seats=3, tables=9)])
    )

    assert (problem.place.tolist(), problem.venues.place.tolist()) == ([-1, -1], [-1])


def test_frame_problem_keeps_a_room_to_the_window_of_its_office_and_its_own_calendar() -> None:
    """Slots are 11:00, 11:30, 12:00, 12:30 and 13:00 UTC: noon to one in Berlin, then London."""
    stamp = int(dt.datetime(2026, 12, 7, 12, 30, tzinfo=dt.UTC).timestamp()) // 60
    taken = FreeBusy(np.array([stamp]), np.array([stamp + 15]), np.array([BUSY], np.int8))
    rooms = [
        Place("Spree", "room", seats=4, office="Berlin", mail="spree@x.example"),
        Place("Thames", "room", seats=4, office="London", mail="thames@x.example"),
        Place("Lost", "room", seats=4, office="London", mail="lost@x.example"),
    ]

    problem = frame_problem(
        frame(
            [ADA, CY],
            places=rooms,
            calendars={"spree@x.example": taken, "thames@x.example": FreeBusy()},
        )
    )

    assert problem.venues.free.astype(int).tolist() == [
        [1, 1, 0, 0, 0],
        [0, 0, 1, 1, 1],
        [0, 0, 0, 0, 0],
    ]


def test_frame_problem_prefers_departments_with_few_ties() -> None:
    """Sales and Legal know each other well, Sales and Art not at all."""
    people = [
        person("s1"), person("s2"), person("l1", department="Legal"),
        person("l2", department="Legal"), person("a1", department="Art"),
    ]  # fmt: skip
    known = [("s1", "l1"), ("s2", "l2"), ("s1", "l2")]

    problem = frame_problem(
        frame(
            people, words.Prefer(what="few_ties", weight=6), kind="online",
            contacts=gather_contacts([], known),
        )
    )  # fmt: skip

    art, legal, sales = 0, 1, 2
    assert problem.ties.department.tolist() == [sales, sales, legal, legal, art]
    assert problem.ties.between[sales, art] == 16
    assert problem.ties.between[sales, legal] == 10
    assert problem.ties.between[sales, sales] == 1
    assert (problem.ties.between == problem.ties.between.T).all()


def test_frame_problem_counts_what_people_wish_and_whom_they_met() -> None:
    contacts = gather_contacts(
        [(TODAY, ["ada", "bob"]), (TODAY - dt.timedelta(days=365), ["bob", "ada"])],
        [("cy", "ada"), ("cy", "gone")],
    )

    ties = frame_problem(
        frame([ADA, BOB, CY], contacts=contacts, wishes=Wishes(points={("bob", "cy"): 7}))
    ).ties

    assert ties.met.tolist() == [[0, 1, 40], [0, 2, 0]]
    assert ties.pairs.tolist() == [[1, 2, 7]]


@pytest.mark.parametrize(
    ("times", "days", "price"), [(1, 0, 10), (2, 0, 40), (3, 0, 90), (1, 365, 5), (1, 3650, 0)]
)
def test_meeting_again_price_grows_with_the_square_and_fades(
    times: int, days: int, price: int
) -> None:
    assert meeting_again_price(times=times, days=days) == price


def test_frame_rules_leave_out_pairs_who_met_longer_ago() -> None:
    contacts = gather_contacts(
        [
            (TODAY - dt.timedelta(days=28), ["ada", "bob"]),
            (TODAY - dt.timedelta(days=29), ["ada", "cy"]),
        ]
    )

    (rule,) = frame_rules(frame([ADA, BOB, CY], words.NotMetWithin(rounds=2), contacts=contacts))

    assert isinstance(rule, engine.Apart)
    assert (rule.pairs.tolist(), rule.weight) == ([[0, 1]], None)


def test_frame_rules_keep_managers_and_their_reports_apart() -> None:
    people = [
        ADA,
        person("bob", manager="ada"),
        person("cy", manager="bob"),
        person("d", manager="x"),
    ]

    (rule,) = frame_rules(frame(people, words.Apart(managers_and_reports=True)))

    assert isinstance(rule, engine.Apart)
    assert rule.pairs.tolist() == [[0, 1], [1, 2]]


def test_frame_rules_of_a_field_give_minus_one_to_people_without_it() -> None:
    (rule,) = frame_rules(
        frame(
            [ADA, person("bob", department=None), CY], words.Different(field="department", weight=3)
        )
    )

    assert isinstance(rule, engine.AtMostOfOne)
    assert (rule.code.tolist(), rule.count, rule.weight) == ([0, -1, 0], 1, 3)


def test_frame_rules_with_where_select_people() -> None:
    (rule,) = frame_rules(
        frame([ADA, BOB, CY], words.AtLeast(count=1, where="Legal", when="Sales"))
    )

    assert isinstance(rule, engine.AtLeast)
    assert rule.when is not None
    assert (rule.who.tolist(), rule.when.tolist()) == ([False, True, False], [True, False, True])


def test_frame_rules_say_nothing_of_why_people_are_kept_apart() -> None:
    (rule,) = frame_rules(frame([ADA, BOB], wishes=Wishes(apart=frozenset({("ada", "bob")}))))

    assert (rule.name, rule.pairs.tolist()) == ("kept apart", [[0, 1]])  # type: ignore[union-attr]


def test_frame_rules_share_one_bit_a_language() -> None:
    people = [person("a", languages=("de", "en")), person("b", languages=("en",)), person("c")]

    (rule,) = frame_rules(frame(people, words.CommonLanguage()))

    assert isinstance(rule, engine.CommonBit)
    assert rule.bits[0] & rule.bits[1] == rule.bits[1]
    assert rule.bits[2] == 0


def test_working_day_minutes_are_each_persons_own_day() -> None:
    found = frame([ADA, CY], kind="online").availability

    opens, closes, day = working_day_minutes(found)

    hours = (closes - opens) // 60
    assert hours[:, day].tolist() == [[8] * 5] * 2
    assert (opens[1] - opens[0])[day].tolist() == [60] * 5
    assert day.tolist() == [0] * 5


def test_working_day_minutes_of_nobody_are_none() -> None:
    opens, closes, day = working_day_minutes(frame([], kind="online").availability)

    assert (opens.shape[0], closes.shape[0], len(day)) == (0, 0, 5)


def test_frame_problem_gives_a_missing_bridge_to_one_couple() -> None:
    """Sales and Legal know each other; at a table for two, the one of Art can make one bridge."""
    people = [
        person("s1"), person("s2"), person("l1", department="Legal"),
        person("l2", department="Legal"), person("a1", department="Art"),
    ]  # fmt: skip

    ((one, other, points),) = frame_problem(
        frame(
            people, words.Prefer(what="few_ties", weight=6), kind="online",
            contacts=gather_contacts([], [("s1", "l1")]),
        )
    ).ties.pairs.tolist()  # fmt: skip

    assert "Art" in {people[one].department, people[other].department}
    assert points == 120


def test_frame_problem_bridges_people_of_one_office_only() -> None:
    people = [person("s1"), person("a1", department="Art", office="London")]

    problem = frame_problem(frame(people, words.Prefer(what="few_ties", weight=6)))

    assert problem.ties.pairs.tolist() == []
