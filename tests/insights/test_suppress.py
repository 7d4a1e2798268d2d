"""What may be told, and an attacker who subtracts reports from each other."""

import datetime as dt
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.insights.history import Meeting, day_number, make_history
from scheduler.insights.suppress import (
    OTHERS,
    Period,
    booked_seats,
    choose_periods,
    decide_told,
    least_cut,
    list_periods,
    nth_largest,
    tell_count,
    tell_everything,
)
from tests.insights.histories import make_people

ROUND_DAYS = [dt.date(2025, 1, 6), dt.date(2025, 2, 3), dt.date(2025, 4, 7), dt.date(2025, 8, 4)]
FLOOR = 3  # small companies reach every corner sooner with three than with five
TODAYS = [dt.date(2025, 4, 1), dt.date(2025, 7, 1), dt.date(2025, 10, 1)]


@st.composite
def busy_years(draw):
    """Up to 14 people in three departments; two programmes, some held by one department alone."""
    count = draw(st.integers(4, 14))
    people = make_people(draw(st.lists(st.sampled_from("AABC"), min_size=count, max_size=count)))
    meetings = []
    for day in ROUND_DAYS:
        for programme in ("coffee", "lunch"):
            only = draw(st.sampled_from(["", "", "A", "B"]))
            asked = [p.id for p in people if not only or p.department == only]
            seated = draw(st.permutations(asked))[: draw(st.integers(0, len(asked)))]
            if len(seated) > 1:
                meetings.append(Meeting(programme, day, day, tuple(seated)))
    return make_history(people, meetings)


def published_rows(history, told):
    """The seats (sitting, person) that each told figure of one report sums over."""
    seats = booked_seats(history)
    rows = [seats & told.sittings[:, None]]
    for block in range(len(told.block_names)):
        rows.append(rows[0] & (told.block[history.department] == block)[None, :])
    rows += [seats & (told.column == column)[:, None] for column in range(len(told.column_names))]
    for group in np.unique(told.programme_group):
        inside = told.programme_group[history.sitting_programme] == group
        rows.append(rows[0] & inside[:, None])
    return rows


def all_reports(history, floor):
    """Every report that can be had: at each day, since and until each period."""
    for today in TODAYS:
        periods = list_periods(history, today, floor)
        for first, last in combinations(range(len(periods) + 1), 2):
            yield decide_told(history, periods[first:last], floor)


def learn_about_few(history, reports, floor):
    """Groups of fewer than ``floor`` people about whom a weighted sum of told figures remains.

    Such a sum exists exactly when told figures span more dimensions than they do on the seats of
    everybody else.
    """
    seats = booked_seats(history)
    rows = {row.tobytes(): row for told in reports for row in published_rows(history, told)}
    matrix = np.array([row[seats] for row in rows.values() if row.any()], np.float64)
    if matrix.size == 0:
        return []
    person = np.nonzero(seats)[1]
    rank = np.linalg.matrix_rank(matrix)
    return [
        group
        for size in range(1, floor)
        for group in combinations(np.unique(person).tolist(), size)
        if rank > np.linalg.matrix_rank(matrix[:, ~np.isin(person, group)])
    ]


@settings(max_examples=60, deadline=None)
@given(busy_years())
def test_attacker_who_subtracts_every_report_learns_nothing_about_few(history):
    assert learn_about_few(history, list(all_reports(history, FLOOR)), FLOOR) == []


def history_with_an_evening_of_sales():
    """Twelve people of Sales and six of Legal at lunch; ten of Sales also at Sales' own evening."""
    people = make_people(["Sales"] * 12 + ["Legal"] * 6)
    day = ROUND_DAYS[0]
    sales = tuple(person.id for person in people[:10])
    rest = tuple(person.id for person in people[10:])
    return make_history(
        people, [Meeting("evening", day, day, sales), Meeting("lunch", day, day, rest)]
    )


def test_attacker_would_learn_about_two_if_rounds_stood_beside_departments():
    # Sales less its evening are the two of Sales who went to lunch with Legal.
    history = history_with_an_evening_of_sales()
    naive = tell_everything(history, Period(dt.date(2025, 1, 1), dt.date(2025, 4, 1)))

    assert (10, 11) in learn_about_few(history, [naive], 5)


def test_rounds_are_told_together_where_departments_would_leave_few_over():
    history = history_with_an_evening_of_sales()

    told = decide_told(history, list_periods(history, TODAYS[0]))

    assert told.column_names == ("evening + lunch",)
    assert told.block_names == ("Legal", "Sales")
    assert learn_about_few(history, [told], 5) == []


def test_rounds_are_told_one_by_one_where_enough_people_mix():
    people = make_people(["Sales"] * 20 + ["Legal"] * 20)
    everyone = tuple(person.id for person in people)
    history = make_history(
        people,
        [Meeting("lunch", day, day, everyone) for day in ROUND_DAYS[:2]]
        + [Meeting("coffee", ROUND_DAYS[0], ROUND_DAYS[0], everyone[10:30])],
    )

    told = decide_told(history, list_periods(history, TODAYS[0]))

    assert told.column_names == ("coffee", "lunch", "lunch")
    assert told.column_day == (
        day_number(ROUND_DAYS[0]), day_number(ROUND_DAYS[0]), day_number(ROUND_DAYS[1])
    )  # fmt: skip
    assert told.by_round


def test_public_data_is_told_round_by_round_and_department_by_department():
    history = history_with_an_evening_of_sales()
    people = make_people(["Board"] + ["Sales"] * 3)
    day = ROUND_DAYS[0]
    few = make_history(
        people,
        [
            Meeting("coffee", day, day, ("p000", "p001")),
            Meeting("lunch", day, day, ("p000", "p001", "p002")),
        ],
    )

    for public in (history, few):
        told = tell_everything(public, Period(dt.date(2025, 1, 1), dt.date(2025, 4, 1)))
        assert told.by_round
        assert told.block_names == public.departments
        assert told.column_names == public.programmes


def test_small_departments_are_one_block_filled_up_to_five():
    people = make_people(["Board"] * 2 + ["Legal"] * 6 + ["Sales"] * 20)
    sales = tuple(person.id for person in people[8:])
    history = make_history(people, [Meeting("lunch", ROUND_DAYS[0], ROUND_DAYS[0], sales)])

    told = decide_told(history, list_periods(history, TODAYS[0]))

    assert told.block_names == (OTHERS, "Sales")
    assert told.block.tolist() == [0, 0, 1]


def test_a_department_with_few_seats_joins_the_others():
    people = make_people(["Board"] * 6 + ["Legal"] * 6 + ["Sales"] * 20)
    seated = tuple(person.id for person in people[4:])  # two of the Board, all others
    history = make_history(people, [Meeting("lunch", ROUND_DAYS[0], ROUND_DAYS[0], seated)])

    told = decide_told(history, list_periods(history, TODAYS[0]))

    assert told.block_names == (OTHERS, "Sales")


def test_a_quarter_with_few_seats_waits_for_the_next():
    people = make_people(["Sales"] * 8)
    ids = [person.id for person in people]
    history = make_history(
        people,
        [
            Meeting("lunch", ROUND_DAYS[0], ROUND_DAYS[0], tuple(ids[:4])),
            Meeting("lunch", ROUND_DAYS[2], ROUND_DAYS[2], tuple(ids)),
        ],
    )

    assert list_periods(history, dt.date(2025, 6, 30)) == ()
    assert [period.name for period in list_periods(history, dt.date(2025, 10, 1))] == [
        "2025 Q1 to 2025 Q2",
        "2025 Q3",
    ]


def test_reports_cover_whole_periods_that_are_over():
    quarters = [dt.date(2025, 1, 1), dt.date(2025, 4, 1), dt.date(2025, 7, 1), dt.date(2025, 10, 1)]
    periods = [Period(a, b) for a, b in pairwise(quarters)]

    assert choose_periods(periods, dt.date(2025, 3, 31), dt.date(2025, 9, 30)) == tuple(periods[:2])
    assert choose_periods(periods, dt.date(2025, 4, 1)) == tuple(periods[1:])


@settings(deadline=None)
@given(busy_years())
def test_least_cut_never_exceeds_the_people_between(history):
    seats = booked_seats(history)
    block, columns = history.department, np.arange(history.sittings)

    bound = least_cut(seats, block, columns)

    for inside in range(2 ** len(history.departments)):
        chosen = np.array([inside >> d & 1 for d in block], np.bool_)
        for rounds in range(2**history.sittings):
            side = np.array([rounds >> r & 1 for r in columns], np.bool_)
            between = (seats & (side[:, None] != chosen[None, :])).any(axis=0).sum()
            # A cut that nobody lies on separates what is apart anyhow.
            assert between == 0 or between >= bound - 1e-9


def test_counts_of_few_and_of_all_but_few_are_not_told():
    assert [tell_count(n, 20) for n in (0, 1, 4, 5, 15, 16, 19, 20)] == [
        0, None, None, 5, 15, None, None, 20
    ]  # fmt: skip


def test_an_extreme_value_is_one_that_five_people_have():
    assert nth_largest(np.array([9, 7, 3, 3, 2, 2, 1])) == 2
    assert nth_largest(np.array([9, 7, 3])) is None


@pytest.mark.parametrize("floor", [1, 5])
def test_nothing_happened_is_no_report(floor):
    history = make_history(make_people("AB"), [])

    assert list_periods(history, TODAYS[-1], floor) == ()
    assert decide_told(history, (), floor).column_names == ()
