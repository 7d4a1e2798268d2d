import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendars.availability import Habits, find_availability
from scheduler.calendars.freebusy import (
    BUSY,
    FREE,
    OUT_OF_OFFICE,
    TENTATIVE,
    UNKNOWN,
    WORKING_ELSEWHERE,
    FreeBusy,
    WorkingHours,
)
from scheduler.calendars.slots import make_slots
from scheduler.people.person import Person
from scheduler.programmes.load import ProtectedLunch
from scheduler.programmes.programme import WEEKDAYS, Window

WEEK = frozenset(range(5))
BERLIN = Habits(WorkingHours(WEEK, dt.time(9), dt.time(17), "Europe/Berlin"))
LUNCH = Window(earliest=dt.time(12), latest=dt.time(14), minutes=60)
MONDAY = dt.date(2026, 12, 7)
ADA = Person(id="ada", name="Ada", mail="ada@x.example", office="Berlin")


def stamp(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp()) // 60


def calendar(*spans: tuple[str, str, int], hours: WorkingHours | None = None) -> FreeBusy:
    return FreeBusy(
        np.array([stamp(s) for s, _, _ in spans], np.int64),
        np.array([stamp(e) for _, e, _ in spans], np.int64),
        np.array([code for _, _, code in spans], np.int8),
        hours,
    )


def free_on_monday(own: FreeBusy, *, in_person: bool = True, tentative_blocks: bool = True) -> str:
    """The wall-clock starts (Berlin) at which Ada is free on one Monday."""
    slots = make_slots(LUNCH, [MONDAY], ["Europe/Berlin"])
    found = find_availability(
        [ADA], {"ada": own}, slots, LUNCH, {None: BERLIN},
        in_person=in_person, tentative_blocks=tentative_blocks,
    )  # fmt: skip
    zone = ZoneInfo("Europe/Berlin")
    return " ".join(
        f"{slot.start.astimezone(zone):%H:%M}"
        for slot, free in zip(slots, found.free[0], strict=True)
        if free
    )


@pytest.mark.parametrize(
    ("status", "in_person", "free"),
    [
        (FREE, True, "12:00 12:30 13:00"),
        (TENTATIVE, True, "13:00"),
        (BUSY, True, "13:00"),
        (OUT_OF_OFFICE, True, "13:00"),
        (UNKNOWN, True, "13:00"),
        (WORKING_ELSEWHERE, True, "13:00"),
        (WORKING_ELSEWHERE, False, "12:00 12:30 13:00"),
    ],
)
def test_find_availability_by_status(status: int, in_person: bool, free: str) -> None:
    own = calendar(("2026-12-07T11:30", "2026-12-07T12:00", status))

    assert free_on_monday(own, in_person=in_person) == free


def test_find_availability_when_tentative_does_not_block() -> None:
    own = calendar(("2026-12-07T11:00", "2026-12-07T13:00", TENTATIVE))

    assert free_on_monday(own, tentative_blocks=False) == "12:00 12:30 13:00"


def test_find_availability_next_to_a_meeting_is_free() -> None:
    own = calendar(
        ("2026-12-07T10:00", "2026-12-07T11:00", BUSY),
        ("2026-12-07T12:00", "2026-12-07T13:00", BUSY),
    )

    assert free_on_monday(own) == "12:00"


def test_find_availability_prefers_the_mailbox_hours_to_the_office_hours() -> None:
    own = calendar(hours=WorkingHours(WEEK, dt.time(9), dt.time(13, 30), "Europe/Berlin"))

    assert free_on_monday(own) == "12:00 12:30"


def test_find_availability_keeps_blocked_slots_free_of_meetings() -> None:
    slots = make_slots(LUNCH, [MONDAY], ["Europe/Berlin"])

    found = find_availability(
        [ADA], {"ada": calendar()}, slots, LUNCH, {None: BERLIN},
        in_person=True, blocked={"ada": np.array([True, False, True])},
    )  # fmt: skip

    assert found.free.tolist() == [[False, True, False]]


@pytest.mark.parametrize(
    ("own", "closed", "blocked", "kind"),
    [
        (FreeBusy(problem="mailbox not found"), [], False, "calendar unreadable"),
        (calendar(), [MONDAY], False, "closed"),
        (
            calendar(hours=WorkingHours(WEEK, dt.time(6), dt.time(12), "Europe/Berlin")),
            [], False, "outside hours",
        ),
        (
            calendar(hours=WorkingHours(frozenset({1}), dt.time(9), dt.time(17), "Europe/Berlin")),
            [], False, "outside hours",
        ),
        (calendar(("2026-12-01T00:00", "2026-12-20T00:00", OUT_OF_OFFICE)), [], False, "away"),
        (
            calendar(("2026-12-07T00:00", "2026-12-08T00:00", WORKING_ELSEWHERE)),
            [], False, "elsewhere",
        ),
        (calendar(("2026-12-07T11:30", "2026-12-07T12:30", BUSY)), [], False, "no free time"),
        (calendar(), [], True, "enough meetings"),
    ],
)  # fmt: skip
def test_find_availability_explains_who_has_no_slot(
    own: FreeBusy, closed: list[dt.date], blocked: bool, kind: str
) -> None:
    slots = make_slots(LUNCH, [MONDAY], ["Europe/Berlin"])

    found = find_availability(
        [ADA], {"ada": own}, slots, LUNCH,
        {None: Habits(BERLIN.hours, frozenset(closed))},
        in_person=True, blocked={"ada": np.full(3, blocked)},
    )  # fmt: skip

    assert [(r.person_id, r.kind) for r in found.left_out] == [("ada", kind)]


@pytest.mark.parametrize(
    ("breathing", "free"), [(0, [True, True, True]), (30, [False, True, False])]
)
def test_find_availability_leaves_time_to_breathe(breathing: int, free: list[bool]) -> None:
    slots = make_slots(LUNCH, [MONDAY], ["Europe/Berlin"])
    own = calendar(
        ("2026-12-07T10:45", "2026-12-07T11:00", BUSY),
        ("2026-12-07T13:00", "2026-12-07T13:30", BUSY),
    )

    found = find_availability(
        [ADA], {"ada": own}, slots, LUNCH, {None: BERLIN},
        in_person=True, breathing_minutes=breathing,
    )  # fmt: skip

    assert found.free.tolist() == [free]


@pytest.mark.parametrize(
    ("busy", "free"),
    [
        ([], "12:00 12:30 13:00 13:30 14:00 14:30"),
        ([("11:30", "12:30")], "12:00 13:30 14:00 14:30"),
        ([("11:30", "12:45")], "14:00 14:30"),
        ([("11:00", "13:00")], "14:00 14:30"),
    ],
)
def test_find_availability_keeps_a_lunch_break(busy: list[tuple[str, str]], free: str) -> None:
    """Lunch is 30 minutes between 12:00 and 14:00 in Berlin; the meetings are in UTC."""
    coffee = Window(earliest=dt.time(12), latest=dt.time(15), minutes=30)
    slots = make_slots(coffee, [MONDAY], ["Europe/Berlin"])
    own = calendar(*((f"2026-12-07T{a}", f"2026-12-07T{b}", BUSY) for a, b in busy))

    found = find_availability(
        [ADA], {"ada": own}, slots, coffee, {None: BERLIN}, in_person=False,
        lunch=ProtectedLunch(earliest=dt.time(12), latest=dt.time(14), minutes=30),
    )  # fmt: skip

    zone = ZoneInfo("Europe/Berlin")
    kept = [
        f"{s.start.astimezone(zone):%H:%M}"
        for s, ok in zip(slots, found.free[0], strict=True)
        if ok
    ]
    assert " ".join(kept) == free


def test_find_availability_outside_hours_is_for_evenings() -> None:
    evening = Window(earliest=dt.time(18), latest=dt.time(20), minutes=120, outside_hours=True)
    slots = make_slots(evening, [MONDAY], ["Europe/Berlin"])

    found = find_availability(
        [ADA], {"ada": calendar()}, slots, evening, {None: BERLIN}, in_person=True
    )

    assert found.free.tolist() == [[True]]


def test_find_availability_without_an_answer_is_not_free() -> None:
    slots = make_slots(LUNCH, [MONDAY], ["Europe/Berlin"])

    found = find_availability([ADA], {}, slots, LUNCH, {None: BERLIN}, in_person=True)

    assert (found.free.any(), found.left_out[0].kind) == (False, "calendar unreadable")


def test_find_availability_online_uses_the_persons_own_clock() -> None:
    """Someone of the Berlin office whose mailbox says Kathmandu meets by Kathmandu's clock."""
    hours = WorkingHours(WEEK, dt.time(9), dt.time(17), "Asia/Kathmandu")
    slots = make_slots(LUNCH, [MONDAY], ["Europe/Berlin", "Asia/Kathmandu"])

    found = find_availability(
        [ADA], {"ada": calendar(hours=hours)}, slots, LUNCH, {None: BERLIN}, in_person=False
    )

    free = [s.start for s, ok in zip(slots, found.free[0], strict=True) if ok]
    assert [f"{s.astimezone(ZoneInfo('Asia/Kathmandu')):%H:%M}" for s in free] == [
        "12:00", "12:30", "13:00",
    ]  # fmt: skip


@st.composite
def some_spans(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    monday = stamp("2026-03-23T00:00")
    spans = draw(
        st.lists(
            st.tuples(st.integers(0, 14 * 96), st.integers(1, 3 * 96), st.integers(FREE, UNKNOWN)),
            max_size=30,
        )
    )
    return [(monday + 15 * a, monday + 15 * (a + b), code) for a, b, code in spans]


@given(
    spans=some_spans(),
    zone=st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kathmandu"]
    ),
    in_person=st.booleans(),
)
def test_find_availability_agrees_with_looking_at_every_minute(
    spans: list[tuple[int, int, int]], zone: str, in_person: bool
) -> None:
    """Over the week of the European clock change, against a slow and obvious computation."""
    own = FreeBusy(
        np.array([s for s, _, _ in spans], np.int64),
        np.array([e for _, e, _ in spans], np.int64),
        np.array([c for _, _, c in spans], np.int8),
    )
    habits = Habits(WorkingHours(WEEK, dt.time(9), dt.time(13, 30), zone))
    days = [dt.date(2026, 3, 23) + dt.timedelta(days=number) for number in range(14)]
    slots = make_slots(LUNCH, days, [zone])

    found = find_availability(
        [ADA], {"ada": own}, slots, LUNCH, {None: habits}, in_person=in_person
    )

    blocking = {TENTATIVE, BUSY, OUT_OF_OFFICE, UNKNOWN} | (
        {WORKING_ELSEWHERE} if in_person else set()
    )
    taken = {m for s, e, c in spans if c in blocking for m in range(s, e)}
    expected = []
    for slot in slots:
        minutes = [slot.start + dt.timedelta(minutes=n) for n in range(slot.minutes)]
        walls = [m.astimezone(ZoneInfo(zone)) for m in minutes]
        expected.append(
            all(WEEKDAYS[w.weekday()] in LUNCH.days for w in walls)
            and all(dt.time(12) <= w.time() < dt.time(13, 30) for w in walls)
            and not any(int(m.timestamp()) // 60 in taken for m in minutes)
        )
    assert found.free[0].tolist() == expected
