import datetime as dt

from scheduler.insights.history import (
    NO_DEPARTMENT,
    UNKNOWN_DAY,
    Answer,
    Asked,
    Meeting,
    day_number,
    day_of_number,
    find_held,
    make_history,
)
from tests.insights.histories import FIRST, make_people

PEOPLE = make_people(["Sales", None, "Legal", "Sales"], [FIRST, None, None, None])
LATER = FIRST + dt.timedelta(days=14)


def test_history_puts_meetings_in_order_of_time():
    history = make_history(
        PEOPLE,
        [
            Meeting("lunch", LATER, LATER, ("p000", "p001")),
            Meeting("lunch", FIRST, FIRST, ("p002", "p003")),
            Meeting("coffee", FIRST, FIRST, ("p000", "p003")),
        ],
    )

    assert history.programmes == ("coffee", "lunch")
    assert history.sitting_programme.tolist() == [0, 1, 1]
    assert history.seat_person.tolist() == [0, 3, 2, 3, 0, 1]
    assert history.group_first.tolist() == [0, 2, 4, 6]


def test_history_gives_people_without_a_department_one_of_their_own():
    history = make_history(PEOPLE, [])

    assert history.departments == ("Legal", NO_DEPARTMENT, "Sales")
    assert history.department.tolist() == [2, 1, 0, 2]
    assert history.hired.tolist() == [day_number(FIRST)] + [UNKNOWN_DAY] * 3


def test_history_forgets_who_is_not_among_the_people():
    history = make_history(
        PEOPLE,
        [Meeting("lunch", FIRST, FIRST, ("p000", "erased", "p001"))],
        [Asked("lunch", FIRST, ("p002", "erased"))],
        [("p001", "p000"), ("p000", "p001"), ("p000", "erased"), ("p002", "p002")],
    )

    assert history.seat_person.tolist() == [0, 1]
    assert history.asked_person.tolist() == [2]
    assert history.known.tolist() == [[0, 1]]


def test_a_roster_nobody_of_which_was_seated_is_a_sitting_of_its_own():
    history = make_history(
        PEOPLE,
        [Meeting("lunch", LATER, LATER, ("p000", "p001"))],
        [Asked("lunch", FIRST, ("p000", "p001", "p002"))],
    )

    assert history.sittings == 2
    assert history.asked_first.tolist() == [0, 3, 3]
    assert history.group_sitting.tolist() == [1]


def test_who_did_not_meet_is_no_history():
    history = make_history(
        PEOPLE,
        [
            Meeting("lunch", FIRST, FIRST, ("p000", "p001", "p002"), {"p001": Answer("no")}),
            Meeting("lunch", LATER, LATER, ("p000", "p001"), {"p000": Answer("partly", True)}),
        ],
    )

    held = find_held(history)

    assert held.person.tolist() == [0, 2, 0, 1]
    assert held.first.tolist() == [0, 2, 4]
    assert held.present.tolist() == [[True, False, True, False], [True, True, False, False]]


def test_days_are_counted_both_ways():
    assert day_number(dt.date(1970, 1, 2)) == 1
    assert day_of_number(day_number(FIRST)) == FIRST
