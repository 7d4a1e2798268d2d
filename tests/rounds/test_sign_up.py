"""Lists on which people put their names down, looked at without a tenant: only the store."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.calendars.slots import Slot
from scheduler.grouping.plan import Group, Place, Plan
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut
from scheduler.programmes.programme import Cadence
from scheduler.rounds.context import Context
from scheduler.rounds.deeds import (
    join_programme,
    leave_programme,
    moment_of_choice,
    save_choices_form,
)
from scheduler.rounds.person_notices import list_invitations
from scheduler.rounds.planning import NoRoundError, next_first_day, plan_round
from scheduler.rounds.repairing import find_upset
from scheduler.rounds.sign_up import (
    ListOpenError,
    find_listings,
    is_open,
    list_coming_days,
    read_list,
    read_names,
)
from scheduler.rounds.steps import find_due_rounds, take_step
from scheduler.settings.loader import load_settings
from scheduler.store.bookings import Intention, confirm_booking, intend_bookings
from scheduler.store.choices import remove_choice, save_choice
from scheduler.store.engine import open_store
from scheduler.store.forgetting import forget_rows
from scheduler.store.plans import read_plan
from scheduler.store.rounds import begin_cancelling, move_round, save_plan
from scheduler.teams.cards.name_list import describe_listing
from scheduler.teams.signing import Signer
from scheduler.texts.catalogue import texts_in

ROOT = Path(__file__).parents[2]
EVENT = dt.date(2027, 5, 21)
NEXT = dt.date(2027, 9, 10)
CLOSES = dt.date(2027, 5, 14)
START = dt.datetime(2027, 4, 1, 9, tzinfo=dt.UTC)
OUTING = f"outing/{EVENT}"
PEOPLE = {
    name: Person(id=name, name=name.title(), mail=f"{name}@x.example", office=office)
    for name, office in {
        "ann": "London", "bob": "London", "cy": "London", "dan": "London", "eve": "London",
        "raj": "Bengaluru", "sue": "New York",
    }.items()
}  # fmt: skip
PROGRAMME = """
preset: outing
title: A day in the food bank
cadence: {on: [2027-05-21, 2027-09-10]}
venue: {place: Food bank}
sign_up: {capacity: 2}
"""


@pytest.fixture
def config(tmp_path):
    folder = tmp_path / "config"
    (folder / "programmes").mkdir(parents=True)
    text = (ROOT / "config" / "organisation.yaml").read_text("utf-8")
    (folder / "organisation.yaml").write_text(text, "utf-8")
    (folder / "programmes" / "outing.yaml").write_text(PROGRAMME, "utf-8")
    return folder


@pytest.fixture
def context(tmp_path, config):
    with open_store(tmp_path / "scheduler.db") as store:
        yield Context(
            settings=load_settings(config), store=store, graph=None, today=dt.date(2027, 4, 20),
            by="test",
        )  # fmt: skip


@pytest.fixture
def write(config, context):
    """The context with another line in the programme's file."""

    def written(old: str, new: str) -> Context:
        file = config / "programmes" / "outing.yaml"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
        return replace(context, settings=load_settings(config))

    return written


def on(context: Context, day: dt.date) -> Context:
    return replace(context, today=day)


def put_down(context: Context, *names: str, at: dt.datetime = START, kind: str = "join") -> None:
    """Names on the list, one every minute."""
    for minute, name in enumerate(names):
        moment = at + dt.timedelta(minutes=minute)
        save_choice(context.store, name, kind, "outing", about="outing", at=moment, by=name)


def outing(context: Context):
    return context.settings.programmes["outing"]


def standing(context: Context, name: str):
    one = find_listings(context, PEOPLE[name], PEOPLE, {})["outing"]
    return one.standing, one.number


def said(context: Context, name: str, language: str = "en") -> str:
    one = find_listings(context, PEOPLE[name], PEOPLE, {})["outing"]
    return " ".join(describe_listing(one, texts_in(language)))


def keep_plan(context: Context, *members: str, left_out: dict[str, str] | None = None) -> None:
    starts = dt.datetime.combine(EVENT, dt.time(8), dt.UTC)
    group = Group(
        number=1, member_ids=members, slot=Slot(starts, 480),
        place=Place("Food bank", "elsewhere", 500), new_ties=0, why=(),
    )  # fmt: skip
    plan = Plan(
        round_id=OUTING, groups=(group,), roster_size=4, placed=len(members), placed_bound=4,
        value=0, value_bound=0, bound_by="", new_ties=0, cross_department_ties=0, repeats=0, seed=1,
        left_out=tuple(LeftOut(one, kind, "") for one, kind in (left_out or {}).items()),
        complete=True,
    )  # fmt: skip
    save_plan(context.store, plan, at=START, by="hr")


def book(context: Context) -> None:
    for state in ("approved", "booking", "booked"):
        move_round(context.store, OUTING, state, at=START, by="hr")


def test_round_is_due_once_its_list_has_closed_at_every_office(context, monkeypatch):
    """The last office to see the end of the 14th is New York's, at four in the morning in UTC."""
    moments = {
        dt.datetime(2027, 5, 14, 12, tzinfo=dt.UTC): (True, ()),
        dt.datetime(2027, 5, 15, 3, 59, 59, tzinfo=dt.UTC): (True, ()),
        dt.datetime(2027, 5, 15, 4, tzinfo=dt.UTC): (False, (OUTING,)),
        dt.datetime(2027, 5, 20, 23, tzinfo=dt.UTC): (False, (OUTING,)),
        dt.datetime(2027, 5, 21, 0, tzinfo=dt.UTC): (False, ()),  # it takes place
    }
    found = {}
    for moment in moments:
        monkeypatch.setattr("scheduler.rounds.context.now", lambda at=moment: at)
        now = on(context, moment.date())
        found[moment] = is_open(now, outing(now), EVENT), find_due_rounds(now)
    assert found == moments


def test_plan_is_refused_while_names_can_be_put_down_and_says_from_when_on_it_is_made(context):
    with pytest.raises(ListOpenError) as refused:
        asyncio.run(plan_round(context, "outing"))
    assert str(refused.value) == (
        "The list of outing/2027-05-21 is open until the end of 2027-05-14 at every office, so it "
        "is planned from 2027-05-15 on. To close it earlier, raise sign_up.closes_days_before, "
        "which is 7."
    )
    assert asyncio.run(take_step(context, "plan", OUTING)) == "later"


def test_hr_closes_the_list_earlier_by_its_file(context, write):
    earlier = write("capacity: 2", "capacity: 2, closes_days_before: 40")
    assert is_open(context, outing(context), EVENT)
    assert not is_open(earlier, outing(earlier), EVENT)
    # It is planned a week before, as the cadence says, and not at once.
    assert find_due_rounds(earlier) == ()
    assert find_due_rounds(on(earlier, EVENT - dt.timedelta(days=7))) == (OUTING,)


def test_next_round_to_plan_is_the_one_that_is_not_approved(context):
    assert next_first_day(on(context, EVENT - dt.timedelta(days=3)), outing(context)) == EVENT
    keep_plan(context, "ann", "bob")
    assert next_first_day(on(context, EVENT - dt.timedelta(days=3)), outing(context)) == EVENT
    book(context)
    assert next_first_day(on(context, EVENT - dt.timedelta(days=3)), outing(context)) == NEXT
    with pytest.raises(NoRoundError):
        next_first_day(on(context, NEXT), outing(context))


def test_coming_rounds_leave_out_what_was_cancelled(context):
    assert list_coming_days(context, outing(context), context.today) == [EVENT, NEXT]
    assert list_coming_days(context, outing(context), EVENT) == [EVENT, NEXT]
    assert list_coming_days(context, outing(context), EVENT + dt.timedelta(days=1)) == [NEXT]
    keep_plan(context, "ann", "bob")
    begin_cancelling(context.store, OUTING, "Rain.", at=START, by="hr")
    assert list_coming_days(context, outing(context), context.today) == [NEXT]


def test_rounds_of_several_weeks_have_a_list_too(context):
    cadence = Cadence(first=dt.date(2027, 4, 26), every_weeks=4, spans_weeks=2)
    programme = outing(context).model_copy(update={"cadence": cadence})
    settings = replace(context.settings, programmes={"outing": programme})
    weekly = replace(context, settings=settings)
    assert list_coming_days(weekly, programme, weekly.today) == [
        dt.date(2027, 4, 26), dt.date(2027, 5, 24), dt.date(2027, 6, 21),
    ]  # fmt: skip
    put_down(weekly, "ann", at=dt.datetime(2027, 4, 19, 9, tzinfo=dt.UTC))
    put_down(weekly, "bob", at=dt.datetime(2027, 4, 20, 9, tzinfo=dt.UTC))
    weekly = on(weekly, dt.date(2027, 4, 22))
    assert said(weekly, "ann").startswith(
        "Your name is on the list for A day in the food bank in the weeks from Monday, 26 April "
        "2027 on. You are number 1"
    )
    assert said(weekly, "bob").endswith("You are down for the next one, on Monday, 24 May 2027.")


def test_people_stand_where_they_put_their_names_down(context):
    put_down(context, "ann", "bob", "cy", "dan")
    assert {name: standing(context, name) for name in ("ann", "bob", "cy", "dan", "eve")} == {
        "ann": ("place", 1), "bob": ("place", 2), "cy": ("waiting", 1), "dan": ("waiting", 2),
        "eve": ("out", 0),
    }  # fmt: skip
    put_down(context, "ann", at=START + dt.timedelta(hours=1), kind="leave")
    assert {name: standing(context, name) for name in ("ann", "bob", "cy", "dan")} == {
        "ann": ("out", 0), "bob": ("place", 1), "cy": ("place", 2), "dan": ("waiting", 1),
    }  # fmt: skip
    put_down(context, "ann", at=START + dt.timedelta(hours=2))
    assert standing(context, "ann") == ("waiting", 2)


def test_seats_are_counted_for_each_office_where_offices_meet(context, write):
    offices = write("sign_up: {capacity: 2}", "sign_up: {capacity: 2}\nwhole: office")
    put_down(offices, "ann", "raj", "bob", "cy")
    assert {name: standing(offices, name) for name in ("ann", "raj", "bob", "cy")} == {
        "ann": ("place", 1), "raj": ("place", 1), "bob": ("place", 2), "cy": ("waiting", 1),
    }  # fmt: skip


def test_what_people_are_told_says_where_they_stand(context):
    put_down(context, "ann", "bob", "cy")
    day = "A day in the food bank on Friday, 21 May 2027"
    assert said(context, "ann") == (
        f"Your name is on the list for {day}. You are number 1, and there are 2 seats. The list "
        "closes at the end of Friday, 14 May 2027; then the invitation comes by Outlook."
    )
    assert said(context, "cy") == (
        f"All 2 seats for {day} are taken. You are number 1 on the waiting list: whoever drops "
        "out makes room for the first on it."
    )
    assert said(context, "dan") == (
        f"All 2 seats for {day} are taken. Put your name down by the end of Friday, 14 May 2027, "
        "and you are on the waiting list."
    )
    late = on(context, dt.date(2027, 5, 17))
    put_down(context, "dan", at=dt.datetime(2027, 5, 16, tzinfo=dt.UTC))
    closed = f"The list for {day} closed at the end of Friday, 14 May 2027."
    assert (
        said(late, "dan")
        == f"{closed} You are down for the next one, on Friday, 10 September 2027."
    )
    assert said(late, "eve") == f"{closed} Who joins now is down for the next one."
    assert said(late, "ann").endswith(
        "The list closed at the end of Friday, 14 May 2027; the invitation comes by Outlook."
    )
    assert said(late, "dan", "de") == (
        "Die Liste für A day in the food bank am Freitag, 21. Mai 2027 ist seit dem Ende von "
        "Freitag, 14. Mai 2027 geschlossen. Du stehst auf der Liste für das nächste Mal, am "
        "Freitag, 10. September 2027."
    )


def test_full_list_without_a_waiting_list_says_that_it_is_full(context, write):
    short = write("capacity: 2", "capacity: 2, waiting_list: no")
    put_down(short, "ann", "bob", "cy")
    full = (
        "It is full: all 2 seats for A day in the food bank on Friday, 21 May 2027 are taken, and "
        "there is no waiting list."
    )
    assert standing(short, "cy") == ("full", 1)
    assert said(short, "cy") == (
        f"{full} You have a seat only if somebody in front of you takes their name off before the "
        "list closes, at the end of Friday, 14 May 2027."
    )
    assert said(on(short, dt.date(2027, 5, 17)), "cy") == (
        f"{full} You are down for the next one, on Friday, 10 September 2027."
    )
    assert said(short, "dan") == (
        "All 2 seats for A day in the food bank on Friday, 21 May 2027 are taken. There is no "
        "waiting list."
    )


def test_same_moment_is_too_late_in_bengaluru_and_in_time_in_new_york(context):
    put_down(context, "raj", "sue", at=dt.datetime(2027, 5, 14, 20, tzinfo=dt.UTC))
    after = on(context, dt.date(2027, 5, 17))
    assert (standing(after, "raj"), standing(after, "sue")) == (("late", 0), ("place", 1))


def test_name_that_comes_too_late_is_on_the_list_of_the_next_round(context):
    put_down(context, "ann", at=dt.datetime(2027, 5, 16, tzinfo=dt.UTC))
    assert standing(on(context, EVENT), "ann") == ("late", 0)
    assert standing(on(context, EVENT + dt.timedelta(days=1)), "ann") == ("place", 1)


def test_who_withdraws_and_comes_back_too_late_has_lost_the_place(context):
    put_down(context, "ann")
    late = on(context, dt.date(2027, 5, 17))
    assert leave_programme(late, "ann", "outing")
    assert standing(late, "ann") == ("out", 0)
    assert join_programme(late, "ann", "outing")
    assert standing(late, "ann") == ("late", 0)


def test_saying_once_more_that_one_comes_keeps_the_place(context):
    put_down(context, "ann", "bob", "cy")
    late = dt.datetime(2027, 5, 17, tzinfo=dt.UTC)
    put_down(context, "ann", at=late)
    save_choice(context.store, "bob", "join", "*", about="*", at=late, by="bob")
    after = on(context, dt.date(2027, 5, 18))
    assert [standing(after, name)[1] for name in ("ann", "bob")] == [1, 2]


def test_who_takes_back_that_they_left_everything_is_in_from_then_on(context):
    put_down(context, "ann", "bob")
    hour = dt.timedelta(hours=1)
    save_choice(context.store, "ann", "leave", "*", about="*", at=START + hour, by="ann")
    assert standing(context, "ann") == ("out", 0)
    remove_choice(context.store, "ann", "leave", about="*", at=START + 2 * hour, by="ann")
    assert standing(context, "ann") == ("place", 2)


def test_place_outlasts_the_trail(context):
    """Old changes are forgotten by their age, and what holds stays."""
    put_down(context, "ann", "bob", "cy")
    forget_rows(context.store, "choice_changes", "changed_at", dt.date(2027, 5, 1))
    names = read_names(context, outing(context), EVENT)
    assert list(names.since.items()) == [
        (name, START + dt.timedelta(minutes=n)) for n, name in enumerate(("ann", "bob", "cy"))
    ]
    assert standing(context, "cy") == ("waiting", 1)


def test_somebody_on_a_break_keeps_nobody_out(context):
    put_down(context, "ann", "bob", "cy")
    save_choice(context.store, "ann", "pause-until", "2027-06-30", at=START, by="ann")
    assert (standing(context, "ann"), said(context, "ann")) == (("away", 0), "")
    assert standing(context, "cy") == ("place", 2)


def test_after_people_are_invited_the_plan_says_who_has_a_seat(context):
    put_down(context, "ann", "bob", "cy", "dan", "eve")
    late = on(context, dt.date(2027, 5, 17))
    keep_plan(context, "ann", "cy", left_out={"bob": "cannot come", "dan": "waiting list"})
    assert standing(late, "cy") == ("waiting", 1)  # a plan that nobody knows of says nothing
    book(context)
    assert {name: standing(late, name) for name in ("ann", "bob", "cy", "dan", "eve")} == {
        "ann": ("seat", 0), "bob": ("away", 0), "cy": ("seat", 0), "dan": ("waiting", 1),
        "eve": ("waiting", 2),
    }  # fmt: skip
    assert said(late, "cy") == ("You have a seat at A day in the food bank on Friday, 21 May 2027.")


def test_who_leaves_the_programme_gives_the_seat_away_until_the_day_out_has_begun(
    context, monkeypatch
):
    put_down(context, "ann", "bob")
    keep_plan(context, "ann", "bob")
    book(context)
    plan = read_plan(context.store, OUTING)
    put_down(context, "ann", at=START + dt.timedelta(days=1), kind="leave")
    begins = plan.groups[0].slot.start
    dropped = {}
    for moment in (begins - dt.timedelta(seconds=1), begins):
        monkeypatch.setattr("scheduler.rounds.context.now", lambda at=moment: at)
        dropped[moment] = find_upset(on(context, EVENT), plan, ()).dropped
    assert list(dropped.values()) == [{"ann"}, set()]


def test_who_had_a_seat_goes_to_the_end_of_the_list_of_the_next_round(context):
    """It begins in the morning in Sydney, which is the day before in UTC."""
    put_down(context, "ann", "bob", "cy", "dan")
    keep_plan(context, "ann", "bob")
    for state in ("approved", "booking"):
        move_round(context.store, OUTING, state, at=START, by="hr")
    intention = Intention(
        round_id=OUTING, group_number=1, attempt=1, transaction_id="t", fingerprint="f",
        organiser="o@x.example",
    )  # fmt: skip
    intend_bookings(context.store, [intention], at=START)
    group = Group(
        number=1, member_ids=("ann", "bob"), new_ties=0, why=(),
        slot=Slot(dt.datetime(2027, 5, 20, 23, tzinfo=dt.UTC), 480),
        place=Place("Food bank", "elsewhere", 500),
    )  # fmt: skip
    confirm_booking(
        context.store, OUTING, group, event_id="e", ical_uid=None, join_url=None, web_link=None,
        agenda_attached=True, at=START,
    )  # fmt: skip
    after = on(context, EVENT + dt.timedelta(days=1))
    here = read_list(after, outing(after), PEOPLE.values(), {})
    assert [person.id for person in here.people] == ["cy", "dan", "ann", "bob"]
    before = read_list(on(context, EVENT), outing(after), PEOPLE.values(), {})
    assert [person.id for person in before.people] == ["ann", "bob", "cy", "dan"]


def test_people_are_asked_while_a_list_is_open_to_them(context):
    def asked(at: dt.datetime) -> dict[str, str]:
        found = list_invitations(context, PEOPLE, {}, Signer(["s" * 32]), at)
        return {one.person.id: str(one.make("en").content) for one in found}

    first = asked(dt.datetime(2027, 5, 1, 9, tzinfo=dt.UTC))
    assert set(first) == set(PEOPLE)
    assert (
        "Put your name down for A day in the food bank on Friday, 21 May 2027 by the end of "
        "Friday, 14 May 2027."
    ) in first["ann"]
    assert (
        "There are 2 seats, for those who come first; the others are on a waiting list."
        in (first["ann"])
    )
    later = asked(dt.datetime(2027, 5, 14, 20, tzinfo=dt.UTC))
    assert ["Friday, 21 May" in later[name] for name in ("ann", "raj")] == [True, False]
    assert "Friday, 10 September 2027 by the end of Friday, 3 September 2027" in later["raj"]
    assert asked(dt.datetime(2027, 9, 5, 9, tzinfo=dt.UTC)) == {}


def test_decision_that_is_made_now_is_the_newest_whatever_the_clock_says(context):
    ahead = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)
    put_down(context, "ann", at=ahead)
    assert moment_of_choice(context, "bob").date() == context.today
    assert moment_of_choice(context, "ann") > ahead
    assert leave_programme(context, "ann", "outing")
    assert standing(context, "ann") == ("out", 0)
    save_choices_form(context, PEOPLE["ann"], {"programmes": "outing"}, people=PEOPLE)
    assert standing(context, "ann")[0] == "late"  # in 2031 this list had closed long before
