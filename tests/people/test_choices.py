from __future__ import annotations

import datetime as dt
import itertools

from scheduler.people.choices import (
    KINDS,
    Choice,
    Choices,
    Introduction,
    describe_choice,
    gather_choices,
    shunned_pairs,
)


def decide(*pairs, person="ana") -> list[Choice]:
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return [
        Choice(person, kind, value, start + dt.timedelta(hours=hour))
        for hour, (kind, value) in enumerate(pairs)
    ]


def test_newest_decision_counts_in_whatever_order_they_come():
    choices = decide(("join", "lunch"), ("leave", "lunch"), ("pause-until", "2027-01-31"))
    for order in itertools.permutations(choices):
        own = gather_choices(order)["ana"]
        assert own == Choices(left=frozenset({"lunch"}), paused_until=dt.date(2027, 1, 31))


def test_one_programme_counts_more_than_all():
    own = gather_choices(decide(("leave", "*"), ("join", "lunch")))["ana"]
    assert own.takes_part("lunch", silence=False)
    assert not own.takes_part("coffee", silence=True)


def test_leaving_every_programme_takes_back_what_was_joined_before():
    own = gather_choices(decide(("join", "lunch"), ("leave", "*")))["ana"]
    assert not own.takes_part("lunch", silence=True)


def test_silence_means_what_the_programme_says():
    assert Choices().takes_part("lunch", silence=True)
    assert not Choices().takes_part("lunch", silence=False)


def test_every_kind_is_gathered_and_taken_back():
    values = {
        "join": "lunch", "leave": "coffee", "pause-until": "2027-01-31", "frequency": 4,
        "never-with": ["ben"], "meet-person": ["cem"], "meet-area": ["Legal"],
        "adviser": "recruiter", "interests": ["chess"], "languages": ["German"],
        "introduction": {"do": "buy", "help": "Excel", "learn": "Rust"}, "diet": "vegan",
        "access": "step-free",
    }  # fmt: skip
    assert list(values) == list(KINDS)
    own = gather_choices(decide(*values.items()))["ana"]
    assert own == Choices(
        joined=frozenset({"lunch"}), left=frozenset({"coffee"}),
        paused_until=dt.date(2027, 1, 31), every_weeks=4, never_with=frozenset({"ben"}),
        meet_people=("cem",), meet_areas=("Legal",), adviser="recruiter", interests=("chess",),
        languages=("German",), introduction=Introduction("buy", "Excel", "Rust"), diet="vegan",
        access="step-free",
    )  # fmt: skip
    taken_back = [(kind, None) for kind in values if kind not in ("join", "leave")]
    own = gather_choices(decide(*values.items(), *taken_back))["ana"]
    assert own == Choices(joined=frozenset({"lunch"}), left=frozenset({"coffee"}))


def test_shunned_pair_does_not_tell_who_said_so():
    one = {"ana": Choices(never_with=frozenset({"ben", "ana"})), "ben": Choices()}
    other = {"ben": Choices(never_with=frozenset({"ana"})), "ana": Choices()}
    assert shunned_pairs(one) == shunned_pairs(other) == {("ana", "ben")}


def test_confidential_values_are_in_no_printed_form():
    [choice] = decide(("never-with", ["secret-person"]))
    printed = [
        repr(choice), str(choice), repr(gather_choices([choice])), f"{gather_choices([choice])}",
        describe_choice("never-with", ["secret-person"]), describe_choice("diet", "secret-person"),
    ]  # fmt: skip
    assert "secret-person" not in "".join(printed)
