import datetime as dt
from pathlib import Path

from scheduler.grouping.plan import Plan
from scheduler.people.choices import Choices
from scheduler.people.person import Person
from scheduler.programmes.programme import Programme
from scheduler.rounds.context import Context
from scheduler.rounds.deeds import join_programme
from scheduler.rounds.participation import (
    count_unanswered,
    find_handed_over,
    find_last_met,
    is_paused_for_silence,
)
from scheduler.settings.loader import load_settings
from scheduler.settings.presets import read_preset
from scheduler.store.answers import Answer, Invitation, save_answers
from scheduler.store.choices import save_choice
from scheduler.store.engine import open_store
from scheduler.store.meetings import Meeting
from scheduler.store.rounds import save_plan

ROOT = Path(__file__).parents[2]

TODAY = dt.date(2026, 11, 25)


def at(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")


def asked(*answered: bool) -> list[Invitation]:
    days = ("2026-08-03", "2026-09-07", "2026-10-05", "2026-11-02")
    return [
        Invitation(person_id="ann", start=at(day), answered=one)
        for day, one in zip(days, answered, strict=False)
    ]


def met(programme: str, day: str, *people: str) -> Meeting:
    return Meeting(f"{programme}/{day}", programme, 1, at(day), people)


def test_count_unanswered_counts_since_the_last_answer():
    assert count_unanswered(asked(False, True, False, False), {}) == {"ann": 2}
    assert count_unanswered(asked(False, False, False, True), {}) == {}


def test_count_unanswered_begins_anew_when_somebody_joins_again():
    again = Choices(joined=frozenset({"lunch"}), joined_at={"lunch": at("2026-10-20")})

    assert count_unanswered(asked(False, False, False), {"ann": again}) == {}
    assert count_unanswered(asked(False, False, False, False), {"ann": again}) == {"ann": 1}


def test_find_last_met_takes_the_latest_of_all_programmes():
    meetings = [met("lunch", "2026-09-07", "ann", "bob"), met("coffee", "2026-10-05", "ann", "cy")]

    assert find_last_met(meetings) == {
        "ann": dt.date(2026, 10, 5), "bob": dt.date(2026, 9, 7), "cy": dt.date(2026, 10, 5),
    }  # fmt: skip


def hired(person_id: str, day: str, returned: str | None = None) -> Person:
    back = None if returned is None else dt.date.fromisoformat(returned)
    return Person(id=person_id, name=person_id, mail=f"{person_id}@x.example",
                  hired=dt.date.fromisoformat(day), returned=back)  # fmt: skip


def test_find_handed_over_takes_those_who_took_part_while_new_and_are_no_longer():
    welcome = Programme.model_validate(
        {"name": "welcome", **read_preset("welcome"), "rules": []}
    )  # its hand_over is to cross-team-lunch, 90 days after the first day
    people = [
        hired("was-new", "2026-08-01"),
        hired("still-new", "2026-10-01"),
        hired("long-here", "2015-01-01"),
        hired("never-met", "2026-08-01"),
        hired("came-back", "2015-01-01", "2026-08-01"),
    ]
    meetings = [
        met("welcome", "2026-08-20", "was-new", "long-here", "came-back"),
        met("welcome", "2026-10-20", "still-new", "long-here"),
        met("coffee", "2026-08-20", "never-met", "long-here"),
    ]

    found = find_handed_over([welcome], "cross-team-lunch", people, meetings, TODAY)

    assert found == {"was-new", "came-back"}
    assert find_handed_over([welcome], "coffee", people, meetings, TODAY) == frozenset()


def test_who_is_paused_for_silence_is_asked_again_after_joining_again(tmp_path):
    # Long ago, for a deed takes place now.
    lunch, earlier = "cross-team-lunch", at("2020-07-01")
    with open_store(tmp_path / "scheduler.db") as store:
        context = Context(settings=load_settings(ROOT / "config"), store=store, graph=None,
                          today=dt.date(2020, 11, 25), by="test")  # fmt: skip
        save_choice(store, "ann", "join", lunch, about=lunch, at=earlier, by="ann")
        for month in (8, 9, 10):
            round_id = f"{lunch}/2020-{month:02}-05"
            save_plan(store, empty_plan(round_id), at=earlier, by="hr")
            save_answers(store, [silent(round_id, "ann")], at=earlier)

        assert is_paused_for_silence(context, "ann")
        assert join_programme(context, "ann", lunch)
        assert not is_paused_for_silence(context, "ann")
        # Who is not paused keeps their place in the order of joining.
        assert not join_programme(context, "ann", lunch)


def empty_plan(round_id: str) -> Plan:
    return Plan(round_id=round_id, groups=(), left_out=(), roster_size=0, placed=0, placed_bound=0,
                value=0, value_bound=0, bound_by="-", new_ties=0, cross_department_ties=0,
                repeats=0, seed=1, complete=True)  # fmt: skip


def silent(round_id: str, who: str) -> Answer:
    return Answer(round_id=round_id, group_number=1, who=who, response="none", answered_at=None,
                  proposed_start=None, read_at=at("2020-10-30"))  # fmt: skip
