"""What people decide about themselves, looked at without a tenant: only the store takes part."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from scheduler.people.choices import Choices, Introduction
from scheduler.people.choosing import ChoiceError
from scheduler.people.person import Person
from scheduler.rounds.attending import confirm_seat, decline_seat, give_seat_away
from scheduler.rounds.context import Context
from scheduler.rounds.deeds import (
    RefusedError,
    check_choices_form,
    join_programme,
    leave_programme,
    list_offered,
    pause_until,
    read_my_choices,
    save_choices_form,
    takes_part,
)
from scheduler.rounds.forum import QUESTIONS, open_question, question_of, say
from scheduler.rounds.looking_back import give_feedback, keep_note
from scheduler.rounds.planning import UnknownProgrammeError
from scheduler.settings.loader import load_settings
from scheduler.store.bookings import Intention, confirm_booking, intend_bookings
from scheduler.store.choices import read_choice_changes
from scheduler.store.engine import open_store
from scheduler.store.feedback import find_note, read_feedback, read_thanks
from scheduler.store.plans import read_plan
from scheduler.store.rounds import move_round, save_plan
from scheduler.store.seats import read_seats
from tests.store.conftest import AT, ROUND, plan  # noqa: F401 -- a fixture

ANN = Person(id="ann", name="Ann", mail="ann@x.example", office="Berlin", department="Sales")
BOB = Person(id="bob", name="Bob", mail="bob@x.example", office="Berlin", department="Legal")
PEOPLE = {"ann": ANN, "bob": BOB}
STARTS = dt.datetime(2026, 12, 7, 11, tzinfo=dt.UTC)


@pytest.fixture
def context(tmp_path):
    settings = load_settings(Path(__file__).parents[2] / "config")
    with open_store(tmp_path / "scheduler.db") as store:
        yield Context(
            settings=settings, store=store, graph=None, today=dt.date(2026, 11, 25), by="test"
        )


def mine(context):
    return read_my_choices(context, "ann")


def test_joining_and_leaving_say_whether_something_changed(context):
    lunch = context.settings.programmes["cross-team-lunch"]

    done = [
        leave_programme(context, "ann", "cross-team-lunch"),
        leave_programme(context, "ann", "cross-team-lunch"),
        join_programme(context, "ann", "cross-team-lunch"),
        join_programme(context, "ann", "cross-team-lunch"),
    ]

    assert done == [True, False, True, False]
    assert takes_part(mine(context), lunch, ANN, context.today)
    assert len(read_choice_changes(context.store, "ann")) == 2


def test_programme_that_does_not_exist_cannot_be_joined(context):
    with pytest.raises(UnknownProgrammeError):
        join_programme(context, "ann", "dinner")
    with pytest.raises(UnknownProgrammeError):
        leave_programme(context, "ann", "dinner")
    assert mine(context) == Choices()


def test_pause_ends_in_the_future_and_can_be_ended(context):
    assert pause_until(context, "ann", dt.date(2027, 1, 4))
    assert not pause_until(context, "ann", dt.date(2027, 1, 4))
    assert mine(context).paused_until == dt.date(2027, 1, 4)
    with pytest.raises(ChoiceError, match="has passed"):
        pause_until(context, "ann", dt.date(2026, 11, 25))
    assert pause_until(context, "ann", None)
    assert mine(context).paused_until is None


def test_form_keeps_what_it_holds_and_takes_back_what_is_empty(context):
    save_choices_form(
        context,
        ANN,
        {
            "programmes": "cross-team-lunch", "pause_until": "2027-01-04", "every_weeks": "4",
            "meet_people": "bob@x.example", "meet_areas": "Legal, IT",
            "never_with": "BOB@x.example", "do": "", "help": "Excel", "learn": "",
            "interests": "chess; go", "languages": "German",
            "adviser": "recruiter", "diet": "vegan", "access": "no stairs",
        },
        people=PEOPLE,
    )  # fmt: skip

    kept = mine(context)
    assert kept == Choices(
        left=frozenset({"virtual-coffee"}), paused_until=dt.date(2027, 1, 4), every_weeks=4,
        never_with=frozenset({"bob"}), meet_people=("bob",), meet_areas=("Legal", "IT"),
        adviser="recruiter", interests=("chess", "go"), languages=("German",),
        introduction=Introduction(help="Excel"), diet="vegan", access="no stairs",
    )  # fmt: skip

    names = "pause_until meet_people meet_areas do help learn interests languages diet access"
    emptied = dict.fromkeys([*names.split(), "never_with"], "")
    emptied |= {"every_weeks": "0", "adviser": "no"}
    save_choices_form(context, ANN, emptied, people=PEOPLE)
    assert mine(context) == Choices(
        left=frozenset({"virtual-coffee"}), never_with=frozenset({"bob"})
    )  # an empty field is no answer to a question that is never shown
    save_choices_form(context, ANN, {"never_with": "-"}, people=PEOPLE)
    assert mine(context).never_with == frozenset()


def test_form_of_someone_who_decides_nothing_leaves_no_trail(context):
    empty = {
        "do": "",
        "help": "",
        "learn": "",
        "interests": "",
        "every_weeks": "0",
        "adviser": "no",
    }

    assert save_choices_form(context, ANN, empty, people=PEOPLE) == ()
    assert read_choice_changes(context.store, "ann") == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"never_with": "nobody@x.example"},
        {"pause_until": "yesterday"},
        {"every_weeks": "sometimes"},
        {"help": "x" * 501},
        {"adviser": "my mother"},
    ],
)
def test_form_with_a_mistake_changes_nothing(context, wrong):
    with pytest.raises(ChoiceError) as refused:
        save_choices_form(context, ANN, {"diet": "vegan", **wrong}, people=PEOPLE)

    assert "nobody@x.example" not in str(refused.value)  # confidential, so never repeated
    assert mine(context) == Choices()


def test_programmes_are_offered_to_their_audience(context):
    remote = dataclasses.replace(ANN, office="Remote")

    names = [programme.name for programme in list_offered(context, ANN)]
    assert names == ["cross-team-lunch", "virtual-coffee"]
    assert [programme.name for programme in list_offered(context, remote)] == ["virtual-coffee"]


@pytest.fixture
def booked(context, plan):  # noqa: F811 -- the fixture
    """A round whose first group, Ann, Bob and Cy, is booked."""
    save_plan(context.store, plan, at=AT, by="hr")
    for state in ("approved", "booking"):
        move_round(context.store, ROUND, state, at=AT, by="hr")
    intention = Intention(
        round_id=ROUND, group_number=1, attempt=1, transaction_id="t", fingerprint="f",
        organiser="o@x.example",
    )  # fmt: skip
    intend_bookings(context.store, [intention], at=AT)
    confirm_booking(
        context.store, ROUND, read_plan(context.store, ROUND).groups[0], event_id="e",
        ical_uid=None, join_url=None, web_link=None, agenda_attached=True, at=AT,
    )  # fmt: skip
    move_round(context.store, ROUND, "booked", at=AT, by="hr")
    return context


def refusal_of(work):
    with pytest.raises(RefusedError) as refused:
        work()
    return refused.value.refusal


def test_seat_is_given_away_once_and_the_repair_is_called_once(booked):
    asked = []

    async def repair(context, round_id):
        asked.append((round_id, read_seats(context.store, round_id)[1, "ann"].coming))

    async def press_twice():
        return [await decline_seat(booked, ROUND, 1, "ann", at=AT, repair=repair) for _ in range(2)]

    assert asyncio.run(press_twice()) == [True, False]
    assert asked == [(ROUND, False)]  # what was said is kept before the repair begins


def test_members_come_decline_and_come_after_all(booked):
    assert confirm_seat(booked, ROUND, 1, "ann", at=AT)
    assert not confirm_seat(booked, ROUND, 1, "ann", at=AT)
    assert give_seat_away(booked, ROUND, 1, "ann", at=AT)
    assert confirm_seat(booked, ROUND, 1, "ann", at=AT)


def test_seat_is_refused_late_to_strangers_and_when_called_off(booked):
    assert refusal_of(lambda: confirm_seat(booked, ROUND, 1, "ann", at=STARTS)) == "late"
    assert refusal_of(lambda: give_seat_away(booked, ROUND, 1, "ann", at=STARTS)) == "late"
    assert refusal_of(lambda: confirm_seat(booked, ROUND, 1, "dan", at=AT)) == "late"
    assert refusal_of(lambda: confirm_seat(booked, ROUND, 2, "dan", at=AT)) == "cancelled"
    assert refusal_of(lambda: confirm_seat(booked, "x/2026-12-07", 1, "ann", at=AT)) == "cancelled"
    move_round(booked.store, ROUND, "cancelling", at=AT, by="hr")
    assert refusal_of(lambda: confirm_seat(booked, ROUND, 1, "ann", at=AT)) == "cancelled"
    assert read_seats(booked.store, ROUND) == {}


def test_feedback_thanks_members_alone(booked):
    given = give_feedback(
        booked, ROUND, 1, "ann", met="yes", again="maybe", note=" Call Bob ",
        thank=["bob", "ann", "eve"], thanks="For the idea", at=STARTS,
    )  # fmt: skip

    assert given
    assert not give_feedback(booked, ROUND, 1, "ann", met="no", at=STARTS)
    assert [(one.met, one.again) for one in read_feedback(booked.store)] == [("yes", "maybe")]
    assert [(t.to_id, t.words) for t in read_thanks(booked.store, since=AT)] == [
        ("bob", "For the idea")
    ]
    assert find_note(booked.store, ROUND, 1, "ann").text == "Call Bob"


def test_feedback_is_refused_when_too_long_unclear_or_over(booked):
    def give(**more):
        return refusal_of(
            lambda: give_feedback(booked, ROUND, 1, "ann", **{"met": "yes", "at": STARTS, **more})
        )

    assert give(note="x" * 1001) == "too_long"
    assert give(thanks="x" * 301) == "too_long"
    assert give(met="perhaps") == "late"
    for state in ("held", "closed"):
        move_round(booked.store, ROUND, state, at=STARTS, by="hr")
    assert give() == "late"
    assert read_feedback(booked.store) == ()


def test_note_is_kept_for_members_alone(booked):
    keep_note(booked, ROUND, 1, "ann", "Ask about steel", at=AT)

    assert find_note(booked.store, ROUND, 1, "ann").text == "Ask about steel"
    assert refusal_of(lambda: keep_note(booked, ROUND, 1, "dan", "x", at=AT)) == "late"
    assert refusal_of(lambda: keep_note(booked, ROUND, 1, "ann", "x" * 1001, at=AT)) == "too_long"


def test_forum_takes_answers_to_what_was_asked_there(context):
    question = open_question(context, "virtual-coffee", at=AT)
    assert open_question(context, "virtual-coffee", at=AT).id == question.id

    def answer(text, programme="virtual-coffee", parent=question.id):
        return say(context, programme, "ann", "answer", text, parent=parent, at=AT)

    assert answer("Excel").parent == question.id
    assert answer("Excel") is None
    assert refusal_of(lambda: answer("x" * 501)) == "too_long"
    assert refusal_of(lambda: answer("Excel", programme="cross-team-lunch")) == "late"
    assert refusal_of(lambda: answer("Excel", parent=None)) == "late"


def test_question_changes_each_week_and_comes_round(context):
    monday = dt.date(2026, 11, 23)
    weeks = [question_of(monday + dt.timedelta(weeks=n)) for n in range(len(QUESTIONS) + 1)]

    assert set(weeks) == set(QUESTIONS)
    assert weeks[0] == weeks[-1]
    assert question_of(monday) == question_of(monday + dt.timedelta(days=6))


def test_newcomers_leave_a_programme_in_which_they_are_without_saying_so(context):
    lunch = context.settings.programmes["cross-team-lunch"]
    audience = lunch.audience.model_copy(update={"join": "opt-in", "automatic": "tenure < 90 days"})
    welcome = lunch.model_copy(update={"audience": audience})
    context = dataclasses.replace(
        context,
        settings=dataclasses.replace(
            context.settings, programmes={"cross-team-lunch": welcome}
        ),
    )  # fmt: skip
    newcomer = dataclasses.replace(ANN, hired=dt.date(2026, 11, 1))

    assert takes_part(mine(context), welcome, newcomer, context.today)
    assert not takes_part(mine(context), welcome, ANN, context.today)
    assert save_choices_form(context, newcomer, {"programmes": ""}, people=PEOPLE) == ("leave",)
    assert not takes_part(mine(context), welcome, newcomer, context.today)


def test_check_of_a_form_names_each_field_that_is_wrong_and_keeps_nothing(context):
    form = {
        "pause_until": "soon", "every_weeks": "4", "meet_people": "nobody@x.example",
        "never_with": "nobody@x.example", "do": "x" * 501, "help": "Excel", "diet": "",
    }  # fmt: skip

    problems = check_choices_form(context, form, people=PEOPLE)

    assert set(problems) == {"pause_until", "meet_people", "never_with", "do"}
    assert problems["meet_people"] == "nobody@x.example is not in the directory."
    assert "nobody" not in problems["never_with"]
    assert mine(context) == Choices()
