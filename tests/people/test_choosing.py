from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.people.choices import KINDS, Choice, gather_choices
from scheduler.people.choosing import ChoiceError, about_of, parse_choice
from scheduler.people.person import Person

TODAY = dt.date(2026, 11, 25)
PEOPLE = [Person(id=f"id-{name}", name=name, mail=f"{name}@x.example") for name in ("ana", "ben")]


def parse(kind, *words):
    return parse_choice(
        kind, words, people=PEOPLE, programmes=["cross-team-lunch", "coffee"], today=TODAY
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("join", "coffee"), ("join", "coffee", "coffee")),
        (("leave", "all"), ("leave", "*", "*")),
        (("pause-until", "2027-01-31"), ("pause-until", "", "2027-01-31")),
        (("pause-until", "none"), ("pause-until", "", None)),
        (("frequency", "4"), ("frequency", "", 4)),
        (("never-with", "BEN@x.example"), ("never-with", "", ["id-ben"])),
        (("meet-person", "id-ana", "ben@x.example"), ("meet-person", "", ["id-ana", "id-ben"])),
        (("meet-area", "Legal, Data", "Legal"), ("meet-area", "", ["Legal", "Data"])),
        (("adviser", "recruiter"), ("adviser", "", "recruiter")),
        (("languages", "German", "English"), ("languages", "", ["German", "English"])),
        (
            ("introduction", "I buy steel", "Excel"),
            ("introduction", "", {"do": "I buy steel", "help": "Excel", "learn": ""}),
        ),
        (("diet", "no", "nuts"), ("diet", "", "no nuts")),
    ],
)
def test_choice_is_read(words, expected):
    assert parse(*words) == expected


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("jion", "coffee"), "There is no choice called jion; did you mean join?"),
        (("join",), "A value is missing after join, for example: join cross-team-lunch"),
        (("join", "cofee"), "There is no programme cofee; did you mean coffee?"),
        (("pause-until", "2027-02-30"),
         "A pause ends on a day: 2027-02-30 is not a day of the calendar."),
        (("pause-until", "2026-11-25"), "A pause ends in the future, and 2026-11-25 has passed."),
        (("frequency", "often"), "A frequency is a number of weeks from 1 to 52."),
        (("frequency", "0"), "A frequency is a number of weeks from 1 to 52."),
        (("adviser", "boss"), "An adviser is a recruiter or a supervisor."),
        (("meet-person", "x@y.z"), "x@y.z is not in the directory."),
        (("diet", "x" * 501), "At most 500 characters are kept; this has 501."),
    ],
)  # fmt: skip
def test_choice_that_cannot_be_kept_says_what_would_be_right(words, message):
    with pytest.raises(ChoiceError) as caught:
        parse(*words)
    assert str(caught.value) == message


def test_never_with_is_not_repeated_in_an_error():
    with pytest.raises(ChoiceError) as caught:
        parse("never-with", "secret@x.example")
    assert str(caught.value) == "One of the addresses is not in the directory."


@given(kind=st.sampled_from(KINDS), words=st.lists(st.text(max_size=20), max_size=4))
def test_any_words_become_a_choice_that_is_gathered_or_are_refused(kind, words):
    try:
        parsed, about, value = parse(kind, *words)
    except ChoiceError:
        return
    assert about == about_of(parsed, value)
    now = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    assert list(gather_choices([Choice("id-ana", parsed, value, now)])) == ["id-ana"]


def test_somebody_is_named_by_a_whole_name_that_is_theirs_alone():
    assert parse("never-with", "Ben") == ("never-with", "", ["id-ben"])


def test_name_of_several_people_asks_for_the_address_and_tells_nothing_of_whom_one_avoids():
    people = [*PEOPLE, Person(id="id-2", name="Ben", mail="ben2@x.example")]

    def parse_among(kind):
        return parse_choice(kind, ["Ben"], people=people, programmes=[], today=TODAY)

    with pytest.raises(ChoiceError, match="Several people are called Ben: give the address"):
        parse_among("meet-person")
    with pytest.raises(ChoiceError) as refused:
        parse_among("never-with")
    assert "Ben" not in str(refused.value)
